"""Dates and times in figures, as each region writes them (Unicode CLDR)."""

from dataclasses import replace

import pytest

from holdwell.i18n import messages
from holdwell.i18n.formats import date_order, has_12_hour_clock
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import Run


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
def test_forms_write_dates_and_times_as_the_region_does(
    locale: str, order: str, twelve: bool
) -> None:
    spoken = replace(languages(content_folder())[0], locale=locale)
    with messages.inside(Run(language=spoken)):
        assert (date_order(), has_12_hour_clock()) == (order, twelve)
