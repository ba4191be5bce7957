"""A plain Chromium, as users have it: Playwright's would keep a hidden tab awake and fast."""

import json
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.chromium import QUIET, chromium_path

PATIENCE_S = 60.0
PHONE_WINDOW = "--window-size=390,844"


@dataclass
class Tab:
    """One tab over Chromium's DevTools protocol (https://chromedevtools.github.io)."""

    connection: ClientConnection
    port: int
    calls: Iterator[int]

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.calls)
        self.connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.connection.recv(PATIENCE_S))
            if answer.get("id") == number:
                result: dict[str, Any] = answer.get("result", {})
                return result

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; None where it has none."""
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True)[
            "result"
        ].get("value")

    def wait_for(self, expression: str, seconds: float = PATIENCE_S) -> None:
        """Wait until an expression holds. TimeoutError after `seconds`."""
        give_up = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > give_up:
                raise TimeoutError(expression)
            time.sleep(0.25)

    def press(self, text: str) -> None:
        """Press the button that reads `text`, once it is there."""
        button = f"[...document.querySelectorAll('button')].find(b => b.textContent === {text!r})"
        self.wait_for(button)
        self.send("Runtime.evaluate", expression=f"{button}.click()", userGesture=True)

    def go(self, address: str) -> None:
        self.send("Page.navigate", url=address)


def _open(port: int, address: str) -> dict[str, Any]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?{address}", method="PUT")
    with urllib.request.urlopen(asked) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def tab() -> Iterator[Tab]:
    """A Chromium with one tab of a phone's size."""
    with ExitStack() as stack:
        profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        options = ["--headless", PHONE_WINDOW, "--remote-debugging-port=0", *QUIET]
        process = subprocess.Popen(
            [chromium_path(), *options, f"--user-data-dir={profile}", "about:blank"],
            stderr=subprocess.DEVNULL,
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        says_port = Path(profile) / "DevToolsActivePort"
        while not says_port.exists() or not says_port.read_text():
            if process.poll() is not None:
                raise RuntimeError("Chromium ended before it could be used")
            time.sleep(0.1)
        port = int(says_port.read_text().split()[0])
        opened = _open(port, "about:blank")
        link = stack.enter_context(connect(opened["webSocketDebuggerUrl"], max_size=None))
        found = Tab(link, port, count(1))
        found.send("Page.enable")
        yield found


def cover(covered: Tab) -> None:
    """Open another tab in front, so that the browser hides this one."""
    _open(covered.port, "about:blank")
    covered.wait_for("document.visibilityState === 'hidden'")
