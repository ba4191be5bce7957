"""Streamlit's page with our head and first screen, and our own page for a 404."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Router
from starlette.types import Message

from holdwell.network import plain_pages, pwa
from holdwell.network.account import ACCOUNT, PASSED, Account
from holdwell.network.plain_pages import stop_signs
from tests.unit.network.conftest import run

STREAMLITS = (
    '<html><head><meta content="shrink-to-fit=no"><title>Streamlit</title>'
    '<link rel="stylesheet" href="a.css"></head><body><noscript>Turn it on</noscript>'
    '<div id="root"></div></body></html>'
)


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


@pytest.fixture
def ours(tmp_path: Path) -> Router:
    """Our routes in front of a stand-in for Streamlit."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "index.html").write_text(STREAMLITS, "utf-8")
    (tmp_path / "static" / "js" / "index.js").touch()
    page = pwa.page_route(tmp_path, "Hold & well", ["", "history"], "Start <it>")
    return Router([page, Mount("/", PlainTextResponse("Streamlit's"))])


def test_the_page_gets_our_name_our_head_and_the_stop_signs(ours: Router) -> None:
    status, _, page = answered(ours, "/history", **{PASSED: "local"})
    assert status == 200
    assert "<title>Hold &amp; well</title>" in page
    assert "viewport-fit=cover" in page
    assert "Turn it on" not in page
    assert 'data-listener="local" data-account=""' in page
    assert page.index("Stop signs") < page.index('<div id="root">') < page.index("a.css")
    assert answered(ours, "/")[2].count("<title>") == 1


def test_a_browser_of_an_unknown_account_is_told_to_start_the_app(ours: Router) -> None:
    _, _, page = answered(ours, **{ACCOUNT: Account.UNKNOWN})
    assert 'data-account="Start &lt;it&gt;"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/history/more",
        "/index.html",
        "//evil.test",
        "/a\n",
        "/a\0",
        "/static",
        "/static/js/nope.js",
        "/static/../index.html",
        "/static/js/../js/index.js",
        "/static/js/\0.js",
        pytest.param(f"/static/js/{'x' * 300}.js", id="a name too long for a file"),
        pytest.param("/static" + 2500 * "/x", id="a path too long for a file"),
        "/_stcore/nope",
        "/mediax",
    ],
)
def test_an_unknown_address_gets_our_404_page(ours: Router, path: str) -> None:
    status, _, page = answered(ours, path)
    assert status == 404
    assert "/holdwell/stop-signs" in page
    assert "root" not in page


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/static/js/index.js", "GET"),
        ("/media/abc.html", "GET"),
        ("/component/x/index.html", "GET"),
        ("/_stcore/health", "GET"),
        ("/history/", "GET"),
        ("/", "POST"),
    ],
)
def test_streamlit_answers_what_is_not_a_page(ours: Router, path: str, method: str) -> None:
    assert answered(ours, path, method=method)[2] == "Streamlit's"


def test_streamlits_page_has_everything_that_we_replace() -> None:
    made = pwa.page_route(Path(st.__file__).with_name("static"), "Our name", [""], "")
    text = answered(Router([made]))[2]
    for words in ("<title>Our name</title>", "viewport-fit=cover", "hw-first", "manifest.webmani"):
        assert words in text
    assert "<noscript>" not in text.partition('<div id="root">')[2]


def test_icons_and_manifest_are_at_the_addresses_in_the_head() -> None:
    router = Router(pwa.icon_routes('Hold "well"'))
    status, headers, text = answered(router, f"{pwa.OPEN_PATH}/manifest.webmanifest")
    assert status == 200
    assert headers[b"content-type"] == b"application/manifest+json"
    manifest = json.loads(text)
    assert manifest["name"] == 'Hold "well"'
    assert len(manifest["icons"]) == 3
    linked = re.findall(f'href="({pwa.OPEN_PATH}/[^"]+)"', plain_pages.head_html("x"))
    assert len(linked) == 2
    for path in (*linked, *(icon["src"] for icon in manifest["icons"])):
        # HEAD, as the body would never be sent to a stand-in client that does not disconnect.
        assert answered(router, path, method="HEAD")[0] == 200


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
