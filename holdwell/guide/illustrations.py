"""Load the drawings for the pages: the SVG for a figure and a side, and its text alternative.

A fault in content/drawings.toml raises a ContentError that names the place and what to do.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from holdwell.domain.models import Side
from holdwell.i18n.content_models import (
    Content,
    InEachLanguage,
    Reading,
    TableList,
    Text,
    Word,
    each_once,
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
    """A skin tone: the colours of the skin, of its outlines and far side, and of the hair."""

    name: Word
    label: Text
    skin: Colour
    shade: Colour
    hair: Colour

    def colour(self, svg: str) -> str:
        """Return a drawing in this tone: its CSS variables get these colours as fallbacks."""
        for name, colour in (("skin", self.skin), ("skin-far", self.shade), ("hair", self.hair)):
            svg = re.sub(rf"var\(--fig-{name},#[0-9A-F]{{6}}\)", f"var(--fig-{name},{colour})", svg)
        return svg


_ONCE = each_once("name", '"{value}" is there twice. Take one out')


class _Drawing(Content):
    name: Word
    alt: Annotated[str, InEachLanguage(fields=SIDE_FIELDS | {"person"})]


class Drawings(Content):
    """drawings.toml: names for the person, the skin tones, and a text alternative for each drawing.

    A text alternative has braces for the person and the sides.
    """

    person_pregnant: Text
    person: Text
    skin: Annotated[TableList[Skin], _ONCE]
    drawing: Annotated[TableList[_Drawing], _ONCE]

    @property
    def skins(self) -> dict[str, Skin]:
        """The skin tones to choose from, by name."""
        return {skin.name: skin for skin in self.skin}

    @property
    def texts(self) -> dict[str, str]:
        """The text alternatives by the name of the drawing."""
        return {drawing.name: drawing.alt for drawing in self.drawing}

    def alternative(self, name: str, *, pregnant: bool, raised: Side) -> str:
        """Return the text alternative of a drawing with the leg of side `raised` on the base."""
        if name not in self.texts:
            raise ContentError(f'{FILE}: there is no [[drawing]] named "{name}". Add one')
        person = self.person_pregnant if pregnant else self.person
        filled = self.texts[name].format(person=person, **side_words(language().code)[raised])
        return filled[0].upper() + filled[1:]


def load(folder: Path, code: str = BASE_LANGUAGE) -> Drawings:
    """Read and check drawings.toml of a content folder. Raises ContentError at the first fault."""
    return read(open_file(folder / FILE), Drawings, Reading(code, codes(folder)))


_loaded = cache(load)


def catalogue() -> Drawings:
    """Return the drawings with their texts in the language of the run."""
    return _loaded(content_folder(), language().code)


def _file(folder: Path, name: str, pregnant: bool, moving: bool) -> Path:
    """Return the file of a drawing. If there is no second figure, both get the same file."""
    end = ".move.svg" if moving else ".svg"
    other = folder / "illustrations" / f"{name}.postpartum{end}"
    return other if not pregnant and other.is_file() else other.with_name(f"{name}{end}")


def moves(name: str) -> bool:
    """Return whether a moving drawing shows how to get into this pose."""
    return _file(content_folder(), name, True, True).is_file()


def illustration(
    name: str,
    *,
    pregnant: bool,
    moving: bool = False,
    raised: Side = Side.LEFT,
    skin: Skin | None = None,
) -> str:
    """Return the SVG text of a drawing, with a pregnant or another figure, still or moving.

    Without a skin tone it has the colours of its file. Still drawings have been checked
    (`svg_check`) and may be put into a page as they are; moving ones may be shown as images only.
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
    """Return a drawing with left and right swapped; marks move across without being flipped."""
    flipped = svg.replace("<g>", f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">', 1)
    return re.sub(
        r'"translate\(([\d.]+) ([\d.]+)\)"',
        lambda at: f'"translate({WIDTH - float(at[1]):g} {at[2]})"',
        flipped,
    )
