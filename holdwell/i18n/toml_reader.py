"""Reads content/: TOML files, their texts in every language, and the line of every fault.

Nothing here knows what a stretch is. A fault is a `ContentError` that names the file, the line,
the place in it and what to put right, so that someone who writes no code can.
"""

from __future__ import annotations

import os
import re
import string
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from babel import Locale, UnknownLocaleError

Table = Mapping[str, Any]
Place = tuple[str | int, ...]
"""Where a value stands: ("step", 1, "tip", 0, "title") is the first tip of the second step."""
T = TypeVar("T")

SHIPPED = Path(__file__).resolve().parents[2] / "content"
"""The content folder beside the code."""

BASE_LANGUAGE = "en"
"""The language that the others are checked against, and spoken where none was asked for."""


class ContentError(Exception):
    """A content file is not as it should be. The text says which, where and what to do."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that content/ is complete in.

    `code` is an ISO 639 code, `name` what its speakers call it, `locale` what days and numbers
    are written by (a CLDR locale, such as en_GB).
    """

    code: str
    name: str
    locale: str


def content_folder() -> Path:
    """The folder that HOLDWELL_CONTENT names, else the one beside the code."""
    named = os.environ.get("HOLDWELL_CONTENT", "").strip()
    return Path(named).expanduser() if named else SHIPPED


@cache
def languages(folder: Path) -> tuple[Language, ...]:
    """The languages of a content folder: each file in wording/ is one, the base language first.

    Raises ContentError.
    """
    found = []
    for file in sorted((folder / "wording").glob("*.toml")):
        about = open_file(file, codes=(BASE_LANGUAGE,)).child("language")
        language = Language(file.stem, about.plain("name"), about.plain("locale"))
        about.done()
        try:
            Locale.parse(language.locale)
        except (ValueError, UnknownLocaleError) as error:
            raise about.fail(
                f'"locale" is not one that is known: {language.locale}. Write one such as en_GB',
                "locale",
            ) from error
        found.append(language)
    found.sort(key=lambda language: (language.code != BASE_LANGUAGE, language.code))
    if not found or found[0].code != BASE_LANGUAGE:
        raise ContentError(f"wording/{BASE_LANGUAGE}.toml is missing from {folder}. Put it back")
    return tuple(found)


def codes(folder: Path) -> tuple[str, ...]:
    """The codes of the languages of a content folder."""
    return tuple(language.code for language in languages(folder))


def open_file(
    file: Path, language: str = BASE_LANGUAGE, codes: tuple[str, ...] = (BASE_LANGUAGE,)
) -> Reader:
    """Read a TOML file, to take its texts in one language; every text must have all `codes`."""
    try:
        text = file.read_text(encoding="utf-8")
        return Reader(_File(file, lines_of(text), language, codes), tomllib.loads(text))
    except FileNotFoundError as error:
        raise ContentError(f"{file.name} is missing from {file.parent}. Put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ContentError(f"{file.name} cannot be read: {error}") from error


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\s-]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


def lines_of(text: str) -> dict[Place, int]:
    """The line (from 1) of every table and key of a TOML text that tomllib can read."""
    found: dict[Place, int] = {}
    arrays: dict[Place, int] = {}
    here: Place = ()
    inside_text = ""
    for number, line in enumerate(text.splitlines(), 1):
        quotes = re.findall(r'"""|\'\'\'', line)
        if inside_text:
            if len([q for q in quotes if q == inside_text]) % 2:
                inside_text = ""
            continue
        if len(quotes) % 2:
            inside_text = quotes[0]
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            here = ()
            names = [name.strip() for name in header[2].split(".")]
            for depth, name in enumerate(names, 1):
                here = (*here, name)
                if depth == len(names):
                    found.setdefault(here, number)
                if header[1] == "[[" and depth == len(names):
                    arrays[here] = arrays.get(here, -1) + 1
                if here in arrays:
                    here = (*here, arrays[here])
            found.setdefault(here, number)
        elif key:
            parts = [part.strip() for part in key[1].split(".")]
            for depth in range(1, len(parts) + 1):
                found.setdefault((*here, *parts[:depth]), number)
    return found


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    lines: Mapping[Place, int]
    language: str
    codes: tuple[str, ...]


class Reader:
    """Takes values out of one table, and knows where it is when it has to complain."""

    def __init__(self, file: _File, table: Table, place: Place = (), where: str = "") -> None:
        self._file, self.table, self._place, self._where = file, table, place, where
        self._taken: set[str] = set()

    def fail(self, what: str, *keys: str) -> ContentError:
        """The error that says `what` of a key of this table, or of the table itself."""
        place: Place = (*self._place, *keys)
        while place and place not in self._file.lines:
            place = place[:-1]
        line = self._file.lines.get(place)
        parts = [self._file.path.name, f"line {line}" if line else "", self._where]
        return ContentError(f"{', '.join(part for part in parts if part)}: {what}")

    def get(self, key: str, kind: type) -> Any:
        self._taken.add(key)
        if key not in self.table:
            raise self.fail(f'"{key}" is missing. Add {_EXAMPLES[kind].format(key=key)}')
        value = self.table[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fail(f'"{key}" must be {_KIND_NAMES[kind]}', key)
        return value

    def has(self, key: str) -> bool:
        return key in self.table

    def plain(self, key: str) -> str:
        """A text that is the same in every language: an id, a file's name, a citation."""
        return self._filled(self.get(key, str), key)

    def text(self, key: str, fields: frozenset[str] = frozenset()) -> str:
        """A text in the reader's language. Every other language must have it too.

        `fields` are the only names that may stand in braces in it.
        """
        texts = {c: self._filled(t, key, c) for c, t in self._each(key, str).items()}
        for code, text in texts.items():
            for name in fields_of(text):
                if name not in fields:
                    known = ", ".join(f"{{{f}}}" for f in sorted(fields)) or "none"
                    raise self.fail(f'"{key}.{code}" has {{{name}}}. Known: {known}', key, code)
        return texts[self._file.language]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts in the reader's language; the lists of all languages are equally long."""
        lists = self._each(key, list)
        for code, values in lists.items():
            if not values or not all(isinstance(v, str) and v.strip() for v in values):
                raise self.fail(
                    f'"{key}.{code}" must be a list of texts, none of them empty', key, code
                )
            if len(values) != len(lists[self._file.codes[0]]):
                raise self.fail(f'"{key}" has lists of different lengths. Make them equal', key)
        return tuple(lists[self._file.language])

    def plains(self, key: str) -> tuple[str, ...]:
        """A list of texts that are the same in every language."""
        values = self.get(key, list)
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.fail(f'"{key}" must be a list of texts, none of them empty', key)
        return tuple(values)

    def number(self, key: str) -> int:
        return int(self.get(key, int))

    def choice(self, key: str, known: Callable[[str], T], allowed: tuple[str, ...]) -> T:
        """A text that is one of a few words, as what `known` makes of it."""
        value = self.plain(key)
        if value not in allowed:
            raise self.fail(f'"{key}" must be one of {", ".join(allowed)}', key)
        return known(value)

    def child(self, key: str) -> Reader:
        where = f"{self._where} [{key}]".strip()
        return Reader(self._file, self.get(key, dict), (*self._place, key), where)

    def children(self, key: str, *, optional: bool = False) -> list[Reader]:
        if optional and key not in self.table:
            return []
        tables = self.get(key, list)
        if not tables or not all(isinstance(t, dict) for t in tables):
            raise self.fail(f'"{key}" must be one or more [[{key}]] tables', key)
        outer = f"{self._where} " if self._where else ""
        return [
            Reader(self._file, t, (*self._place, key, i), f"{outer}[[{key}]] number {i + 1}")
            for i, t in enumerate(tables)
        ]

    def done(self) -> None:
        """Complain of a key that nobody asked for: it is misspelt, or in the wrong place."""
        unknown = sorted(set(self.table) - self._taken)
        if unknown:
            raise self.fail(
                f'"{unknown[0]}" is not a known key. Mend its spelling or take it out', unknown[0]
            )

    def _each(self, key: str, kind: type) -> dict[str, Any]:
        """The value of a key in every language."""
        self._taken.add(key)
        table = self.table.get(key)
        if table is None:
            lines = " and ".join(f"{key}.{code} = …" for code in self._file.codes)
            raise self.fail(f'"{key}" is missing. Add {lines}')
        if not isinstance(table, dict):
            raise self.fail(
                f'"{key}" must say its language. Write {key}.{self._file.codes[0]} = …', key
            )
        for code in self._file.codes:
            if code not in table:
                raise self.fail(f'"{key}.{code}" is missing. Add a line {key}.{code} = …', key)
            if not isinstance(table[code], kind):
                raise self.fail(f'"{key}.{code}" must be {_KIND_NAMES[kind]}', key, code)
        for code in table:
            if code not in self._file.codes:
                raise self.fail(
                    f'"{key}.{code}": there is no language {code}. '
                    f"Known are the files in wording/: {', '.join(self._file.codes)}",
                    key,
                    code,
                )
        return table

    def _filled(self, value: str, *keys: str) -> str:
        if not value.strip():
            raise self.fail(f'"{".".join(keys)}" is empty. Write its text', *keys)
        return value.strip()


_KIND_NAMES = {str: "a text in quotes", int: "a whole number", list: "a list", dict: "a table"}
_EXAMPLES = {
    str: 'a line {key} = "…"',
    int: "a line {key} = 1",
    list: "a list {key} = […], or [[{key}]] tables",
    dict: "a table [{key}]",
}


def fields_of(text: str) -> set[str]:
    """The names in braces in a text. A brace that is not closed counts as a name."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}
