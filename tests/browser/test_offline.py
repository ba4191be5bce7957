"""Today while the computer is off: a cramp is kept until it is back, the stop signs are read."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import StartServer
from tests.support.steps import expect_rows, settled

CRAMPS = "SELECT leg FROM cramp WHERE deleted_at IS NULL"


def test_a_cramp_tapped_while_the_computer_is_off_is_noted_when_it_is_back(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    with page.expect_request_finished(lambda request: request.url.endswith("stop-signs")):
        page.goto(server.url)
    settled(page)
    server.kill()
    away = page.get_by_role("region", name="Holdwell is not answering")
    expect(away).to_be_visible()
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


def test_without_a_cramp_the_page_comes_back_as_it_was(
    start_server: StartServer, page: Page
) -> None:
    server = start_server()
    page.goto(server.url)
    settled(page)
    server.kill()
    away = page.get_by_role("region", name="Holdwell is not answering")
    expect(away).to_be_visible()
    server.start()
    expect(away).to_have_count(0)
    expect(page.get_by_role("radiogroup", name="Cramp now")).to_be_visible()
    expect_rows(server.folder, CRAMPS, [])
