"""In a real browser, a new pregnancy begins on a phone, and each pregnancy is shown separately."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from holdwell.domain.models import DayPart, Moment, Pregnancy, Session, SessionState, new_id
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import Store
from tests.browser.conftest import OpenContext, StartServer
from tests.support.server import Server
from tests.support.steps import SMALL_TARGETS, expect_rows, expect_value, settled, type_day

EARLIER = "unmistakable-4711"
NOW = "today in the new one"


def session(moment: datetime, note: str, pain: int) -> Session:
    when = Moment.of(moment)
    return Session(
        id=new_id(),
        started=when,
        local_day=when.local.date(),
        part=DayPart.OTHER,
        state=SessionState.LOGGED,
        pain_before=pain,
        note=note,
    )


def fill(server: Server, born: date) -> None:
    """Save a birth two years ago, five sessions after it, and one of today."""
    noon = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
    # On the browser's local day, which ends at four in the morning: so it is always in this week.
    recently = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=4)
    store = Store(server.folder / DATABASE_NAME)
    store.save_pregnancy(Pregnancy(birth_date=born), Moment.of(noon - timedelta(days=700)))
    old = [session(noon - timedelta(days=600 + n), f"{EARLIER} {n}", 10) for n in range(5)]
    store.save_all([*old, session(recently, NOW, 2)], Moment.of(noon))
    store.close()


def test_another_pregnancy_begins_and_each_is_shown_separately(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    today = datetime.now().date()
    fill(server, today - timedelta(days=720))
    page = open_context().new_page()
    page.goto(f"{server.url}/history")
    settled(page)
    # With one pregnancy there is nothing to choose.
    expect(page.get_by_text(EARLIER).first).to_be_visible()
    expect(page.get_by_text(NOW)).to_be_visible()
    expect(page.locator(".st-key-hw-pregnancy-picked")).to_have_count(0)

    page.get_by_role("link", name="Settings").click()
    page.get_by_text("Where you are", exact=True).click()
    settled(page)
    begin = page.get_by_role("button", name="Another pregnancy")
    expect(begin).to_be_visible()
    expect_value(page, SMALL_TARGETS, [])
    begin.click()
    expect(page.get_by_text("keeps its dates and all its sessions")).to_be_visible()
    page.get_by_role("radio", name="Pregnant", exact=True).click()
    expect(page.get_by_role("group", name="Due date")).to_be_visible()
    settled(page)
    # With a mistyped year nothing is saved, and what was entered stays.
    type_day(page, "Due date", today - timedelta(days=500))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("more than 4 weeks ago")).to_be_visible()
    settled(page)
    type_day(page, "Due date", today + timedelta(days=180))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    born = (today - timedelta(days=720)).isoformat()
    due = (today + timedelta(days=180)).isoformat()
    expect_rows(
        server.folder,
        "SELECT due_date, birth_date FROM pregnancy ORDER BY created_at",
        [(None, born), (due, None)],
    )

    page.get_by_role("link", name="History").click()
    expect(page.get_by_text(NOW)).to_be_visible()
    settled(page)
    choices = page.locator(".st-key-hw-pregnancy-picked").get_by_role("radio")
    expect(choices).to_have_text([re.compile(" to now"), re.compile("^(?!.* to now)")])
    expect(page.get_by_text(EARLIER)).to_have_count(0)
    low = "[...document.querySelectorAll('.st-key-hw-pregnancy-picked [role=radio]')]"
    expect_value(page, f"{low}.filter(e => e.getBoundingClientRect().height < 40).length", 0)
    choices.nth(1).click()
    expect(page.get_by_text(EARLIER)).to_have_count(5)
    expect(page.get_by_text(NOW)).to_have_count(0)

    # The choice also applies on the next page, until it is changed.
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_text(re.compile("5 sessions"))).to_be_visible()
    expect(page.get_by_text("Middle pain score: 10 (")).to_be_visible()
    settled(page)
    choices.nth(0).click()
    expect(page.get_by_text("1 session this week so far")).to_be_visible()
    expect(page.get_by_text("Middle pain score: 2 (")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text(NOW)).to_be_visible()
    expect(page.get_by_text(EARLIER)).to_have_count(0)
