"""Drives a plain Chromium, as users have it; Playwright's keeps hidden tabs awake and fast."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.chromium import QUIET, chromium_path
from tests.support.remote_browser import RemoteTab

PHONE_WINDOW = "--window-size=390,844"


class Tab(RemoteTab):
    """One tab, over Chromium's DevTools protocol (https://chromedevtools.github.io)."""

    def __init__(self, connection: ClientConnection, port: int) -> None:
        super().__init__(connection)
        self.port = port

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the result of a call, which is empty if Chromium refuses it."""
        result: dict[str, Any] = self.call(method, **params).get("result", {})
        return result

    def evaluate(self, expression: str) -> Any:
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def click(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            where = {"x": x, "y": y, "button": "left", "clickCount": 1}
            self.send("Input.dispatchMouseEvent", type=kind, **where)

    def go(self, address: str) -> None:
        self.send("Page.navigate", url=address)


def _path() -> str:
    """Return the path of a Chromium with windows, in which one tab can hide another."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or chromium_path()
    if path.endswith("headless-shell"):
        raise RuntimeError("This needs Debian's chromium: run apt install chromium.")
    return path


def _open(port: int, address: str) -> dict[str, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?{address}", method="PUT")
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def tab() -> Iterator[Tab]:
    """Open Chromium with one tab the size of a phone."""
    with ExitStack() as stack:
        profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        options = ["--headless", PHONE_WINDOW, "--remote-debugging-port=0", *QUIET]
        process = subprocess.Popen(
            [_path(), *options, f"--user-data-dir={profile}", "about:blank"],
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
        found = Tab(link, port)
        found.send("Page.enable")
        yield found


def cover(covered: Tab) -> None:
    """Open another tab in front of this one, so that the browser hides it."""
    _open(covered.port, "about:blank")
    covered.wait_for("document.visibilityState === 'hidden'")
