"""Date fields: in the page's language, with weeks that begin on the user's first weekday."""

import re
from dataclasses import replace
from datetime import datetime

from playwright.sync_api import Page, expect

from holdwell.domain.models import Moment
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from tests.browser.conftest import OpenContext, StartServer
from tests.support.steps import expect_equal, expect_value, settled


def expect_calendar(page: Page, first_day: str, open_it: str = "Choose date") -> None:
    """Open the calendar of the first date field and check on which day its weeks begin.

    On a busy computer it may be opened before the page has run again with the user's first weekday;
    it then keeps the earlier one until it is opened again.
    """
    calendar = page.get_by_test_id("stDateInputCalendar")
    shown = calendar.locator("td").first.locator("[role=button]")

    def begins_on_it() -> bool:
        page.get_by_role("button", name=open_it).first.click()
        label = shown.get_attribute("aria-label") or ""
        page.keyboard.press("Escape")
        expect(calendar).to_have_count(0)
        return re.match(f"{first_day}\\b", label) is not None

    expect_equal(begins_on_it, True)


HEARD = {
    "month, ": ["Empty", "01 – January", "02 – February", "Empty"],
    "mes, ": ["vacío", "01 – enero", "02 – febrero", "vacío"],
}
"""For the beginning of a month field's name: what is read out after each step of expect_heard."""


def expect_heard(page: Page, name: str) -> None:
    """Check what is read out for the month when focused, typed, increased and cleared."""
    month = page.get_by_role("spinbutton", name=re.compile(f"^{name}"))
    month.focus()
    for keys, spoken in zip(([], ["1"], ["ArrowUp"], ["Backspace"] * 2), HEARD[name], strict=True):
        for key in keys:
            page.keyboard.press(key)
        expect(month).to_have_attribute("aria-valuetext", spoken)


def test_date_fields_use_the_users_first_weekday_and_the_pages_language(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """Streamlit writes the parts of a date field in English, and again after each change."""
    server = start_server()
    now = Moment.of(datetime.now().astimezone())
    pages = {name: open_context(locale=name).new_page() for name in ("en-GB", "en-US", "es-MX")}
    for locale, language, week_starts_on, first_day in (
        ("en-GB", "", None, "Monday"),
        ("en-US", "", 5, "Saturday"),
        ("es-MX", "", None, "domingo"),
        ("en-US", "es", 5, "sábado"),
    ):
        with opened(server.folder / DATABASE_NAME) as store:
            known = replace(store.profile(), language=language, week_starts_on=week_starts_on)
            store.save_profile(known, now)
        page = pages[locale]
        # This date field is in a form, where a change does not rerun the page.
        page.goto(f"{server.url}/history?edit=cramp.new")
        settled(page)
        spanish = language == "es" or locale == "es-MX"
        expect_calendar(page, first_day, "Elegir la fecha" if spanish else "Choose date")
        expect_heard(page, "mes, " if spanish else "month, ")


def test_a_slow_phone_that_has_never_opened_the_app_also_gets_the_users_first_weekday(
    start_server: StartServer, open_context: OpenContext
) -> None:
    """It draws the date field before it knows the calendar, and has none of an earlier page."""
    server = start_server(week_starts_on=5)
    page = open_context(locale="en-US").new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{server.url}/history?edit=cramp.new")
    settled(page)
    expect_calendar(page, "Saturday")


def open_sections(page: Page) -> None:
    """Open the sections of the settings that the test needs, unless they are open."""
    for key in ("settings-language", "settings-days", "settings-pause", "pauses"):
        section = page.locator(f".st-key-hw-{key} details").first
        expect(section).to_be_attached()
        if section.get_attribute("open") is None:
            section.locator("summary").first.click()
        expect(section).to_have_attribute("open", "")


def test_a_new_first_weekday_and_language_show_at_once(
    start_server: StartServer, open_context: OpenContext
) -> None:
    server = start_server()
    page = open_context(locale="en-GB").new_page()
    page.goto(f"{server.url}/settings")
    settled(page)
    open_sections(page)
    settled(page)
    week = page.get_by_role("combobox", name="A week begins on")
    week.click()
    page.get_by_role("option", name="Sunday", exact=True).click()
    expect_value(page, "navigator.language", "en-GB-u-fw-sun-x-en-GB")
    settled(page)
    expect_calendar(page, "Sunday")
    page.get_by_role("radio", name="Español").click()
    expect(page.get_by_role("heading", name="Ajustes")).to_be_visible()
    settled(page)
    open_sections(page)
    expect_calendar(page, "domingo", "Elegir la fecha")
    # So do Streamlit's words for keyboards and screen readers.
    skip, arrow = page.get_by_test_id("stSkipToContent"), page.locator(".stSelectbox button").first
    expect(skip).to_have_text("Saltar al contenido")
    expect(arrow).to_have_attribute("aria-label", "Abrir la lista")
    # The language chosen for the page is not mistaken for the browser's.
    page.get_by_role("radio", name="El del navegador").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    expect(skip).to_have_text("Skip to main content")
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
