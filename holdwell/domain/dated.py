"""Goals and pauses, each from a day on: a later change leaves the past as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from holdwell.domain.dates import Days
from holdwell.domain.models import new_id


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in sessions a week, from a local day on until the next goal begins."""

    from_day: date
    goal_per_week: int
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Pause:
    """A span of paused local days, both ends included. `to_day` is None while it lasts."""

    from_day: date
    to_day: date | None = None
    id: str = field(default_factory=new_id)

    def has(self, day: date) -> bool:
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True, slots=True)
class GoalHistory:
    """The goals and pauses of the user. Paused days count neither for nor against a goal.

    `rests` are days on which the user was told not to stretch: for a goal they are paused, too.
    """

    goals: Sequence[Goal] = ()
    pauses: Sequence[Pause] = ()
    rests: Sequence[Pause] = ()

    def goal_on(self, day: date) -> int | None:
        """Return the goal (sessions a week) in force on a day; None before the first goal."""
        begun = [goal for goal in self.goals if goal.from_day <= day]
        return max(begun, key=lambda goal: goal.from_day).goal_per_week if begun else None

    def goal_so_far(self, first: date, last: date) -> int | None:
        """Return the goal of a week whose days so far are given; None if one of them is paused."""
        return None if self.paused_between(first, last) else self.goal_on(last)

    def paused_between(self, first: date, last: date) -> list[Days]:
        """Return the paused spans within `first` to `last`, in order; adjacent ones are merged."""
        spans: list[Days] = []
        for pause in sorted((*self.pauses, *self.rests), key=lambda pause: pause.from_day):
            begin, end = max(pause.from_day, first), min(pause.to_day or last, last)
            if begin > end:
                continue
            if spans and begin <= spans[-1][1] + timedelta(days=1):
                spans[-1] = (spans[-1][0], max(spans[-1][1], end))
            else:
                spans.append((begin, end))
        return spans

    def last_tracked_day(self, day: date) -> date:
        """Return the last day up to `day` that was not paused."""
        paused = (*self.pauses, *self.rests)
        while begun := [pause.from_day for pause in paused if pause.has(day)]:
            day = max(begun) - timedelta(days=1)
        return day


NO_GOALS = GoalHistory()
