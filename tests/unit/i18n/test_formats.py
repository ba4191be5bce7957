"""Dates and times in numbers, as in each region (Unicode CLDR)."""

from dataclasses import replace

import pytest

from holdwell.i18n import messages
from holdwell.i18n.formats import (
    date_order,
    has_12_hour_clock,
    number_text,
    region_first_weekday,
)
from holdwell.i18n.languages import choose, content_folder, languages


@pytest.mark.parametrize(
    ("locale", "order", "twelve"),
    [
        ("en_US", "MM/DD/YYYY", True),
        ("en_GB", "DD/MM/YYYY", False),
        ("en_CA", "YYYY-MM-DD", True),
        ("en_ZA", "YYYY/MM/DD", False),
        ("de_DE", "DD.MM.YYYY", False),
        ("es_ES", "DD/MM/YYYY", False),
        ("es_CL", "DD-MM-YYYY", True),
    ],
)
def test_dates_and_times_have_the_form_of_the_region(locale: str, order: str, twelve: bool) -> None:
    spoken = replace(languages(content_folder())[0], locale=locale)
    with messages.speaking(spoken):
        assert (date_order(), has_12_hour_clock()) == (order, twelve)


@pytest.mark.parametrize(
    ("chosen", "browser", "weekday"),
    [
        ("", "en-GB", 0), ("", "en-US", 6), ("", "es-MX", 6), ("", "es-ES", 0),
        # CLDR has no English or Spanish for the region, or another language is chosen.
        ("", "en-EG", 5), ("", "ar-EG", 5), ("", "pt-BR", 6), ("en", "fa-IR", 5),
        ("es", "en-US", 6),
        # Without a known region: Monday.
        ("", "en", 0), ("es", "ar", 0), ("", "en-QQ", 0), ("", "C", 0), ("", "", 0), ("", "?-!", 0),
    ],
)  # fmt: skip
def test_the_first_weekday_is_that_of_the_region_in_every_language(
    chosen: str, browser: str, weekday: int
) -> None:
    with messages.speaking(choose(languages(content_folder()), chosen, browser)):
        assert region_first_weekday() == weekday


def test_without_a_region_a_week_begins_on_monday_whatever_the_wording_file_says() -> None:
    american = replace(languages(content_folder())[0], locale="en_US")
    with messages.speaking(choose([american], None, "")):
        assert region_first_weekday() == 0


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en_IN", "2,00,000"), ("en_GB", "200,000"), ("es_ES", "200.000"), ("de_CH", "200’000")],
)
def test_a_number_alone_has_the_marks_that_it_has_in_a_sentence(locale: str, written: str) -> None:
    spoken = replace(languages(content_folder())[0], locale=locale)
    with messages.speaking(spoken):
        assert number_text(200_000) == written
        assert messages.counted("scores", 200_000) == f"{written} scores"
        assert number_text(200_000.5, places=0) == f"{written[:-1]}1"
