"""The numbers of the report for a midwife or doctor: counts, medians and quartiles of a range.

What is read here is said by `report_words` and drawn by `paper`. SQL does the counting, so that
ten years cost what ten weeks do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from holdwell.domain.dates import Stage, lmp_from_due_date, stage
from holdwell.domain.models import Moment, Pregnancy, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.domain.week_axis import WeekAxis, calendar_axis, stage_axis
from holdwell.guide import Verdict, guide
from holdwell.stats import frames, queries, trend_line
from holdwell.stats.frames import ChangeSummary, Consistency
from holdwell.stats.queries import DayScore, PainChange, ScoreCount, WeekCramps
from holdwell.stats.trend_line import LevelDay
from holdwell.store.repository import ALWAYS, COUNTED, Store

SHORT_WEEKS, LONG_WEEKS = 4, 12
TREND_DAYS = 54 * 7
"""Over a longer range medians of several weeks stand in place of a smoothed line."""
NOTES_AT_MOST = 40
"""More notes than this never fit one page; the others are counted."""


class ReportRange(StrEnum):
    """What she can choose with one tap."""

    WEEKS_4 = "weeks_4"
    WEEKS_12 = "weeks_12"
    PREGNANCY = "pregnancy"
    BIRTH = "birth"
    WHOLE = "whole"
    CHOSEN = "chosen"


def ranges(
    pregnancy: Pregnancy | None,
    today: date,
    within: PregnancyPeriod = ALWAYS,
    began: date | None = None,
) -> dict[ReportRange, tuple[date, date]]:
    """The first and last local day of each range that there is for her in a period.

    `pregnancy` is None where weeks are not shown; one that ended is not looked back at either.
    `today` is the day to look back from (`queries.latest_day`), `began` the first day with a
    session in the period. One that is over is offered as a whole, not by its last weeks.
    """
    found = {
        ReportRange.WEEKS_4: (today - timedelta(days=7 * SHORT_WEEKS - 1), today),
        ReportRange.WEEKS_12: (today - timedelta(days=7 * LONG_WEEKS - 1), today),
    }
    if within.last is not None:
        found = {ReportRange.WHOLE: (min(within.begins or today, began or today, today), today)}
    if pregnancy is not None and not pregnancy.ended:
        birth = pregnancy.birth_date
        if pregnancy.due_date is not None:
            first = lmp_from_due_date(pregnancy.due_date)
            last = min(today, birth - timedelta(days=1)) if birth else today
            if first <= last:
                found[ReportRange.PREGNANCY] = (first, last)
        if birth is not None and birth <= today:
            found[ReportRange.BIRTH] = (birth, today)
    clamped = {name: within.clamp(*days) for name, days in found.items()}
    return {name: days for name, days in clamped.items() if days is not None}


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of pain scores (NRS-11) with their quartiles; `scores` says of how many."""

    median: float
    low: float
    high: float
    scores: int


@dataclass(frozen=True, slots=True)
class CrampNights:
    """Nights with leg cramps by leg, of the `answered` ones among all `nights` of the range."""

    left: int
    right: int
    both: int
    answered: int
    nights: int

    @property
    def cramps(self) -> int:
        return self.left + self.right + self.both


@dataclass(frozen=True, slots=True)
class Sign:
    """An answer before a session that was not "go": how often, and when last.

    `label` is the answer's id where content/ no longer has it; `verdict` is None then.
    """

    label: str
    verdict: Verdict | None
    count: int
    last: date


@dataclass(frozen=True, slots=True)
class Note:
    """A note of hers. `id` is that of its session."""

    id: str
    started: Moment
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that one report says, in numbers.

    `first` and `last` are the range asked for, as far as it lies in the period; counting begins
    at `since`, the first day in it since her first session; None before there is one. `goal`
    (sessions a week) and `pregnancy` are None where tracking is paused; `pregnancy` also for one
    that ended.
    """

    first: date
    last: date
    since: date | None
    axis: WeekAxis
    pregnancy: Pregnancy | None
    stage: Stage
    goal: int | None
    consistency: Consistency
    days: int
    before: Spread | None
    after: Spread | None
    change: ChangeSummary | None
    levels: tuple[LevelDay, ...]
    cramps: CrampNights
    asked: int
    signs: tuple[Sign, ...]
    notes: tuple[Note, ...]
    notes_chosen: int
    day_scores: tuple[DayScore, ...]
    week_scores: tuple[ScoreCount, ...]
    changes: tuple[PainChange, ...]
    week_cramps: tuple[WeekCramps, ...]

    @property
    def sessions(self) -> int:
        return self.consistency.sessions

    @property
    def total_days(self) -> int:
        """Days counted, `since` to `last`."""
        return (self.last - self.since).days + 1 if self.since else 0

    @property
    def too_long_for_trend(self) -> bool:
        """Whether the range is longer than `TREND_DAYS`."""
        return (self.last - self.first).days >= TREND_DAYS


def shown_pregnancy(store: Store, within: PregnancyPeriod | None = None) -> Pregnancy | None:
    """The pregnancy of a period (None: the current one) where its weeks may be shown.

    That is: tracking is on, and it did not end.
    """
    pregnancy = (within or store.pregnancy_periods()[-1]).pregnancy
    if store.profile().tracking is not Tracking.ON or pregnancy is None or pregnancy.ended:
        return None
    return pregnancy


def read(
    store: Store,
    first: date,
    last: date,
    today: date,
    chosen: frozenset[str] | None,
    within: PregnancyPeriod | None = None,
) -> Report:
    """Read the report of the local days `first` to `last`. Raises StoreError.

    Only days of one period are in it: of `within`, by default the one that `last` belongs to.

    The night that begins `today` is not over and counts only if it has an answer. `chosen` are
    the ids of the sessions whose notes she includes; None: all of the range.
    ValueError if the range ends before it begins, or has no day in the period.
    """
    if last < first:
        raise ValueError("a range ends on or after its first day")
    within = within or period_of(store.pregnancy_periods(), last)
    first, last = _clamped(within, first, last)
    profile = store.profile()
    pregnancy = shown_pregnancy(store, within)
    short = (last - first).days < TREND_DAYS
    # Weeks of a pregnancy say nothing of years around it.
    axis = (stage_axis(pregnancy) if short else None) or calendar_axis()
    span = queries.span(store, within)
    since = max(first, span.first) if span is not None and span.first <= last else None
    begin = since or first
    goal = profile.goal_per_week if profile.tracking is Tracking.ON else None
    weekly = frames.weekly_sessions(
        queries.sessions_by_week(store, axis, begin, last), axis, begin, last
    )
    week_scores = queries.scores_by_week(store, axis, first, last)
    day_scores = queries.scores_by_day(store, first, last)
    found = queries.pain_changes(store, first, last)
    week_cramps = queries.cramps_by_week(store, axis, first, last)
    asked, signs = _signs(store, first, last)
    kept, chosen_count = _chosen_notes(store, first, last, chosen)
    return Report(
        first=first,
        last=last,
        since=since,
        axis=axis,
        pregnancy=pregnancy,
        stage=stage(pregnancy, last),
        goal=goal,
        consistency=frames.consistency(weekly, goal or 0),
        days=_active_days(store, first, last),
        before=_spread(week_scores, after=False),
        after=_spread(week_scores, after=True),
        change=frames.change_summary(found),
        levels=tuple(trend_line.smooth(day_scores)) if short else (),
        cramps=_cramps(store, week_cramps, since, (first, last), today),
        asked=asked,
        signs=signs,
        notes=kept,
        notes_chosen=chosen_count,
        day_scores=tuple(day_scores) if short else (),
        week_scores=tuple(week_scores),
        changes=tuple(found),
        week_cramps=tuple(week_cramps),
    )


def _clamped(within: PregnancyPeriod, first: date, last: date) -> tuple[date, date]:
    found = within.clamp(first, last)
    if found is None:
        raise ValueError("no day of the range lies in the period")
    return found


def _spread(rows: Sequence[ScoreCount], *, after: bool) -> Spread | None:
    counts: dict[int, int] = {}
    for row in rows:
        if row.after is after:
            counts[row.score] = counts.get(row.score, 0) + row.count
    if not counts:
        return None
    low, median, high = frames.quantiles(counts, (0.25, 0.5, 0.75))
    return Spread(median, low, high, sum(counts.values()))


def _cramps(
    store: Store,
    rows: Sequence[WeekCramps],
    since: date | None,
    asked: tuple[date, date],
    today: date,
) -> CrampNights:
    """Cramps, and the nights there were since she began to log sessions or nights."""
    first, last = asked
    found = store.rows(
        "SELECT min(night) AS first FROM cramp WHERE profile_id = ? AND deleted_at IS NULL "
        "AND night BETWEEN ? AND ?",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )[0]["first"]
    begins = [day for day in (since, date.fromisoformat(found) if found else None) if day]
    over = min(last, today - timedelta(days=1))
    nights = (over - min(begins)).days + 1 if begins else 0
    answered = sum(row.answered for row in rows)
    return CrampNights(
        left=sum(row.left for row in rows),
        right=sum(row.right for row in rows),
        both=sum(row.both for row in rows),
        answered=answered,
        nights=max(nights, answered),
    )


def _active_days(store: Store, first: date, last: date) -> int:
    rows = store.rows(
        f"SELECT count(DISTINCT local_day) AS n FROM session WHERE profile_id = ? AND {COUNTED} "
        "AND local_day BETWEEN ? AND ?",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return int(rows[0]["n"])


_GRAVEST_FIRST = (Verdict.CALL_NOW, Verdict.NOT_TODAY, None, Verdict.GENTLY)
"""The order of signs. An answer that content/ no longer knows may have been a grave one."""


def _signs(store: Store, first: date, last: date) -> tuple[int, tuple[Sign, ...]]:
    """How many answers the range has, and those that did not say that all is well."""
    rows = store.rows(
        "SELECT answer, count(*) AS n, max(local_day) AS last FROM check_in "
        "WHERE profile_id = ? AND deleted_at IS NULL AND local_day BETWEEN ? AND ? "
        "GROUP BY answer ORDER BY n DESC, answer",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    known = {answer.id: answer for answer in guide().check_in.answers}
    found = []
    for row in rows:
        answer = known.get(row["answer"])
        if answer is not None and answer.verdict is Verdict.GO:
            continue
        label = answer.label if answer else row["answer"]
        verdict = answer.verdict if answer else None
        found.append(Sign(label, verdict, row["n"], date.fromisoformat(row["last"])))
    found.sort(key=lambda sign: _GRAVEST_FIRST.index(sign.verdict))
    return sum(row["n"] for row in rows), tuple(found)


_NOTED = f"profile_id = ? AND {COUNTED} AND trim(note) <> '' AND local_day BETWEEN ? AND ?"


def note_count(store: Store, first: date, last: date) -> int:
    """How many sessions of the range have a note."""
    rows = store.rows(
        f"SELECT count(*) AS n FROM session WHERE {_NOTED}",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return int(rows[0]["n"])


def notes(store: Store, first: date, last: date, limit: int = NOTES_AT_MOST) -> list[Note]:
    """Her notes of the range, newest first, at most `limit`."""
    rows = store.rows(
        f"SELECT id, started_at, utc_offset, note FROM session WHERE {_NOTED} "
        "ORDER BY started_at DESC LIMIT ?",
        [store.profile().id, first.isoformat(), last.isoformat(), limit],
    )
    return [
        Note(row["id"], Moment.from_iso(row["started_at"], row["utc_offset"]), row["note"])
        for row in rows
    ]


def _chosen_notes(
    store: Store, first: date, last: date, chosen: frozenset[str] | None
) -> tuple[tuple[Note, ...], int]:
    if chosen is None:
        return tuple(notes(store, first, last)), note_count(store, first, last)
    if not chosen:
        return (), 0
    found = tuple(n for n in notes(store, first, last) if n.id in chosen)
    return found, len(found)
