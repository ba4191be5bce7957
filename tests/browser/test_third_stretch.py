"""A third stretch, added as one file in content/, runs in the timer on both sides."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from holdwell.domain.models import DayPart, Routine, RoutineStretch
from holdwell.i18n.languages import choose, languages
from holdwell.i18n.messages import speaking
from holdwell.sessions.plan import BEDTIME_ID
from tests.browser.conftest import OpenContext, StartServer
from tests.support.bare_timer import BareTimer
from tests.support.steps import FAKES, OUT_S, heard, pass_time
from tests.support.third_stretch import ID, NAME, content_with_third_stretch


@pytest.fixture
def content(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with the third stretch, used by servers that are started from now on."""
    folder = content_with_third_stretch(tmp_path_factory.mktemp("third"))
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    return folder


@pytest.mark.parametrize(
    ("locale", "name", "cues"),
    [
        (
            "en-GB",
            NAME,
            [
                "Left heel on the base. Grow tall over your right leg, and breathe out slowly.",
                "Right heel on the base. Grow tall over your left leg, and breathe out slowly.",
            ],
        ),
        (
            "es-ES",
            "Crecer",
            [
                "Talón izquierdo sobre la base. "
                "Crece sobre la pierna derecha y suelta el aire despacio.",
                "Talón derecho sobre la base. "
                "Crece sobre la pierna izquierda y suelta el aire despacio.",
            ],
        ),
    ],
)
def test_the_third_stretch_is_timed_spoken_and_reported_on_both_sides(
    content: Path, open_context: OpenContext, locale: str, name: str, cues: list[str]
) -> None:
    routine = Routine(BEDTIME_ID, "Mine", (RoutineStretch(ID, 25),), part=DayPart.OTHER)
    page = open_context(clock=True, locale=locale).new_page()
    page.add_init_script(FAKES)
    with speaking(choose(languages(content), None, locale)):
        bare = BareTimer(page, routine)
    bare.open()
    timer = page.locator(".hw-timer")
    only_holds = "Just the holds" if locale == "en-GB" else "Solo las posiciones"
    timer.get_by_role("button", name=only_holds).click()
    expect(timer).to_have_attribute("data-phase", "running")
    for number, cue in enumerate(cues):
        expect(timer.locator(".hw-count")).to_contain_text(f"{number + 1}")
        expect(timer.locator(".hw-name")).to_have_text(name)
        expect(timer.locator(".hw-picture svg")).to_be_visible()
        pass_time(page, 15.5 if number == 0 else 10.5)
        expect(timer).to_have_attribute("data-part", "hold")
        expect(timer.locator(".hw-cue")).to_have_text(cue)
        pass_time(page, 25 + OUT_S)
    bare.expect_holds((ID, "left", 25.0, "finished"), (ID, "right", 25.0, "finished"))
    assert [hold.planned_s for hold in bare.ended().holds] == [25.0, 25.0]
    # The simulated device has only English voices.
    spoken = " ".join(text for _, text, _ in heard(page, "words"))
    for side in ("Left", "Right"):
        words = f"Stand tall. {side} heel on the base, standing foot turned out."
        assert (words in spoken) == (locale == "en-GB")


def test_a_faulty_content_folder_is_reported_in_the_browser(
    content: Path, start_server: StartServer, page: Page
) -> None:
    file = content / "stretches" / f"{ID}.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("order = 3", "order = third"), encoding="utf-8")
    server = start_server()
    sentence = page.get_by_text(f"{ID}.toml cannot be read")
    for name in ("", "/stretch", "/guide", "/settings"):
        page.goto(f"{server.url}{name}")
        expect(sentence).to_be_visible()
        expect(page.get_by_text("line 2")).to_be_visible()
    # After the fault is fixed, a reload is enough.
    file.write_text(text, encoding="utf-8")
    page.goto(f"{server.url}/guide")
    expect(page.get_by_role("tab", name=NAME)).to_be_visible()
