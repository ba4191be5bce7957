"""With a locked database the user can still stretch and note a cramp; the browser keeps both."""

from playwright.sync_api import expect

from holdwell.encryption import rekey
from tests.browser.conftest import OpenContext, StartServer
from tests.conftest import plain_file
from tests.support.steps import pass_time, settled

WORDS = "four calm words here"


def test_while_locked_the_user_can_stretch_and_note_a_cramp(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    page = open_context(clock=True).new_page()
    rekey.change_passphrase(plain_file(server.folder / "holdwell.db"), WORDS)
    page.goto(server.url)
    settled(page)
    legs = page.get_by_role("radiogroup", name="Cramp now")
    legs.get_by_role("radio", name="Left").click()
    expect(page.get_by_text("Kept in this browser, without encryption: left leg")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Stretch without opening it").click()
    expect(page.get_by_text("The first two weeks after a caesarean")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="None of these applies to me").click()
    page.get_by_role("button", name="Just the holds").click()
    timer = page.locator(".hw-timer")
    expect(timer).to_have_attribute("data-phase", "running")
    pass_time(page, 500)
    expect(timer).to_have_attribute("data-phase", "done")
    assert plain_file(server.folder / "holdwell.db").salt() is not None

    page.goto(server.url)
    settled(page)
    page.get_by_label("Passphrase").fill(WORDS)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Noted: left leg")).to_be_visible()
    settled(page)
    page.wait_for_function(
        "!Object.keys(localStorage).some(key => key.startsWith('holdwell.cramp.'))"
    )
    page.get_by_role("link", name="Stretch", exact=True).click()
    expect(page.get_by_text("Held: 4 holds")).to_be_visible()
