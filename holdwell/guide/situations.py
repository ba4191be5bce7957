"""Which situations of the guide apply to the user now; their words are in content/."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from holdwell.domain.dates import Stage, StageKind
from holdwell.domain.models import BirthKind, Condition
from holdwell.guide.advice import Audience, Line, LineKind, Situation

_AUDIENCES = {
    StageKind.PREGNANT: Audience.PREGNANT,
    StageKind.POSTPARTUM: Audience.POSTPARTUM,
    StageKind.ENDED: Audience.AFTER_LOSS,
}


def audience(stage: Stage) -> Audience:
    """Return whom the guide speaks to at a stage."""
    return _AUDIENCES.get(stage.kind, Audience.ANY)


def applying(
    situations: Sequence[Situation],
    stage: Stage,
    birth: BirthKind | None,
    conditions: Collection[Condition],
) -> list[Situation]:
    """Return the situations that apply, in the order of the content.

    The user's conditions come first, then what the kind of birth asks for. Without a stage only
    conditions apply, and after a loss no weeks are counted. With `birth` None, because the user did
    not say, what applies after one kind of birth alone is left out.
    """
    found = [s for s in situations if _applies(s, stage, birth, conditions)]
    return sorted(found, key=lambda s: (s.condition is None, s.birth is None))


def _applies(
    situation: Situation, stage: Stage, birth: BirthKind | None, conditions: Collection[Condition]
) -> bool:
    if situation.condition is not None and situation.condition not in conditions:
        return False
    if situation.stage is Audience.ANY:
        return True
    if situation.stage is not audience(stage) or situation.birth not in (None, birth):
        return False
    if situation.stage is Audience.AFTER_LOSS:
        return True
    weeks = stage.age.weeks if stage.age is not None else stage.weeks_after_birth
    last = situation.to_week if situation.to_week is not None else weeks
    return weeks is not None and last is not None and situation.from_week <= weeks <= last


def by_kind(situation: Situation) -> dict[LineKind, list[Line]]:
    """Return the lines of a situation by what they are about: what to ask first, first."""
    return _grouped(situation.lines, LineKind.ASK_FIRST, LineKind.LEAVE_OUT, LineKind.CHANGE)


def _grouped(lines: Sequence[Line], *kinds: LineKind) -> dict[LineKind, list[Line]]:
    grouped = {kind: [line for line in lines if line.kind is kind] for kind in kinds}
    return {kind: found for kind, found in grouped.items() if found}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch that a situation takes out of a routine, and the line that says so.

    `until_asked` is true where someone who knows the user may say that it is right all the same.
    """

    stretch: str
    situation: Situation
    line: Line

    @property
    def until_asked(self) -> bool:
        return self.line.kind is LineKind.ASK_FIRST


def must_read(situations: Iterable[Situation]) -> dict[LineKind, list[Line]]:
    """Return what to leave out or ask first before a session, but for whole stretches (`left_out`).

    Each text is there once, though two situations may have it.
    """
    lines = {line.text: line for situation in situations for line in situation.lines}
    single = [line for line in lines.values() if not line.leave_out]
    return _grouped(single, LineKind.LEAVE_OUT, LineKind.ASK_FIRST)


def left_out(situations: Iterable[Situation], asked: Collection[str] = ()) -> dict[str, LeftOut]:
    """Return the stretches that situations leave out, by id.

    `asked` are the ids of situations about which the user has asked someone.
    A line that leaves one out whatever anyone says goes before one that leaves it out until asked.
    """
    found = [
        LeftOut(stretch, situation, line)
        for situation in situations
        for line in situation.lines
        for stretch in line.leave_out
        if line.kind is not LineKind.ASK_FIRST or situation.id not in asked
    ]
    # The later one of the same key stays.
    return {one.stretch: one for one in sorted(found, key=lambda one: not one.until_asked)}
