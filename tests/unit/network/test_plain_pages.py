"""Where content/ cannot be read, plain pages say what to do all the same, without a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.routing import Router

from holdwell.network.pairing import PinResult
from holdwell.network.plain_pages import first_screen, not_found, pin_form, stop_signs
from holdwell.network.pwa import page_route
from tests.unit.network.test_pwa import answered

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
    page = pin_form(result, "en", "/holdwell/pin")
    assert CURE in page
    assert "anna" not in page
    assert "<form" not in page


def test_an_address_without_a_page_is_a_404_still(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<div id="root">', encoding="utf-8")
    route = page_route(tmp_path, "Holdwell", [""], "")
    status, _, page = answered(Router([route]), "/nowhere")
    assert status == 404
    assert CURE in page
