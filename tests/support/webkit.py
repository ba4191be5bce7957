"""Drives Debian's WebKitGTK: its MiniBrowser runs on a virtual screen (Xvfb), xdotool clicks, and
WebKit's inspector protocol reads the page. (WebKitWebDriver hangs when it starts a browser.)"""

import base64
import json
import os
import re
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

from tests.support.chromium import PHONE
from tests.support.remote_browser import PATIENCE_S, RemoteTab
from tests.support.server import free_port

PACKAGES = "apt install webkit2gtk-driver xvfb xdotool"
OPTIONS = [
    "--full-screen",
    "--enable-developer-extras=true",
    "--media-playback-requires-user-gesture=true",
]
MISSING = f"WebKitGTK, Xvfb or xdotool is not installed: {PACKAGES}"


def find_mini_browser() -> str | None:
    """Return the path of MiniBrowser, or None if a program that it needs is missing."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    if not found or not (shutil.which("Xvfb") and shutil.which("xdotool")):
        return None
    return str(found[-1])


class WebKitTab(RemoteTab):
    """One tab of MiniBrowser; calls are forwarded to the process that shows the page."""

    def __init__(self, connection: ClientConnection, display: str) -> None:
        super().__init__(connection)
        self.display = display
        self.target = ""
        self.answer: dict[str, Any] = {}

    def hear(self, message: dict[str, Any]) -> None:
        """Keep the page's answers, and follow the page to a new process when it navigates."""
        params = message.get("params", {})
        match message.get("method"):
            case "Target.targetCreated" if not self.target:
                self.target = params["targetInfo"]["targetId"]
            case "Target.didCommitProvisionalTarget":
                self.target = params["newTargetId"]
            case "Target.dispatchMessageFromTarget":
                self.answer = json.loads(params["message"])

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the result of a call on the page; repeat it if the page changes its process."""
        while not self.target:
            self.hear(self._receive())
        asked, number = self.target, next(self._numbers)
        message = json.dumps({"id": number, "method": method, "params": params})
        self.call("Target.sendMessageToTarget", targetId=asked, message=message)
        while self.answer.get("id") != number:
            if self.target != asked:
                return self.ask(method, **params)
            self.hear(self._receive())
        result: dict[str, Any] = self.answer.get("result", {})
        return result

    def go(self, address: str) -> None:
        self.ask("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return found.get("result", {}).get("value")

    def click(self, x: float, y: float) -> None:
        # The page fills the screen.
        self.desktop("mousemove", "--sync", str(round(x)), str(round(y)), "click", "1")

    def desktop(self, *words: str) -> None:
        """Run an xdotool command on the tab's screen."""
        own = {**os.environ, "DISPLAY": self.display}
        subprocess.run(["xdotool", *words], env=own, check=True, timeout=PATIENCE_S)

    def save_picture(self, file: Path) -> None:
        """Write a PNG of what the tab shows."""
        whole = {"x": 0, "y": 0, **PHONE, "coordinateSystem": "Viewport"}
        address: str = self.ask("Page.snapshotRect", **whole)["dataURL"]
        file.write_bytes(base64.b64decode(address.partition(",")[2]))


@contextmanager
def _screen() -> Iterator[str]:
    """Start a virtual screen the size of a phone; yield its display name."""
    read, write = os.pipe()
    size = f"{PHONE['width']}x{PHONE['height']}x24"
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(write)
        with os.fdopen(read) as says:
            yield f":{says.readline().strip()}"
    finally:
        process.kill()
        process.wait()


def _socket(port: int, process: subprocess.Popen[bytes]) -> str:
    """Return the WebSocket address of the inspector of the only tab."""
    give_up = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                found = re.search(r"/socket/\d+/\d+/WebPage", answer.read().decode())
        except OSError:
            found = None
        if found:
            return f"ws://127.0.0.1:{port}{found[0]}"
        time.sleep(0.2)
    raise RuntimeError("WebKit's MiniBrowser ended before it could be used")


@contextmanager
def webkit_tab() -> Iterator[WebKitTab]:
    """Open MiniBrowser with one tab the size of a phone. Raises RuntimeError if it is missing."""
    path = find_mini_browser()
    if path is None:
        raise RuntimeError(MISSING)
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        display, port = stack.enter_context(_screen()), free_port()
        own = {
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "DISPLAY": display,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "GTK_A11Y": "none",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_INSPECTOR_HTTP_SERVER": f"127.0.0.1:{port}",
        }
        process = subprocess.Popen(
            [path, *OPTIONS, "about:blank"],
            env={**os.environ, **own},
            stderr=subprocess.DEVNULL,
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        connection = connect(_socket(port, process), max_size=None, proxy=None)
        tab = WebKitTab(stack.enter_context(connection), display)
        # There is no window manager that would make the window fill the screen.
        size = (str(PHONE["width"]), str(PHONE["height"]))
        tab.desktop(
            "search", "--sync", "--onlyvisible", "--class", "MiniBrowser", "windowsize", *size
        )
        tab.wait_for(f"innerWidth === {size[0]} && innerHeight === {size[1]}")
        yield tab
