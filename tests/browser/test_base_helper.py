"""The choice of a heel base on a phone and a desktop: large enough to tap, and within the page."""

import re

from playwright.sync_api import Page, expect

from tests.support.chromium import DESKTOP, PHONE
from tests.support.server import Server
from tests.support.steps import OVERFLOW, SMALL_TARGETS, choose, expect_value, settled


def test_three_taps_lead_to_a_base(demo_server: Server, page: Page) -> None:
    def expect_fitting() -> None:
        for viewport in (DESKTOP, PHONE):
            page.set_viewport_size(viewport)
            expect_value(page, OVERFLOW, [0, 0])
            expect_value(page, SMALL_TARGETS, [])

    page.goto(f"{demo_server.url}/guide")
    settled(page)
    helper = page.locator(".st-key-hw-base-helper")
    expect(helper.locator("img")).to_have_attribute("alt", re.compile("A second chair"))
    expect_fitting()
    helper.get_by_role("button", name="A sofa", exact=True).click()
    choose(page, "How easily does a straight leg lift in front of you?", "I am quite flexible")
    choose(page, "How steady are you on one leg?", "A little unsure")
    expect(helper.get_by_text("Take the arm of the sofa")).to_be_visible()
    expect(helper.get_by_text("1. Hold on to the second chair.")).to_be_visible()
    expect(helper.get_by_text("only if you are quite flexible. You said")).to_have_count(0)
    settled(page)
    expect_fitting()
