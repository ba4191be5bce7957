"""A real server on a real file, and Debian's Chromium to drive it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from holdwell import demo
from holdwell.domain.models import Moment, Routine
from holdwell.network.addresses import home_addresses
from holdwell.store.database import DATABASE_NAME
from holdwell.store.repository import Store

# A busy machine is slow, not wrong.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

ROOT = Path(__file__).parent.parent.parent
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
# The browser's own errands would go to other hosts; only the app's requests are of interest.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str:
    """The Chromium that ensure_chromium.sh has found or installed. Never a silent skip."""
    script = f'. "{Path(__file__).parent}/find_chromium.sh"; find_chromium'
    found = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    path = found.stdout.strip()
    if not path:
        pytest.fail("No Chromium found: run make test, which installs it or says what to do.")
    return path


class Server:
    """The app on a port of its own, with its data in a folder of its own."""

    def __init__(self, folder: Path, port: int | None = None, **environment: str) -> None:
        self.folder = folder
        self.environment = environment
        self.port = port or _free_port()
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            command + options,
            cwd=ROOT,
            env={**os.environ, "HOLDWELL_DATA": str(self.folder), **self.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        log.close()
        while not self._answers():
            if self.process.poll() is not None:
                pytest.fail((self.folder / "server.log").read_text(encoding="utf-8"))

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.kill()


class StartServer(Protocol):
    def __call__(self, *routines: Routine, **profile: Any) -> Server: ...


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start the app for someone who has been here, with her settings and routines."""
    running: list[Server] = []

    def start(*routines: Routine, **profile: Any) -> Server:
        store = Store(tmp_path / DATABASE_NAME)
        now = Moment.of(datetime.now().astimezone())
        known = replace(store.profile(), welcomed=True, safety_seen=True, **profile)
        store.save_profile(known, now)
        if routines:
            store.save_routines(routines, now)
        store.close()
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
    """Open a browser profile of its own: a phone in Berlin unless said otherwise."""
    opened: list[BrowserContext] = []

    def open_it(**options: Any) -> BrowserContext:
        chosen: dict[str, Any] = {
            "viewport": PHONE,
            "timezone_id": "Europe/Berlin",
            "locale": "en-GB",
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


def settled(page: Page) -> None:
    """Wait until the page's script has run and nothing of an earlier run is left."""
    page.wait_for_selector("[data-testid=stMainBlockContainer] .stHeading, .hw-timer")
    page.wait_for_function(
        "document.querySelector('[data-test-script-state]')?.dataset.testScriptState"
        " === 'notRunning' && !document.querySelector('[data-stale=true]')"
    )


@pytest.fixture(scope="session")
def own_address() -> str:
    """An address of this machine that a phone at home would use."""
    found = home_addresses()
    if not found:
        pytest.skip("this machine has no private address (RFC 1918, fc00::/7): nothing to reach")
    return found[0]
