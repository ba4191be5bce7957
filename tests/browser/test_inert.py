"""Typed or imported text stays text: it does not run, draw anything, or contact another host."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from holdwell.domain.models import (
    ROUTINE_NAME_MAX,
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.store.repository import Store
from holdwell.transfer import exporting
from tests.browser.conftest import OpenWatched, StartServer
from tests.support.corpus import CORPUS, MADE_BY_TEXT
from tests.support.effort import attempts
from tests.support.server import Server
from tests.support.steps import (
    ATTENTIVE,
    OVERFLOW,
    PATIENCE_MS,
    expect_rows,
    expect_value,
    open_next,
    rows,
    settled,
)
from tests.support.watch import Watch

TYPED = "\n".join(CORPUS)
assert all(len(text) <= ROUTINE_NAME_MAX for text in CORPUS)


LONG = CORPUS[0] + " and on" * 280
NOTES = (LONG, *("\n".join(CORPUS[1 + first :: 5]) for first in range(5)))
"""The notes of one session each. They are too long for the list, which shows them on request."""


def make(server_folder: Path) -> bytes:
    """Return an export with every text in every place that an imported file can fill."""
    now = Moment.of(datetime.now().astimezone())
    store = Store(server_folder / "other.db")
    store.save_profile(replace(store.profile(), welcomed=True, safety_seen=True), now)
    whole = tuple(RoutineStretch(text, 30) for text in CORPUS)
    routines = [Routine(new_id(), CORPUS[0], whole, part=DayPart.BEDTIME)]
    for text in CORPUS[1:]:
        items = (RoutineStretch("side_reach"), RoutineStretch(text, 30))
        routines.append(Routine(new_id(), text, items, part=DayPart.BEDTIME))
    for number, note in enumerate(NOTES):
        # Two days ago, because near midnight an hour ago can be another day in the browser.
        started = Moment(now.utc - timedelta(days=2, hours=number), now.utc_offset)
        holds = tuple(
            Hold(new_id(), place, text, Side.LEFT, 35, 35, HoldOutcome.FINISHED, started)
            for place, text in enumerate(CORPUS[number :: len(NOTES)])
        )
        store.save(
            Session(
                new_id(),
                started,
                started.local.date(),
                DayPart.OTHER,
                SessionState.LOGGED,
                ended=started,
                pain_before=5,
                pain_after=4,
                comfort=3,
                note=note,
                holds=holds,
            ),
            now,
        )
    store.save_routines(routines, now)
    data = exporting.export(store, now)
    store.close()
    return data


def check(page: Page, seen: Watch, server: Server) -> None:
    """Check that no text of the corpus has become more than text on this page."""
    settled(page)
    assert page.evaluate("window.ran") is None
    assert page.evaluate(MADE_BY_TEXT) == []
    expect_value(page, OVERFLOW, [0, 0])
    assert seen.dialogs == []
    assert seen.stopped == []
    assert seen.hosts() == {f"localhost:{server.port}"}


def texts_of(page: Page, selector: str) -> list[str]:
    found: list[str] = page.evaluate(
        # Ignore the word joiner, which has no width and keeps Streamlit from drawing icons.
        "s => [...document.querySelectorAll(s)].map(e => e.textContent.replaceAll('\u2060', ''))",
        selector,
    )
    return found


def expect_texts(page: Page, selector: str, expected: Sequence[str]) -> None:
    """Wait until every text is that of an element; parts of a page may appear later."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while missing := [text for text in expected if text not in texts_of(page, selector)]:
        assert time.monotonic() < give_up, missing
        page.wait_for_timeout(100)


def title_reads(page: Page, text: str) -> None:
    """Wait until the title is this text."""
    page.wait_for_function(
        "text => document.querySelector('h1')?.textContent.replaceAll('\u2060', '') === text",
        arg=text,
    )


def bring_a_file(page: Page, server: Server, folder: Path) -> None:
    file = folder / "holdwell.zip"
    file.write_bytes(make(folder))
    page.goto(f"{server.url}/record")
    settled(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported:")).to_be_visible()


def read_history(page: Page, look: Callable[[], None]) -> None:
    texts = "[data-testid=stMain] [data-testid=stText]"
    expect_texts(page, texts, NOTES[1:])
    assert any(note.startswith(CORPUS[0]) for note in texts_of(page, texts))
    look()
    page.get_by_role("button", name="Edit").nth(1).click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(NOTES[1])
    look()
    page.get_by_role("button", name="Delete").click()
    # Wait for the result: until the run has begun, the page looks settled.
    title_reads(page, "History")
    settled(page)
    look()


def read_routines(page: Page, look: Callable[[], None]) -> None:
    """Check the list of routines, then edit one, and one that has every text as a stretch."""
    expect_texts(page, "[class*=st-key-hw-lines-] strong", CORPUS)
    look()
    listed = page.get_by_role("button", name="Change").count()
    for number, stretches in ((6, [(2, CORPUS[6])]), (0, [*enumerate(CORPUS, 1)])):
        page.get_by_role("button", name="Change").nth(number).click()
        expect(page.get_by_role("textbox")).to_have_value(CORPUS[number])
        title_reads(page, CORPUS[number])
        settled(page)
        labels = "[class*=st-key-hw-item-] [data-testid=stWidgetLabel] p"
        expect_texts(page, labels, [f"{n}. {text}: hold, in seconds" for n, text in stretches])
        look()
        if number:
            page.get_by_role("button", name="Done").click()
            expect(page.get_by_role("button", name="Change")).to_have_count(listed)
            settled(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".st-key-hw-undo-bar").get_by_text(CORPUS[0])).to_be_visible()
    look()


def hold(page: Page, look: Callable[[], None]) -> None:
    expect_texts(page, ".st-key-hw-choose [role=radio]", CORPUS[1:])
    look()
    page.get_by_role("radio", name=CORPUS[1], exact=True).click()
    page.get_by_role("button", name="Just the holds").click()
    page.get_by_role("button", name="Pause").click()
    look()


def type_notes(page: Page, server: Server, look: Callable[[], None]) -> None:
    """Type a note on the page after a routine, and one in the form of a session."""
    newest = "SELECT note FROM session ORDER BY started_at DESC LIMIT 1"
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop and save").click()
    page.get_by_role("textbox", name="Note").fill(TYPED)
    page.get_by_role("button", name="Save", exact=True).click()
    expect_rows(server.folder, newest, [(TYPED,)])
    look()
    open_next(page, f"{server.url}/history")
    page.get_by_role("button", name="Edit").first.click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(TYPED)
    page.get_by_role("textbox", name="Note").fill(TYPED[::-1])
    page.get_by_role("button", name="Save", exact=True).click()
    expect_rows(server.folder, newest, [(TYPED[::-1],)])
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    look()
    page.get_by_text("The whole note").first.click()
    expect_texts(page, "[data-testid=stMain] [data-testid=stText]", [TYPED[::-1]])


def type_names(page: Page, server: Server, look: Callable[[], None]) -> None:
    """Type texts as the name of a routine."""
    page.get_by_role("button", name="Change").first.click()
    expect(page.get_by_role("textbox")).to_be_visible()
    settled(page)
    typed = CORPUS[:: attempts(3, 1)]
    for text in typed:
        page.get_by_role("textbox").fill(text)
        page.keyboard.press("Enter")
        title_reads(page, text)
        look()
    assert (typed[-1],) in rows(server.folder, "SELECT name FROM routine")


def test_imported_and_typed_text_stays_text_on_every_page(
    start_server: StartServer, open_watched: OpenWatched, tmp_path: Path
) -> None:
    server = start_server()
    context, seen = open_watched()
    page = context.new_page()

    def look() -> None:
        check(page, seen, server)

    def turn_to(name: str) -> None:
        open_next(page, f"{server.url}/{name}")
        # Wait until the heading has the focus, or it would take it from a field in use.
        page.wait_for_function(ATTENTIVE)

    folder = tmp_path / "elsewhere"
    folder.mkdir()
    bring_a_file(page, server, folder)
    look()
    turn_to("history")
    read_history(page, look)
    turn_to("routines")
    read_routines(page, look)
    turn_to("stretch")
    hold(page, look)
    type_notes(page, server, look)
    turn_to("routines")
    type_names(page, server, look)
    for name in ("", "progress", "review", "settings", "record", "welcome"):
        turn_to(name)
        page.wait_for_load_state("networkidle")
        look()
