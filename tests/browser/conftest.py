"""A real server on a real file, and Debian's Chromium to drive it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from holdwell import demo
from holdwell.domain.models import Routine
from holdwell.network.addresses import home_addresses
from tests.support.chromium import PHONE, QUIET, chromium_path
from tests.support.histories import make_known_user
from tests.support.server import Server
from tests.support.steps import FAKES, PATIENCE_MS

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.kill()


class StartServer(Protocol):
    def __call__(self, *routines: Routine, **profile: Any) -> Server: ...


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start the app for someone who has been here, with their settings and routines.

    There are 10 s to get ready, and 15 before the first hold, unless a test says otherwise.
    """
    running: list[Server] = []

    def start(*routines: Routine, **profile: Any) -> Server:
        make_known_user(tmp_path, *routines, **{"get_ready_seconds": 10, **profile})
        running.append(Server(tmp_path))
        return running[-1]

    yield start
    for server in running:
        server.kill()


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on the example history."""
    folder = tmp_path_factory.mktemp("demo")
    demo.make(folder, datetime.now().astimezone())
    running = Server(folder)
    yield running
    running.kill()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
    yield launched
    launched.close()


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser) -> Iterator[OpenContext]:
    """Open a browser profile of its own: a phone in Berlin, set to reduce motion, unless said."""
    opened: list[BrowserContext] = []

    def open_it(**options: Any) -> BrowserContext:
        chosen: dict[str, Any] = {
            "viewport": PHONE,
            "timezone_id": "Europe/Berlin",
            "locale": "en-GB",
            "reduced_motion": "reduce",
            **options,
        }
        context = browser.new_context(**chosen)
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield open_it
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    return open_context().new_page()


def page_with_fakes(open_context: OpenContext, **options: Any) -> Page:
    """Open a page with a clock that the test moves and stand-ins for the device's sounds."""
    page = open_context(**options).new_page()
    page.add_init_script(FAKES)
    page.clock.install()
    return page


@pytest.fixture
def timer(page: Page) -> Locator:
    return page.locator(".hw-timer")


@pytest.fixture(scope="session")
def own_address() -> str:
    """An address of this machine that a phone at home would use."""
    found = home_addresses()
    if not found:
        pytest.skip("this machine has no private address (RFC 1918, fc00::/7): nothing to reach")
    return found[0]
