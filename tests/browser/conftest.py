"""Fixtures for browser tests: a real server on a real database, driven by Debian's Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api._generated import LocatorAssertions

from holdwell.domain.models import Routine
from holdwell.network.addresses import home_addresses
from tests.support.chromium import PHONE, QUIET, chromium_path
from tests.support.histories import make_known_user
from tests.support.server import Server, usual_ports
from tests.support.steps import FAKES, PATIENCE_MS
from tests.support.watch import Watch, watching
from tools import demo

expect.set_options(timeout=PATIENCE_MS)
expect_visible = LocatorAssertions.to_be_visible


def wait_and_expect_visible(
    expected: LocatorAssertions, *, visible: bool | None = None, timeout: float = PATIENCE_MS
) -> None:
    """Wait until an element is visible, and then expect it to be.

    Each time that an expectation looks and does not hold yet, Playwright describes the whole page
    for its message; waiting does not, and saves 4 % of the CPU time of tests.
    """
    made = expected._impl_obj
    if visible is not False and not made._is_not:
        # What is wrong, the expectation says.
        with suppress(Error):
            expected._sync(made._actual_locator.wait_for(state="visible", timeout=timeout))
    expect_visible(expected, visible=visible, timeout=timeout)


LocatorAssertions.to_be_visible = wait_and_expect_visible  # type: ignore[method-assign, assignment]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    for item in items:
        if item.path.parent == folder:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.kill()


class StartServer(Protocol):
    def __call__(
        self, *routines: Routine, server: type[Server] = Server, **profile: Any
    ) -> Server: ...


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """A function that starts the app for a returning user, with their settings and routines.

    They have 10 s to get ready, and 15 s before the first hold, unless a test says otherwise.
    """
    running: list[Server] = []

    def start(*routines: Routine, server: type[Server] = Server, **profile: Any) -> Server:
        make_known_user(tmp_path, *routines, **{"get_ready_seconds": 10, **profile})
        running.append(server(tmp_path))
        return running[-1]

    yield start
    for started in running:
        started.kill()


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with the example history."""
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
    # Let the page that a kept context holds open keep the process that also draws its next pages.
    args = [*QUIET, "--process-per-site"]
    launched = playwright.chromium.launch(executable_path=chromium_path(), args=args)
    yield launched
    launched.close()


class KeptContext:
    """A browser context for one test after another, cleared of all that each test leaves behind.

    It keeps the app's files in its cache, which saves a third of the time of a first page.
    """

    def __init__(self, browser: Browser, options: dict[str, Any], *, clock: bool) -> None:
        self.kind = options, clock
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE_MS)
        self._holder = self.context.new_page()
        self._holder.route("**", lambda route: route.fulfill(body=""))
        self._holder.goto("http://localhost/")
        self._session = self.context.new_cdp_session(self._holder)

    def empty(self) -> None:
        """Close every page and delete what they have stored."""
        pages = [page for page in self.context.pages if page is not self._holder]
        usual = [f"http://localhost:{port}" for port in usual_ports()]
        urls = {*usual, *(page.url for page in pages)}
        for page in pages:
            page.close()
        for scheme, host, *_ in map(urlsplit, urls):
            if scheme == "http":
                stored = {"origin": f"http://{host}", "storageTypes": "all"}
                self._session.send("Storage.clearDataForOrigin", stored)
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.context.unroute_all()


@pytest.fixture(scope="session")
def kept_contexts() -> list[KeptContext]:
    """The kept contexts that no test is using."""
    return []


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, kept_contexts: list[KeptContext]) -> Iterator[OpenContext]:
    """A function that opens a browser context: by default a phone in Berlin with reduced motion.

    With `clock` the test moves the clock of its pages. A script or a listener that a test adds to
    a context must be removed from it again.
    """
    used: list[KeptContext] = []

    def open_it(*, clock: bool = False, **options: Any) -> BrowserContext:
        chosen: dict[str, Any] = {
            "viewport": PHONE,
            "timezone_id": "Europe/Berlin",
            "locale": "en-GB",
            "reduced_motion": "reduce",
            **options,
        }
        kept = next((context for context in kept_contexts if context.kind == (chosen, clock)), None)
        if kept is None:
            kept = KeptContext(browser, chosen, clock=clock)
        else:
            kept_contexts.remove(kept)
        used.append(kept)
        if clock:
            # Set the clock to now and let it run; an earlier test may have moved or stopped it.
            kept.context.clock.install()
            kept.context.clock.resume()
        return kept.context

    yield open_it
    for kept in used:
        kept.empty()
    kept_contexts.extend(used)


OpenWatched = Callable[..., tuple[BrowserContext, Watch]]


@pytest.fixture
def open_watched(open_context: OpenContext) -> Iterator[OpenWatched]:
    """A function like `open_context` that also records all that the context's pages request."""
    with ExitStack() as until_the_end:

        def open_it(**options: Any) -> tuple[BrowserContext, Watch]:
            context = open_context(**options)
            return context, until_the_end.enter_context(watching(context))

        yield open_it


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    return open_context().new_page()


def page_with_fakes(open_context: OpenContext, **options: Any) -> Page:
    """Open a page with a clock that the test moves and stand-ins for the device's sounds."""
    page = open_context(clock=True, **options).new_page()
    page.add_init_script(FAKES)
    return page


@pytest.fixture
def timer(page: Page) -> Locator:
    return page.locator(".hw-timer")


@pytest.fixture(scope="session")
def own_address() -> str:
    """This machine's address that a phone at home would use; skips the test if it has none."""
    found = home_addresses()
    if not found:
        pytest.skip("this machine has no private address (RFC 1918, fc00::/7): nothing to reach")
    return found[0]
