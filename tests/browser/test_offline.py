"""Today while the computer is off or asleep: a cramp is kept, and the stop signs are read."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import StartServer
from tests.support.server import Server
from tests.support.steps import expect_rows, settled

CRAMPS = "SELECT leg FROM cramp WHERE deleted_at IS NULL"


def open_today(page: Page, server: Server) -> Locator:
    """Open Today; return what stands there while the app does not answer."""
    page.goto(server.url)
    settled(page)
    return page.get_by_role("region", name="Holdwell is not answering")


def test_a_cramp_tapped_while_the_computer_is_off_is_noted_when_it_is_back(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    away = open_today(page, server)
    server.kill()
    expect(away).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    left, right = (away.get_by_role("button", name=name) for name in ("Left", "Right"))
    left.click()
    expect(away.get_by_role("status")).to_contain_text("Kept in this browser: left leg")
    right.click()
    expect(away.get_by_role("status")).to_contain_text("both legs")
    left.click()
    expect(left).to_have_attribute("aria-pressed", "false")
    expect(away.get_by_role("status")).to_contain_text("right leg")
    away.locator("summary").click()
    expect(away.get_by_role("heading", name="At any time")).to_be_visible()
    server.start()
    expect(away).to_have_count(0)
    expect(page.get_by_text("Noted: right leg")).to_be_visible()
    expect_rows(server.folder, CRAMPS, [("right",)])
    expect(page.locator("[data-testid=stMain][inert]")).to_have_count(0)


def test_a_computer_that_sleeps_is_noticed_by_its_silence_each_time(
    start_server: StartServer, page: Page
) -> None:
    """It closes no connection, and the page goes on in the same session when it wakes."""
    server = start_server()
    away = open_today(page, server)
    for leg, noted in (("Left", "left leg"), ("Right", "both legs")):
        server.suspend()
        page.get_by_role("heading", level=1).click()
        expect(away).to_be_visible()
        away.get_by_role("button", name=leg).click()
        expect(away.get_by_role("status")).to_contain_text(f"{leg.lower()} leg")
        server.resume()
        expect(away).to_have_count(0)
        expect(page.get_by_text(f"Noted: {noted}")).to_be_visible()
        page.wait_for_function(
            "!Object.keys(localStorage).some(key => key.startsWith('holdwell.cramp.'))"
        )
        settled(page)
    expect_rows(server.folder, CRAMPS, [("both",)])


def test_without_a_cramp_the_page_comes_back_as_it_was(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    away = open_today(page, server)
    server.kill()
    expect(away).to_be_visible()
    server.start()
    expect(away).to_have_count(0)
    page.get_by_role("radiogroup", name="Cramp now").get_by_role("radio", name="Left").click()
    expect(page.get_by_text("Noted: left leg")).to_be_visible()
    expect_rows(server.folder, CRAMPS, [("left",)])


def test_the_stop_signs_are_the_users_own(start_server: StartServer, page: Page) -> None:
    """In the language of the settings, not the browser's."""
    server = start_server(language="es")
    page.goto(server.url)
    settled(page)
    server.kill()
    away = page.get_by_role("region", name="Holdwell no responde")
    away.locator("summary").click()
    expect(away.get_by_role("heading", name="En cualquier momento")).to_be_visible()
