"""The drawings as the pages show them: the SVG for a figure and a side, and its text alternative.

A fault in content/drawings.toml is a ContentError that names the place and what to put right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints, model_validator

from holdwell.domain.models import Side
from holdwell.i18n.content_models import (
    Content,
    InEachLanguage,
    Reading,
    Tables,
    Text,
    Word,
    check_each_once,
    read,
)
from holdwell.i18n.languages import BASE_LANGUAGE, codes, content_folder
from holdwell.i18n.messages import SIDE_FIELDS, language, side_words
from holdwell.i18n.toml_reader import ContentError, open_file

FILE = "drawings.toml"
WIDTH = 400
"""The width of every drawing, in SVG user units."""


Colour = Annotated[str, StringConstraints(pattern="^#[0-9A-F]{6}$")]


class Skin(Content):
    """A skin tone: its colour, that of its outlines and far side, and that of the hair."""

    name: Word
    label: Text
    skin: Colour
    shade: Colour
    hair: Colour

    def colour(self, svg: str) -> str:
        """Return a drawing in this tone, by the fallbacks of its themed colours."""
        for name, colour in (("skin", self.skin), ("skin-far", self.shade), ("hair", self.hair)):
            svg = re.sub(rf"var\(--fig-{name},#[0-9A-F]{{6}}\)", f"var(--fig-{name},{colour})", svg)
        return svg


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The text alternatives in one language: names for the person, and a text for each drawing.

    `texts` is by the name of a drawing, with gaps for the person and the sides. `skins` are the
    skin tones to choose from, by name.
    """

    pregnant: str
    person: str
    texts: Mapping[str, str]
    sides: Mapping[Side, Mapping[str, str]]
    skins: Mapping[str, Skin]

    def of(self, name: str, *, pregnant: bool, raised: Side) -> str:
        """Return what a drawing shows when the leg of side `raised` is on the base."""
        if name not in self.texts:
            raise ContentError(f'{FILE}: there is no [[drawing]] named "{name}". Add one')
        person = self.pregnant if pregnant else self.person
        filled = self.texts[name].format(person=person, **self.sides[raised])
        return filled[0].upper() + filled[1:]


class _Drawing(Content):
    name: Word
    alt: Annotated[str, InEachLanguage(fields=SIDE_FIELDS | {"person"})]


class _Drawings(Content):
    """drawings.toml."""

    person_pregnant: Text
    person: Text
    skin: Tables[Skin]
    drawing: Tables[_Drawing]

    @model_validator(mode="after")
    def _each_name_once(self) -> _Drawings:
        text = '"{value}" is there twice. Take one out'
        check_each_once([one.name for one in self.drawing], "drawing", "name", text)
        check_each_once([one.name for one in self.skin], "skin", "name", text)
        return self


def load(folder: Path, code: str = BASE_LANGUAGE) -> Alternatives:
    """Read and check drawings.toml of a content folder. Raises ContentError at the first fault."""
    found = read(open_file(folder / FILE), _Drawings, Reading(code, codes(folder)))
    texts = {one.name: one.alt for one in found.drawing}
    skins = {one.name: one for one in found.skin}
    sides = side_words(code, folder)
    return Alternatives(found.person_pregnant, found.person, texts, sides, skins)


_loaded = cache(load)


def alternatives() -> Alternatives:
    """Return the text alternatives in the language of the run."""
    return _loaded(content_folder(), language().code)


def _file(folder: Path, name: str, pregnant: bool, moving: bool) -> Path:
    """Return the file of a drawing; without a second figure, everyone is shown the same."""
    end = ".move.svg" if moving else ".svg"
    other = folder / "illustrations" / f"{name}.postpartum{end}"
    return other if not pregnant and other.is_file() else other.with_name(f"{name}{end}")


def moves(name: str) -> bool:
    """Return whether there is a moving drawing of how to get into this pose."""
    return _file(content_folder(), name, True, True).is_file()


def illustration(
    name: str,
    *,
    pregnant: bool,
    moving: bool = False,
    raised: Side = Side.LEFT,
    skin: Skin | None = None,
) -> str:
    """Return the SVG text of a drawing of a pregnant or another figure, still or moving.

    It has the colours of its file where no skin tone is given. A still drawing was checked
    (`svg_check`) and may be put into a page as it is; a moving one is shown as an image only.
    """
    return _svg(_file(content_folder(), name, pregnant, moving), raised, skin)


@cache
def _svg(file: Path, raised: Side, skin: Skin | None) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(
            f"illustrations/{file.name} is missing or cannot be read. "
            "Draw it again: python -m tools.illustrations"
        ) from error
    text = text if skin is None else skin.colour(text)
    return text if raised is Side.LEFT else mirrored(text)


def mirrored(svg: str) -> str:
    """Return a drawing with left and right swapped; marks change sides without being flipped."""
    flipped = svg.replace("<g>", f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">', 1)
    return re.sub(
        r'"translate\(([\d.]+) ([\d.]+)\)"',
        lambda at: f'"translate({WIDTH - float(at[1]):g} {at[2]})"',
        flipped,
    )
