"""The main job from start to end in a real browser, with a real server and database."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import OpenContext
from tests.support.server import Server
from tests.support.steps import (
    OUT_S,
    choose,
    expect_rows,
    expect_value,
    pass_time,
    settled,
    type_day,
)


def test_open_stretch_log_and_see_the_week(server: Server, open_context: OpenContext) -> None:
    page = open_context(clock=True).new_page()
    due = datetime.now().date() + timedelta(days=100)
    hosts: set[str] = set()

    def note_host(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            hosts.add(request.url.split("/")[2])

    page.on("request", note_host)
    first_visits_to_any_address_have_the_frame(server, page.context.new_page())

    # The first run: a due date, then the stop signs, then straight to the stretch page.
    page.goto(server.url)
    page.get_by_role("radio", name="Pregnant").click()
    # Today redirected here; Back must leave the app, as Today would only redirect here again.
    expect_value(page, "history.length", 2)
    type_day(page, "Due date", due)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("Before you start", exact=True)).to_be_visible()
    expect(page.get_by_text("One calf, leg or arm that is swollen")).to_be_visible()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="Just the holds")).to_be_visible()

    # Two taps from opening the app to a running routine.
    page.goto(server.url)
    page.get_by_role("button", name="Start stretching").click()
    choose(page, "Pain now in back, hips or legs (if you like)", "6")
    settled(page)
    page.get_by_role("button", name="Just the holds").click()
    timer = page.locator(".hw-timer")
    expect(timer).to_have_attribute("data-part", "lead")

    # The timer leads through both stretches, hands-free.
    for number in range(4):
        expect(timer.locator(".hw-count")).to_have_text(f"Hold {number + 1} of 4")
        pass_time(page, 20.5 if number == 0 else 15.5)
        expect(timer).to_have_attribute("data-part", "hold")
        expect(timer.locator(".hw-name")).to_have_text(("Side reach", "Hinge forward")[number // 2])
        expect(timer.locator(".hw-side")).to_have_text(f"{('left', 'right')[number % 2]} leg up")
        pass_time(page, 35 + OUT_S)

    # At most three taps from the end to saved.
    expect(page.get_by_text("That is done")).to_be_visible()
    choose(page, "Pain after", "3")
    choose(page, "How comfortable was it?", "4")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.get_by_text("This week so far: 1 session")).to_be_visible()

    # Read the rows back from the database.
    expect_rows(
        server.folder,
        "SELECT state, pain_before, pain_after, comfort, held_s FROM session",
        [("finished", 6, 3, 4, 140.0)],
    )
    expect_rows(
        server.folder,
        "SELECT stretch, side, planned_s, held_s, outcome FROM hold ORDER BY position",
        [
            (stretch, side, 35.0, 35.0, "finished")
            for stretch in ("side_reach", "hinge_forward")
            for side in ("left", "right")
        ],
    )
    expect_rows(
        server.folder,
        "SELECT due_date, birth_date, ended FROM pregnancy",
        [(due.isoformat(), None, 0)],
    )

    # The week's session is on a chart.
    page.get_by_role("link", name="Progress").click()
    expect(page.get_by_text("1 session this week so far")).to_be_visible()
    expect(page.get_by_text("Middle pain score: 6 (")).to_be_visible()
    expect(
        page.locator(
            "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
        ).first
    ).to_be_visible()
    assert hosts == {f"localhost:{server.port}"}


def first_visits_to_any_address_have_the_frame(server: Server, page: Page) -> None:
    """For the server, opening an address is always a first visit."""
    for name in ("stretch", "safety", "review", "welcome"):
        page.goto(f"{server.url}/{name}")
        expect(page).to_have_url(re.compile(name))
        # Wait for the frame itself: the first screen shows the same links before any page has run.
        for place, link in (("header", "Stop signs"), ("nav", "Today")):
            frame = page.locator(f".st-key-hw-{place}")
            expect(frame.get_by_role("link", name=link)).to_be_visible()
