"""Reads and checks content/: every fault is a ContentError with file, line and what to do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdwell import content
from holdwell.base import AtHand, Base, Find, Flexible, Steady
from holdwell.content import BASE_LANGUAGE, ContentError, Reader, content_folder
from holdwell.guide import svg
from holdwell.guide.model import (
    A,
    Answer,
    BaseHelper,
    Certainty,
    CheckIn,
    Evidence,
    Finding,
    For,
    Guide,
    Line,
    LineKind,
    Question,
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
from holdwell.records import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, BirthKind, Condition, Side
from holdwell.wording import language, wording

SIDE_FIELDS = frozenset({"raised", "standing", "raised_f", "standing_f"})
"""What may stand in braces in a cue. Languages that need it have a feminine form of the side."""


class _Folder:
    """A content folder being read in one language."""

    def __init__(self, path: Path, code: str) -> None:
        self.path, self.code, self.codes = path, code, content.codes(path)
        self.sources = _sources(content.open_file(path / "sources.toml"))

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
        for file in (f"{name}.svg", f"{name}.postpartum.svg"):
            path = self.path / "illustrations" / file
            if path.is_file() and (fault := _drawing_fault(path)):
                raise reader.fail(f'the drawing illustrations/{file} for "{key}" {fault}', key)
        return name


@cache
def _checked(path: Path, changed_ns: int) -> str | None:
    """The fault of a drawing; each is checked once, and again when it changes."""
    try:
        return svg.fault_of(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return "is not a text in UTF-8. Save it as a plain SVG"


def _drawing_fault(path: Path) -> str | None:
    return _checked(path, path.stat().st_mtime_ns)


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


def _question(reader: Reader, answers: type[A]) -> Question[A]:
    found = Question(reader.text("question"), {a: reader.text(a.value) for a in answers})
    reader.done()
    return found


def _base(folder: _Folder) -> BaseHelper:
    reader = folder.open("base.toml")
    low = [base for base in Base if base is not Base.CHAIR_BACK]
    bases = {base: reader.child(base.value) for base in low}
    choice, distance = reader.child("choice"), reader.child("distance")
    helper = BaseHelper(
        title=reader.text("title"),
        lead=reader.text("lead"),
        at_hand=_question(reader.child("at_hand"), AtHand),
        flexible=_question(reader.child("flexible"), Flexible),
        steady=_question(reader.child("steady"), Steady),
        take={base: table.text("take") for base, table in bases.items()},
        names={base: table.text("name") for base, table in bases.items()},
        low=choice.text("low"),
        only=choice.text("only"),
        others=choice.text("others", frozenset({"bases"})),
        chair_back=choice.text("chair_back"),
        second_chair=choice.text("second_chair"),
        nothing=_tip(reader.child("nothing")),
        distance_title=distance.text("title"),
        distance={step: distance.text(step.value) for step in Find},
        too_high=_tip(reader.child("too_high")),
    )
    for table in (*bases.values(), choice, distance, reader):
        table.done()
    return helper


def sides(code: str, folder: Path) -> dict[Side, dict[str, str]]:
    """For each side of the raised leg, what stands for the names of SIDE_FIELDS."""
    texts = wording(code, folder)
    return {
        raised: {
            "raised": texts[f"side.word_{raised.value}"],
            "standing": texts[f"side.word_{raised.other.value}"],
            "raised_f": texts[f"side.word_{raised.value}_f"],
            "standing_f": texts[f"side.word_{raised.other.value}_f"],
        }
        for raised in Side
    }


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
        sides=sides(folder.code, folder.path),
    )
    reader.done()
    if stretch.id != file.stem:
        raise reader.fail(f'"id" must be the file\'s name, "{file.stem}"', "id")
    if stretch.hold_min > stretch.hold_max:
        raise reader.fail('"hold_min" must not be above "hold_max"', "hold_min")
    for key, seconds in (("hold_min", stretch.hold_min), ("hold_max", stretch.hold_max)):
        if not HOLD_SECONDS_MIN <= seconds <= HOLD_SECONDS_MAX:
            raise reader.fail(
                f'"{key}" must be from {HOLD_SECONDS_MIN} to {HOLD_SECONDS_MAX} seconds, '
                "which the timer can hold",
                key,
            )
    return stretch


def _stretches(folder: _Folder) -> tuple[Stretch, ...]:
    files = sorted((folder.path / "stretches").glob("*.toml"))
    if not files:
        raise ContentError(f"There is no stretch in {folder.path / 'stretches'}. Put one there")
    found: list[Stretch] = []
    for file in files:
        stretch = _stretch(file, folder)
        if stretch.name in {other.name for other in found}:
            reader = folder.open(f"stretches/{file.name}")
            raise reader.fail(
                f'a second stretch has the name "{stretch.name}". Give each its own', "name"
            )
        found.append(stretch)
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
        base=_base(folder),
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


@cache
def _svg(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def illustration(name: str, *, pregnant: bool) -> str:
    """The SVG text of a drawing, of a pregnant figure or, where there is one, of another.

    Drawings are ours, so they may be put into a page as they are.
    """
    folder = content_folder() / "illustrations"
    other = folder / f"{name}.postpartum.svg"
    return _svg(folder / f"{name}.svg" if pregnant or not other.is_file() else other)
