"""Counts for the pages, made by SQL: a page reads one row a week, never the whole table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from holdwell.records import DayPart
from holdwell.store import COUNTED, Store
from holdwell.weeks import Axis


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last local day with a session that counts, and how many there are."""

    first: date
    last: date
    sessions: int


@dataclass(frozen=True, slots=True)
class WeekSessions:
    index: int
    sessions: int


@dataclass(frozen=True, slots=True)
class ScoreCount:
    """How many sessions of a week have one score, before or after (NRS-11)."""

    index: int
    after: bool
    score: int
    count: int


@dataclass(frozen=True, slots=True)
class DayParts:
    """How many sessions of each part a day has."""

    day: date
    morning: int
    bedtime: int
    other: int

    @property
    def total(self) -> int:
        return self.morning + self.bedtime + self.other


@dataclass(frozen=True, slots=True)
class WeekCramps:
    """Nights of a week with a cramp, of those that have an answer."""

    index: int
    cramps: int
    answered: int


def span(store: Store) -> Span | None:
    """The span of her history, or None while it is empty."""
    row = store.rows(
        "SELECT min(local_day) AS first, max(local_day) AS last, count(*) AS n FROM session "
        f"WHERE profile_id = ? AND {COUNTED}",
        [store.profile().id],
    )[0]
    if not row["n"]:
        return None
    return Span(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["n"])


def sessions_by_week(store: Store, axis: Axis, first: date, last: date) -> list[WeekSessions]:
    """Sessions a week from `first` to `last`, only weeks that have one."""
    rows = store.rows(
        f"SELECT {axis.sql('local_day')} AS week, count(*) AS n FROM session "
        f"WHERE profile_id = ? AND {COUNTED} AND local_day BETWEEN ? AND ? "
        "GROUP BY week ORDER BY week",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [WeekSessions(row["week"], row["n"]) for row in rows]


def scores_by_week(store: Store, axis: Axis, first: date, last: date) -> list[ScoreCount]:
    """Pain scores as counts, at most eleven rows a week and side of the session."""
    found: list[ScoreCount] = []
    for after, column in ((False, "pain_before"), (True, "pain_after")):
        rows = store.rows(
            f"SELECT {axis.sql('local_day')} AS week, {column} AS score, count(*) AS n "
            f"FROM session WHERE profile_id = ? AND {COUNTED} AND {column} IS NOT NULL "
            "AND local_day BETWEEN ? AND ? GROUP BY week, score ORDER BY week, score",
            [store.profile().id, first.isoformat(), last.isoformat()],
        )
        found += [ScoreCount(row["week"], after, row["score"], row["n"]) for row in rows]
    return found


def sessions_with_both_scores(store: Store, first: date, last: date) -> int:
    """How many sessions have pain both before and after."""
    rows = store.rows(
        f"SELECT count(*) AS n FROM session WHERE profile_id = ? AND {COUNTED} "
        "AND pain_before IS NOT NULL AND pain_after IS NOT NULL AND local_day BETWEEN ? AND ?",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return int(rows[0]["n"])


def parts_by_day(store: Store, first: date, last: date) -> list[DayParts]:
    """Sessions of each part for each day that has one."""
    sums = ", ".join(f"sum(part = '{part.value}') AS {part.value}" for part in DayPart)
    rows = store.rows(
        f"SELECT local_day, {sums} FROM session WHERE profile_id = ? AND {COUNTED} "
        "AND local_day BETWEEN ? AND ? GROUP BY local_day ORDER BY local_day",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [
        DayParts(date.fromisoformat(row["local_day"]), row["morning"], row["bedtime"], row["other"])
        for row in rows
    ]


def cramps_by_week(store: Store, axis: Axis, first: date, last: date) -> list[WeekCramps]:
    """Nights with cramps a week, and the nights answered for."""
    rows = store.rows(
        f"SELECT {axis.sql('night')} AS week, sum(leg <> 'none') AS cramps, count(*) AS n "
        "FROM cramp WHERE profile_id = ? AND deleted_at IS NULL AND night BETWEEN ? AND ? "
        "GROUP BY week ORDER BY week",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [WeekCramps(row["week"], row["cramps"], row["n"]) for row in rows]
