"""Drives Debian's Firefox over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) directly:
Debian has no driver program, and Playwright's BiDi needs more than this Firefox supports."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.support.chromium import PHONE
from tests.support.remote_browser import PATIENCE_S, RemoteTab

MISSING = "Firefox is not installed: apt install firefox-esr"
SAYS_WHERE = "WebDriverBiDiServer.json"
# Turn off Firefox's own background requests to other hosts.
PREFERENCES = {
    "app.normandy.enabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
    "services.settings.server": '"data:,"',
    "toolkit.telemetry.enabled": "false",
}
MOUSE = {"type": "pointer", "id": "mouse"}


def find_firefox() -> str | None:
    """Return the path of Firefox, or None if it is not installed."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class FirefoxTab(RemoteTab):
    """One tab of Firefox."""

    context = ""

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the result of a call on this tab. Raises RuntimeError if Firefox refuses it."""
        answer = self.call(method, context=self.context, **params)
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def go(self, address: str) -> None:
        self.ask("browsingContext.navigate", url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        here = {"context": self.context}
        text = f"JSON.stringify({expression}) ?? null"
        answer = self.call("script.evaluate", expression=text, target=here, awaitPromise=False)
        found = answer.get("result", {}).get("result", {}).get("value")
        return None if found is None else json.loads(found)

    def click(self, x: float, y: float) -> None:
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.ask("input.performActions", actions=[{**MOUSE, "actions": moves}])

    def save_picture(self, file: Path) -> None:
        """Write a PNG of what the tab shows."""
        file.write_bytes(base64.b64decode(self.ask("browsingContext.captureScreenshot")["data"]))


@contextmanager
def firefox_tab() -> Iterator[FirefoxTab]:
    """Open Firefox with one tab the size of a phone. Raises RuntimeError if it is not installed."""
    path = find_firefox()
    if path is None:
        raise RuntimeError(MISSING)
    with ExitStack() as stack:
        profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        chosen = (f'user_pref("{name}", {value});' for name, value in PREFERENCES.items())
        Path(profile, "user.js").write_text("\n".join(chosen))
        options = ["--headless", "--new-instance", "--remote-debugging-port=0"]
        process = subprocess.Popen(
            [path, *options, "--profile", profile, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        says_where = Path(profile) / SAYS_WHERE
        give_up = time.monotonic() + PATIENCE_S
        while not says_where.exists() or not says_where.read_text():
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("Firefox ended before it could be used")
            time.sleep(0.1)
        where = json.loads(says_where.read_text())
        address = f"ws://{where['ws_host']}:{where['ws_port']}/session"
        tab = FirefoxTab(stack.enter_context(connect(address, max_size=None, proxy=None)))
        tab.call("session.new", capabilities={})
        tree = tab.call("browsingContext.getTree")["result"]
        tab.context = tree["contexts"][0]["context"]
        tab.ask("browsingContext.setViewport", viewport=PHONE)
        yield tab
