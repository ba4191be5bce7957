"""Another pregnancy begins, on a phone: her pages show one at a time, and she chooses which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from holdwell.records import DayPart, Moment, Pregnancy, Session, SessionState, new_id
from holdwell.store import opened
from tests.browser.conftest import StartServer, settled
from tests.browser.steps import expect_rows, type_day
from tests.browser.test_main_job import OVERFLOW


def test_another_pregnancy_and_back_to_the_first(start_server: StartServer, page: Page) -> None:
    server = start_server()
    now = Moment.of(datetime.now(UTC))
    today = now.utc.date()
    first = Pregnancy(due_date=today - timedelta(days=400), birth_date=today - timedelta(days=401))
    with opened(server.folder / "holdwell.db") as store:
        store.save_pregnancy(first, now)
        for number in range(3):
            at = Moment.of(now.utc - timedelta(days=200 + number))
            logged = Session(
                new_id(), at, at.local.date(), DayPart.OTHER, SessionState.LOGGED, pain_before=10
            )
            store.save_session(replace(logged, note="long ago"), now)
    page.goto(f"{server.url}/settings")
    page.get_by_role("button", name="Another pregnancy").click()
    page.get_by_role("radio", name="Pregnant").click()
    type_day(page, "Due date", today + timedelta(days=180))
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect_rows(server.folder, "SELECT count(*) FROM pregnancy", [(2,)])
    expect(page.get_by_text("Earlier", exact=True)).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    settled(page)
    expect(page.get_by_text("long ago")).to_have_count(0)
    times = page.get_by_role("radiogroup", name="Which time").get_by_role("radio")
    expect(times).to_have_count(2)
    times.nth(1).click()
    expect(page.get_by_text("long ago")).to_have_count(3)
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    settled(page)
    expect(times.nth(1)).to_be_checked()
    expect(page.get_by_text("3 sessions", exact=False).first).to_be_visible()
    times.nth(0).click()
    expect(page.get_by_text("3 sessions", exact=False)).to_have_count(0)
    assert page.evaluate(OVERFLOW) == [0, 0]
