"""Counts for the pages, made by SQL: a page reads one row a week, never the whole table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from holdwell.domain.dates import (
    LONGEST_PREGNANCY_DAYS,
    POSTPARTUM_YEARS,
    TRIMESTER_WEEKS,
    Trimester,
    lmp_from_due_date,
)
from holdwell.domain.models import DayPart, Pregnancy
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.week_axis import WeekAxis
from holdwell.store.repository import ALWAYS, COUNTED, Store


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last local day with a session that counts; whether there is only one."""

    first: date
    last: date
    single: bool


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
    """Nights of a week with a cramp, by leg, and how many nights have an answer."""

    index: int
    left: int
    right: int
    both: int
    answered: int

    @property
    def cramps(self) -> int:
        return self.left + self.right + self.both


@dataclass(frozen=True, slots=True)
class DayScore:
    """How many sessions of a day have one pain score before (NRS-11)."""

    day: date
    score: int
    count: int


@dataclass(frozen=True, slots=True)
class PainChange:
    """How many sessions have one change of pain, after less before (-10 to 10)."""

    change: int
    count: int


@dataclass(frozen=True, slots=True)
class GroupScore:
    """How many sessions of a group have one score, before or after (NRS-11)."""

    group: str
    after: bool
    score: int
    count: int


@dataclass(frozen=True, slots=True)
class Streaks:
    """Days in a row with a session that counts. `current` reaches to yesterday or today."""

    current: int
    best: int


class Grouping(StrEnum):
    """By what pain is set side by side."""

    TRIMESTER = "trimester"
    PART = "part"
    STRETCH = "stretch"
    COMFORT = "comfort"


AFTER_BIRTH = "postpartum"
"""The group of days after the birth, beside the three trimesters."""


def span(store: Store, within: PregnancyPeriod = ALWAYS) -> Span | None:
    """The span of her history, or None while it is empty. Reads the two ends of an index."""
    mine = (
        f"SELECT local_day FROM session WHERE profile_id = :profile AND {COUNTED} "
        "AND local_day BETWEEN :low AND :high"
    )
    low, high = within.bounds
    row = store.rows(
        f"SELECT ({mine} ORDER BY local_day LIMIT 1) AS first, "
        f"({mine} ORDER BY local_day DESC LIMIT 1) AS last, "
        f"(SELECT count(*) FROM ({mine} LIMIT 2)) AS n",
        {"profile": store.profile().id, "low": low.isoformat(), "high": high.isoformat()},
    )[0]
    if not row["n"]:
        return None
    return Span(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row["n"] == 1)


def latest_day(store: Store, within: PregnancyPeriod, today: date) -> date:
    """The day from which one looks back at a period: `today` while it goes on.

    Of one that is over it is the last day with a session that counts or a cramp answered for, and
    the period's own last day where there is none.
    """
    if within.last is None:
        return today
    low, high = within.bounds
    night = store.rows(
        "SELECT max(night) AS last FROM cramp WHERE profile_id = ? AND deleted_at IS NULL "
        "AND night BETWEEN ? AND ?",
        [store.profile().id, low.isoformat(), high.isoformat()],
    )[0]["last"]
    sessions = span(store, within)
    known = [sessions.last] if sessions is not None else []
    known += [date.fromisoformat(night)] if night else []
    return max(known, default=min(within.last, today))


def sessions_by_week(store: Store, axis: WeekAxis, first: date, last: date) -> list[WeekSessions]:
    """Sessions a week from `first` to `last`, only weeks that have one."""
    rows = store.rows(
        f"SELECT {axis.sql('local_day')} AS week, count(*) AS n FROM session "
        f"WHERE profile_id = ? AND {COUNTED} AND local_day BETWEEN ? AND ? "
        "GROUP BY week ORDER BY week",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [WeekSessions(row["week"], row["n"]) for row in rows]


def scores_by_week(store: Store, axis: WeekAxis, first: date, last: date) -> list[ScoreCount]:
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


def cramps_by_week(store: Store, axis: WeekAxis, first: date, last: date) -> list[WeekCramps]:
    """Nights with cramps a week by leg, and the nights answered for."""
    legs = ", ".join(f"sum(leg = '{leg}') AS {leg}_leg" for leg in ("left", "right", "both"))
    rows = store.rows(
        f"SELECT {axis.sql('night')} AS week, {legs}, count(*) AS n "
        "FROM cramp WHERE profile_id = ? AND deleted_at IS NULL AND night BETWEEN ? AND ? "
        "GROUP BY week ORDER BY week",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [
        WeekCramps(row["week"], row["left_leg"], row["right_leg"], row["both_leg"], row["n"])
        for row in rows
    ]


def scores_by_day(store: Store, first: date, last: date) -> list[DayScore]:
    """Pain before a session, as counts by day and score."""
    rows = store.rows(
        "SELECT local_day, pain_before AS score, count(*) AS n FROM session "
        f"WHERE profile_id = ? AND {COUNTED} AND pain_before IS NOT NULL "
        "AND local_day BETWEEN ? AND ? GROUP BY local_day, score ORDER BY local_day, score",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [DayScore(date.fromisoformat(r["local_day"]), r["score"], r["n"]) for r in rows]


def pain_changes(store: Store, first: date, last: date) -> list[PainChange]:
    """The change of pain within a session, paired, as counts; smallest change first."""
    rows = store.rows(
        "SELECT pain_after - pain_before AS change, count(*) AS n FROM session "
        f"WHERE profile_id = ? AND {COUNTED} "
        "AND pain_before IS NOT NULL AND pain_after IS NOT NULL AND local_day BETWEEN ? AND ? "
        "GROUP BY change ORDER BY change",
        [store.profile().id, first.isoformat(), last.isoformat()],
    )
    return [PainChange(row["change"], row["n"]) for row in rows]


def streaks(store: Store, today: date, within: PregnancyPeriod = ALWAYS) -> Streaks:
    """The run of days that reaches to today or yesterday, and the longest there was.

    Only days of the period count: a run ends at its border.

    Days less their rank are the same for days in a row ("gaps and islands").
    """
    rows = store.rows(
        "WITH active AS (SELECT DISTINCT local_day FROM session "
        f"WHERE profile_id = ? AND {COUNTED} AND local_day BETWEEN ? AND ?), "
        "island AS (SELECT max(local_day) AS last, count(*) AS days FROM (SELECT local_day, "
        "julianday(local_day) - row_number() OVER (ORDER BY local_day) AS number FROM active) "
        "GROUP BY number) "
        "SELECT coalesce(max(days), 0) AS best, "
        "coalesce(max(CASE WHEN last >= ? THEN days END), 0) AS current FROM island",
        [
            store.profile().id,
            *(day.isoformat() for day in within.bounds),
            (today - timedelta(days=1)).isoformat(),
        ],
    )
    return Streaks(current=rows[0]["current"], best=rows[0]["best"])


def scores_by_group(
    store: Store, grouping: Grouping, first: date, last: date, pregnancy: Pregnancy | None = None
) -> list[GroupScore]:
    """Pain before and after as counts by group; sessions without a group are left out.

    By trimester needs the dates of a `pregnancy`. A session counts for each stretch it held.
    """
    group, join = _group_sql(grouping, pregnancy)
    if group is None:
        return []
    found: list[GroupScore] = []
    for after, column in ((False, "pain_before"), (True, "pain_after")):
        rows = store.rows(
            f"SELECT {group} AS grp, {column} AS score, count(*) AS n FROM session {join} "
            f"WHERE profile_id = ? AND {COUNTED} AND {column} IS NOT NULL "
            "AND local_day BETWEEN ? AND ? AND grp IS NOT NULL "
            "GROUP BY grp, score ORDER BY grp, score",
            [store.profile().id, first.isoformat(), last.isoformat()],
        )
        found += [GroupScore(str(r["grp"]), after, r["score"], r["n"]) for r in rows]
    return found


def _group_sql(grouping: Grouping, pregnancy: Pregnancy | None) -> tuple[str | None, str]:
    """The SQL of a session's group, and the join it needs."""
    if grouping is Grouping.PART:
        return "part", ""
    if grouping is Grouping.COMFORT:
        return "comfort", ""
    if grouping is Grouping.STRETCH:
        held = "SELECT DISTINCT session_id, stretch FROM hold WHERE held_s > 0"
        return "held.stretch", f"JOIN ({held}) AS held ON held.session_id = session.id"
    spans = trimester_spans(pregnancy)
    if not spans:
        return None, ""
    cases = " ".join(
        f"WHEN local_day BETWEEN '{begin.isoformat()}' AND '{end.isoformat()}' THEN '{name}'"
        for name, begin, end in spans
    )
    return f"CASE {cases} END", ""


def trimester_spans(pregnancy: Pregnancy | None) -> list[tuple[str, date, date]]:
    """Each trimester and the time after birth: its name, first day and last day.

    The time after birth is counted for `POSTPARTUM_YEARS`; a pregnancy without a birth goes on
    to its longest. Empty without dates, or for one that ended.
    """
    if pregnancy is None or pregnancy.ended:
        return []
    birth = pregnancy.birth_date
    found: list[tuple[str, date, date]] = []
    if pregnancy.due_date is not None:
        start = lmp_from_due_date(pregnancy.due_date)
        end = (birth or start + timedelta(days=LONGEST_PREGNANCY_DAYS + 1)) - timedelta(days=1)
        starts = [start + timedelta(weeks=week) for week in TRIMESTER_WEEKS]
        for number, (trimester, begin) in enumerate(zip(Trimester, starts, strict=True)):
            after = starts[number + 1] - timedelta(days=1) if number + 1 < len(starts) else end
            if begin <= end:
                found.append((trimester.value, begin, min(after, end)))
    if birth is not None:
        found.append((AFTER_BIRTH, birth, birth + timedelta(days=POSTPARTUM_YEARS * 366)))
    return found
