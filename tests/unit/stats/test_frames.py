"""Counts and frames: a history counted by hand, and what must hold for any history."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from holdwell.domain.dated import Goal, GoalHistory, Pause
from holdwell.domain.models import CrampLeg, DayPart, Moment, Pregnancy, SessionState
from holdwell.domain.week_axis import WeekAxis, calendar_axis, stage_axis
from holdwell.stats import frames, queries
from holdwell.stats.scores import spread
from holdwell.store.repository import Store
from tests.conftest import MakeSession, scratch_folder
from tests.support.axes import week_axes

MONDAY = date(2026, 11, 23)
BIRTH = date(2026, 9, 1)
DUE = date(2026, 9, 4)


def test_a_history_counted_by_hand(store: Store, now: Moment, make_session: MakeSession) -> None:
    week = [MONDAY - timedelta(7), MONDAY - timedelta(7), MONDAY - timedelta(1), MONDAY]
    scores = [(6, 4), (8, 4), (7, None), (5, 5)]
    made = [
        make_session(day, before=before, after=after)
        for day, (before, after) in zip(week, scores, strict=True)
    ]
    made += [
        make_session(MONDAY, part=DayPart.MORNING, state=SessionState.LOGGED, held=0),
        make_session(MONDAY, part=DayPart.OTHER),
        # These do not count: nothing held, not ended, deleted.
        make_session(MONDAY, state=SessionState.STOPPED, held=0, before=9),
        replace(make_session(MONDAY, state=SessionState.OPEN), ended=None),
        make_session(MONDAY, before=10, after=10),
    ]
    store.save_all(made, now)
    store.delete("session", made[-1].id, now)

    axis = calendar_axis()
    first, last = MONDAY - timedelta(7), MONDAY
    assert queries.first_session_day(store) == first
    rows_by_week = queries.sessions_by_week(store, axis, first, last)
    history = GoalHistory([Goal(first, 3)])
    frame = frames.weekly_sessions(rows_by_week, axis, first, last, history=history)
    assert list(frame["sessions"]) == [3, 3]
    assert list(frame["full"]) == [True, False]
    numbers = frames.consistency(frame)
    assert (numbers.sessions, numbers.full_weeks, numbers.per_full_week, numbers.goal_met) == (
        6, 1, 3.0, 1,
    )  # fmt: skip

    scores_found = queries.scores_by_week(store, axis, first, last)
    pain = frames.weekly_pain(scores_found, axis, first, last)
    rows = [
        (row["when"], row["median"], row["low"], row["high"], row["scores"])
        for _, row in pain[pain["scores"] > 0].iterrows()
    ]
    assert rows == [
        ("before", 7.0, 6.5, 7.5, 3),
        ("after", 4.0, 4.0, 4.0, 2),
        ("before", 5.0, 5.0, 5.0, 1),
        ("after", 5.0, 5.0, 5.0, 1),
    ]

    parts = {p.day: p for p in queries.parts_by_day(store, first, last)}
    assert parts[MONDAY] == queries.DayParts(MONDAY, morning=1, bedtime=1, other=1)
    days = frames.daily_parts(list(parts.values()), first, last)
    assert (len(days), int(days["total"].sum())) == (8, 6)
    for weekday, place in ((0, 0), (6, 1), (5, 2)):
        monday = frames.daily_parts([], MONDAY, MONDAY, weekday).iloc[0]
        begins = MONDAY - timedelta(place)
        assert (monday["week"].date(), monday["weekday"]) == (begins, place)


def test_cramp_nights_counted_by_hand(store: Store, now: Moment) -> None:
    for back, leg in enumerate((CrampLeg.LEFT, CrampLeg.NONE, CrampLeg.BOTH, CrampLeg.NONE)):
        store.save_cramp(MONDAY + timedelta(3 - back), leg, now)
    axis = calendar_axis()
    rows = queries.cramps_by_week(store, axis, MONDAY, MONDAY + timedelta(6))
    week = axis.index(MONDAY)
    assert rows == {week: queries.CrampCount(left=1, right=0, both=1, answered=4)}
    assert rows[week] == queries.cramps(store, MONDAY, MONDAY + timedelta(6))
    assert rows[week].cramps == 2
    frame = frames.weekly_cramps(rows, axis, MONDAY - timedelta(7), MONDAY)
    assert list(frame["cramps"]) == [0, 2]


HISTORY = st.lists(
    st.tuples(
        st.integers(0, 120),
        st.sampled_from(list(DayPart)),
        st.none() | st.integers(0, 10),
        st.none() | st.integers(0, 10),
    ),
    max_size=40,
)


@hypothesis_settings(max_examples=25)
@given(HISTORY, week_axes())
def test_weeks_add_up_to_days_and_to_the_history(
    history: list[tuple[int, DayPart, int | None, int | None]], axis: WeekAxis
) -> None:
    from tests.support.histories import new_database, session_on

    first, last = MONDAY - timedelta(120), MONDAY
    made = [
        session_on(first + timedelta(day), part, before, after)
        for day, part, before, after in history
    ]
    with scratch_folder() as folder:
        store = Store(new_database(Path(folder) / "holdwell.db"))
        store.save_all(made, made[0].started if made else session_on(first).started)
        weekly = frames.weekly_sessions(
            queries.sessions_by_week(store, axis, first, last), axis, first, last
        )
        daily = frames.daily_parts(queries.parts_by_day(store, first, last), first, last)
        scores = queries.scores_by_week(store, axis, first, last)
        store.close()
    assert int(weekly["sessions"].sum()) == int(daily["total"].sum()) == len(made)
    by_week = Counter(axis.index(s.local_day) for s in made)
    counted = dict(zip(weekly["index"], weekly["sessions"], strict=True))
    assert {week: n for week, n in counted.items() if n} == by_week
    pain = frames.weekly_pain(scores, axis, first, last)
    for after, word in ((False, frames.BEFORE), (True, frames.AFTER)):
        for index in set(by_week):
            mine = [
                s.pain_after if after else s.pain_before
                for s in made
                if axis.index(s.local_day) == index
            ]
            known = [score for score in mine if score is not None]
            row = pain[(pain["index"] == index) & (pain["when"] == word)].iloc[0]
            assert row["scores"] == len(known)
            if known:
                assert row["median"] == pytest.approx(float(np.median(known)))
            else:
                assert np.isnan(row["median"])


@given(st.dictionaries(st.integers(0, 10), st.integers(1, 30), min_size=1))
def test_quantiles_of_counts_are_those_of_the_scores(counts: dict[int, int]) -> None:
    scores = [score for score, n in counts.items() for _ in range(n)]
    found = spread(counts.items())
    assert found is not None
    quartiles = [found.low, found.median, found.high]
    assert quartiles == pytest.approx(list(np.quantile(scores, (0.25, 0.5, 0.75))))
    assert quartiles == sorted(quartiles)
    assert found.scores == len(scores)


def test_quantiles_need_a_score() -> None:
    assert spread([]) is spread([(4, 0)]) is None


def test_a_week_without_scores_stays_a_gap() -> None:
    axis = calendar_axis()
    first = MONDAY - timedelta(14)
    rows = [queries.ScoreCount(axis.index(day), False, 4, 1) for day in (first, MONDAY)]
    frame = frames.weekly_pain(rows, axis, first, MONDAY)
    middle = frame[frame["index"] == axis.index(MONDAY - timedelta(7))]
    assert middle["median"].isna().all()


def test_frames_cover_every_week_once() -> None:
    axis = stage_axis(Pregnancy(due_date=DUE, birth_date=BIRTH))
    assert axis is not None
    frame = frames.weekly_sessions({}, axis, BIRTH - timedelta(30), MONDAY)
    assert frame["index"].is_unique
    assert isinstance(frame, pd.DataFrame)
    assert frame["from_day"].is_monotonic_increasing


def test_a_week_is_not_full_before_its_last_day_is_over() -> None:
    first, sunday = MONDAY - timedelta(7), MONDAY + timedelta(6)
    axis = calendar_axis()
    frame = frames.weekly_sessions({}, axis, first, sunday, sunday)
    assert list(frame["full"]) == [True, False]
    frame = frames.weekly_sessions({}, axis, first, sunday, sunday + timedelta(1))
    assert list(frame["full"]) == [True, True]


def test_stretches_that_are_always_held_together_have_nothing_to_compare() -> None:
    rows = [
        queries.ScoreCount(stretch, after, 4, 6)
        for stretch in ("side_reach", "hinge_forward")
        for after in (False, True)
    ]
    assert not frames.groups_differ(frames.pain_groups(rows, []))
    rows.append(queries.ScoreCount("side_reach", False, 9, 3))
    assert frames.groups_differ(frames.pain_groups(rows, []))


def test_each_week_is_judged_by_the_goal_that_held_then() -> None:
    axis = calendar_axis()
    first = MONDAY - timedelta(28)
    rows = {axis.index(first + timedelta(7 * n)): 7 for n in range(4)}
    # On Sunday the goal becomes 14: the whole week is judged by it, those before by 7.
    history = GoalHistory([Goal(first, 7), Goal(MONDAY - timedelta(1), 14)])
    frame = frames.weekly_sessions(rows, axis, first, MONDAY - timedelta(1), MONDAY, history)
    assert list(frame["goal"]) == [7, 7, 7, 14]
    summed = frames.consistency(frame)
    assert (summed.goal_met, summed.full_weeks, summed.goals) == (3, 4, (7, 14))


def test_weeks_before_the_first_goal_are_judged_by_none() -> None:
    axis = calendar_axis()
    first = MONDAY - timedelta(28)
    rows = {axis.index(first + timedelta(7 * n)): 6 + n for n in range(4)}
    history = GoalHistory([Goal(MONDAY - timedelta(14), 9)])
    frame = frames.weekly_sessions(rows, axis, first, MONDAY - timedelta(1), MONDAY, history)
    assert list(frame["goal"].isna()) == [True, True, False, False]
    summed = frames.consistency(frame)
    assert (summed.goal_met, summed.goal_weeks, summed.full_weeks) == (1, 2, 4)


def test_a_week_with_paused_days_counts_neither_for_nor_against() -> None:
    axis = calendar_axis()
    first, last = MONDAY - timedelta(21), MONDAY - timedelta(1)
    rows = {axis.index(first): 14, axis.index(last): 14}
    pause = Pause(first + timedelta(7), last - timedelta(7))
    history = GoalHistory([Goal(first, 14)], [pause])
    summed = frames.consistency(frames.weekly_sessions(rows, axis, first, last, MONDAY, history))
    assert (summed.goal_met, summed.full_weeks, summed.per_full_week) == (2, 2, 14.0)
