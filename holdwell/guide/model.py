"""What is taught, as frozen dataclasses in one language. Filled by `load` from content/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from holdwell.domain.models import BirthKind, Condition, Side
from holdwell.guide.heel_base import AtHand, Base, Find, Flexible, Steady

A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Source:
    """A publication. `year` is None where the page itself gives none, `find` (a DOI or an address)
    empty where there is none."""

    id: str
    text: str
    year: int | None = None
    find: str = ""

    @property
    def short(self) -> str:
        """The source beside what it is the source of."""
        return self.text + (f" ({self.year})" if self.year is not None else "")

    @property
    def line(self) -> str:
        """The source with where to find it."""
        return self.short + (f", {self.find}" if self.find else "")


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
    """One stretch. `hold_min` and `hold_max` are the taught seconds.

    `sides` are the words for the sides, by the names that stand in braces in cues.
    """

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
    sides: Mapping[Side, Mapping[str, str]]

    def cue_for(self, raised: Side) -> str:
        """The cue on screen when the leg of side `raised` is on the base."""
        return _sentences(self.cue.format(**self.sides[raised]))

    def spoken_for(self, raised: Side) -> str:
        """The same, as it is spoken before the hold."""
        return _sentences(self.spoken.format(**self.sides[raised]))


def _sentences(text: str) -> str:
    """A sentence may begin with the side: "Left heel on the base"."""
    return ". ".join(part[:1].upper() + part[1:] for part in text.split(". "))


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
class Question(Generic[A]):
    """A question, and what its answers are called."""

    text: str
    answers: Mapping[A, str]


@dataclass(frozen=True, slots=True)
class BaseHelper:
    """Three questions, and what is said of the choice they lead to (`holdwell.base.choose`).

    `take` is said of the base chosen, `names` of the others; `others` has {bases} for those names.
    """

    title: str
    lead: str
    at_hand: Question[AtHand]
    flexible: Question[Flexible]
    steady: Question[Steady]
    take: Mapping[Base, str]
    names: Mapping[Base, str]
    low: str
    only: str
    others: str
    chair_back: str
    second_chair: str
    nothing: Tip
    distance_title: str
    distance: Mapping[Find, str]
    too_high: Tip


class For(StrEnum):
    """Whom a text is for."""

    ANY = "any"
    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"


@dataclass(frozen=True, slots=True)
class StopGroup:
    """`stage` says to whom the signs apply."""

    stage: For
    title: str
    whom: str
    signs: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Safety:
    title: str
    lead: str
    not_device: str
    groups: tuple[StopGroup, ...]
    stretch: Tip

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of all groups, each once, in order."""
        return tuple(dict.fromkeys(s for group in self.groups for s in group.sources))


class LineKind(StrEnum):
    CHANGE = "change"
    LEAVE_OUT = "leave_out"
    ASK_FIRST = "ask_first"


@dataclass(frozen=True, slots=True)
class Line:
    kind: LineKind
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What to heed at a stage or with a condition.

    `from_week` and `to_week` are completed weeks, of pregnancy or after birth, both included.
    `birth` and `condition` None: for every kind of birth, with or without any condition.
    """

    id: str
    title: str
    stage: For
    from_week: int
    to_week: int | None
    birth: BirthKind | None
    condition: Condition | None
    lines: tuple[Line, ...]


class Certainty(StrEnum):
    """How sure the evidence is, in GRADE's words; NONE where no trial was found.

    Guyatt and others (2008), BMJ 336:924, doi:10.1136/bmj.39489.470347.AD.
    """

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Finding:
    id: str
    question: str
    answer: str
    certainty: Certainty
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    title: str
    lead: str
    findings: tuple[Finding, ...]
    limits: str
    limits_sources: tuple[Source, ...]


class Verdict(StrEnum):
    """What an answer of the check-in leads to."""

    GO = "go"
    GENTLY = "gently"
    NOT_TODAY = "not_today"
    CALL_NOW = "call_now"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the check-in before a session, and what it leads to."""

    id: str
    label: str
    stage: For
    verdict: Verdict
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class CheckIn:
    title: str
    lead: str
    answers: tuple[Answer, ...]

    def answers_for(self, stage: For) -> tuple[Answer, ...]:
        """The answers that someone at a stage may give; at ANY, those of every stage."""
        return tuple(a for a in self.answers if stage is For.ANY or a.stage in (For.ANY, stage))


@dataclass(frozen=True, slots=True)
class Guide:
    """All that is taught, checked, in one language."""

    why: tuple[Tip, ...]
    source: str
    setup: Setup
    base: BaseHelper
    stretches: tuple[Stretch, ...]
    safety: Safety
    situations: tuple[Situation, ...]
    evidence: Evidence
    check_in: CheckIn

    def stretch(self, stretch_id: str) -> Stretch | None:
        """The stretch with this id, or None: a record may name one no longer taught."""
        return next((s for s in self.stretches if s.id == stretch_id), None)
