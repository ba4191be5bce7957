"""Today as a dashboard: in one column on a phone, in two and without scrolling on a desk."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.support.server import Server
from tests.support.steps import OVERFLOW, settled

IN_ORDER = (
    "h1", ".st-key-hw-stage", ".st-key-hw-start", ".st-key-hw-cramp", ".st-key-hw-pain-now",
    ".st-key-hw-done-open", ".st-key-hw-day", ".hw-strip", ".hw-sparkline",
)  # fmt: skip
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


def tops(page: Page) -> list[float]:
    boxes = [page.locator(part).first.bounding_box() for part in IN_ORDER]
    return [box["y"] for box in boxes if box is not None]


def test_on_a_phone_everything_stands_in_one_column_in_its_order(
    page: Page, demo_server: Server
) -> None:
    page.goto(demo_server.url)
    settled(page)
    expect(page.locator(".hw-sparkline")).to_be_visible()
    found = tops(page)
    assert len(found) == len(IN_ORDER) and found == sorted(found)
    assert page.evaluate(OVERFLOW) == [0, 0]
    expect(page.locator(".st-key-hw-start button")).to_be_in_viewport()


@pytest.mark.parametrize("locale", ["en-GB", "es-ES"])
def test_on_a_desk_doing_stands_beside_seeing_and_nothing_below_the_fold(
    open_context: OpenContext, demo_server: Server, locale: str
) -> None:
    page = open_context(**DESK, locale=locale).new_page()
    page.goto(demo_server.url)
    settled(page)
    expect(page.locator(".hw-sparkline")).to_be_visible()
    doing = page.locator(".st-key-hw-doing").bounding_box()
    seeing = page.locator(".st-key-hw-seeing").bounding_box()
    assert doing is not None and seeing is not None
    assert doing["x"] + doing["width"] <= seeing["x"]
    for column in (doing, seeing):
        assert column["y"] + column["height"] <= 900
    # The line is drawn: its mask is one that the browser takes.
    mask = "getComputedStyle(document.querySelector('.hw-sparkline div')).maskImage"
    assert page.evaluate(mask).startswith('url("data:image/svg+xml')
