"""Reads and checks content/: every fault is a ContentError with file, line and what to do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdwell import content, drawings
from holdwell.content import BASE_LANGUAGE, ContentError, Reader, content_folder
from holdwell.guide.model import (
    Answer,
    Certainty,
    CheckIn,
    Evidence,
    Finding,
    For,
    Guide,
    Line,
    LineKind,
    Safety,
    Setup,
    Situation,
    Source,
    Step,
    StopGroup,
    Stretch,
    Tip,
    Verdict,
)
from holdwell.records import BirthKind, Condition
from holdwell.wording import SIDE_FIELDS, language, side_words


class _Folder:
    """A content folder being read in one language."""

    def __init__(self, path: Path, code: str) -> None:
        self.path, self.code, self.codes = path, code, content.codes(path)
        self.sources = _sources(content.open_file(path / "sources.toml"))
        self.drawings = drawings.load(path, code).texts

    def open(self, name: str) -> Reader:
        return content.open_file(self.path / name, self.code, self.codes)

    def cited(self, reader: Reader, *, optional: bool = False) -> tuple[Source, ...]:
        """The sources that a table names."""
        if optional and not reader.has("sources"):
            return ()
        found = []
        for name in reader.plains("sources"):
            if name not in self.sources:
                raise reader.fail(
                    f'"{name}" in "sources" has no [[source]] of that id in sources.toml', "sources"
                )
            found.append(self.sources[name])
        return tuple(found)

    def illustration(self, reader: Reader, key: str = "illustration") -> str:
        name = reader.plain(key)
        if not (self.path / "illustrations" / f"{name}.svg").is_file():
            raise reader.fail(f'there is no drawing illustrations/{name}.svg for "{key}"', key)
        if name not in self.drawings:
            raise reader.fail(
                f'"{name}" has no words for whoever does not see it. '
                "Add a [[drawing]] to drawings.toml",
                key,
            )
        return name


def _sources(reader: Reader) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for table in reader.children("source"):
        source = Source(
            table.plain("id"),
            table.plain("text"),
            table.number("year"),
            table.plain("find") if table.has("find") else "",
        )
        table.done()
        if source.id in found:
            raise table.fail(f'a second source has the id "{source.id}". Give each its own', "id")
        found[source.id] = source
    reader.done()
    return found


def _tip(reader: Reader) -> Tip:
    tip = Tip(reader.text("title"), reader.text("text"))
    reader.done()
    return tip


def _steps(parent: Reader, folder: _Folder) -> tuple[Step, ...]:
    found = []
    for reader in parent.children("step"):
        step = Step(
            reader.text("title"),
            reader.text("text"),
            folder.illustration(reader),
            tuple(map(_tip, reader.children("tip", optional=True))),
        )
        reader.done()
        found.append(step)
    return tuple(found)


def _setup(folder: _Folder) -> Setup:
    reader = folder.open("setup.toml")
    base = reader.child("base")
    setup = Setup(
        base_title=base.text("title"),
        base_text=base.text("text"),
        base_support=base.text("support"),
        base_illustration=folder.illustration(base),
        support_illustration=folder.illustration(base, "support_illustration"),
        steps=_steps(reader, folder),
    )
    base.done()
    reader.done()
    return setup


def _stretch(file: Path, folder: _Folder) -> Stretch:
    reader = folder.open(f"stretches/{file.name}")
    stretch = Stretch(
        id=reader.plain("id"),
        order=reader.number("order"),
        name=reader.text("name"),
        summary=reader.text("summary"),
        hold_min=reader.number("hold_min"),
        hold_max=reader.number("hold_max"),
        hold_text=reader.text("hold_text"),
        illustration=folder.illustration(reader),
        cue=reader.text("cue", SIDE_FIELDS),
        spoken=reader.text("spoken", SIDE_FIELDS),
        steps=_steps(reader, folder),
        sides=side_words(folder.code, folder.path),
    )
    reader.done()
    if stretch.id != file.stem:
        raise reader.fail(f'"id" must be the file\'s name, "{file.stem}"', "id")
    if not 0 < stretch.hold_min <= stretch.hold_max:
        raise reader.fail('"hold_min" must be above 0 and not above "hold_max"', "hold_min")
    return stretch


def _stretches(folder: _Folder) -> tuple[Stretch, ...]:
    files = sorted((folder.path / "stretches").glob("*.toml"))
    if not files:
        raise ContentError(f"There is no stretch in {folder.path / 'stretches'}. Put one there")
    found = [_stretch(file, folder) for file in files]
    return tuple(sorted(found, key=lambda stretch: (stretch.order, stretch.id)))


def _safety(folder: _Folder) -> Safety:
    reader = folder.open("safety.toml")
    groups = []
    for table in reader.children("group"):
        groups.append(
            StopGroup(
                table.choice("stage", For, tuple(For)),
                table.text("title"),
                table.text("whom"),
                table.texts("signs"),
                folder.cited(table),
            )
        )
        table.done()
    safety = Safety(
        title=reader.text("title"),
        lead=reader.text("lead"),
        not_device=reader.text("not_device"),
        groups=tuple(groups),
        stretch=_tip(reader.child("stretch")),
    )
    reader.done()
    return safety


def _situations(folder: _Folder) -> tuple[Situation, ...]:
    reader = folder.open("where_now.toml")
    found = []
    for table in reader.children("situation"):
        lines = []
        for row in table.children("line"):
            kind = row.choice("kind", LineKind, tuple(LineKind))
            lines.append(Line(kind, row.text("text"), folder.cited(row)))
            row.done()
        situation = Situation(
            id=table.plain("id"),
            title=table.text("title"),
            stage=table.choice("stage", For, tuple(For)),
            from_week=table.number("from_week") if table.has("from_week") else 0,
            to_week=table.number("to_week") if table.has("to_week") else None,
            birth=table.choice("birth", BirthKind, tuple(BirthKind))
            if table.has("birth")
            else None,
            condition=table.choice("condition", Condition, tuple(Condition))
            if table.has("condition")
            else None,
            lines=tuple(lines),
        )
        table.done()
        if situation.birth is not None and situation.stage is not For.POSTPARTUM:
            raise table.fail('"birth" needs stage = "postpartum"', "birth")
        if situation.to_week is not None and situation.to_week < situation.from_week:
            raise table.fail('"to_week" must not be below "from_week"', "to_week")
        found.append(situation)
    reader.done()
    return tuple(found)


def _evidence(folder: _Folder) -> Evidence:
    reader = folder.open("evidence.toml")
    findings = []
    for table in reader.children("finding"):
        findings.append(
            Finding(
                table.plain("id"),
                table.text("question"),
                table.text("answer"),
                table.choice("certainty", Certainty, tuple(Certainty)),
                folder.cited(table),
            )
        )
        table.done()
    evidence = Evidence(
        reader.text("title"), reader.text("lead"), tuple(findings), reader.text("limits")
    )
    reader.done()
    return evidence


def _check_in(folder: _Folder) -> CheckIn:
    reader = folder.open("check_in.toml")
    answers = []
    for table in reader.children("answer"):
        answers.append(
            Answer(
                table.plain("id"),
                table.text("label"),
                table.choice("stage", For, tuple(For)),
                table.choice("verdict", Verdict, tuple(Verdict)),
                table.text("text"),
                folder.cited(table, optional=True),
            )
        )
        table.done()
    check_in = CheckIn(reader.text("title"), reader.text("lead"), tuple(answers))
    reader.done()
    return check_in


def load(path: Path, code: str = BASE_LANGUAGE) -> Guide:
    """Read and check a content folder in one language; the other languages are checked with it.

    Raises ContentError at the first fault found.
    """
    folder = _Folder(path, code)
    why = folder.open("why.toml")
    points = tuple(map(_tip, why.children("point")))
    source = why.child("source")
    guide = Guide(
        why=points,
        source=source.text("text"),
        setup=_setup(folder),
        stretches=_stretches(folder),
        safety=_safety(folder),
        situations=(),
        evidence=Evidence("", "", (), ""),
        check_in=CheckIn("", "", ()),
    )
    source.done()
    why.done()
    return guide


@cache
def _loaded(path: Path, code: str) -> Guide:
    return load(path, code)


def guide() -> Guide:
    """The guide in the language of this run, read once."""
    return _loaded(content_folder(), language().code)
