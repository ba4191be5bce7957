"""Read the TOML files of content/, and find the line of every fault.

A fault is a `ContentError` that names the file, the line, the place in it and what to do, so that
people who do not write code can correct it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Place = tuple[str | int, ...]
"""The path of a value: ("step", 1, "tip", 0, "title") is in the first tip of the second step."""


class ContentError(Exception):
    """A content file has a fault. The text says which file, where, and what to do."""


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file as a table, with its text."""

    path: Path
    table: Mapping[str, Any]
    text: str

    def fault(self, text: str, *place: str | int) -> ContentError:
        """Return an error about a place in this file: its line, the tables it is in, and `text`."""
        lines, rows = lines_of(self.text), self.text.split("\n")
        position, tables = "", []
        for depth, name in enumerate(place):
            line = lines.get(place[: depth + 1])
            if line is None:
                continue
            position = f"line {line}"
            # The value itself is no table it is in, nor is a list of which the place names one.
            is_within = depth + 1 < len(place) and not isinstance(place[depth + 1], int)
            if is_within and rows[line - 1].lstrip().startswith("["):
                numbered = place[depth - 1]
                tables.append(
                    f"[{name}]" if isinstance(name, str) else f"[[{numbered}]] number {name + 1}"
                )
        parts = [self.path.name, position, " ".join(tables)]
        return ContentError(f"{', '.join(part for part in parts if part)}: {text}")


def open_file(file: Path) -> TomlFile:
    """Read a TOML file. Raises ContentError if it is missing or is not TOML."""
    try:
        text = file.read_text(encoding="utf-8")
        return TomlFile(file, tomllib.loads(text), text)
    except FileNotFoundError as error:
        raise ContentError(f"{file.name} is missing from {file.parent}. Put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ContentError(f"{file.name} cannot be read: {error}") from error


@cache
def lines_of(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table and key of a valid TOML text."""
    found: dict[Place, int] = {}
    last: dict[Place, int] = {}
    here: Place = ()
    statement: list[str] = []
    for number, row in enumerate(text.split("\n"), 1):
        statement.append(row)
        try:
            value: Any = tomllib.loads("\n".join(statement))
        except tomllib.TOMLDecodeError:
            # The statement goes on in the next line.
            continue
        line = number - len(statement) + 1
        is_header = statement[0].lstrip().startswith("[")
        statement = []
        place = () if is_header else here
        while isinstance(value, dict) and len(value) == 1:
            [(name, value)] = value.items()
            place = (*place, name)
            found.setdefault(place, line)
            if is_header and isinstance(value, list):
                last[place] = last.get(place, -1) + 1
            if is_header and place in last:
                place = (*place, last[place])
        if is_header:
            found.setdefault(place, line)
            here = place
    return found
