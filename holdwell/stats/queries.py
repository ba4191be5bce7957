"""Counts for the pages, made in SQL: a page reads a row a week or a day, never a whole table.

One file is one person, so no query filters by profile.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, TypeAdapter

from holdwell.domain.dated import GoalHistory
from holdwell.domain.dates import Days, DaySpan, trimester_spans
from holdwell.domain.models import DayPart, PainPlace, PainSide, Pregnancy
from holdwell.domain.week_axis import WeekAxis
from holdwell.store.repository import ALWAYS, AT_REST, COUNTED, Store
from holdwell.store.rows import Row

EARLIEST = date(1900, 1, 1)
Group = TypeVar("Group", int, str)
"""The number of a week, or the key of another group."""
Found = TypeVar("Found")

_DAYS = "local_day BETWEEN :first AND :last"
NIGHTS = "FROM cramp WHERE deleted_at IS NULL AND night BETWEEN :first AND :last"
SESSIONS = f"FROM session WHERE {COUNTED} AND {_DAYS}"
PAINS = f"FROM pain WHERE deleted_at IS NULL AND {_DAYS}"
"""SQL for the rows of the days `:first` to `:last`, for `between`. Only sessions that count."""
_LEGS = ", ".join(f"count(*) FILTER (WHERE leg = '{leg}')" for leg in ("left", "right", "both"))


@dataclass(frozen=True, slots=True)
class ScoreCount(Generic[Group]):
    """How many sessions of a group, such as a week, have a pain score (NRS-11) before or after."""

    group: Group
    after: bool
    score: int
    count: int


@dataclass(frozen=True, slots=True)
class DayParts:
    """The number of sessions in each part of a day."""

    day: date
    morning: int
    bedtime: int
    other: int

    @property
    def total(self) -> int:
        return self.morning + self.bedtime + self.other


@dataclass(frozen=True, slots=True)
class CrampCount:
    """The number of nights with a cramp, by leg, and of all nights with an answer."""

    left: int
    right: int
    both: int
    answered: int

    @property
    def cramps(self) -> int:
        return self.left + self.right + self.both


@dataclass(frozen=True, slots=True)
class DayScore:
    """How often a pain score (NRS-11) was given on a day, before a session or without one.

    `alone` of the `count` were logged without a session. A `left_out` day is not in the trend.
    """

    day: date
    score: int
    count: int
    alone: int = 0
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Streaks:
    """Days in a row with a session that counts. `current` reaches to yesterday or today."""

    current: int
    best: int


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many scores, at a session or without one, have the same places and side.

    Both are empty if the user did not say where it hurt. A session counts once.
    """

    places: Annotated[frozenset[PainPlace], BeforeValidator(str.split)]
    side: PainSide | None
    count: int


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How often an answer was given before a session, and the last local day of it."""

    answer: str
    count: int
    last: date


class Grouping(StrEnum):
    """What pain scores are grouped by."""

    PART = "part"
    TRIMESTER = "trimester"
    STRETCH = "stretch"
    COMFORT = "comfort"


def between(store: Store, sql: str, first: date, last: date) -> list[Row]:
    """Return the rows of a query for the days `:first` to `:last`."""
    return store.rows(sql, {"first": first.isoformat(), "last": last.isoformat()})


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _found(
    kind: Callable[..., Found], store: Store, sql: str, first: date, last: date
) -> list[Found]:
    """Return the rows of a query as dataclasses whose fields have the names of its columns."""
    return [_reader(kind).validate_python(row) for row in between(store, sql, first, last)]


def _day(store: Store, sql: str, first: date, last: date) -> date | None:
    """Return the one value of a query as a day, or None."""
    (day,) = between(store, sql, first, last)[0].values()
    return date.fromisoformat(day) if day else None


def number(store: Store, sql: str, first: date, last: date) -> int:
    """Return the one value of a query as a number."""
    (value,) = between(store, sql, first, last)[0].values()
    return int(value)


def first_session_day(store: Store, within: DaySpan = ALWAYS) -> date | None:
    """Return the first local day with a session that counts, or None without any."""
    return _day(store, f"SELECT min(local_day) {SESSIONS}", *within.bounds)


def first_day(store: Store, within: DaySpan = ALWAYS) -> date | None:
    """Return the first local day with a session that counts or a pain entry, or None without any.

    Nights do not count here: the first is often the one before the day on which the user began.
    """
    both = f"SELECT min(local_day) AS day {SESSIONS} UNION ALL SELECT min(local_day) {PAINS}"
    return _day(store, f"SELECT min(day) FROM ({both})", *within.bounds)


def entries_span(store: Store, within: DaySpan) -> Days | None:
    """Return the first and last local day with a session that counts, a pain entry or an answer
    about cramps; None without any."""
    ends = [
        f"(SELECT {end}(day) FROM (SELECT {end}(local_day) AS day {SESSIONS} "
        f"UNION ALL SELECT {end}(local_day) {PAINS} UNION ALL SELECT {end}(night) {NIGHTS}))"
        for end in ("min", "max")
    ]
    row = between(store, f"SELECT {ends[0]} AS first, {ends[1]} AS last", *within.bounds)[0]
    if not row["first"]:
        return None
    return date.fromisoformat(row["first"]), date.fromisoformat(row["last"])


def latest_day(store: Store, within: DaySpan, today: date) -> date:
    """Return the day to look back from: `today`, or that of a later entry, in the current period.

    After a flight to the west the last entry may be dated tomorrow. In a period that is over it is
    the last day with an entry, or the period's last day if there is no entry.
    """
    span = entries_span(store, within)
    if within.last is None:
        return max(today, span[1]) if span is not None else today
    return span[1] if span is not None else min(within.last, today)


def sessions(store: Store, first: date, last: date) -> int:
    """Count the sessions."""
    return number(store, f"SELECT count(*) {SESSIONS}", first, last)


def uncounted_with_score(store: Store, first: date, last: date) -> int:
    """Count the sessions that have a pain score but do not count, as no hold was finished."""
    rated = f"FROM session WHERE {AT_REST} AND coalesce(pain_before, pain_after) IS NOT NULL"
    return number(store, f"SELECT count(*) {rated} AND NOT ({COUNTED}) AND {_DAYS}", first, last)


def first_night(store: Store, first: date, last: date) -> date | None:
    """Return the first night with an answer about cramps, or None."""
    return _day(store, f"SELECT min(night) {NIGHTS}", first, last)


def cramps(store: Store, first: date, last: date) -> CrampCount:
    """Count the nights with cramps by leg, and those that have an answer."""
    row = between(store, f"SELECT {_LEGS}, count(*) {NIGHTS}", first, last)[0]
    return CrampCount(*row.values())


def check_in_answers(store: Store, first: date, last: date) -> list[AnswerCount]:
    """Count the answers given before sessions, the most frequent first."""
    sql = (
        "SELECT answer, count(*) AS count, max(local_day) AS last FROM check_in "
        f"WHERE deleted_at IS NULL AND {_DAYS} GROUP BY answer ORDER BY count DESC, answer"
    )
    return _found(AnswerCount, store, sql, first, last)


def days_answered(store: Store, answers: Collection[str], first: date, last: date) -> set[date]:
    """Return the days on which one of these answers was given before a session."""
    sql = f"SELECT local_day, answer FROM check_in WHERE deleted_at IS NULL AND {_DAYS}"
    rows = between(store, sql, first, last)
    return {date.fromisoformat(row["local_day"]) for row in rows if row["answer"] in answers}


def days_with_session(store: Store, first: date, last: date) -> set[date]:
    """Return the days with a session that counts."""
    rows = between(store, f"SELECT DISTINCT local_day {SESSIONS}", first, last)
    return {date.fromisoformat(row["local_day"]) for row in rows}


def sessions_by_week(store: Store, axis: WeekAxis, first: date, last: date) -> dict[int, int]:
    """Count sessions by week from `first` to `last`; weeks without any are left out."""
    sql = f"SELECT {axis.sql('local_day')} AS week, count(*) AS n {SESSIONS} GROUP BY week"
    return {row["week"]: row["n"] for row in between(store, sql, first, last)}


def scores_by_week(store: Store, axis: WeekAxis, first: date, last: date) -> list[ScoreCount[int]]:
    """Count pain scores by week, before and after: at most eleven rows a week each."""
    return _scores_by(axis.sql("local_day"), "", store, first, last)


def parts_by_day(store: Store, first: date, last: date) -> list[DayParts]:
    """Count sessions by part of the day, for each day that has one."""
    sums = ", ".join(f"sum(part = '{part}') AS {part}" for part in DayPart)
    sql = f"SELECT local_day AS day, {sums} {SESSIONS} GROUP BY local_day ORDER BY local_day"
    return _found(DayParts, store, sql, first, last)


def cramps_by_week(store: Store, axis: WeekAxis, first: date, last: date) -> dict[int, CrampCount]:
    """Count nights as `cramps` does, by week; weeks without an answer are left out."""
    sql = f"SELECT {axis.sql('night')} AS week, {_LEGS}, count(*) {NIGHTS} GROUP BY week"
    return {
        week: CrampCount(*counts)
        for week, *counts in (row.values() for row in between(store, sql, first, last))
    }


def trend_scores(store: Store, first: date, last: date) -> list[DayScore]:
    """Count the scores of the trend by day: those before a session and those without a session.

    Scores after a session are not in the trend: the stretches may just have lowered them.
    """
    sql = (
        "SELECT local_day AS day, score, sum(n) AS count, sum(alone) AS alone, local_day IN "
        "(SELECT day FROM left_out_day WHERE deleted_at IS NULL) AS left_out FROM ("
        f"SELECT local_day, pain_before AS score, count(*) AS n, 0 AS alone {SESSIONS} "
        "AND pain_before IS NOT NULL GROUP BY local_day, score UNION ALL "
        f"SELECT local_day, score, count(*), count(*) {PAINS} GROUP BY local_day, score) "
        "GROUP BY local_day, score ORDER BY local_day, score"
    )
    return _found(DayScore, store, sql, first, last)


def pain_places(store: Store, first: date, last: date) -> list[PlaceCount]:
    """Count the sessions with a score, and the scores without a session, by where it hurts."""
    sql = (
        "SELECT places, side, count(*) AS count FROM ("
        f"SELECT pain_places AS places, pain_side AS side {SESSIONS} "
        "AND coalesce(pain_before, pain_after) IS NOT NULL UNION ALL "
        f"SELECT places, side {PAINS}) GROUP BY places, side"
    )
    return _found(PlaceCount, store, sql, first, last)


def pain_changes(store: Store, first: date, last: date) -> dict[int, int]:
    """Count the sessions by their change of pain, after minus before (-10 to 10)."""
    sql = (
        f"SELECT pain_after - pain_before AS change, count(*) AS n {SESSIONS} "
        "AND change IS NOT NULL GROUP BY change ORDER BY change"
    )
    return {row["change"]: row["n"] for row in between(store, sql, first, last)}


def streaks(
    store: Store, today: date, within: DaySpan = ALWAYS, history: GoalHistory | None = None
) -> Streaks:
    """Return the streak of days up to today or yesterday, and the longest there was.

    Only days of the pregnancy period count, and paused days, of which `history` may know more, are
    skipped: they neither break a streak nor lengthen it. A day's number minus its rank is the same
    for all days in a row ("gaps and islands").
    """
    low, high = within.bounds
    history = history or store.goal_history()
    spans = history.paused_between(max(low, EARLIEST), min(high, today))
    # As rows, of which there may be any number: an SQL expression can have a thousand parts.
    none = "('', '', 0)"
    rows = [f"('{first}', '{last}', {(last - first).days + 1})" for first, last in spans] or [none]
    open_until = history.last_tracked_day(history.last_tracked_day(today) - timedelta(days=1))
    sql = (
        f"WITH paused(first, last, days) AS (VALUES {', '.join(rows)}), "
        f"active AS (SELECT DISTINCT local_day {SESSIONS} AND NOT EXISTS "
        "(SELECT 1 FROM paused WHERE local_day BETWEEN paused.first AND paused.last)), "
        "island AS (SELECT max(local_day) AS last, count(*) AS days FROM (SELECT local_day, "
        "julianday(local_day) - (SELECT total(days) FROM paused WHERE local_day > paused.last) "
        "- row_number() OVER (ORDER BY local_day) AS number FROM active) "
        "GROUP BY number) "
        "SELECT coalesce(max(days), 0) AS best, "
        f"coalesce(max(CASE WHEN last >= '{open_until}' THEN days END), 0) AS current FROM island"
    )
    row = between(store, sql, low, high)[0]
    return Streaks(row["current"], row["best"])


def scores_by_group(
    store: Store, grouping: Grouping, first: date, last: date, pregnancy: Pregnancy | None = None
) -> list[ScoreCount[str]]:
    """Count pain scores before and after by group; sessions without a group are left out.

    Trimesters need the dates of a `pregnancy`. A session counts for each stretch held in it.
    """
    group = f"CAST({grouping.value} AS TEXT)"
    join = ""
    if grouping is Grouping.STRETCH:
        held = "SELECT DISTINCT session_id, stretch FROM hold WHERE held_s > 0"
        join = f"JOIN ({held}) AS held ON held.session_id = session.id"
    elif grouping is Grouping.TRIMESTER:
        cases = " ".join(
            f"WHEN local_day BETWEEN '{begin}' AND '{end}' THEN '{name}'"
            for name, begin, end in trimester_spans(pregnancy)
        )
        group = f"CASE {cases or 'WHEN 0 THEN 0'} END"
    return _scores_by(group, join, store, first, last)


def _scores_by(
    group: str, join: str, store: Store, first: date, last: date
) -> list[ScoreCount[Any]]:
    """Count pain scores before and after by `group`, an SQL expression; NULL is left out."""
    halves = (
        f"SELECT {group} AS [group], {after} AS after, {column} AS score, count(*) AS count "
        f"FROM session {join} WHERE {COUNTED} AND {_DAYS} AND {column} IS NOT NULL "
        "AND [group] IS NOT NULL GROUP BY [group], score"
        for after, column in enumerate(("pain_before", "pain_after"))
    )
    sql = f"{' UNION ALL '.join(halves)} ORDER BY after, [group], score"
    return _found(ScoreCount, store, sql, first, last)
