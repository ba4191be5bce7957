"""Streaks, changes, groups and weeks: counted by hand, and compared with plain Python."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdwell.domain.dated import Goal, GoalHistory, Pause
from holdwell.domain.dates import AFTER_BIRTH, local_day, stage, trimester_spans
from holdwell.domain.models import (
    CrampLeg,
    CrampNight,
    DayPart,
    LeftOutReason,
    Moment,
    PainEntry,
    Pregnancy,
    Session,
    SessionState,
)
from holdwell.domain.week_axis import calendar_axis
from holdwell.stats import frames, queries
from holdwell.stats.queries import DayScore, Grouping, Streaks
from holdwell.store.repository import Store
from tests.conftest import MakeSession, scratch_folder
from tests.support.histories import new_database, session_on

MONDAY = date(2026, 11, 23)
TODAY = date(2026, 11, 26)
BACK = 60
HISTORY = st.lists(
    st.tuples(
        st.integers(0, BACK),
        st.sampled_from(list(DayPart)),
        st.none() | st.integers(0, 10),
        st.none() | st.integers(0, 10),
    ),
    min_size=1,
    max_size=40,
)
NIGHTS = st.dictionaries(st.integers(0, BACK), st.sampled_from(list(CrampLeg)), max_size=40)
Drawn = list[tuple[int, DayPart, int | None, int | None]]


def made(history: Drawn) -> list[Session]:
    return [
        session_on(TODAY - timedelta(back), part, before, after)
        for back, part, before, after in history
    ]


class Filled:
    """A store with a history, for the length of a test's example."""

    def __init__(self, sessions: Sequence[Session], nights: dict[date, CrampLeg]) -> None:
        self.folder = scratch_folder()
        self.store = Store(new_database(Path(self.folder.name) / "holdwell.db"))
        answers = [CrampNight(night, leg) for night, leg in nights.items()]
        self.store.save_all([*sessions, *answers], session_on(TODAY).started)

    def __enter__(self) -> Store:
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()
        self.folder.cleanup()


def test_streaks_by_hand(store: Store, now: Moment, make_session: MakeSession) -> None:
    assert queries.streaks(store, TODAY) == Streaks(0, 0)
    for back in (1, 2, 4, 5, 6, 7, 20):
        store.save(make_session(TODAY - timedelta(back)), now)
    store.save(make_session(TODAY - timedelta(1), 7), now)
    assert queries.streaks(store, TODAY) == Streaks(current=2, best=4), "today is still open"
    assert queries.streaks(store, TODAY + timedelta(1)) == Streaks(current=0, best=4)


@settings(max_examples=30)
@given(HISTORY)
def test_streaks_are_those_of_the_days(history: Drawn) -> None:
    sessions = made(history)
    days = sorted({s.local_day for s in sessions})
    lengths: list[list[date]] = []
    for day in days:
        if lengths and day - lengths[-1][-1] == timedelta(1):
            lengths[-1].append(day)
        else:
            lengths.append([day])
    current = next((len(r) for r in lengths if r[-1] >= TODAY - timedelta(1)), 0)
    with Filled(sessions, {}) as store:
        assert queries.streaks(store, TODAY) == Streaks(current, max(map(len, lengths)))


def test_a_pause_neither_breaks_nor_lengthens_a_streak(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    for back in (0, 1, 9, 10, 11):
        store.save(make_session(TODAY - timedelta(back)), now)
    store.save(make_session(TODAY - timedelta(5)), now)
    assert queries.streaks(store, TODAY) == Streaks(current=2, best=3)
    store.save_pause(Pause(TODAY - timedelta(8), TODAY - timedelta(2)), now)
    assert queries.streaks(store, TODAY) == Streaks(current=5, best=5)
    store.save_pause(Pause(TODAY - timedelta(1)), now)
    assert queries.streaks(store, TODAY) == Streaks(current=3, best=3), "it goes on after the pause"


def test_a_streak_skips_any_number_of_days_of_rest(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save_all([make_session(TODAY - timedelta(back)) for back in (0, 2, 4)], now)
    odd_days = [TODAY - timedelta(back) for back in range(1, 2400, 2)]
    history = GoalHistory(rests=[Pause(day, day) for day in odd_days])
    assert queries.streaks(store, TODAY, history=history) == Streaks(current=3, best=3)


def test_the_trend_reads_scores_with_and_without_a_session(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(TODAY, before=4, after=1), now)
    store.save_all([PainEntry(TODAY, 4, now), PainEntry(TODAY, 9)], now)
    gone = PainEntry(TODAY, 7)
    store.save(gone, now)
    store.delete("pain", gone.id, now)
    yesterday = TODAY - timedelta(1)
    store.save(PainEntry(yesterday, 10), now)
    store.leave_out([yesterday], LeftOutReason.FALL, now)
    assert queries.trend_scores(store, yesterday, TODAY) == [
        DayScore(yesterday, 10, 1, 1, True),
        DayScore(TODAY, 4, 2, 1),
        DayScore(TODAY, 9, 1, 1),
    ]


def test_a_routine_stopped_before_a_hold_was_finished_does_not_count(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    stopped = make_session(TODAY, before=6, state=SessionState.STOPPED, held=12)
    store.save(stopped, now)
    assert queries.first_session_day(store) is None
    assert queries.trend_scores(store, TODAY, TODAY) == []
    assert store.session_count() == 1, "it is kept"
    store.save(make_session(TODAY, before=6, state=SessionState.STOPPED), now)
    store.save(make_session(TODAY, before=6, held=12), now)
    assert [day.total for day in queries.parts_by_day(store, TODAY, TODAY)] == [2]


def test_changes_are_paired(store: Store, now: Moment, make_session: MakeSession) -> None:
    for before, after in ((6, 4), (6, 4), (3, 3), (2, 5), (7, None), (None, 1)):
        store.save(make_session(TODAY, before=before, after=after), now)
    rows = queries.pain_changes(store, TODAY, TODAY)
    assert rows == {-2: 2, 0: 1, 3: 1}
    summed = frames.change_summary(rows)
    assert summed is not None
    assert (summed.sessions, summed.fell, summed.little, summed.rose) == (4, 2, 1, 1)
    assert summed.median == -1.0
    assert frames.change_summary({}) is None


@settings(max_examples=30)
@given(HISTORY)
def test_changes_are_those_of_the_sessions(history: Drawn) -> None:
    sessions = made(history)
    pairs = [
        s.pain_after - s.pain_before
        for s in sessions
        if s.pain_before is not None and s.pain_after is not None
    ]
    with Filled(sessions, {}) as store:
        rows = queries.pain_changes(store, TODAY - timedelta(BACK), TODAY)
    assert sum(rows.values()) == len(pairs)
    summed = frames.change_summary(rows)
    if summed is not None:
        assert summed.median == pytest.approx(float(np.median(pairs)))
        assert summed.fell == sum(change <= -2 for change in pairs)
        assert summed.rose == sum(change >= 2 for change in pairs)
        assert summed.fell + summed.little + summed.rose == len(pairs)


def test_groups_by_hand(store: Store, now: Moment, make_session: MakeSession) -> None:
    for hour, part, scores in (
        (7, DayPart.MORNING, (2, 3, 3, 4, 9)),
        (21, DayPart.BEDTIME, (5, 6, 6, 7, 7, 8)),
        (13, DayPart.OTHER, (1,)),
    ):
        for number, score in enumerate(scores):
            session = make_session(TODAY - timedelta(number), hour, before=score, part=part)
            store.save(session, now)
    rows = queries.scores_by_group(store, Grouping.PART, TODAY - timedelta(30), TODAY)
    found = frames.pain_groups(rows, list(DayPart))
    assert [(g.group, g.scores, g.low, g.before, g.high, g.after) for g in found] == [
        ("morning", 5, 3.0, 3.0, 4.0, None),
        ("bedtime", 6, 6.0, 6.5, 7.0, None),
        ("other", 1, None, None, None, None),
    ]


DUE = TODAY + timedelta(20)


@settings(max_examples=30)
@given(HISTORY, st.none() | st.integers(0, BACK))
def test_stages_are_those_of_the_days(history: Drawn, born: int | None) -> None:
    birth = None if born is None else TODAY - timedelta(born)
    pregnancy = Pregnancy(due_date=DUE, birth_date=birth)
    sessions = made(history)
    expected: dict[str, int] = defaultdict(int)
    for session in sessions:
        if session.pain_before is None:
            continue
        age = stage(Pregnancy(due_date=DUE), session.local_day).age
        if birth is not None and session.local_day >= birth:
            expected[AFTER_BIRTH] += 1
        elif age is not None:
            expected[age.trimester.value] += 1
    with Filled(sessions, {}) as store:
        rows = queries.scores_by_group(
            store, Grouping.TRIMESTER, TODAY - timedelta(BACK), TODAY, pregnancy
        )
    counted: dict[str, int] = defaultdict(int)
    for row in rows:
        if not row.after:
            counted[row.group] += row.count
    assert counted == expected


def test_an_ended_pregnancy_has_no_stages() -> None:
    assert trimester_spans(Pregnancy(due_date=DUE, ended=True)) == []
    assert trimester_spans(None) == []


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.none() | st.integers(20 * 7, 44 * 7))
def test_stages_follow_on_without_gap_or_overlap(due: date, born: int | None) -> None:
    birth = None if born is None else due - timedelta(280) + timedelta(born)
    found = trimester_spans(Pregnancy(due_date=due, birth_date=birth))
    assert found[0][1] == due - timedelta(280)
    for (_, _, end), (_, begin, _) in pairwise(found):
        assert begin == end + timedelta(1)
    assert (found[-1][0] == AFTER_BIRTH) == (birth is not None)


def test_a_session_counts_for_each_stretch_it_held(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    one = make_session(TODAY, before=5)
    held = [replace(one.holds[0], stretch="side_reach"), replace(one.holds[1], stretch="other")]
    skipped = replace(make_session(TODAY).holds[0], stretch="third", held_s=0.0, position=2)
    store.save(replace(one, holds=(*held, skipped)), now)
    rows = queries.scores_by_group(store, Grouping.STRETCH, TODAY, TODAY)
    assert {(row.group, row.count) for row in rows} == {("side_reach", 1), ("other", 1)}


# -- days that are not 24 hours, and nights that end tomorrow -------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")


def at(wall: datetime) -> Session:
    """A session that begins at a wall-clock time in Berlin and takes four minutes."""
    begun = Moment.of(wall.replace(tzinfo=BERLIN))
    ended = Moment.of((begun.utc + timedelta(minutes=4)).astimezone(BERLIN))
    return replace(session_on(local_day(begun.local), before=4), started=begun, ended=ended)


@pytest.mark.parametrize(
    ("begun", "day"),
    [
        (datetime(2026, 10, 24, 23, 59), date(2026, 10, 24)),  # ends on the 25th
        (datetime(2026, 10, 25, 2, 30), date(2026, 10, 24)),  # the hour that comes twice
        (datetime(2026, 10, 25, 2, 30, fold=1), date(2026, 10, 24)),
        (datetime(2026, 10, 25, 23, 59), date(2026, 10, 25)),  # the end of a day of 25 hours
        (datetime(2026, 3, 29, 4, 0), date(2026, 3, 29)),  # two hours after 01:59
    ],
)
def test_a_session_belongs_to_the_day_it_began_on(store: Store, begun: datetime, day: date) -> None:
    session = at(begun)
    store.save(session, session.started)
    found = store.session(session.id)
    assert found is not None
    assert found.local_day == day
    assert found.started.local.replace(tzinfo=None) == begun.replace(fold=0)
    assert queries.parts_by_day(store, day, day)[0].total == 1
    axis = calendar_axis()
    weeks = queries.sessions_by_week(store, axis, day - timedelta(40), day + timedelta(40))
    assert weeks == {axis.index(day): 1}
    assert queries.sessions(store, day, day) == 1


@settings(max_examples=20)
@given(
    st.lists(st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)), min_size=1, max_size=30)
)
def test_weeks_and_months_of_changing_clocks_add_up(walls: list[datetime]) -> None:
    sessions = [at(wall) for wall in walls]
    first, last = date(2026, 2, 25), date(2026, 12, 3)
    with Filled(sessions, {}) as store:
        axis = calendar_axis()
        by_week = queries.sessions_by_week(store, axis, first, last)
        by_day = queries.parts_by_day(store, first, last)
        scores = queries.trend_scores(store, first, last)
    assert sum(by_week.values()) == sum(d.total for d in by_day) == len(sessions)
    assert sum(row.count for row in scores) == len(sessions)
    for week, count in by_week.items():
        assert sum(d.total for d in by_day if axis.index(d.day) == week) == count


def test_the_first_and_the_last_partial_week(store: Store) -> None:
    sessions = [session_on(day) for day in (date(2026, 11, 19), MONDAY, TODAY, TODAY)]
    store.save_all(sessions, sessions[0].started)
    axis = calendar_axis()
    first, last = date(2026, 11, 19), TODAY
    rows = queries.sessions_by_week(store, axis, first, last)
    history = GoalHistory([Goal(first, 1)])
    frame = frames.weekly_sessions(rows, axis, first, last, history=history)
    assert list(frame["sessions"]) == [1, 3]
    assert list(frame["full"]) == [False, False]
    assert list(frame["from_day"]) == [first, MONDAY]
    summed = frames.consistency(frame)
    assert (summed.per_full_week, summed.goal_met) == (None, 0), "no full week, no average"
