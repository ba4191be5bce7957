"""Write days, times, numbers and lists as in the user's language.

They follow Unicode's CLDR (through Babel), for the language of the run and for the region, if the
browser tells it.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from holdwell.i18n.messages import language, say


def day_text(day: date, *, today: date | None = None) -> str:
    """Write a day as "Tue 24 Nov", with the year unless it is that of `today`."""
    same_year = today is not None and day.year == today.year
    return _day(day, "MMMEd" if same_year else "yMMMEd", language().locale)


def sentence_day_text(day: date, *, today: date | None = None) -> str:
    """Write a day for the middle of a sentence, "Tuesday 24 November", with the year as above."""
    same_year = today is not None and day.year == today.year
    locale = language().locale
    long = _day(day, "MMMMd", locale) if same_year else format_date(day, "long", locale=locale)
    return f"{format_date(day, 'EEEE', locale=locale)} {long}"


def short_day_text(day: date) -> str:
    """Write a day as "24 Nov"."""
    return _day(day, "MMMd", language().locale)


def date_text(day: date) -> str:
    """Write a day as "24 Nov 2026"."""
    return _day(day, "yMMMd", language().locale)


def full_day_text(day: date) -> str:
    """Write a day as "Tuesday, 24 November 2026"."""
    return format_date(day, "full", locale=language().locale)


@lru_cache(maxsize=8192)
def _day(day: date, skeleton: str, locale: str) -> str:
    # Charts write the same thousands of days in every run.
    return str(format_skeleton(skeleton, day, locale=locale))


def month_text(day: date) -> str:
    """Write the short name of a day's month."""
    return str(format_date(day, "LLL", locale=language().locale))


def month_year_text(day: date, *, short: bool = False) -> str:
    """Write a day's month as "March 2024", or as "Mar 2024"."""
    return _day(day, "yMMM" if short else "yMMMM", language().locale)


def region_first_weekday() -> int:
    """Return the first day of the week in the user's region, 0 (Monday) to 6.

    Monday (ISO 8601) if the region is unknown, as on a command line without LANG.
    """
    try:
        # CLDR knows the likely language of a region, and Babel the week that goes with it.
        return int(Locale.parse(f"und_{language().region}").first_week_day)
    except (ValueError, UnknownLocaleError):
        return 0


def weekdays_text(*, full: bool = False) -> list[str]:
    """Return the names of the weekdays from Monday on, short or in full."""
    names = get_day_names(
        "wide" if full else "abbreviated", context="stand-alone", locale=language().locale
    )
    return [str(names[number]) for number in range(7)]


def date_order() -> str:
    """Return the form of a short date in the user's region, such as "DD/MM/YYYY"."""
    pattern = str(Locale.parse(language().locale).date_formats["short"].pattern)
    mark = next((char for char in pattern if char in "/.-"), "/")
    parts = {"d": "DD", "M": "MM", "y": "YYYY"}
    return mark.join(parts[letter] for letter in sorted(parts, key=pattern.index))


def has_12_hour_clock() -> bool:
    """Return whether the user's region writes short times with "am" and "pm"."""
    pattern = str(Locale.parse(language().locale).time_formats["short"].pattern)
    return "h" in re.sub("'[^']*'", "", pattern)


def time_text(moment: datetime) -> str:
    """Write a wall-clock time as "21:05", or "9:05 PM" as the region has it."""
    return str(format_time(moment, "short", locale=language().locale))


def moment_text(moment: datetime, *, today: date | None = None) -> str:
    """Write a wall-clock time as "Tue 24 Nov, 21:05"."""
    return f"{day_text(moment.date(), today=today)}, {time_text(moment)}"


def sentence_moment_text(moment: datetime, *, today: date) -> str:
    """Write a wall-clock time for the middle of a sentence: "Tuesday 24 November, 21:05"."""
    return f"{sentence_day_text(moment.date(), today=today)}, {time_text(moment)}"


def half_up(value: float | Decimal, places: int = 0) -> Decimal:
    """Round a half away from zero, as taught at school: 2.25 to 2.3 (Python's `round`: 2.2).

    All numbers that are shown or exported are rounded like this.
    """
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number_text(value: float, *, places: int | None = None, most: int = 2) -> str:
    """Write a number with exactly `places` decimals, or else with those it has, up to `most`."""
    marks = "#" * most if places is None else "0" * places
    locale = Locale.parse(language().locale)
    # The pattern of the locale groups digits as in a sentence of `say`: 2,00,000 in India.
    whole = str(locale.decimal_formats[None].pattern).split(".")[0]
    pattern = whole + ("." + marks if marks else "")
    return str(format_decimal(half_up(value, len(marks)), pattern, locale=locale))


def decimal_marks() -> tuple[str, str]:
    """Return the decimal mark and the mark between thousands."""
    locale = language().locale
    return str(get_decimal_symbol(locale)), str(get_group_symbol(locale))


def digit_groups() -> list[int]:
    """Return how many digits stand together, from the last group on: 3 and then 2 in India."""
    last, others = Locale.parse(language().locale).decimal_formats[None].grouping
    return [last, *[others] * 5]


def length_text(seconds: float) -> str:
    """Write a duration in seconds as "35 s" or "2 min 20 s", rounded to whole seconds."""
    whole = int(half_up(seconds))
    if whole < 60:
        return say("units.seconds", count=whole)
    return say("units.minutes_seconds", minutes=whole // 60, seconds=whole % 60)


def one_line(text: str) -> str:
    """Return a text as one line: white space and control characters become single spaces."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def signed_text(value: float) -> str:
    """Write a change as "+1", "−1.5" or "0"."""
    if not value:
        return "0"
    return ("+" if value > 0 else "−") + number_text(abs(value))


def listed_text(parts: Sequence[str]) -> str:
    """Write a list as "A, B and C"."""
    return str(format_list(parts, "standard", locale=language().locale))
