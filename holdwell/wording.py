"""What the pages say, from content/wording, and how days and lengths of time are written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from holdwell.guide import CONTENT, GuideError

LANGUAGE = "en"


@cache
def wording(language: str = LANGUAGE) -> Mapping[str, str]:
    """All texts of a language as "section.key" to text. Raises GuideError if unreadable."""
    file = CONTENT / "wording" / f"{language}.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GuideError(f"{file.name} cannot be read: {error}") from error
    return {
        f"{section}.{key}": text for section, table in tables.items() for key, text in table.items()
    }


def say(key: str, **values: object) -> str:
    """The text for a key with its braces filled. GuideError names a key that is not there."""
    text = wording().get(key)
    if text is None:
        raise GuideError(f'{LANGUAGE}.toml: the text "{key}" is missing')
    return text.format(**values)


def section(name: str) -> dict[str, str]:
    """All texts of one section, unfilled: for what is filled in the browser."""
    return {
        key.partition(".")[2]: text
        for key, text in wording().items()
        if key.partition(".")[0] == name
    }


def plain(text: str) -> str:
    """Make a text safe where Streamlit reads Markdown: every character stands for itself."""
    return "".join("\\" + c if c in _MARKDOWN else c for c in text)


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=")


def counted(unit: str, count: int) -> str:
    """Write a count with its unit: "1 hold", "3 holds"."""
    return say(f"units.{unit}_one") if count == 1 else say(f"units.{unit}", count=count)


def day_text(day: date, *, today: date | None = None) -> str:
    """Write a day as "Tue 24 Nov", with the year when it is not this year's."""
    text = f"{day:%a} {day.day} {day:%b}"
    return text if today is not None and day.year == today.year else f"{text} {day.year}"


def moment_text(moment: datetime, *, today: date | None = None) -> str:
    """Write a wall-clock time as "Tue 24 Nov, 21:05"."""
    return f"{day_text(moment.date(), today=today)}, {moment:%H:%M}"


def length_text(seconds: float) -> str:
    """Write a length of time as "35 s" or "2 min 20 s". Rounds to whole seconds."""
    whole = round(seconds)
    if whole < 60:
        return say("units.seconds", count=whole)
    return say("units.minutes_seconds", minutes=whole // 60, seconds=whole % 60)


def signed_text(value: float) -> str:
    """Write a change as "+1", "−1.5" or "0"."""
    return f"{value:+g}".replace("-", "−") if value else "0"
