"""If content/ cannot be read, the plain pages say what to do, without a traceback."""

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
def test_the_page_names_the_file_and_says_whom_to_call(
    broken: Path, make: Callable[[str], str]
) -> None:
    page = make("es;q=x,,")
    assert CURE in page
    assert HELP in page
    assert "en.toml" in page


def test_without_content_there_are_no_stop_signs(broken: Path) -> None:
    assert stop_signs("")[0] == 500
    assert first_screen("") == ""


@pytest.mark.parametrize("result", [None, *PinResult])
def test_a_phone_is_told_of_the_fault_without_the_names_of_folders(
    broken: Path, result: PinResult | None
) -> None:
    page = pin_form(result, "en", "/holdwell/pin")
    assert CURE in page
    assert "anna" not in page
    assert "<form" not in page


def test_an_unknown_address_is_still_a_404(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<div id="root">', encoding="utf-8")
    route = page_route(tmp_path, "Holdwell", [""], "")
    status, _, page = answered(Router([route]), "/nowhere")
    assert status == 404
    assert CURE in page
