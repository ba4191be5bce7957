"""What Streamlit's page becomes on its way out: head, first screen, and a 404 of our own."""

from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Router
from starlette.types import Message, Receive, Scope, Send

from holdwell.network import pwa
from holdwell.network.account import ACCOUNT, PASSED, Account
from holdwell.network.first_screen import first_screen, not_found, stop_signs
from tests.unit.network.conftest import run

HTML = [(b"content-type", b"text/html; charset=utf-8"), (b"etag", b"x"), (b"content-length", b"9")]
STREAMLITS = (
    '<html><head><meta content="shrink-to-fit=no"><title>Streamlit</title>'
    '<link rel="stylesheet" href="a.css"></head><body><noscript>Turn it on</noscript>'
    '<div id="root"></div></body></html>'
)


class Streamlit:
    """A stand-in that sends one answer, in pieces or as a file, and notes what it was asked."""

    def __init__(
        self, body: str | Path = STREAMLITS, headers: list[tuple[bytes, bytes]] = HTML
    ) -> None:
        self.body, self.headers = body, headers
        self.asked: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked = scope
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        if isinstance(self.body, Path):
            await send({"type": "http.response.pathsend", "path": str(self.body)})
            return
        half = len(self.body) // 2
        first, second = self.body[:half].encode(), self.body[half:].encode()
        await send({"type": "http.response.body", "body": first, "more_body": True})
        await send({"type": "http.response.body", "body": second})


def answered(app: Any, path: str = "/", **scope: Any) -> tuple[int, dict[bytes, bytes], str]:
    """Return the status, the headers and the text of an answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    asked = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    run(app(asked | scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), body.decode()


def ours(app: Streamlit) -> pwa.PageMiddleware:
    pages = ["", "history"]
    return pwa.PageMiddleware(app, "Hold & well", pages, first_screen, not_found, "Start <it>")


@pytest.mark.parametrize("as_file", [True, False])
def test_the_page_gets_our_name_our_head_and_the_stop_signs(tmp_path: Path, as_file: bool) -> None:
    file = tmp_path / "index.html"
    file.write_text(STREAMLITS, encoding="utf-8")
    app = ours(Streamlit(file if as_file else STREAMLITS))
    status, headers, page = answered(app, "/history", **{PASSED: "local"})
    assert status == 200
    assert "<title>Hold &amp; well</title>" in page
    assert "viewport-fit=cover" in page
    assert "Turn it on" not in page
    assert 'data-listener="local" data-account=""' in page
    assert page.index("Stop signs") < page.index('<div id="root">') < page.index("a.css")
    assert headers[b"content-length"] == str(len(page.encode())).encode()
    assert b"etag" not in headers, "the page is no longer the one that the tag is of"


def test_a_browser_of_an_unknown_account_is_told_to_start_the_app() -> None:
    _, _, page = answered(ours(Streamlit()), **{ACCOUNT: Account.UNKNOWN})
    assert 'data-account="Start &lt;it&gt;"' in page


def test_a_page_is_asked_for_whole_and_not_compressed() -> None:
    app = Streamlit()
    asked = [(b"accept", b"text/html"), (b"accept-encoding", b"gzip"), (b"range", b"bytes=1-")]
    answered(ours(app), headers=asked)
    assert app.asked["headers"] == [(b"accept", b"text/html")]


def test_where_there_is_no_page_ours_says_so() -> None:
    status, _, page = answered(ours(Streamlit()), "/nowhere")
    assert status == 404
    assert "/holdwell/stop-signs" in page
    assert "root" not in page


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<p>An upload of HTML</p>", HTML),
        ("body {}", [(b"content-type", b"text/css")]),
        (STREAMLITS, [*HTML, (b"content-encoding", b"br")]),
    ],
)
def test_what_is_not_streamlits_page_goes_out_as_it_is(
    body: str, headers: list[tuple[bytes, bytes]]
) -> None:
    assert answered(ours(Streamlit(body, headers)))[2] == body


def test_icons_and_manifest_are_where_the_head_says() -> None:
    router = Router(pwa.routes("Holdwell"))
    status, headers, text = answered(router, f"{pwa.OPEN_PATH}/manifest.webmanifest")
    assert status == 200
    assert headers[b"content-type"] == b"application/manifest+json"
    for icon in pwa.manifest("Holdwell")["icons"]:  # type: ignore[attr-defined]
        assert icon["src"] in text
        assert (pwa.ICONS / icon["src"].removeprefix(f"{pwa.OPEN_PATH}/")).is_file()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Open Holdwell"), ("es-MX,es;q=0.9", "Abrir Holdwell")]
)
def test_the_stop_signs_need_no_script_and_speak_the_browsers_language(
    language: str, word: str
) -> None:
    status, page = stop_signs(language)
    assert status == 200
    assert word in page
    assert "<script" not in page
    assert page.count("<h2>") >= 3
