"""How many taps each task takes on a phone after opening the app: the table in docs/using.md."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from holdwell.domain.models import Moment, Pregnancy
from holdwell.sessions.plan import FIRST_EXTRA_SECONDS
from holdwell.store.repository import opened
from tests.browser.conftest import OpenContext, StartServer
from tests.support.histories import session_on
from tests.support.steps import ROUND_S, expect_rows, pass_time, settled

TAPS = {
    "cramp": 1, "pain": 1, "past session": 2, "this week": 1, "report": 2, "routine": 2,
    "rate": 3, "birth": 1,
}  # fmt: skip


class Thumb:
    """Taps on a phone, and counts the taps since the app opened on Today."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def begin(self) -> None:
        """Go to Today and count from there."""
        self.page.get_by_role("link", name="Today").click()
        expect(self.page.get_by_role("radiogroup", name="Pain now")).to_be_visible()
        settled(self.page)
        self.taps = 0

    def tap(self, where: Locator) -> None:
        settled(self.page)
        where.click()
        self.taps += 1


def test_each_task_takes_as_few_taps_as_the_table_says(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server, page = start_server(), open_context(clock=True).new_page()
    # The browser's date, which may be a day ahead of this machine's.
    now = Moment.of(datetime.now(ZoneInfo("Europe/Berlin")))
    today = now.local.date()
    with opened(server.folder / "holdwell.db") as store:
        store.save_pregnancy(Pregnancy(due_date=today + timedelta(10)), now)
        store.save_all([session_on(today - timedelta(1), before=4, after=3)], now)
    thumb, taps = Thumb(page), dict[str, int]()

    page.goto(server.url)
    choices = page.locator(".st-key-hw-cramp").get_by_role("radiogroup")
    thumb.tap(choices.get_by_role("radio", name="Left"))
    expect_rows(server.folder, "SELECT leg FROM cramp", [("left",)])
    taps["cramp"] = thumb.taps

    thumb.taps = 0
    choices = page.get_by_role("radiogroup", name="Pain now")
    thumb.tap(choices.get_by_role("radio", name="6", exact=True))
    expect_rows(server.folder, "SELECT score FROM pain", [(6,)])
    taps["pain"] = thumb.taps

    thumb.taps = 0
    thumb.tap(page.get_by_role("button", name="I stretched without the timer"))
    thumb.tap(page.get_by_role("button", name="Done just now"))
    expect_rows(server.folder, "SELECT count(*) FROM session WHERE state = 'logged'", [(1,)])
    taps["past session"] = thumb.taps

    thumb.taps = 0
    thumb.tap(page.get_by_role("link", name="The last seven days"))
    expect(page.get_by_text("this week").first).to_be_visible()
    taps["this week"] = thumb.taps

    thumb.begin()
    thumb.tap(page.get_by_role("link", name="Report for your midwife or doctor"))
    with page.expect_download() as saved:
        thumb.tap(page.get_by_role("button", name="Save the report (PDF)"))
    assert saved.value.suggested_filename.endswith(".pdf")
    taps["report"] = thumb.taps

    thumb.begin()
    thumb.tap(page.get_by_role("button", name="Start stretching"))
    thumb.tap(page.get_by_role("button", name="Just the holds"))
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "running")
    taps["routine"] = thumb.taps
    pass_time(page, FIRST_EXTRA_SECONDS + ROUND_S)
    for name in ("Pause", "Stop", "Stop and save"):
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text("You stopped early")).to_be_visible()

    thumb.taps = 0  # from the end of a routine
    after = page.get_by_role("radiogroup", name="Pain after")
    thumb.tap(after.get_by_role("radio", name="3", exact=True))
    comfort = page.get_by_role("radiogroup", name="How comfortable was it?")
    thumb.tap(comfort.get_by_role("radio", name="4", exact=True))
    thumb.tap(page.get_by_role("button", name="Save", exact=True))
    rated = "SELECT count(*) FROM session WHERE pain_after = 3 AND comfort = 4"
    expect_rows(server.folder, rated, [(1,)])
    taps["rate"] = thumb.taps

    thumb.begin()
    thumb.tap(page.get_by_role("button", name="I have given birth"))
    expect_rows(server.folder, "SELECT birth_date FROM pregnancy", [(today.isoformat(),)])
    taps["birth"] = thumb.taps
    assert taps == TAPS
