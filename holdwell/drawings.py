"""The drawings as the pages show them: the SVG for a person and a side, and its text alternative.

A fault in content/drawings.toml is a GuideError that names the entry and what to put right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdwell.guide import CONTENT, GuideError
from holdwell.records import Side

FILE = "drawings.toml"
WIDTH = 400
"""How wide every drawing is, in its own user units."""
_FIXED = ("person_pregnant", "person", "left", "left_f", "right", "right_f")
_BLANK = re.compile(r"\{([^{}]*)\}")
_BLANKS = frozenset({"person", "raised", "raised_f", "standing", "standing_f"})


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The words for every drawing: `fixed` for persons and sides, `alts` by drawing; each text
    by language."""

    fixed: Mapping[str, Mapping[str, str]]
    alts: Mapping[str, Mapping[str, str]]

    def of(self, name: str, *, pregnant: bool, raised: Side, language: str) -> str:
        """What a drawing shows, when the leg of side `raised` is on the base."""
        if name not in self.alts:
            raise _fault(f'there is no [[drawing]] named "{name}". Add one')
        text = _in_language(self.alts[name], language, f'[[drawing]] "{name}", alt')
        values = {
            "person": self._word("person_pregnant" if pregnant else "person", language),
            "raised": self._word(raised.value, language),
            "raised_f": self._word(f"{raised.value}_f", language),
            "standing": self._word(raised.other.value, language),
            "standing_f": self._word(f"{raised.other.value}_f", language),
        }
        filled = _BLANK.sub(lambda blank: values[blank[1]], text)
        return filled[0].upper() + filled[1:]

    def _word(self, key: str, language: str) -> str:
        return _in_language(self.fixed[key], language, key)


def _fault(what: str) -> GuideError:
    return GuideError(f"{FILE}: {what}")


def _in_language(texts: Mapping[str, str], language: str, place: str) -> str:
    if language not in texts:
        raise _fault(f'{place}.{language} is missing. Write its text in "{language}"')
    return texts[language]


def _texts(table: Mapping[str, Any], key: str, place: str) -> dict[str, str]:
    """A text by language."""
    texts = table.get(key)
    if not isinstance(texts, dict) or not texts:
        raise _fault(f'{place} is missing. Add a line {key}.en = "…"')
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise _fault(f"{place}.{language} must be a text in quotes, and not empty")
        for blank in _BLANK.findall(text):
            if blank not in _BLANKS:
                raise _fault(f"{place}.{language}: {{{blank}}} is not known. Mend its spelling")
    return {language: text.strip() for language, text in texts.items()}


def load(content: Path = CONTENT) -> Alternatives:
    """Read and check drawings.toml. Raises GuideError at the first fault found."""
    file = content / FILE
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GuideError(f"{FILE} is missing from {file.parent}. Put it back") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GuideError(f"{FILE} cannot be read: {error}") from error
    entries = table.get("drawing")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _fault('"drawing" must be one or more [[drawing]] tables')
    alts: dict[str, dict[str, str]] = {}
    for number, entry in enumerate(entries, 1):
        name = entry.get("name")
        if not isinstance(name, str) or not name:
            raise _fault(f'[[drawing]] number {number}: "name" must be a text in quotes')
        if name in alts:
            raise _fault(f'[[drawing]] "{name}" is there twice. Take one out')
        alts[name] = _texts(entry, "alt", f'[[drawing]] "{name}", alt')
    return Alternatives({key: _texts(table, key, key) for key in _FIXED}, alts)


@cache
def _alternatives() -> Alternatives:
    return load()


def alternative(name: str, *, pregnant: bool, raised: Side, language: str) -> str:
    """What a drawing shows, in words, when the leg of side `raised` is on the base."""
    return _alternatives().of(name, pregnant=pregnant, raised=raised, language=language)


def _file(name: str, pregnant: bool, moving: bool) -> Path:
    figure = "" if pregnant else ".postpartum"
    return CONTENT / "illustrations" / f"{name}{figure}{'.move' if moving else ''}.svg"


def moves(name: str) -> bool:
    """Whether there is a moving drawing of how to get into this pose."""
    return _file(name, True, True).is_file()


@cache
def illustration(
    name: str, *, pregnant: bool, moving: bool = False, raised: Side = Side.LEFT
) -> str:
    """The SVG text of a drawing of a pregnant or another figure, still or moving.

    Drawings are ours, so they may be put into a page as they are; a moving one only as an image.
    """
    file = _file(name, pregnant, moving)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuideError(
            f"illustrations/{file.name} is missing or cannot be read. "
            "Write it anew: python -m holdwell.drawing.figure"
        ) from error
    return text if raised is Side.LEFT else mirrored(text)


def mirrored(svg: str) -> str:
    """The same drawing with left and right swapped; marks go to the other side, but unflipped."""
    flipped = svg.replace("<g>", f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">', 1)
    return re.sub(
        r'"translate\(([\d.]+) ([\d.]+)\)"',
        lambda at: f'"translate({WIDTH - float(at[1]):g} {at[2]})"',
        flipped,
    )
