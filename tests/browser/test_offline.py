"""Today while the computer is off or asleep: it keeps a cramp and shows the stop signs."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from holdwell.ui.common import forms
from tests.browser.conftest import OpenContext, StartServer
from tests.support.server import Server, serve
from tests.support.steps import expect_rows, pass_time, pass_until, settled

CRAMPS = "SELECT leg FROM cramp WHERE deleted_at IS NULL"
DRAWING_S = 0.5
"""How long a slow computer takes to draw the rest of a page after its first part."""
IMPATIENT = """
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(ms / 4);
"""
"""Makes the page wait only a quarter as long for a response of the app."""


def serve_part_by_part(options: list[str], environment: dict[str, str], log: Path) -> None:
    """Serve the app as on a slow computer: the choices on Today are drawn after a delay."""
    at_once = forms.display_saved

    def display_saved(label: str, choices: object, *more: object) -> None:
        time.sleep(DRAWING_S)
        at_once(label, choices, *more)  # type: ignore[arg-type]

    vars(forms)["display_saved"] = display_saved
    serve(options, environment, log)


class SlowPageServer(Server):
    serve = staticmethod(serve_part_by_part)


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    return open_context(clock=True).new_page()


@pytest.fixture
def slow(start_server: StartServer) -> Server:
    return start_server(server=SlowPageServer)


def open_today(page: Page, server: Server, title: str = "Holdwell is not answering") -> Locator:
    """Open Today; return the region that is shown while the app does not answer."""
    page.goto(server.url)
    settled(page)
    return page.get_by_role("region", name=title)


def test_when_the_computer_is_back_the_first_tap_and_a_kept_cramp_are_saved(
    slow: Server, page: Page
) -> None:
    away = open_today(page, slow)
    slow.kill()
    pass_until(page, away.is_visible)
    expect(away).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)
    slow.start()
    expect(away).to_have_count(0)
    page.get_by_role("radiogroup", name="Pain now").get_by_role("radio", name="6").click()
    expect(page.get_by_text("Noted at")).to_be_visible()
    expect_rows(slow.folder, "SELECT score FROM pain WHERE deleted_at IS NULL", [(6,)])
    settled(page)
    slow.kill()
    pass_until(page, away.is_visible)
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
    slow.start()
    expect(away).to_have_count(0)
    expect(page.get_by_text("Noted: right leg")).to_be_visible()
    expect_rows(slow.folder, CRAMPS, [("right",)])
    expect(page.locator("[data-testid=stMain][inert]")).to_have_count(0)


def test_a_score_tapped_as_the_app_restarts_is_saved(start_server: StartServer, page: Page) -> None:
    server = start_server()
    open_today(page, server)
    six = page.get_by_role("radio", name="6", exact=True)
    server.suspend()
    six.click()
    expect(six).to_be_checked()
    server.kill()
    server.start()
    expect(page.get_by_text("Noted at")).to_be_visible()
    expect(six).to_be_checked()
    expect_rows(server.folder, "SELECT score FROM pain", [(6,)])
    page.get_by_role("button", name="Undo").click()
    expect(six).not_to_be_checked()
    # What is undone is not tapped again by the next connection.
    server.kill()
    server.start()
    settled(page)
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_enabled()
    expect_rows(server.folder, "SELECT score FROM pain WHERE deleted_at IS NULL", [])


def test_a_new_connection_asks_for_one_run_even_if_the_rest_of_an_older_one_comes_late(
    start_server: StartServer, page: Page
) -> None:
    asked: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(frame)))
    open_today(page, start_server())
    page.wait_for_function("() => window.__holdwellConnected")
    asked.clear()
    page.evaluate("() => window.__holdwellConnected()")
    page.evaluate("() => { window.__holdwellFrame.data = { ...window.__holdwellFrame.data }; }")
    pass_until(page, lambda: bool(asked))
    settled(page)
    for _ in range(5):
        pass_time(page, 1)
        settled(page)
    assert len(asked) == 1


def test_a_sleeping_computer_is_noticed_each_time_because_it_does_not_answer(
    start_server: StartServer, page: Page
) -> None:
    """A sleeping computer closes no connection, and the session continues when it wakes.

    Meanwhile the page is in the language of the settings, not that of the browser.
    """
    server = start_server(language="es")
    page.add_init_script(IMPATIENT)
    away = open_today(page, server, "Holdwell no responde")
    for leg, kept, noted in (
        ("Izquierda", "pierna izquierda", "pierna izquierda"),
        ("Derecha", "pierna derecha", "ambas piernas"),
    ):
        server.suspend()
        page.get_by_role("heading", level=1).click()
        pass_until(page, away.is_visible)
        away.get_by_role("button", name=leg).click()
        expect(away.get_by_role("status")).to_contain_text(kept)
        away.locator("summary").click()
        expect(away.get_by_role("heading", name="En cualquier momento")).to_be_visible()
        server.resume()
        expect(away).to_have_count(0)
        expect(page.get_by_text(f"Anotado: {noted}")).to_be_visible()
        page.wait_for_function(
            "!Object.keys(localStorage).some(key => key.startsWith('holdwell.cramp.'))"
        )
        settled(page)
    expect_rows(server.folder, CRAMPS, [("both",)])
