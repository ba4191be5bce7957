"""Reads TOML files of content/, and names the line of every fault.

A fault is a `ContentError` that names the file, the line, the place in it and what to put right, so
that someone who writes no code can.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Place = tuple[str | int, ...]
"""Where a value stands: ("step", 1, "tip", 0, "title") is the first tip of the second step."""


class ContentError(Exception):
    """A content file is not as it should be. The text says which, where and what to do."""


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file that could be read, with its text."""

    path: Path
    table: Mapping[str, Any]
    text: str

    @property
    def lines(self) -> Mapping[Place, int]:
        """The line of every table and key."""
        return lines_of(self.text)

    def fault(self, text: str, *place: str | int, where: str = "") -> ContentError:
        """Return the error that says `text` of a place in this file."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        parts = [self.path.name, f"line {self.lines[known]}" if known else "", where]
        return ContentError(f"{', '.join(part for part in parts if part)}: {text}")


def open_file(file: Path) -> TomlFile:
    """Read a TOML file. Raises ContentError where it is missing or is not TOML."""
    try:
        text = file.read_text(encoding="utf-8")
        return TomlFile(file, tomllib.loads(text), text)
    except FileNotFoundError as error:
        raise ContentError(f"{file.name} is missing from {file.parent}. Put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ContentError(f"{file.name} cannot be read: {error}") from error


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\s-]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


@cache
def lines_of(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table and key of a TOML text that tomllib can read."""
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
