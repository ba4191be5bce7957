"""Find the situations of the guide that apply to the user now; their texts are in content/."""

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


BIRTH_MATTERS_WEEKS = 6
"""For this many weeks after a birth, its kind may leave a stretch out."""


def audience(stage: Stage) -> Audience:
    """Return the audience of the guide's texts at a stage."""
    return _AUDIENCES.get(stage.kind, Audience.ANY)


def is_birth_recent(birth: BirthKind | None, stage: Stage) -> bool:
    """Return whether a birth is so recent that no session is urged.

    It is in its first week, and longer if its unknown kind might leave stretches out.
    """
    weeks = stage.weeks_after_birth
    return weeks is not None and weeks < (1 if birth is not None else BIRTH_MATTERS_WEEKS)


def applying(
    situations: Sequence[Situation],
    stage: Stage,
    birth: BirthKind | None,
    conditions: Collection[Condition],
) -> list[Situation]:
    """Return the situations that apply: those of conditions first, then those of a kind of birth.

    Otherwise they keep the order of the content. Without a stage only those of conditions apply,
    and after a loss no weeks are counted. If the user did not say what kind of birth it was
    (`birth` is None), situations for one kind of birth are left out.
    """
    applying_now = [s for s in situations if _applies(s, stage, birth, conditions)]
    return sorted(applying_now, key=lambda s: (s.condition is None, s.birth is None))


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
    """Return the lines of a situation by kind: first what to ask, then what to leave out."""
    return _grouped(situation.lines, LineKind.ASK_FIRST, LineKind.LEAVE_OUT, LineKind.CHANGE)


def _grouped(lines: Sequence[Line], *kinds: LineKind) -> dict[LineKind, list[Line]]:
    grouped = {kind: [line for line in lines if line.kind is kind] for kind in kinds}
    return {kind: found for kind, found in grouped.items() if found}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch that a situation takes out of a routine, and the line that says so.

    `until_asked` is true if a professional who knows the user may still allow it.
    """

    stretch: str
    situation: Situation
    line: Line

    @property
    def until_asked(self) -> bool:
        return self.line.kind is LineKind.ASK_FIRST


def must_read(situations: Iterable[Situation]) -> dict[LineKind, list[Line]]:
    """Return the lines to read before a session: what to leave out, and what to ask first.

    Lines that leave out whole stretches are not among them: see `left_out`. Each text comes once.
    """
    lines = {line.text: line for situation in situations for line in situation.lines}
    single = [line for line in lines.values() if not line.leave_out]
    return _grouped(single, LineKind.LEAVE_OUT, LineKind.ASK_FIRST)


def left_out(situations: Iterable[Situation], asked: Collection[str] = ()) -> dict[str, LeftOut]:
    """Return the stretches that situations leave out, by id.

    `asked` has the ids of the situations about which the user has asked a professional. A line that
    always leaves a stretch out overrides one that leaves it out until the user has asked.
    """
    found = [
        LeftOut(stretch, situation, line)
        for situation in situations
        for line in situation.lines
        for stretch in line.leave_out
        if line.kind is not LineKind.ASK_FIRST or situation.id not in asked
    ]
    # Of two with the same key, the later one stays.
    return {out.stretch: out for out in sorted(found, key=lambda out: not out.until_asked)}
