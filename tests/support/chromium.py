"""Finds and sets up Chromium for browser tests, benchmarks and pictures."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
# Turn off the browser's own background requests, so that only those of the app are seen.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    # Draw in the browser's own process, which spares each picture a way from process to process.
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Tests end before optimised scripts would pay off; without, a page takes a sixth less CPU time.
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=32",
    # A second --disable-features replaces the first, so this repeats Playwright's list. It adds the
    # panels below the address bar, which cost each window a process, and the compiling of scripts
    # while they load, which repeats what an earlier page of the process has compiled: without, a
    # page takes a tenth less CPU time.
    "--disable-features=BackgroundResourceFetch,HttpsUpgrades,MediaRouter,"
    "NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,ScriptStreaming,"
    "WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup",
]


def chromium_path() -> str:
    """Return the path of the Chromium that ensure_chromium.sh found or installed.

    Raises RuntimeError if there is none, so that no test is skipped silently.
    """
    script = f'. "{Path(__file__).parent}/find_chromium.sh"; find_chromium'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    if not path:
        raise RuntimeError("No Chromium found: run make test, which installs it or says how to.")
    return path


def enlarge_text(page: Page) -> None:
    """Set the browser's default font size to twice the usual size."""
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)
