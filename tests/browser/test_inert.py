"""Whatever is typed or imported is text: nothing of it runs, is drawn, or asks another host."""

import time
from collections.abc import Sequence
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
from tests.browser.conftest import OpenContext, StartServer
from tests.support.chromium import DESKTOP
from tests.support.corpus import CORPUS, MADE_BY_TEXT
from tests.support.effort import attempts
from tests.support.server import Server
from tests.support.steps import (
    OVERFLOW,
    PATIENCE_MS,
    expect_rows,
    expect_value,
    rows,
    settled,
)
from tests.support.watch import Watch, watch

TYPED = "\n".join(CORPUS)
assert all(len(text) <= ROUTINE_NAME_MAX for text in CORPUS)


def make(server_folder: Path) -> bytes:
    """An export with each text in each place that a file can bring one to."""
    now = Moment.of(datetime.now().astimezone())
    store = Store(server_folder / "other.db")
    store.save_profile(replace(store.profile(), welcomed=True, safety_seen=True), now)
    routines = []
    for number, text in enumerate(CORPUS):
        items = (RoutineStretch("side_reach"), RoutineStretch(text, 30))
        routines.append(Routine(new_id(), text, items, part=DayPart.BEDTIME))
        started = Moment(now.utc - timedelta(hours=number + 1), now.utc_offset)
        hold = Hold(new_id(), 0, text, Side.LEFT, 35, 35, HoldOutcome.FINISHED, started)
        long = {0: " and on" * 280}.get(number, "")
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
                note=text + long,
                holds=(hold,),
            ),
            now,
        )
    store.save_routines(routines, now)
    data = exporting.export(store, now)
    store.close()
    return data


def check(page: Page, seen: Watch, server: Server) -> None:
    """Nothing of the corpus is more than text on this page."""
    settled(page)
    assert page.evaluate("window.ran") is None
    assert page.evaluate(MADE_BY_TEXT) == []
    expect_value(page, OVERFLOW, [0, 0])
    assert seen.dialogs == []
    assert seen.stopped == []
    assert seen.hosts() == {f"localhost:{server.port}"}


def texts_of(page: Page, selector: str) -> list[str]:
    found: list[str] = page.evaluate(
        # The joiner has no width, and stands where Streamlit would draw an icon or an arrow.
        "s => [...document.querySelectorAll(s)].map(e => e.textContent.replaceAll('\u2060', ''))",
        selector,
    )
    return found


def expect_texts(page: Page, selector: str, expected: Sequence[str]) -> None:
    """Wait until each text is that of an element: some parts of a page come a little later."""
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


def test_what_a_file_brings_stays_text_on_every_page(
    start_server: StartServer, open_context: OpenContext, tmp_path: Path
) -> None:
    server = start_server()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = elsewhere / "holdwell.zip"
    file.write_bytes(make(elsewhere))
    context = open_context(new=True)
    seen = watch(context)
    page = context.new_page()
    page.goto(f"{server.url}/record")
    settled(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Imported:")).to_be_visible()
    check(page, seen, server)

    page.goto(f"{server.url}/history")
    settled(page)
    for count in (30, len(CORPUS)):
        page.get_by_role("button", name="Show earlier entries").click()
        expect(page.get_by_role("button", name="Edit")).to_have_count(count)
    settled(page)
    texts = "[data-testid=stMain] [data-testid=stText]"
    expect_texts(page, texts, CORPUS[1:])
    notes = texts_of(page, texts)
    assert any(note.startswith(CORPUS[0]) for note in notes)
    check(page, seen, server)
    page.get_by_role("button", name="Edit").nth(1).click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(CORPUS[1])
    check(page, seen, server)
    page.get_by_role("button", name="Delete").click()
    settled(page)
    check(page, seen, server)

    page.goto(f"{server.url}/routines")
    settled(page)
    expect_texts(page, "[class*=st-key-hw-lines-] strong", CORPUS)
    check(page, seen, server)
    listed = page.get_by_role("button", name="Change").count()
    # Each has its line above; a page of its own is opened for every sixth.
    for number in range(0, len(CORPUS), 6):
        page.get_by_role("button", name="Change").nth(number).click()
        expect(page.get_by_role("textbox")).to_have_value(CORPUS[number])
        title_reads(page, CORPUS[number])
        settled(page)
        labels = "[class*=st-key-hw-item-] [data-testid=stWidgetLabel] p"
        expect_texts(page, labels, [f"2. {CORPUS[number]}: hold, in seconds"])
        check(page, seen, server)
        page.get_by_role("button", name="Done").click()
        expect(page.get_by_role("button", name="Change")).to_have_count(listed)
        settled(page)
    page.get_by_role("button", name="Change").first.click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".st-key-hw-undo-bar").get_by_text(CORPUS[0])).to_be_visible()
    check(page, seen, server)

    page.goto(f"{server.url}/stretch")
    settled(page)
    expect_texts(page, ".st-key-hw-choose [role=radio]", CORPUS[1:])
    check(page, seen, server)
    page.get_by_role("radio", name=CORPUS[1], exact=True).click()
    page.get_by_role("button", name="Just the holds").click()
    check(page, seen, server)

    for name in ("", "progress", "review", "settings", "record", "welcome"):
        page.goto(f"{server.url}/{name}")
        settled(page)
        page.wait_for_load_state("networkidle")
        check(page, seen, server)


def test_what_is_typed_reads_back_as_it_was(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    context = open_context(new=True, viewport=DESKTOP)
    seen = watch(context)
    page = context.new_page()

    # The note after a routine.
    page.goto(f"{server.url}/stretch")
    page.get_by_role("button", name="Just the holds").click()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop and save").click()
    page.get_by_role("textbox", name="Note").fill(TYPED)
    page.get_by_role("button", name="Save", exact=True).click()
    expect_rows(server.folder, "SELECT note FROM session", [(TYPED,)])
    check(page, seen, server)

    # The note of a session added from memory, and of one that is edited.
    page.goto(f"{server.url}/history")
    page.get_by_role("button", name="Edit").first.click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(TYPED)
    page.get_by_role("textbox", name="Note").fill(TYPED[::-1])
    page.get_by_role("button", name="Save", exact=True).click()
    expect_rows(server.folder, "SELECT note FROM session", [(TYPED[::-1],)])
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    check(page, seen, server)
    expect_texts(page, "[data-testid=stMain] [data-testid=stText]", [TYPED[::-1]])

    # The name of a routine.
    page.goto(f"{server.url}/routines")
    page.get_by_role("button", name="Change").first.click()
    expect(page.get_by_role("textbox")).to_be_visible()
    settled(page)
    typed = CORPUS[:: attempts(3, 1)]
    for text in typed:
        page.get_by_role("textbox").fill(text)
        page.keyboard.press("Enter")
        title_reads(page, text)
        check(page, seen, server)
    assert (typed[-1],) in rows(server.folder, "SELECT name FROM routine")
