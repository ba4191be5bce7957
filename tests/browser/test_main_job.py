"""The whole job in a real browser against a real server and a real file."""

import sqlite3
import time
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenContext, Server, settled

# Buttons and choices of ours that are under 44 px high. Streamlit's own fine parts (a help icon,
# a date field's arrows, a tab, the toolbar of a table or a chart) have a larger way beside them.
SMALL_TARGETS = """
[...document.querySelectorAll('[data-testid=stMain] :is(button, [role=radio])')]
  .filter(e => e.checkVisibility())
  .filter(e => !e.closest('.stTooltipIcon, .stDateInput, .stTimeInput, .stNumberInput, .stSlider'))
  .filter(e => !e.closest('[role=tablist], .stVegaLiteChart, .stDataFrame, [data-testid=stCode]'))
  .map(e => [e.textContent, e.getBoundingClientRect()])
  .filter(([, r]) => r.width && r.height && r.height < 44)
  .map(([t, r]) => `${t} ${r.height}`)
"""


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(f"file:{folder / 'holdwell.db'}?mode=ro", uri=True)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def expect_rows(folder: Path, sql: str, expected: list[tuple[object, ...]]) -> None:
    """Wait until the file says so: the server writes a moment after the browser moves on."""
    give_up = time.monotonic() + 20
    while (found := rows(folder, sql)) != expected and time.monotonic() < give_up:
        time.sleep(0.05)
    assert found == expected


def type_day(page: Page, label: str, day: date) -> None:
    page.get_by_role("spinbutton", name=f"day, {label}").click()
    page.keyboard.type(f"{day:%d%m%Y}")
    page.keyboard.press("Escape")


def pass_time(page: Page, seconds: float) -> None:
    """Let the browser's clock run on, firing every timer on the way."""
    page.clock.run_for(round(seconds * 1000))


def choose(page: Page, group: str, name: str) -> None:
    page.get_by_role("radiogroup", name=group).get_by_role("radio", name=name, exact=True).click()


def come_in(page: Page, server: Server) -> None:
    """Skip the first question and read the stop signs."""
    page.goto(server.url)
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()


def test_open_stretch_log_and_see_the_week(server: Server, open_context: OpenContext) -> None:
    page = open_context().new_page()
    hosts: set[str] = set()

    def note_host(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            hosts.add(request.url.split("/")[2])

    page.on("request", note_host)
    page.clock.install()

    # First run: a due date, then the stop signs, then straight to the stretch.
    page.goto(server.url)
    page.get_by_role("radio", name="Pregnant").click()
    type_day(page, "Due date", date(2027, 3, 13))
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Before you start")).to_be_visible()
    expect(page.get_by_text("One calf or leg that is swollen")).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="Begin")).to_be_visible()

    # Two taps from opening the app to a running routine.
    page.goto(server.url)
    page.get_by_role("button", name="Start stretching").click()
    choose(page, "Pain right now, 0 to 10 (if you like)", "6")
    settled(page)
    page.get_by_role("button", name="Begin").click()
    timer = page.locator(".hw-timer")
    expect(timer).to_have_attribute("data-part", "lead")

    # Led through both stretches, hands free.
    seen = []
    for number in range(4):
        expect(timer.locator(".hw-count")).to_have_text(f"Hold {number + 1} of 4")
        pass_time(page, 10.5)
        expect(timer).to_have_attribute("data-part", "hold")
        seen.append(
            (timer.locator(".hw-name").text_content(), timer.locator(".hw-side").text_content())
        )
        pass_time(page, 35)
    assert seen == [
        ("Side reach", "left leg up"),
        ("Side reach", "right leg up"),
        ("Hinge forward", "left leg up"),
        ("Hinge forward", "right leg up"),
    ]

    # At most three taps from the end to saved.
    expect(page.get_by_text("That is done")).to_be_visible()
    choose(page, "Pain after", "3")
    choose(page, "How comfortable was it?", "4")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("1 of 14 sessions")).to_be_visible()

    # The rows, read back from the file.
    assert rows(
        server.folder,
        "SELECT state, pain_before, pain_after, comfort, held_s FROM session",
    ) == [("finished", 6, 3, 4, 140.0)]
    assert rows(
        server.folder,
        "SELECT stretch, side, planned_s, held_s, outcome FROM hold ORDER BY position",
    ) == [
        ("side_reach", "left", 35.0, 35.0, "finished"),
        ("side_reach", "right", 35.0, 35.0, "finished"),
        ("hinge_forward", "left", 35.0, 35.0, "finished"),
        ("hinge_forward", "right", 35.0, 35.0, "finished"),
    ]
    assert rows(server.folder, "SELECT due_date, birth_date, ended FROM pregnancy") == [
        ("2027-03-13", None, 0)
    ]

    # Her week on a chart.
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_text("One session so far")).to_be_visible()
    expect(page.get_by_text("Median before: 6. Median after: 3.")).to_be_visible()
    expect(
        page.locator(
            "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
        ).first
    ).to_be_visible()
    assert hosts == {f"localhost:{server.port}"}


def test_pause_extend_skip_and_stop(server: Server, page: Page) -> None:
    page.clock.install()
    come_in(page, server)
    page.get_by_role("button", name="Begin").click()
    pass_time(page, 15)
    timer = page.locator(".hw-timer")
    page.get_by_role("button", name="Pause").click()
    expect(timer).to_have_attribute("data-phase", "paused")
    frozen = timer.locator(".hw-digits").text_content()
    pass_time(page, 300)
    expect(timer.locator(".hw-digits")).to_have_text(str(frozen))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="+10 s").click()
    pass_time(page, 42)
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    page.get_by_role("button", name="Skip").click()
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    pass_time(page, 25)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop and save").click()
    expect(page.get_by_text("You stopped early, and that is fine")).to_be_visible()
    held = rows(server.folder, "SELECT side, held_s, outcome FROM hold ORDER BY position")
    assert [(side, outcome) for side, _, outcome in held] == [
        ("left", "finished"),
        ("right", "skipped"),
        ("left", "shortened"),
    ]
    seconds = [float(str(s)) for _, s, _ in held]
    assert seconds[0] == 45.0
    assert seconds[1] == 0.0
    assert 14.0 <= seconds[2] <= 17.0
    assert rows(server.folder, "SELECT state FROM session") == [("stopped",)]


def test_stop_signs_are_one_tap_away_and_pause_the_routine(server: Server, page: Page) -> None:
    page.clock.install()
    come_in(page, server)
    page.get_by_role("button", name="Begin").click()
    pass_time(page, 12)
    page.get_by_role("button", name="Stop signs").click()
    expect(page.get_by_role("dialog")).to_contain_text("One calf or leg that is swollen")
    expect(page.locator(".hw-timer")).to_have_attribute("data-phase", "paused")
    page.get_by_role("button", name="Back to the timer").click()
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_reload_mid_hold_goes_on_where_it_was(server: Server, page: Page) -> None:
    page.clock.install()
    come_in(page, server)
    page.get_by_role("button", name="Begin").click()
    pass_time(page, 10 + 35 + 10 + 20)
    timer = page.locator(".hw-timer")
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")
    page.wait_for_url("**/stretch?session=*")
    page.reload()
    expect(timer).to_have_attribute("data-phase", "paused")
    expect(timer.locator(".hw-phase")).to_have_text("Paused where you were")
    left = int(timer.locator(".hw-digits").text_content() or 0)
    assert 13 <= left <= 17
    page.get_by_role("button", name="Go on").click()
    pass_time(page, left + 1)
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    expect_rows(
        server.folder,
        "SELECT held_s, outcome FROM hold ORDER BY position",
        [(35.0, "finished"), (35.0, "finished")],
    )


def test_a_closed_tab_is_offered_the_next_time(server: Server, open_context: OpenContext) -> None:
    context = open_context()
    page = context.new_page()
    page.clock.install()
    come_in(page, server)
    page.get_by_role("button", name="Begin").click()
    pass_time(page, 10 + 35 + 5)
    page.wait_for_url("**/stretch?session=*")
    page.close()
    again = context.new_page()
    again.clock.install()
    again.goto(server.url)
    expect(again.get_by_text("1 of 4 holds are kept.")).to_be_visible()
    again.get_by_role("button", name="Go on where you were").click()
    again.get_by_role("button", name="Go on with it").click()
    expect(again.locator(".hw-timer")).to_have_attribute("data-phase", "paused")
    again.get_by_role("button", name="Go on", exact=True).click()
    for _ in range(4):
        pass_time(again, 45)
    expect(again.get_by_text("That is done")).to_be_visible()
    assert rows(server.folder, "SELECT state, held_s FROM session") == [("finished", 140.0)]


def test_server_killed_mid_hold_loses_and_doubles_nothing(server: Server, page: Page) -> None:
    page.clock.install()
    come_in(page, server)
    page.get_by_role("button", name="Begin").click()
    pass_time(page, 10 + 35 + 5)
    page.wait_for_url("**/stretch?session=*")
    server.kill()
    # The timer needs no server: the second hold ends while there is none.
    pass_time(page, 5 + 35 + 5)
    timer = page.locator(".hw-timer")
    expect(timer.locator(".hw-count")).to_have_text("Hold 3 of 4")
    server.start()
    page.reload()
    expect(timer).to_have_attribute("data-phase", "paused")
    page.get_by_role("button", name="Go on", exact=True).click()
    for _ in range(3):
        pass_time(page, 45)
    expect(page.get_by_text("That is done")).to_be_visible()
    assert rows(server.folder, "SELECT state, held_s FROM session") == [("finished", 140.0)]
    assert rows(server.folder, "SELECT count(*), count(DISTINCT id) FROM hold") == [(4, 4)]


def test_a_rerun_of_the_page_does_not_disturb_the_timer(server: Server, page: Page) -> None:
    page.clock.install()
    come_in(page, server)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/stretch?session=*")
    pass_time(page, 12)
    timer = page.locator(".hw-timer")
    before = int(timer.locator(".hw-digits").text_content() or 0)
    # Streamlit's own shortcut for "rerun".
    page.keyboard.press("r")
    pass_time(page, 3)
    after = int(timer.locator(".hw-digits").text_content() or 0)
    assert before - after in (3, 4)
    expect(timer).to_have_attribute("data-phase", "running")


def test_a_keyboard_is_enough(server: Server, page: Page) -> None:
    page.clock.install()
    come_in(page, server)
    begin = page.get_by_role("button", name="Begin")
    begin.focus()
    page.keyboard.press("Enter")
    timer = page.locator(".hw-timer")
    expect(timer).to_have_attribute("data-phase", "running")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(timer).to_have_attribute("data-phase", "paused")
    page.keyboard.press("Space")
    expect(timer).to_have_attribute("data-phase", "running")
    page.keyboard.press("ArrowRight")
    expect(timer.locator(".hw-count")).to_have_text("Hold 2 of 4")


@pytest.mark.parametrize("name", ["stretch", "history", "progress", "settings", "safety"])
def test_a_first_visit_to_any_address_has_the_frame(server: Server, page: Page, name: str) -> None:
    page.goto(f"{server.url}/{name}")
    expect(page.get_by_role("link", name="Stop signs")).to_be_visible()
    expect(page.get_by_role("link", name="Today")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_overflows_and_every_target_is_large(
    demo_server: Server, open_context: OpenContext, viewport: dict[str, int], theme: str
) -> None:
    page = open_context(viewport=viewport, color_scheme=theme).new_page()
    for name in ("", "stretch", "history", "progress", "settings", "safety", "welcome"):
        page.goto(f"{demo_server.url}/{name}")
        settled(page)
        overflow = page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(e => e.scrollWidth - e.clientWidth)"
        )
        assert overflow == [0, 0], name
        small = page.evaluate(SMALL_TARGETS)
        assert small == [], name
