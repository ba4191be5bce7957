"""Take the README's picture of the running app: `python -m docs.take_screenshot`."""

import base64
import tempfile
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.chromium import PHONE, QUIET, chromium_path
from tests.support.server import Server
from tests.support.steps import settled
from tools import demo

TARGET = Path(__file__).parent / "screenshot.png"
SHEET = """
<body style="margin:0;padding:36px;display:flex;gap:32px;background:#E6DCCF;width:max-content">
{images}</body>
"""
IMAGE = '<img width="300" style="border-radius:24px" src="data:image/png;base64,{data}">'


def shots(browser: Browser, server: Server) -> list[bytes]:
    """Today, a hold under way, and the weeks, on a phone in light and dark."""
    page = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="en-GB").new_page()
    page.clock.install()
    page.goto(server.url)
    settled(page)
    found = [page.screenshot()]
    page.get_by_role("button", name="Start stretching").click()
    page.get_by_role("button", name="Just the holds").click()
    page.wait_for_url("**/stretch?session=*")
    page.clock.run_for(22_000)
    found.append(page.screenshot())
    dark = browser.new_context(
        viewport=PHONE, device_scale_factor=2, color_scheme="dark", locale="en-GB"
    )
    page = dark.new_page()
    page.goto(f"{server.url}/progress?show=pain")
    settled(page)
    page.locator(".st-key-hw-chart-pain").scroll_into_view_if_needed()
    page.locator(".st-key-hw-chart-pain canvas, .st-key-hw-chart-pain svg").first.wait_for()
    page.evaluate(
        "document.querySelector('.st-key-hw-chart-pain').scrollIntoView({block: 'center'})"
    )
    page.wait_for_timeout(500)
    found.append(page.screenshot())
    return found


def main() -> None:
    """Write docs/screenshot.png from the example history."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo.make(Path(folder), datetime.now().astimezone())
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        images = [
            IMAGE.format(data=base64.b64encode(shot).decode()) for shot in shots(browser, server)
        ]
        page = browser.new_page()
        page.set_content(SHEET.format(images="".join(images)))
        page.locator("body").screenshot(path=TARGET)
        browser.close()
        server.kill()


if __name__ == "__main__":
    main()
