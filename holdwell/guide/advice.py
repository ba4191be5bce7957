"""Models of the advice on health: stop signs, situations, evidence, check-in, numbers to call.

There is one model for each file of content/; its fields are the keys of the file.
"""

from __future__ import annotations

from enum import StrEnum

from babel.core import get_global
from pydantic import Field, model_validator

from holdwell.domain.models import BirthKind, Condition
from holdwell.guide.fields import Cited, CitedText, Source, Tip
from holdwell.i18n.content_models import (
    Content,
    FaultError,
    Flag,
    Listed,
    Number,
    TableList,
    Text,
    Texts,
    Word,
)


class Audience(StrEnum):
    """The people for whom a text is.

    After a loss the body recovers as after a birth: signs and answers for POSTPARTUM are shown
    AFTER_LOSS, too, and therefore must not mention a baby.
    """

    ANY = "any"
    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    AFTER_LOSS = "after_loss"

    def reads(self, stage: Audience) -> bool:
        """Return whether these people are shown the signs and answers for a stage; ANY gets all."""
        body = Audience.POSTPARTUM if self is Audience.AFTER_LOSS else self
        return self is Audience.ANY or stage in (Audience.ANY, self, body)


class StopGroup(Content):
    """Signs to stop at, and whom to call. `stage` says for whom they are."""

    stage: Audience
    title: Text
    whom: Text
    signs: Texts
    sources: Cited


class AskFirst(StopGroup):
    """Reasons to ask someone before the first stretch; `own` has those that only we suggest."""

    own: Text


class Safety(Content):
    """safety.toml. `lead_sources` are the sources of the texts outside the groups."""

    title: Text
    lead: Text
    not_device: Text
    lead_sources: Cited = Field(alias="sources")
    groups: TableList[StopGroup] = Field(alias="group")
    ask_first: AskFirst
    stretch: Tip

    def groups_for(self, people: Audience) -> tuple[StopGroup, ...]:
        """Return the groups of signs to show these people: before a birth all of them."""
        if people in (Audience.ANY, Audience.PREGNANT):
            return self.groups
        return tuple(group for group in self.groups if people.reads(group.stage))

    def sources_for(self, people: Audience) -> tuple[Source, ...]:
        """Return the sources of what these people are shown, each once, in order."""
        named = (source for group in self.groups_for(people) for source in group.sources)
        asked = self.ask_first.sources if people.reads(self.ask_first.stage) else ()
        return tuple(dict.fromkeys((*named, *asked, *self.lead_sources)))


class LineKind(StrEnum):
    CHANGE = "change"
    LEAVE_OUT = "leave_out"
    ASK_FIRST = "ask_first"


class Line(Content):
    """A line of a situation.

    `leave_out` has the ids of stretches to take out of a routine: always if the kind is LEAVE_OUT;
    if it is ASK_FIRST, until a professional who knows the user has allowed them.
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

    `from_week` and `to_week` are completed weeks of pregnancy or after the birth, both inclusive.
    With `birth` None it is for every kind of birth, with `condition` None whatever the condition.
    """

    id: Word
    title: Text
    stage: Audience
    from_week: Number = 0
    to_week: Number | None = None
    birth: BirthKind | None = None
    condition: Condition | None = None
    lines: TableList[Line] = Field(alias="line")

    @model_validator(mode="after")
    def _can_apply(self) -> Situation:
        if self.birth is not None and self.stage is not Audience.POSTPARTUM:
            raise FaultError('"birth" needs stage = "postpartum"', "birth")
        if self.to_week is not None and self.to_week < self.from_week:
            raise FaultError('"to_week" must not be below "from_week"', "to_week")
        return self


class Situations(Content):
    """where_now.toml."""

    situation: TableList[Situation]


class Certainty(StrEnum):
    """How certain the evidence is, in the terms of GRADE; NONE if no trial was found, NOT_RATED if
    its sources do not say how certain they are.

    Guyatt and others (2008), BMJ 336:924, doi:10.1136/bmj.39489.470347.AD.
    """

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    NONE = "none"
    NOT_RATED = "not_rated"


class Finding(Content):
    id: Word
    question: Text
    answer: Text
    certainty: Certainty
    sources: Cited


class Evidence(Content):
    """evidence.toml; `limits` says what the evidence and the user's own numbers cannot show."""

    title: Text
    lead: Text
    findings: TableList[Finding] = Field(alias="finding")
    limits: CitedText


class Verdict(StrEnum):
    """The consequence of an answer of the check-in."""

    GO = "go"
    GENTLY = "gently"
    NOT_TODAY = "not_today"
    CALL_NOW = "call_now"


SELF_HARM = "self_harm"
"""The id of the answer for which a helpline is shown, and which is `private` in any content."""


STOPPING = (Verdict.CALL_NOW, Verdict.NOT_TODAY)
"""The verdicts of answers that say not to stretch, the most urgent first."""


class Answer(Content):
    """An answer of the check-in before a session, and its consequence.

    One that is `private` is shown to a midwife or doctor only if the user chooses so.
    """

    id: Word
    label: Text
    stage: Audience
    verdict: Verdict
    text: Text
    private: Flag = False
    sources: Cited = ()


class CheckIn(Content):
    """check_in.toml."""

    title: Text
    lead: Text
    answers: TableList[Answer] = Field(alias="answer")

    def answers_for(self, stage: Audience) -> tuple[Answer, ...]:
        """Return the answers to choose from at a stage; at ANY, those of every stage."""
        return tuple(answer for answer in self.answers if stage.reads(answer.stage))


class Region(Content):
    """The numbers to call in some countries (ISO 3166 codes).

    `helpline` is for thoughts of harming oneself or others; it is empty if we know none.
    """

    countries: Listed[Word]
    emergency: Word
    helpline: Word = ""
    helpline_name: Text = ""
    sources: Cited


class PhoneNumbers(Content):
    """phone_numbers.toml."""

    regions: TableList[Region] = Field(alias="region")

    def of_time_zone(self, zone: str) -> Region | None:
        """Return the numbers of the country of a time zone such as Europe/Madrid.

        None if the zone is unknown or its country is not in the file: no number is guessed.
        """
        country = get_global("zone_territories").get(zone)
        return next((region for region in self.regions if country in region.countries), None)
