"""Loads and checks what the app teaches: content/*.toml, as frozen dataclasses.

A fault in a file is a GuideError that names the file, the place in it and what to put right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from holdwell.records import Side

CONTENT = Path(__file__).resolve().parent.parent / "content"

Table = Mapping[str, Any]


class GuideError(Exception):
    """A content file is not as it should be. The text says which, where and what to do."""


@dataclass(frozen=True, slots=True)
class Tip:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    text: str
    illustration: str
    tips: tuple[Tip, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch. `hold_min` and `hold_max` are the taught seconds."""

    id: str
    order: int
    name: str
    summary: str
    hold_min: int
    hold_max: int
    hold_text: str
    illustration: str
    cue: str
    spoken: str
    steps: tuple[Step, ...]

    def cue_for(self, raised: Side) -> str:
        """The cue on screen when the leg of side `raised` is on the base."""
        return _sides(self.cue, raised)

    def spoken_for(self, raised: Side) -> str:
        """The same, as it is spoken before the hold."""
        return _sides(self.spoken, raised)


@dataclass(frozen=True, slots=True)
class Setup:
    """What all stretches share: the base, and the first steps."""

    base_title: str
    base_text: str
    base_support: str
    base_illustration: str
    support_illustration: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StopGroup:
    id: str
    title: str
    whom: str
    signs: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    title: str
    lead: str
    not_device: str
    groups: tuple[StopGroup, ...]
    stretch: Tip
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Guide:
    """All that is taught, checked."""

    why: tuple[Tip, ...]
    source: str
    setup: Setup
    stretches: tuple[Stretch, ...]
    safety: Safety

    def stretch(self, stretch_id: str) -> Stretch | None:
        """The stretch with this id, or None: a record may name one no longer taught."""
        return next((s for s in self.stretches if s.id == stretch_id), None)


def _sides(text: str, raised: Side) -> str:
    standing = Side.RIGHT if raised is Side.LEFT else Side.LEFT
    filled = text.replace("{raised}", raised.value).replace("{standing}", standing.value)
    # A sentence may begin with the side: "Left heel on the base".
    sentences = filled.split(". ")
    return ". ".join(part[:1].upper() + part[1:] for part in sentences)


class _Reader:
    """Takes values out of one table and remembers where it is for its complaints."""

    def __init__(self, file: Path, table: Table, where: str = "") -> None:
        self.file, self.table, self.where = file, table, where
        self.taken: set[str] = set()

    def fail(self, what: str) -> GuideError:
        place = f", {self.where}" if self.where else ""
        return GuideError(f"{self.file.name}{place}: {what}")

    def get(self, key: str, kind: type) -> Any:
        self.taken.add(key)
        if key not in self.table:
            raise self.fail(f'"{key}" is missing. Add a line {key} = …')
        value = self.table[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fail(f'"{key}" must be {_KIND_NAMES[kind]}')
        return value

    def text(self, key: str) -> str:
        value = str(self.get(key, str)).strip()
        if not value:
            raise self.fail(f'"{key}" is empty. Write its text')
        return value

    def number(self, key: str) -> int:
        return int(self.get(key, int))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.get(key, list)
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.fail(f'"{key}" must be a list of texts, none of them empty')
        return tuple(values)

    def child(self, key: str) -> _Reader:
        return _Reader(self.file, self.get(key, dict), f"[{key}]")

    def children(self, key: str, *, optional: bool = False) -> list[_Reader]:
        if optional and key not in self.table:
            return []
        tables = self.get(key, list)
        if not tables or not all(isinstance(t, dict) for t in tables):
            raise self.fail(f'"{key}" must be one or more [[{key}]] tables')
        outer = f"{self.where} " if self.where else ""
        return [
            _Reader(self.file, t, f"{outer}[[{key}]] number {i}") for i, t in enumerate(tables, 1)
        ]

    def done(self) -> None:
        unknown = sorted(set(self.table) - self.taken)
        if unknown:
            raise self.fail(f'"{unknown[0]}" is not a known key. Mend its spelling or take it out')


_KIND_NAMES = {str: "a text in quotes", int: "a whole number", list: "a list", dict: "a table"}


def _open(file: Path) -> _Reader:
    try:
        return _Reader(file, tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise GuideError(f"{file.name} is missing from {file.parent}. Put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GuideError(f"{file.name} cannot be read: {error}") from error


def _tips(parent: _Reader) -> tuple[Tip, ...]:
    found = []
    for reader in parent.children("tip", optional=True):
        found.append(Tip(reader.text("title"), reader.text("text")))
        reader.done()
    return tuple(found)


def _steps(parent: _Reader, content: Path) -> tuple[Step, ...]:
    found = []
    for reader in parent.children("step"):
        step = Step(
            reader.text("title"),
            reader.text("text"),
            _illustration(reader, content),
            _tips(reader),
        )
        reader.done()
        found.append(step)
    return tuple(found)


def _illustration(reader: _Reader, content: Path, key: str = "illustration") -> str:
    name = reader.text(key)
    if not (content / "illustrations" / f"{name}.svg").is_file():
        raise reader.fail(f'there is no drawing illustrations/{name}.svg for "{key}"')
    return name


def _setup(content: Path) -> Setup:
    reader = _open(content / "setup.toml")
    base = reader.child("base")
    setup = Setup(
        base_title=base.text("title"),
        base_text=base.text("text"),
        base_support=base.text("support"),
        base_illustration=_illustration(base, content),
        support_illustration=_illustration(base, content, "support_illustration"),
        steps=_steps(reader, content),
    )
    base.done()
    reader.done()
    return setup


def _stretch(file: Path, content: Path) -> Stretch:
    reader = _open(file)
    stretch = Stretch(
        id=reader.text("id"),
        order=reader.number("order"),
        name=reader.text("name"),
        summary=reader.text("summary"),
        hold_min=reader.number("hold_min"),
        hold_max=reader.number("hold_max"),
        hold_text=reader.text("hold_text"),
        illustration=_illustration(reader, content),
        cue=reader.text("cue"),
        spoken=reader.text("spoken"),
        steps=_steps(reader, content),
    )
    reader.done()
    if stretch.id != file.stem:
        raise reader.fail(f'"id" must be the file\'s name, "{file.stem}"')
    if not 0 < stretch.hold_min <= stretch.hold_max:
        raise reader.fail('"hold_min" must be above 0 and not above "hold_max"')
    return stretch


def _safety(content: Path) -> Safety:
    reader = _open(content / "safety.toml")
    sources = {}
    for source in reader.children("source"):
        sources[source.text("id")] = f"{source.text('text')} ({source.number('year')})"
        source.done()
    groups = []
    for group in reader.children("group"):
        groups.append(
            StopGroup(
                group.text("id"),
                group.text("title"),
                group.text("whom"),
                group.texts("signs"),
                group.texts("sources"),
            )
        )
        group.done()
        for name in groups[-1].sources:
            if name not in sources:
                raise group.fail(f'"{name}" in "sources" has no [[source]] of that id')
    stretch = reader.child("stretch")
    safety = Safety(
        title=reader.text("title"),
        lead=reader.text("lead"),
        not_device=reader.text("not_device"),
        groups=tuple(groups),
        stretch=Tip(stretch.text("title"), stretch.text("text")),
        sources=sources,
    )
    stretch.done()
    reader.done()
    return safety


def load(content: Path = CONTENT) -> Guide:
    """Read and check all of content/. Raises GuideError at the first fault found."""
    why = _open(content / "why.toml")
    points = []
    for point in why.children("point"):
        points.append(Tip(point.text("title"), point.text("text")))
        point.done()
    source = why.child("source")
    files = sorted((content / "stretches").glob("*.toml"))
    if not files:
        raise GuideError(f"There is no stretch in {content / 'stretches'}. Put one there")
    stretches = sorted((_stretch(file, content) for file in files), key=lambda s: s.order)
    guide = Guide(
        why=tuple(points),
        source=source.text("text"),
        setup=_setup(content),
        stretches=tuple(stretches),
        safety=_safety(content),
    )
    source.done()
    why.done()
    return guide


@cache
def guide() -> Guide:
    """The guide that ships with the app, read once."""
    return load()


@cache
def illustration(name: str, *, pregnant: bool) -> str:
    """The SVG text of a drawing, of a pregnant figure or, where there is one, of another.

    Drawings are ours, so they may be put into a page as they are.
    """
    folder = CONTENT / "illustrations"
    other = folder / f"{name}.postpartum.svg"
    file = folder / f"{name}.svg" if pregnant or not other.is_file() else other
    return file.read_text(encoding="utf-8")
