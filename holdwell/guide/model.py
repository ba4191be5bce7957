"""What is taught, as frozen pydantic models in one language: one model for each file of content/.

The fields of a model are the keys of its file; content/README.md explains them. What refers to
another file (a source's id, a drawing's name) is looked up in the `Folder` that is being read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from babel.core import get_global
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from holdwell.domain.models import (
    HOLD_SECONDS_MAX,
    HOLD_SECONDS_MIN,
    BirthKind,
    Condition,
    Side,
)
from holdwell.guide import svg_check
from holdwell.guide.heel_base import Base, Find
from holdwell.i18n.languages import InEachLanguage, Reading, Text, Texts
from holdwell.i18n.messages import SIDE_FIELDS
from holdwell.i18n.toml_reader import (
    Content,
    FaultError,
    Listed,
    Number,
    Tables,
    Word,
    check_each_once,
)


@dataclass(frozen=True, slots=True)
class Folder(Reading):
    """A content folder being read in one language, and what several of its files refer to."""

    path: Path
    sources: Mapping[str, Source]
    drawings: Mapping[str, str]
    sides: Mapping[Side, Mapping[str, str]]


class Source(Content):
    """A publication. `year` is None where the page itself gives none, `find` (a DOI or an address)
    empty where there is none."""

    id: Word
    text: Word
    year: Number | None = None
    find: Word = ""
    wording: Listed[Word] = ()
    """The keys of the texts in wording/ that state what this source found."""

    @property
    def short(self) -> str:
        """The source as it is cited beside a text."""
        return self.text + (f" ({self.year})" if self.year is not None else "")

    @property
    def line(self) -> str:
        """The source with where to find it."""
        return self.short + (f", {self.find}" if self.find else "")


class Sources(Content):
    """sources.toml."""

    source: Tables[Source]

    @model_validator(mode="after")
    def _each_id_once(self) -> Sources:
        text = 'a second source has the id "{value}". Give each its own'
        check_each_once([source.id for source in self.source], "source", "id", text)
        return self


def _cited(value: object, info: ValidationInfo) -> object:
    if not isinstance(info.context, Folder) or not isinstance(value, str):
        return value
    if value not in info.context.sources:
        raise FaultError(f'"{value}" in "{{key}}" has no [[source]] of that id in sources.toml')
    return info.context.sources[value]


Cited = Listed[Annotated[Source, BeforeValidator(_cited)]]
"""The sources of a table, which names them by their ids."""


def _drawing(name: str, info: ValidationInfo) -> str:
    if not isinstance(info.context, Folder):
        return name
    folder = info.context.path / "illustrations"
    if not (folder / f"{name}.svg").is_file():
        raise FaultError(f'there is no drawing illustrations/{name}.svg for "{{key}}"')
    for file in (f"{name}.svg", f"{name}.postpartum.svg"):
        if (folder / file).is_file() and (fault := svg_check.fault_in(folder / file)):
            raise FaultError(f'the drawing illustrations/{file} for "{{key}}" {fault}')
    if name not in info.context.drawings:
        raise FaultError(
            f'"{name}" has no words for whoever does not see it. Add a [[drawing]] to drawings.toml'
        )
    return name


Illustration = Annotated[Word, AfterValidator(_drawing)]
"""The name of a drawing that is there, holds nothing but shapes, and has a text alternative."""


def _for_each_side(text: object, info: ValidationInfo) -> object:
    if not isinstance(info.context, Folder) or not isinstance(text, str):
        return text
    return {
        raised: _sentences(text.format(**words)) for raised, words in info.context.sides.items()
    }


def _sentences(text: str) -> str:
    """Begin each sentence with a capital: one may begin with the side, "left heel on the base"."""
    return ". ".join(part[:1].upper() + part[1:] for part in text.split(". "))


Cue = Annotated[
    Mapping[Side, str], BeforeValidator(_for_each_side), InEachLanguage(fields=SIDE_FIELDS)
]
"""A cue for each side of the raised leg, made from one text with gaps for the sides."""


class Tip(Content):
    title: Text
    text: Text


class StepKind(StrEnum):
    """What a step is about: a movement into the pose, or something to do in it or after it."""

    MOVE = "move"
    FEEL = "feel"
    BREATHE = "breathe"
    COME_OUT = "come_out"


class Step(Content):
    title: Text
    text: Text
    illustration: Illustration
    kind: StepKind = StepKind.MOVE
    tips: Tables[Tip] = Field((), alias="tip")


class Stretch(Content):
    """A file of stretches/. `hold_min` and `hold_max` are the taught seconds.

    `cue` stands on the screen during the hold and `breathe` is said in it; `spoken` is said before
    the hold, `come_out` after it. Those with a side are by the side of the raised leg.
    """

    id: Word
    order: Number
    name: Text
    summary: Text
    hold_min: Number
    hold_max: Number
    hold_text: Text
    illustration: Illustration
    cue: Cue
    spoken: Cue
    breathe: Text
    come_out: Cue
    sources: Cited
    steps: Tables[Step] = Field(alias="step")

    @model_validator(mode="after")
    def _can_be_held(self) -> Stretch:
        if self.hold_min > self.hold_max:
            raise FaultError('"hold_min" must not be above "hold_max"', "hold_min")
        for key, seconds in (("hold_min", self.hold_min), ("hold_max", self.hold_max)):
            if not HOLD_SECONDS_MIN <= seconds <= HOLD_SECONDS_MAX:
                span = f"from {HOLD_SECONDS_MIN} to {HOLD_SECONDS_MAX} seconds"
                raise FaultError(f'"{key}" must be {span}, which the timer can hold', key)
        return self


class SetupBase(Content):
    """The base for the heel, in short; `support` is about holding on to a second chair."""

    title: Text
    text: Text
    support: Text
    illustration: Illustration
    support_illustration: Illustration


class Setup(Content):
    """setup.toml, what all stretches share: the base, and the first steps."""

    base: SetupBase
    sources: Cited
    steps: Tables[Step] = Field(alias="step")


class Question(Content):
    """A question with its answers, each under the key that is its value in `heel_base`."""

    question: Text

    def label(self, answer: StrEnum) -> str:
        """Return what an answer is called."""
        return str(getattr(self, answer))


class AtHandQuestion(Question):
    chair: Text
    sofa: Text
    bed: Text
    nothing: Text


class FlexibleQuestion(Question):
    stiff: Text
    easy: Text
    quite: Text


class SteadyQuestion(Question):
    steady: Text
    unsure: Text


class BaseName(Content):
    """`take` is said of the base that was chosen, `name` stands in a list of others."""

    take: Text
    name: Text


class ChoiceWords(Content):
    """What is said of a choice. `others` has {bases} for the names of other bases."""

    low: Text
    only: Text
    others: Annotated[str, InEachLanguage(fields=frozenset({"bases"}))]
    chair_back: Text
    second_chair: Text


class DistanceWords(Content):
    """How to find the distance; the keys are those of `heel_base.Find`."""

    title: Text
    hold_on: Text
    lift: Text
    length: Text
    heel: Text

    def step(self, step: Find) -> str:
        """Return what a step on the way is called."""
        return str(getattr(self, step))


class BaseHelper(Content):
    """base.toml: three questions, and what is said of the choice (`heel_base.choose`)."""

    title: Text
    lead: Text
    sources: Cited
    at_hand: AtHandQuestion
    flexible: FlexibleQuestion
    steady: SteadyQuestion
    seat: BaseName
    bed: BaseName
    sofa_arm: BaseName
    choice: ChoiceWords
    nothing: Tip
    distance: DistanceWords
    too_high: Tip

    def words(self, base: Base) -> BaseName:
        """Return the words for a low base; a chair's back, never the first choice, has none."""
        return {Base.SEAT: self.seat, Base.BED: self.bed, Base.SOFA_ARM: self.sofa_arm}[base]


class For(StrEnum):
    """The people that a text is for.

    After a loss the body recovers as after a birth: signs and answers for POSTPARTUM are for
    AFTER_LOSS too, and therefore say nothing of a baby.
    """

    ANY = "any"
    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    AFTER_LOSS = "after_loss"

    def reads(self, stage: For) -> bool:
        """Return whether these people are shown signs and answers for a stage; ANY reads all."""
        body = For.POSTPARTUM if self is For.AFTER_LOSS else self
        return self is For.ANY or stage in (For.ANY, self, body)


class StopGroup(Content):
    """Signs to stop at, and whom to call. `stage` says to whom they apply."""

    stage: For
    title: Text
    whom: Text
    signs: Texts
    sources: Cited


class AskFirst(StopGroup):
    """Reasons to ask before the first stretch; `own` are those that are our own suggestion."""

    own: Text


class Safety(Content):
    """safety.toml. `lead_sources` are those of the texts outside of the groups."""

    title: Text
    lead: Text
    not_device: Text
    lead_sources: Cited = Field(alias="sources")
    groups: Tables[StopGroup] = Field(alias="group")
    ask_first: AskFirst
    stretch: Tip

    def groups_for(self, people: For) -> tuple[StopGroup, ...]:
        """Return the groups of signs that people are shown.

        Before a birth that is all of them, also those of the time after it.
        """
        if people in (For.ANY, For.PREGNANT):
            return self.groups
        return tuple(group for group in self.groups if people.reads(group.stage))

    def sources_for(self, people: For) -> tuple[Source, ...]:
        """Return the sources of what people are shown, each once, in order."""
        named = (source for group in self.groups_for(people) for source in group.sources)
        asked = self.ask_first.sources if people.reads(self.ask_first.stage) else ()
        return tuple(dict.fromkeys((*named, *asked, *self.lead_sources)))


class LineKind(StrEnum):
    CHANGE = "change"
    LEAVE_OUT = "leave_out"
    ASK_FIRST = "ask_first"


class Line(Content):
    """A line of a situation.

    `leave_out` are the ids of stretches to take out of a routine: for good where the kind is
    LEAVE_OUT, and with ASK_FIRST until someone who knows the user has said that they are right.
    """

    kind: LineKind
    text: Text
    leave_out: Listed[Word] = ()
    sources: Cited

    @model_validator(mode="after")
    def _can_leave_out(self) -> Line:
        if self.leave_out and self.kind is LineKind.CHANGE:
            text = '"leave_out" needs kind = "leave_out" or kind = "ask_first"'
            raise FaultError(text, "leave_out")
        return self


class Situation(Content):
    """What to change, leave out or ask first at a stage or with a condition.

    `from_week` and `to_week` are completed weeks, of pregnancy or after birth, both included.
    `birth` and `condition` None: for every kind of birth, with or without any condition.
    """

    id: Word
    title: Text
    stage: For
    from_week: Number = 0
    to_week: Number | None = None
    birth: BirthKind | None = None
    condition: Condition | None = None
    lines: Tables[Line] = Field(alias="line")

    @model_validator(mode="after")
    def _can_apply(self) -> Situation:
        if self.birth is not None and self.stage is not For.POSTPARTUM:
            raise FaultError('"birth" needs stage = "postpartum"', "birth")
        if self.to_week is not None and self.to_week < self.from_week:
            raise FaultError('"to_week" must not be below "from_week"', "to_week")
        return self


class Situations(Content):
    """where_now.toml."""

    situation: Tables[Situation]


class Certainty(StrEnum):
    """How sure the evidence is, in GRADE's words; NONE where no trial was found.

    Guyatt and others (2008), BMJ 336:924, doi:10.1136/bmj.39489.470347.AD.
    """

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    NONE = "none"


class Finding(Content):
    id: Word
    question: Text
    answer: Text
    certainty: Certainty
    sources: Cited


class Limits(Content):
    """What the evidence, and the user's own numbers, cannot show."""

    text: Text
    sources: Cited


class Evidence(Content):
    """evidence.toml."""

    title: Text
    lead: Text
    findings: Tables[Finding] = Field(alias="finding")
    limits: Limits


class Verdict(StrEnum):
    """What an answer of the check-in leads to."""

    GO = "go"
    GENTLY = "gently"
    NOT_TODAY = "not_today"
    CALL_NOW = "call_now"


class Answer(Content):
    """An answer of the check-in before a session, and what it leads to."""

    id: Word
    label: Text
    stage: For
    verdict: Verdict
    text: Text
    sources: Cited = ()


class CheckIn(Content):
    """check_in.toml."""

    title: Text
    lead: Text
    answers: Tables[Answer] = Field(alias="answer")

    def answers_for(self, stage: For) -> tuple[Answer, ...]:
        """Return the answers that someone at a stage may give; at ANY, those of every stage."""
        return tuple(answer for answer in self.answers if stage.reads(answer.stage))


class Point(Tip):
    """A reason to stretch."""

    sources: Cited


class Credit(Content):
    """Whose stretches these are."""

    text: Text
    sources: Cited


class Why(Content):
    """why.toml."""

    points: Tables[Point] = Field(alias="point")
    source: Credit


class Region(Content):
    """The numbers to call in some countries (ISO 3166 codes).

    `helpline` is for thoughts of harming oneself or others, empty where none is known.
    """

    countries: Listed[Word]
    emergency: Word
    helpline: Word = ""
    helpline_name: Text = ""
    sources: Cited


class PhoneNumbers(Content):
    """phone_numbers.toml."""

    regions: Tables[Region] = Field(alias="region")

    def of_time_zone(self, zone: str) -> Region | None:
        """Return the numbers of the country that a time zone such as Europe/Madrid lies in.

        None where the zone is unknown, or its country is not in the file: no number is guessed.
        """
        country = get_global("zone_territories").get(zone)
        return next((one for one in self.regions if country in one.countries), None)


@dataclass(frozen=True, slots=True)
class Guide:
    """All that is taught, checked, in one language."""

    why: Why
    setup: Setup
    base: BaseHelper
    stretches: tuple[Stretch, ...]
    safety: Safety
    situations: tuple[Situation, ...]
    evidence: Evidence
    check_in: CheckIn
    phone_numbers: PhoneNumbers

    def stretch(self, stretch_id: str) -> Stretch | None:
        """Return the stretch with this id, or None: a session may name one no longer taught."""
        return next((s for s in self.stretches if s.id == stretch_id), None)
