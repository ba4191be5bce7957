"""History in a real browser: what is typed is saved once, and what is said is seen."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from holdwell.domain.models import Moment
from holdwell.store.repository import opened
from tests.browser.conftest import StartServer
from tests.support.histories import session_on
from tests.support.server import Server, serve
from tests.support.steps import expect_rows, expect_value, rows, settled, type_day

FSYNC_S = 0.04
"""What a write takes on a hard disk or a memory stick."""
ROWS = "SELECT (SELECT count(*) FROM session WHERE state <> 'open'), (SELECT count(*) FROM pain)"
FOCUSED = "document.activeElement.tagName"
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"
IN_SIGHT = """node => {
  const box = node.getBoundingClientRect();
  const under = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.top >= 0 && box.bottom <= innerHeight - 68 && node.contains(under);
}"""


def serve_slowly(options: list[str], environment: dict[str, str], log: Path) -> None:
    """Serve the app on a disk that takes its time: a commit returns when its fsync does."""
    from holdwell.store.sqlcipher import Connection

    at_once = Connection.execute

    def execute(self: Connection, sql: str, *parameters: object) -> object:
        done = at_once(self, sql, *parameters)  # type: ignore[arg-type]
        if sql == "COMMIT":
            time.sleep(FSYNC_S)
        return done

    Connection.execute = execute  # type: ignore[method-assign, assignment]
    serve(options, environment, log)


class SlowServer(Server):
    """The app on a slow disk."""

    serve = staticmethod(serve_slowly)


@pytest.fixture
def slow(start_server: StartServer) -> Iterator[Server]:
    # The profile of someone who has been here, then the same folder on a slow disk.
    known = start_server()
    known.kill()
    server = SlowServer(known.folder)
    yield server
    server.kill()


def click_twice(page: Page, name: str, apart_ms: int) -> None:
    """Click a button, and again on whatever is there `apart_ms` later if it still is."""
    page.get_by_role("button", name=name, exact=True).evaluate(
        "(node, apart) => { node.click(); setTimeout(() => node.click(), apart); }", apart_ms
    )


def fill(page: Page, kind: str) -> None:
    page.get_by_role("button", name=kind, exact=True).first.click()
    type_day(page, "Day", datetime.now().date() - timedelta(days=1))
    group = "Pain before" if kind == "Session" else "How much did it hurt?"
    page.get_by_role("radiogroup", name=group).get_by_role("radio", name="4", exact=True).click()
    settled(page)


@pytest.mark.parametrize("kind", ["Session", "Pain"])
def test_a_double_click_on_save_saves_once(slow: Server, page: Page, kind: str) -> None:
    """On a disk whose fsync takes 40 ms; the second click comes before, during and after it."""
    page.goto(f"{slow.url}/history")
    for number, apart_ms in enumerate((15, 60, 110, 180), 1):
        settled(page)
        fill(page, kind)
        click_twice(page, "Save", apart_ms)
        expect(page.get_by_text("Added:")).to_be_visible()
        settled(page)
        expected = (number, 0) if kind == "Session" else (0, number)
        assert rows(slow.folder, ROWS) == [expected], f"{apart_ms} ms apart"
    # The undo takes the one entry back, and no more.
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    gone = "SELECT count(*) FROM session WHERE deleted_at IS NOT NULL"
    expect_rows(slow.folder, gone if kind == "Session" else gone.replace("session", "pain"), [(1,)])


def test_a_double_click_adds_one_routine(slow: Server, page: Page) -> None:
    page.goto(f"{slow.url}/routines")
    settled(page)
    known = page.get_by_role("button", name="Edit").count()
    click_twice(page, "Add a routine", 60)
    expect(page.get_by_role("button", name="Done")).to_be_visible()
    settled(page)
    expect_rows(slow.folder, "SELECT count(*) FROM routine", [(known + 1,)])


def test_a_form_that_is_sent_again_saves_once(start_server: StartServer, page: Page) -> None:
    """After Back, and after a restart of the server under the open form."""
    server = start_server()
    page.goto(f"{server.url}/history")
    settled(page)
    fill(page, "Session")
    form = page.url
    assert "edit=session." in form
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Added:")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Edit this session")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    server.kill()
    server.start()
    page.goto(form)
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    assert rows(server.folder, ROWS) == [(1, 0)]


def test_what_is_said_is_seen_and_the_focus_goes_on(start_server: StartServer, page: Page) -> None:
    server = start_server()
    today = datetime.now().date()
    with opened(server.folder / "holdwell.db") as store:
        made = [session_on(today - timedelta(days=n)) for n in range(1, 15)]
        store.save_all(made, [], Moment.of(datetime.now().astimezone()))
    page.goto(f"{server.url}/history")
    settled(page)
    page.get_by_role("button", name="Edit").nth(9).click()
    heading = page.get_by_role("heading", name="Edit this session")
    expect(heading).to_be_focused()
    expect_value(page, SCROLLED, 0)
    # A reload keeps the form, and a form that cannot be saved says so clear of the bars.
    page.reload()
    expect(heading).to_be_visible()
    settled(page)
    page.get_by_label("Side reach, left").fill("-5")
    page.get_by_role("button", name="Save", exact=True).click()
    said = page.get_by_text("from 0 to 3,600")
    expect(said).to_be_visible()
    settled(page)
    expect(said).to_be_in_viewport()
    page.wait_for_function(IN_SIGHT, arg=said.element_handle())
    page.get_by_role("button", name="Delete").click()
    deleted = page.get_by_text("is deleted")
    expect(deleted).to_be_visible()
    expect(page.get_by_role("heading", name="History")).to_be_focused()
    # The bar with Undo stays in sight wherever the page stands.
    page.mouse.move(200, 500)
    page.mouse.wheel(0, 900)
    page.wait_for_function(f"{SCROLLED} > 500")
    page.wait_for_function(IN_SIGHT, arg=deleted.element_handle())
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    settled(page)
    expect_value(page, f"{FOCUSED} !== 'BODY'", True)
    # Another page begins at its heading.
    page.get_by_role("link", name="Guide").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_day_is_tapped_to_backdate(start_server: StartServer, page: Page) -> None:
    server = start_server()
    today = datetime.now().date()
    page.goto(f"{server.url}/history")
    settled(page)
    page.get_by_role("radio", name=str(today.day), exact=True).click()
    expect(page.get_by_text("Add to")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Pain", exact=True).click()
    settled(page)
    page.get_by_role("radio", name="7", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("7 of 10")).to_be_visible()
    expect_rows(server.folder, "SELECT local_day, score FROM pain", [(today.isoformat(), 7)])
    assert f"day={today}" in page.url
