"""Which stretches the guide leaves out of sessions, and what the user has asked about.

A day without a session on which it left out all of them is a day of rest: no goal is missed by it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import TypeAdapter, ValidationError

from holdwell.domain import dates
from holdwell.domain.dated import GoalHistory, Pause
from holdwell.domain.dates import Stage
from holdwell.domain.models import Condition, Pregnancy
from holdwell.guide import situations
from holdwell.guide.advice import STOPPING, Situation
from holdwell.guide.load import guide
from holdwell.guide.model import Stretch
from holdwell.guide.situations import BIRTH_MATTERS_WEEKS, LeftOut, is_birth_recent, left_out
from holdwell.stats import queries
from holdwell.store.repository import Store

ASKED = "asked_first"
"""The key in the table `meta` of the answers "I have asked"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer that the user has asked someone about a situation, and the local day of it.

    `about` is the pregnancy and stage it was given in. In any other, the question is asked again.
    """

    day: date
    about: str


_ANSWERS = TypeAdapter(dict[str, Asked])


def about_now(pregnancy: Pregnancy | None, stage: Stage) -> str:
    """Return the pregnancy and stage in which an answer is given now: see `Asked`."""
    return f"{stage.kind.value}/{pregnancy.id if pregnancy else ''}"


def read_asked(text: str | None) -> dict[str, Asked]:
    """Read the answers that `write_asked` wrote, by the id of the situation; none from bad text."""
    try:
        return _ANSWERS.validate_json(text or "{}")
    except ValidationError:
        return {}


def write_asked(answers: Mapping[str, Asked]) -> str:
    """Return the answers as JSON."""
    return _ANSWERS.dump_json(dict(answers)).decode()


@dataclass(frozen=True, slots=True)
class LeftOutNow:
    """What is left out of routines, by the id of the stretch, and the answers that allow more.

    `asked` has the day of each answer that applies now, by the id of its situation.
    """

    by_stretch: Mapping[str, LeftOut]
    asked: Mapping[str, date]

    @property
    def lines(self) -> tuple[LeftOut, ...]:
        """The lines that leave something out, each once; last those that asking can lift."""
        by_text = {reason.line.text: reason for reason in self.by_stretch.values()}
        return tuple(sorted(by_text.values(), key=lambda reason: reason.until_asked))

    def kept(self, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
        """Return the stretches that are not left out."""
        return tuple(stretch for stretch in stretches if stretch.id not in self.by_stretch)


def left_out_now(
    applying: Sequence[Situation], answers: Mapping[str, Asked], about: str
) -> LeftOutNow:
    """Return what the applying situations leave out, after the answers given in `about`."""
    ids = {situation.id for situation in applying}
    asked = {
        situation: answer.day
        for situation, answer in answers.items()
        if situation in ids and answer.about == about
    }
    return LeftOutNow(left_out(applying, asked), asked)


def still_applying(answers: Mapping[str, Asked], applying: Sequence[Situation]) -> dict[str, Asked]:
    """Return the answers about situations that still apply; for others, the question comes back."""
    ids = {situation.id for situation in applying}
    return {situation: answer for situation, answer in answers.items() if situation in ids}


def goal_history(store: Store, first: date, last: date, today: date) -> GoalHistory:
    """Return the user's goals, with the days of rest from `first` to `last`.

    These are days without a session on which an answer before a session said not to stretch, on
    which the guide left out every stretch after a birth, or on which the user asked someone whether
    to stretch; and the days soon after a birth. What the guide left out for a condition before
    `today` is not stored by day. If `today` is one of the days and of rest, no goal is in force.
    """
    history = store.goal_history()
    if not history.goals:
        return history
    answers = read_asked(store.meta(ASKED))
    stops = [answer.id for answer in guide().check_in.answers if answer.verdict in STOPPING]
    days = {asked.day for asked in answers.values() if first <= asked.day <= last}
    days |= queries.days_answered(store, stops, first, last)
    for period in store.pregnancy_periods():
        pregnancy = period.pregnancy
        if pregnancy is None or pregnancy.birth_date is None:
            continue
        for number in range(7 * BIRTH_MATTERS_WEEKS):
            day = pregnancy.birth_date + timedelta(number)
            is_shown = first <= day <= last and period.has(day)
            known = {situation: asked for situation, asked in answers.items() if asked.day <= day}
            if is_shown and _is_for_rest(pregnancy, (), known, day):
                days.add(day)
    days -= queries.days_with_session(store, min(days), max(days)) if days else set()
    pregnancy, conditions = store.pregnancy(), store.profile().conditions
    # After midnight the user's day may still be yesterday: a birth noted then is dated tomorrow.
    born = (pregnancy and pregnancy.birth_date) or today
    is_now = first <= today <= last and _is_for_rest(
        pregnancy, conditions, answers, max(today, born)
    )
    goals = () if is_now else history.goals
    return replace(history, goals=goals, rests=[Pause(day, day) for day in sorted(days)])


def _is_for_rest(
    pregnancy: Pregnancy | None,
    conditions: Collection[Condition],
    answers: Mapping[str, Asked],
    day: date,
) -> bool:
    """Return whether a birth is recent on a day, or every stretch is left out."""
    stage = dates.stage(pregnancy, day)
    birth = pregnancy.birth_kind if pregnancy is not None else None
    found = situations.applying(guide().situations, stage, birth, conditions)
    now = left_out_now(found, answers, about_now(pregnancy, stage))
    return is_birth_recent(birth, stage) or not now.kept(guide().stretches)
