"""Frozen pydantic models of what is taught, in one language: one for each file of content/.

The fields of a model are the keys of its file; content/README.md explains them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from holdwell.domain.models import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN
from holdwell.guide.advice import CheckIn, Evidence, PhoneNumbers, Safety, Situation
from holdwell.guide.fields import Cited, CitedText, CueText, Illustration, Tip
from holdwell.guide.heel_base import Base
from holdwell.i18n.content_models import (
    Content,
    FaultError,
    InEachLanguage,
    Number,
    TableList,
    Text,
    Word,
)


class StepKind(StrEnum):
    """What a step is: a movement into the pose, or something to do in the pose or after it."""

    MOVE = "move"
    FEEL = "feel"
    BREATHE = "breathe"
    COME_OUT = "come_out"


class Step(Content):
    """A step with its drawing; `detail` is a second drawing, such as a right and a wrong way."""

    title: Text
    text: Text
    illustration: Illustration
    detail: Illustration | None = None
    kind: StepKind = StepKind.MOVE
    tips: TableList[Tip] = Field((), alias="tip")


class Stretch(Content):
    """A file of stretches/. `hold_min` and `hold_max` are the recommended seconds.

    During the hold `cue` is on the screen and `breathe` is spoken; `spoken` is spoken before the
    hold, `come_out` after it. Each `CueText` has a text for each side of the raised leg.
    """

    id: Word
    order: Number
    name: Text
    summary: Text
    hold_min: Number
    hold_max: Number
    hold_text: Text
    illustration: Illustration
    cue: CueText
    spoken: CueText
    breathe: Text
    come_out: CueText
    sources: Cited
    steps: TableList[Step] = Field(alias="step")

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
    """The base for the heel in short; `support` is about holding on to a second chair."""

    title: Text
    text: Text
    support: Text
    illustration: Illustration
    support_illustration: Illustration


class Setup(Content):
    """setup.toml: the base and the first steps, which all stretches share."""

    base: SetupBase
    sources: Cited
    steps: TableList[Step] = Field(alias="step")


class Question(Content):
    """A question and its answers. The key of an answer is its value in the enum of `heel_base`."""

    question: Text

    def label(self, answer: StrEnum) -> str:
        """Return the text of an answer."""
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
    """The texts of a base: `take` if it is the chosen one, `name` in a list of others."""

    take: Text
    name: Text


class ChoiceWords(Content):
    """The texts of a choice. `others` has {bases} for the names of other bases."""

    low: Text
    only: Text
    others: Annotated[str, InEachLanguage(fields=frozenset({"bases"}))]
    chair_back: Text
    second_chair: Text


class DistanceWords(Content):
    """How to find the distance."""

    title: Text
    hold_on: Text
    lift: Text
    length: Text
    heel: Text

    def steps(self, *, second_chair: bool) -> tuple[str, ...]:
        """Return the steps to the right distance; a second chair adds a first one, to hold on."""
        own = (self.lift, self.length, self.heel)
        return (self.hold_on, *own) if second_chair else own


class PicturedTip(Tip):
    illustration: Illustration


class BaseHelper(Content):
    """base.toml: three questions, and the texts of the choice (`heel_base.choose`)."""

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
    nothing: PicturedTip
    distance: DistanceWords
    too_high: Tip

    def words(self, base: Base) -> BaseName:
        """Return the texts of a base. A chair's back has none, as it is never the first choice."""
        return {Base.SEAT: self.seat, Base.BED: self.bed, Base.SOFA_ARM: self.sofa_arm}[base]


class Point(Tip):
    """A reason to stretch."""

    sources: Cited


class Why(Content):
    """why.toml; `source` says whose stretches these are."""

    points: TableList[Point] = Field(alias="point")
    source: CitedText


@dataclass(frozen=True, slots=True)
class Guide:
    """All that is taught, in one language. It has been checked."""

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
        """Return the stretch with this id, or None if it is no longer taught."""
        return next((s for s in self.stretches if s.id == stretch_id), None)

    def stretch_name(self, stretch_id: str) -> str:
        """Return the name of a stretch, or its id if it is no longer taught."""
        stretch = self.stretch(stretch_id)
        return stretch.name if stretch is not None else stretch_id
