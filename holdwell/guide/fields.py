"""The parts that the models of content/ share: sources, drawings, cues and tips.

References to other files (a source's id, a drawing's name) are looked up in the `Folder` read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic.types import Strict

from holdwell.domain.models import Side
from holdwell.guide import svg_check
from holdwell.i18n.content_models import (
    Content,
    FaultError,
    InEachLanguage,
    Listed,
    Number,
    Reading,
    TableList,
    Text,
    ValueForm,
    Word,
    each_once,
)
from holdwell.i18n.messages import SIDE_FIELDS


@dataclass(frozen=True, slots=True)
class Folder(Reading):
    """The content folder that is being read, and what several of its files refer to."""

    path: Path
    sources: Mapping[str, Source]
    drawings: Mapping[str, str]
    sides: Mapping[Side, Mapping[str, str]]


TomlDate = Annotated[
    date, Strict(), ValueForm("a date such as 2026-11-28", "a line {key} = 2026-11-28")
]


class Source(Content):
    """A publication.

    `year` is None if the publication does not give one, `find` (a DOI or an address) is empty if
    there is none, and `seen` is None if nobody could read it.
    """

    id: Word
    text: Word
    year: Number | None = None
    find: Word = ""
    seen: TomlDate | None = None
    """The day on which we last read there what content/ takes from it."""
    wording: Listed[Word] = ()
    """The keys of the texts in wording/ that state what this source found."""

    @property
    def short(self) -> str:
        """The source as cited beside a text."""
        return self.text + (f" ({self.year})" if self.year is not None else "")

    @property
    def line(self) -> str:
        """The source, with its DOI or address."""
        return self.short + (f", {self.find}" if self.find else "")


_ID_ONCE = each_once("id", 'a second source has the id "{value}". Give each its own')


class Sources(Content):
    """sources.toml."""

    source: Annotated[TableList[Source], _ID_ONCE]


def _cited(value: object, info: ValidationInfo[Folder]) -> object:
    if not isinstance(value, str):
        return value
    if value not in info.context.sources:
        raise FaultError(f'"{value}" in "{{key}}" has no [[source]] of that id in sources.toml')
    return info.context.sources[value]


Cited = Listed[Annotated[Source, BeforeValidator(_cited)]]
"""The sources of a table, which the file names by their ids."""


def _drawing(name: str, info: ValidationInfo[Folder]) -> str:
    folder = info.context.path / "illustrations"
    if not (folder / f"{name}.svg").is_file():
        raise FaultError(f'there is no drawing illustrations/{name}.svg for "{{key}}"')
    for file in (f"{name}.svg", f"{name}.postpartum.svg"):
        if (folder / file).is_file() and (fault := svg_check.fault_in(folder / file)):
            raise FaultError(f'the drawing illustrations/{file} for "{{key}}" {fault}')
    if name not in info.context.drawings:
        text = f'"{name}" has no words for people who do not see it.'
        raise FaultError(f"{text} Add a [[drawing]] to drawings.toml")
    return name


Illustration = Annotated[Word, AfterValidator(_drawing)]
"""The name of an existing drawing that contains only shapes and has a text alternative."""


def _for_each_side(text: str, info: ValidationInfo[Folder]) -> dict[Side, str]:
    sides = info.context.sides.items()
    return {raised: _sentences(text.format(**words)) for raised, words in sides}


def _sentences(text: str) -> str:
    """Begin each sentence with a capital, as it may begin with a side: "left heel on the base"."""
    return ". ".join(part[:1].upper() + part[1:] for part in text.split(". "))


CueText = Annotated[
    Mapping[Side, str], BeforeValidator(_for_each_side), InEachLanguage(fields=SIDE_FIELDS)
]
"""A cue for each side of the raised leg, made from one text with braces for the sides."""


class Tip(Content):
    title: Text
    text: Text


class CitedText(Content):
    text: Text
    sources: Cited
