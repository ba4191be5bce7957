"""The report, the file for a clinic and the reminders, saved in a real browser on a phone."""

import json
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pypdfium2
import vobject
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.support.server import Server
from tests.support.steps import expect_equal, rows, settled

AWAY_ON_A_PHONE = {"timezone_id": "Australia/Lord_Howe", "has_touch": True}
# Opens and closes the expander above a button; returns the button's top two frames after each
# click, and when it has come to rest.
MOVES = """async () => {
  const button = document.querySelector('.st-key-hw-save-report');
  const seen = [];
  for (const tap of ['open', 'close']) {
    const shown = [...document.querySelectorAll('.stExpander details')].at(-1);
    shown.querySelector('summary').click();
    for (const frame of [1, 2]) await new Promise(requestAnimationFrame);
    const soon = button.getBoundingClientRect().top;
    await Promise.allSettled(shown.getAnimations().map((one) => one.finished));
    await new Promise(requestAnimationFrame);
    seen.push([soon, button.getBoundingClientRect().top]);
  }
  return seen;
}"""


def saved(page: Page, button: str, folder: Path) -> bytes:
    """Click a button and return the file that it saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file.read_bytes()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_range().split())


def expect_nothing_moves(page: Page) -> None:
    """Check that an expander moves the content below it at once, so that no later tap misses."""
    expect(page.get_by_role("button", name="Save the report (PDF)")).to_be_visible()
    # Wait for the picture, which would move the content too if it came late.
    page.wait_for_function(
        "document.querySelector('.st-key-hw-paper-preview img')?.naturalWidth > 900"
    )
    page.evaluate("document.fonts.ready")
    (opened, still_open), (closed, still_closed) = page.evaluate(MOVES)
    assert opened == still_open != closed == still_closed


def test_the_report_is_previewed_and_saved_with_requests_only_to_this_computer(
    demo_server: Server, open_context: OpenContext, tmp_path: Path
) -> None:
    page = open_context(locale="en-US").new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{demo_server.url}/report")
    settled(page)
    picture = page.get_by_role("img", name="Stretching sessions")
    expect(picture).to_be_visible()
    expect_nothing_moves(page)
    # A page just tapped looks as settled as before; a new picture shows that the run is over.
    shown = picture.get_attribute("src")
    page.get_by_role("radio", name="This pregnancy").click()
    expect(picture).not_to_have_attribute("src", str(shown))
    settled(page)
    shown = picture.get_attribute("src")
    name = page.get_by_role("textbox", name="Name on the report")
    name.fill("Ana María")
    name.press("Tab")
    expect(picture).not_to_have_attribute("src", str(shown))
    settled(page)
    loaded = "element => element.complete && element.naturalWidth > 900"
    expect_equal(lambda: picture.evaluate(loaded), True)
    pdf = saved(page, "Save the report (PDF)", tmp_path)
    text = text_of(pdf)
    (born,) = rows(demo_server.folder, "SELECT birth_date FROM pregnancy")[0]
    (count,) = rows(
        demo_server.folder,
        f"SELECT count(*) FROM session WHERE local_day < '{born}' AND held_s > 0",
    )[0]
    assert f"Stretching sessions {count} on" in text
    assert "Ana María" in text
    # The browser's language is American English: Letter paper, and the month first.
    assert round(pypdfium2.PdfDocument(pdf)[0].get_size()[0]) == 612
    bundle = json.loads(saved(page, "For a clinic's system (FHIR)", tmp_path))
    held = [
        entry
        for entry in bundle["entry"]
        if "Time held" in entry["resource"].get("code", {}).get("text", "")
    ]
    assert len(held) == count
    assert {urlsplit(url).hostname for url in asked if url.startswith("http")} == {"localhost"}


def test_the_reminders_file_has_the_latest_choices_in_the_browsers_time_zone(
    demo_server: Server, open_context: OpenContext, tmp_path: Path
) -> None:
    page = open_context(**AWAY_ON_A_PHONE).new_page()
    page.goto(f"{demo_server.url}/reminders")
    settled(page)
    expect(page.get_by_text("by the clock of Australia/Lord_Howe")).to_be_visible()
    # Save at once, while the page is still rerunning: the file must have the latest choice.
    for events in (1, 2, 1, 2, 1):
        page.get_by_text("In the morning").click()
        text = saved(page, "Save the calendar file", tmp_path).decode()
        assert text.count("BEGIN:VEVENT") == events
    (event,) = vobject.readOne(text).vevent_list
    assert "TZID=Australia/Lord_Howe" in text
    start = event.dtstart.value
    assert start.date() >= start.now(ZoneInfo("Australia/Lord_Howe")).date()
    assert time(18) < start.timetz().replace(tzinfo=None)
    field = page.get_by_role("textbox", name="What the reminder says")
    button = page.get_by_role("button", name="Save the calendar file")
    for words in ("Back", "Calves", "Hips", "Legs", "Feet", "Neck"):
        settled(page)
        field.fill(words)
        # On a phone, leaving the field and tapping the button happen at the same moment.
        with page.expect_download() as download:
            button.tap()
        download.value.save_as(tmp_path / "reminders.ics")
        assert f"SUMMARY:{words}\n" in (tmp_path / "reminders.ics").read_text(encoding="utf-8")


def test_a_file_has_the_text_of_the_field_that_the_tap_leaves_on_a_busy_computer(
    demo_server: Server, open_context: OpenContext, tmp_path: Path
) -> None:
    page = open_context(**AWAY_ON_A_PHONE).new_page()
    # The page sends the text long after the request for the file, as if the computer were busy.
    page.add_init_script(
        """const { send } = WebSocket.prototype;
        WebSocket.prototype.send = function (data) {
          const hasText = new TextDecoder().decode(data).includes("Calves");
          setTimeout(() => send.call(this, data), hasText ? 900 : 0);
        };"""
    )
    page.goto(f"{demo_server.url}/reminders")
    settled(page)
    page.get_by_role("textbox", name="What the reminder says").fill("Calves")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the calendar file").tap()
    download.value.save_as(tmp_path / "reminders.ics")
    assert "SUMMARY:Calves\n" in (tmp_path / "reminders.ics").read_text(encoding="utf-8")
