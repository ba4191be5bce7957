"""Where content/ cannot be read, plain pages say what to do all the same, without a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from holdwell.network.first_screen import first_screen, not_found, stop_signs
from holdwell.network.pairing import PinResult
from holdwell.network.pin_page import page as pin_page
from holdwell.network.pwa import PageMiddleware
from tests.unit.network.conftest import run

CURE = "put the folder content back"
HELP = "call your midwife, your doctor or your emergency number"


@pytest.fixture(params=["missing", "not TOML", "a text missing"])
def broken(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "anna" / "content"
    if request.param != "missing":
        file = folder / "wording" / "en.toml"
        file.parent.mkdir(parents=True)
        broken = "[[nonsense" if request.param == "not TOML" else '[language]\nname = "English"'
        file.write_text(broken, encoding="utf-8")
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    return folder


@pytest.mark.parametrize("make", [not_found, lambda header: stop_signs(header)[1]])
def test_it_says_which_file_and_whom_to_call(broken: Path, make: Callable[[str], str]) -> None:
    page = make("es;q=x,,")
    assert CURE in page
    assert HELP in page
    assert "en.toml" in page


def test_the_stop_signs_are_not_said_to_be_there(broken: Path) -> None:
    assert stop_signs("")[0] == 500
    assert first_screen("") == ""


@pytest.mark.parametrize("result", [None, *PinResult])
def test_a_phone_is_told_and_learns_no_folder(broken: Path, result: PinResult | None) -> None:
    page = pin_page(result, "en", "/holdwell/pin")
    assert CURE in page
    assert "anna" not in page
    assert "<form" not in page


def test_an_address_without_a_page_is_a_404_still(broken: Path) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200}
        await send({**start, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b'<div id="root">'})

    async def receive() -> Message:
        return {"type": "http.request"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/nowhere", "headers": []}
    guarded = PageMiddleware(app, "Holdwell", [""], first_screen, not_found)
    run(guarded(scope, receive, send))
    assert sent[0]["status"] == 404
    assert CURE in sent[1]["body"].decode()
