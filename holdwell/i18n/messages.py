"""What the pages say, in the reader's language, and how days, numbers and lengths are written.

The language is that of the run: a page sets it with `speaking`, everything below asks for it.
Days and numbers follow Unicode's CLDR (through Babel), for the language and, where the browser
tells it, the region.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from holdwell.domain.models import Side
from holdwell.i18n import toml_reader
from holdwell.i18n.toml_reader import (
    BASE_LANGUAGE,
    ContentError,
    Language,
    content_folder,
    fields_of,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of a page or a command works with; holdwell/ui adds the person.

    `language` is None where content/ cannot be read.
    """

    language: Language | None = None


_run: ContextVar[Run | None] = ContextVar("run", default=None)


def running() -> Run | None:
    """Return the run that this code is part of, or None outside of any."""
    return _run.get()


@contextmanager
def inside(run: Run) -> Iterator[None]:
    """Let everything inside be part of a run."""
    token = _run.set(run)
    try:
        yield
    finally:
        _run.reset(token)


def language() -> Language:
    """Return the language of this run, else the base language. Raises ContentError."""
    run = _run.get()
    return (run and run.language) or toml_reader.languages(content_folder())[0]


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Say everything inside in a language."""
    with inside(replace(_run.get() or Run(), language=spoken)):
        yield


def later(make: Callable[[], T], spoken: Language) -> T:
    """Do something in the language of a run that is over: what a download is made of."""
    with speaking(spoken):
        return make()


def choose(known: Sequence[Language], chosen: str | None, browser: str | None) -> Language:
    """The language to speak: the chosen one, else the browser's, else the first known.

    `chosen` is a language's code, `browser` a tag such as es-MX (BCP 47); neither need be known.
    Where the browser's language is the one spoken, its region's way with days and numbers is too.
    """
    by_code = {language.code: language for language in known}
    tag = (browser or "").replace("_", "-")
    found = by_code.get(chosen or "") or by_code.get(tag.partition("-")[0].lower()) or known[0]
    if tag.partition("-")[0].lower() != found.code:
        return found
    try:
        region = str(Locale.parse(tag, sep="-"))
    except (ValueError, UnknownLocaleError):
        return found
    # A bare "en" is no region: days keep the order that the wording file names.
    return replace(found, locale=region) if "-" in tag else found


def wording(code: str = BASE_LANGUAGE, folder: Path | None = None) -> Mapping[str, str]:
    """All texts of a language as "section.key" to text, read once for each folder.

    Raises ContentError if the file is unreadable, or does not match the base language's.
    """
    return _wording(code, folder or content_folder())


@cache
def _wording(code: str, folder: Path) -> Mapping[str, str]:
    file = folder / "wording" / f"{code}.toml"
    texts = _texts(file)
    if code != BASE_LANGUAGE:
        match(file, texts, _wording(BASE_LANGUAGE, folder))
    return texts


def match(file: Path, texts: Mapping[str, str], base: Mapping[str, str]) -> None:
    """See that the `texts` of a file have the keys and the braces of `base`; else ContentError."""
    for key, text in texts.items():
        if key not in base:
            raise _fault(file, key, f'"{key}" is not a known text. Take it out')
        if fields_of(text) != fields_of(base[key]):
            wanted = " ".join(f"{{{name}}}" for name in sorted(fields_of(base[key]))) or "no braces"
            raise _fault(file, key, f'the text "{key}" must have {wanted}')
    for key in base:
        if key not in texts:
            raise _fault(file, key, f'the text "{key}" is missing. Add it')


def _texts(file: Path) -> dict[str, str]:
    reader = toml_reader.open_file(file)
    found: dict[str, str] = {}
    for section in reader.table:
        table = reader.child(section)
        if section != "language":
            found |= {f"{section}.{key}": table.plain(key) for key in table.table}
    return found


def _fault(file: Path, key: str, what: str) -> ContentError:
    """The error that says `what` of a text, with the line of it, else of its section."""
    section, _, name = key.partition(".")
    reader = toml_reader.open_file(file)
    return reader.child(section).fail(what, name) if reader.has(section) else reader.fail(what)


def say(key: str, **values: object) -> str:
    """The text for a key with its braces filled.

    ContentError names a key that is not there, and one with braces for which there is no value.
    """
    code, folder = language().code, content_folder()
    text = wording(code, folder).get(key)
    file = folder / "wording" / f"{code}.toml"
    if text is None:
        raise _fault(file, key, f'the text "{key}" is missing. Add it')
    try:
        return text.format(**values)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        known = " ".join(f"{{{name}}}" for name in sorted(values)) or "no braces"
        raise _fault(file, key, f'the text "{key}" may have {known} and no other') from error


def section(name: str) -> dict[str, str]:
    """All texts of one section, unfilled: for what is filled in the browser."""
    return {
        key.partition(".")[2]: text
        for key, text in wording(language().code).items()
        if key.partition(".")[0] == name
    }


SIDE_FIELDS = frozenset({"raised", "standing", "raised_f", "standing_f"})
"""What may stand in braces for a side. Languages that need it have a feminine form of the word."""


def side_words(code: str, folder: Path | None = None) -> dict[Side, dict[str, str]]:
    """For each side of the raised leg, the words for the names of SIDE_FIELDS."""
    texts = wording(code, folder)
    return {
        raised: {
            "raised": texts[f"side.word_{raised.value}"],
            "standing": texts[f"side.word_{raised.other.value}"],
            "raised_f": texts[f"side.word_{raised.value}_f"],
            "standing_f": texts[f"side.word_{raised.other.value}_f"],
        }
        for raised in Side
    }


def plain(text: str) -> str:
    """Make a text safe where Streamlit reads Markdown: every character stands for itself.

    Streamlit makes icons of :material/…:, arrows and dashes of ->, --, >=, and links of addresses
    even where they are escaped; a word joiner, which has no width, keeps their characters apart.
    """
    apart = _REPLACED.sub(lambda found: found[0] + JOINER, text)
    return "".join("\\" + c if c in _MARKDOWN else c for c in apart)


JOINER = "\u2060"
_REPLACED = re.compile(r":(?=[^\W\d_]|/)|[-<>=~](?=[-<>=~])|@|www(?=\.)", re.IGNORECASE)


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=")


def counted(unit: str, count: int) -> str:
    """Write a count with its unit: "1 hold", "3 holds"."""
    if _locale(language().locale).plural_form(count) == "one":
        return say(f"units.{unit}_one")
    return say(f"units.{unit}", count=number_text(count))


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def day_text(day: date, *, today: date | None = None) -> str:
    """Write a day as "Tue 24 Nov", with the year when it is not this year's."""
    same_year = today is not None and day.year == today.year
    return _day(day, "MMMEd" if same_year else "yMMMEd", language().locale)


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
    """Charts write the same thousands of days at every run."""
    return str(format_skeleton(skeleton, day, locale=locale))


def month_text(day: date) -> str:
    """Write the short name of a day's month."""
    return str(format_date(day, "LLL", locale=language().locale))


def month_year_text(day: date, *, short: bool = False) -> str:
    """Write a day's month as "March 2024", or as "Mar 2024"."""
    return _day(day, "yMMM" if short else "yMMMM", language().locale)


def weekdays_text() -> list[str]:
    """The short names of the days of the week, from Monday."""
    names = get_day_names("abbreviated", context="stand-alone", locale=language().locale)
    return [str(names[number]) for number in range(7)]


def time_text(moment: datetime) -> str:
    """Write a wall-clock time as "21:05", or as "9:05 PM" where that is the custom."""
    return str(format_time(moment, "short", locale=language().locale))


def moment_text(moment: datetime, *, today: date | None = None) -> str:
    """Write a wall-clock time as "Tue 24 Nov, 21:05"."""
    return f"{day_text(moment.date(), today=today)}, {time_text(moment)}"


def number_text(value: float, *, places: int | None = None) -> str:
    """Write a number with its decimals: `places` of them, else as many as it has, at most two."""
    pattern = "#,##0.##" if places is None else "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=language().locale))


def decimal_marks() -> tuple[str, str]:
    """The decimal mark and the mark between thousands."""
    locale = language().locale
    return str(get_decimal_symbol(locale)), str(get_group_symbol(locale))


def length_text(seconds: float) -> str:
    """Write a length of time as "35 s" or "2 min 20 s". Rounds to whole seconds."""
    whole = round(seconds)
    if whole < 60:
        return say("units.seconds", count=whole)
    return say("units.minutes_seconds", minutes=whole // 60, seconds=whole % 60)


def signed_text(value: float) -> str:
    """Write a change as "+1", "−1.5" or "0"."""
    if not value:
        return "0"
    return ("+" if value > 0 else "−") + number_text(abs(value))


def listed_text(parts: Sequence[str]) -> str:
    """Write a list as "A, B and C"."""
    return str(format_list(parts, "standard", locale=language().locale))
