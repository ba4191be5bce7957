"""Reads and checks content/: every fault is a ContentError with file, line and what to do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from holdwell.domain.models import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, BirthKind, Condition
from holdwell.guide.content_folder import Folder
from holdwell.guide.heel_base import AtHand, Base, Find, Flexible, Steady
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
    Step,
    StopGroup,
    Stretch,
    Tip,
    Verdict,
)
from holdwell.i18n.messages import SIDE_FIELDS, language, side_words
from holdwell.i18n.toml_reader import BASE_LANGUAGE, ContentError, Reader, content_folder


def _tip(reader: Reader) -> Tip:
    tip = Tip(reader.text("title"), reader.text("text"))
    reader.done()
    return tip


def _steps(parent: Reader, folder: Folder) -> tuple[Step, ...]:
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


def _setup(folder: Folder) -> Setup:
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


def _base(folder: Folder) -> BaseHelper:
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


def _stretch(file: Path, folder: Folder) -> Stretch:
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


def _stretches(folder: Folder) -> tuple[Stretch, ...]:
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


def _safety(folder: Folder) -> Safety:
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


def _situations(folder: Folder) -> tuple[Situation, ...]:
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


def _evidence(folder: Folder) -> Evidence:
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
    limits = reader.child("limits")
    evidence = Evidence(
        reader.text("title"),
        reader.text("lead"),
        tuple(findings),
        limits.text("text"),
        folder.cited(limits),
    )
    limits.done()
    reader.done()
    return evidence


def _check_in(folder: Folder) -> CheckIn:
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
    folder = Folder(path, code)
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
        situations=_situations(folder),
        evidence=_evidence(folder),
        check_in=_check_in(folder),
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
