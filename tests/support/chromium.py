"""Chromium for browser tests, benches and pictures."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
# The browser's own errands would go to other hosts; only the app's requests are of interest.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A test is over before what optimises its scripts has paid: a sixth of a page's processor time.
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=32",
    # Playwright's own list, which a second one replaces, and the panels below the address bar: a
    # process of their own for each window.
    "--disable-features=HttpsUpgrades,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,"
    "PaintHolding,PreconnectToSearch,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup",
]


def chromium_path() -> str:
    """Return the path of the Chromium that ensure_chromium.sh found or installed.

    RuntimeError if there is none: nothing is skipped silently.
    """
    script = f'. "{Path(__file__).parent}/find_chromium.sh"; find_chromium'
    found = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    path = found.stdout.strip()
    if not path:
        raise RuntimeError("No Chromium found: run make test, which installs it or says how to.")
    return path


def enlarge_text(page: Page) -> None:
    """Set the browser's own font size to twice the usual one."""
    sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
    page.context.new_cdp_session(page).send("Page.setFontSizes", sizes)
