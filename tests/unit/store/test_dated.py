"""Dated facts keep their earlier values: goals, pauses, due dates, pain, days left out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from holdwell.domain.dated import Goal, Pause
from holdwell.domain.models import (
    BirthKind,
    DueDate,
    DueDateSource,
    LeftOutReason,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    Pregnancy,
    Tracking,
)
from holdwell.store import undo
from holdwell.store.repository import Store

DAY = date(2026, 11, 24)


def later(now: Moment, days: int) -> Moment:
    return Moment(now.utc + timedelta(days), now.utc_offset)


def held(store: Store) -> list[tuple[date, int]]:
    return [(goal.from_day, goal.goal_per_week) for goal in store.goals()]


def spans(store: Store) -> list[tuple[date, date | None]]:
    return [(pause.from_day, pause.to_day) for pause in store.pauses()]


def test_a_changed_goal_holds_from_its_day_on(store: Store, now: Moment) -> None:
    store.save_profile(replace(store.profile(), goal_per_week=7), now)
    assert held(store) == [(DAY, 7)]
    store.save_profile(replace(store.profile(), goal_per_week=14), later(now, 10))
    store.save_profile(replace(store.profile(), goal_per_week=12), later(now, 10))
    store.save_profile(replace(store.profile(), volume=5), later(now, 20))
    assert held(store) == [(DAY, 7), (DAY + timedelta(10), 12)]


def test_nothing_is_judged_without_a_chosen_goal(store: Store, now: Moment) -> None:
    store.save_profile(store.profile(), now)
    store.save_pregnancy(Pregnancy(due_date=date(2027, 3, 13)), now)
    assert store.goal_history().goals == ()
    store.choose_goal(store.profile().goal_per_week, now)
    assert store.goal_history().goal_on(DAY) == store.profile().goal_per_week
    store.save_profile(replace(store.profile(), tracking=Tracking.PAUSED), now)
    assert store.goal_history().goals == ()
    store.save_profile(replace(store.profile(), tracking=Tracking.ON), now)
    pregnancy = store.pregnancy()
    assert pregnancy is not None and store.goal_history().goals
    store.save_pregnancy(replace(pregnancy, ended=True), now)
    assert store.goal_history().goals == () and store.goals()


def test_a_goal_can_be_dropped_and_brought_back(store: Store, now: Moment) -> None:
    store.choose_goal(7, now)
    store.choose_goal(9, later(now, 10))
    with store.change(later(now, 11)) as change:
        store.drop_goals(later(now, 11))
    assert store.goals() == ()
    undo.undo(store, change.id, later(now, 11))
    assert held(store) == [(DAY, 7), (DAY + timedelta(10), 9)]
    store.drop_goals(later(now, 12))
    store.choose_goal(9, later(now, 12))
    assert held(store) == [(DAY + timedelta(12), 9)]


def test_a_new_goal_replaces_one_of_a_later_day(store: Store, now: Moment) -> None:
    """The later day may come from before a flight to the west, or from a clock that was ahead."""
    store.choose_goal(7, later(now, -10))
    tomorrow = (DAY + timedelta(1), 5)
    store.choose_goal(5, later(now, 1))
    with store.change(now) as change:
        store.save_profile(replace(store.profile(), goal_per_week=6), now)
    assert held(store) == [(DAY - timedelta(10), 7), (DAY, 6)]
    undo.undo(store, change.id, now)
    assert held(store) == [(DAY - timedelta(10), 7), tomorrow]
    # A goal that is chosen explicitly begins today, even if it is the same as before.
    for goal in (5, 7):
        store.choose_goal(5, later(now, 1))
        store.choose_goal(goal, now)
        assert held(store) == [(DAY - timedelta(10), 7), (DAY, goal)]


def test_undoing_a_new_goal_brings_the_earlier_one_back(store: Store, now: Moment) -> None:
    store.save_profile(replace(store.profile(), goal_per_week=7), now)
    store.save_profile(replace(store.profile(), goal_per_week=14), later(now, 10))
    (change,) = undo.changes(store, limit=10)
    undone = undo.undo(store, change.id, later(now, 11))
    assert undone is not None
    assert (held(store), store.profile().goal_per_week) == ([(DAY, 7)], 7)
    assert undo.undo(store, undone, later(now, 11)) is not None
    assert held(store) == [(DAY, 7), (DAY + timedelta(10), 14)]


def test_a_pause_and_its_end_are_dated(store: Store, now: Moment) -> None:
    store.save_profile(store.profile(), now)
    paused = replace(store.profile(), tracking=Tracking.PAUSED)
    store.save_profile(paused, later(now, 1))
    store.save_profile(replace(paused, volume=5), later(now, 2))
    assert spans(store) == [(DAY + timedelta(1), None)]
    store.save_profile(replace(paused, tracking=Tracking.ON), later(now, 22))
    assert spans(store) == [(DAY + timedelta(1), DAY + timedelta(21))]
    store.save_profile(paused, later(now, 30))
    store.save_profile(replace(paused, tracking=Tracking.ON), later(now, 30))
    assert len(store.pauses()) == 1, "a pause that ends on its first day was none"
    store.save_profile(paused, later(now, 30))
    assert spans(store)[1] == (DAY + timedelta(30), None)
    undo.undo(store, undo.changes(store, limit=1)[0].id, later(now, 31))
    assert (store.profile().tracking, len(store.pauses())) == (Tracking.ON, 1)


def test_a_pause_entered_later_is_saved_and_undone(store: Store, now: Moment) -> None:
    pause = Pause(DAY - timedelta(20), DAY - timedelta(3))
    store.save_pause(pause, now)
    store.save_pause(replace(pause, to_day=DAY), now)
    assert store.pauses() == (replace(pause, to_day=DAY),)
    store.delete("pause", pause.id, now)
    assert store.pauses() == ()
    with pytest.raises(ValueError, match="first day"):
        store.save_pause(Pause(DAY, DAY - timedelta(1)), now)


def test_a_corrected_due_date_keeps_the_earlier_one(store: Store, now: Moment) -> None:
    first, second = DAY + timedelta(100), DAY + timedelta(107)
    pregnancy = Pregnancy(due_date=first)
    store.save_pregnancy(pregnancy, now)
    store.save_pregnancy(replace(pregnancy, ended=True), now)
    moved = replace(pregnancy, due_date=second)
    scan = DueDate(pregnancy.id, second, DueDateSource.SCAN, None, DAY, 87)
    store.save_pregnancy(moved, later(now, 3), scan)
    known = store.due_dates(pregnancy.id)
    assert [(given.due_date, given.source, given.given_on) for given in known] == [
        (first, DueDateSource.DATE, DAY),
        (second, DueDateSource.SCAN, DAY + timedelta(3)),
    ]
    assert (known[1].source_day, known[1].source_days) == (DAY, 87)
    with pytest.raises(ValueError, match="not that of the pregnancy"):
        store.save_pregnancy(pregnancy, now, scan)
    undo.undo(store, undo.changes(store, limit=1)[0].id, later(now, 4))
    assert store.pregnancy() == replace(pregnancy, ended=True)
    assert [given.due_date for given in store.due_dates(pregnancy.id)] == [first]


def test_pain_is_logged_by_itself_changed_deleted_and_undone(store: Store, now: Moment) -> None:
    places = frozenset({PainPlace.LOWER_BACK, PainPlace.LEG})
    entry = PainEntry(DAY, 6, now, places, PainSide.LEFT, "after the stairs")
    only_day = PainEntry(DAY, 3)
    store.save(entry, now)
    store.save(only_day, now)
    store.save_all([PainEntry(DAY - timedelta(1), 2)], now)
    assert store.pains(limit=2) == [entry, only_day]
    assert store.get(PainEntry, only_day.id) == only_day
    assert store.session_count() == 0, "no session is made of it"
    store.save(replace(entry, score=7), now)
    store.delete("pain", entry.id, now)
    assert store.get(PainEntry, entry.id) is None
    undo.undo(store, undo.changes(store, limit=1)[0].id, now)
    assert store.get(PainEntry, entry.id) == replace(entry, score=7)


def test_days_are_left_out_and_included_again(store: Store, now: Moment) -> None:
    days = [DAY - timedelta(n) for n in range(3)]
    store.leave_out(days, LeftOutReason.FALL, now)
    store.leave_out(days[:1], None, now)
    found = store.left_out_days()
    assert [(left_out.day, left_out.reason) for left_out in found] == [
        (days[2], LeftOutReason.FALL),
        (days[1], LeftOutReason.FALL),
        (days[0], None),
    ]
    with store.change(now):
        for left_out in found[:2]:
            store.delete("left_out_day", left_out.id, now)
    assert [left_out.day for left_out in store.left_out_days()] == days[:1]
    undo.undo(store, undo.changes(store, limit=1)[0].id, now)
    assert len(store.left_out_days()) == 3


def test_goals_come_in_order(store: Store, now: Moment) -> None:
    for days in (20, 0, 10):
        store.save_profile(replace(store.profile(), goal_per_week=days + 1), later(now, days))
    assert [goal.from_day for goal in store.goals()] == sorted(g.from_day for g in store.goals())
    assert isinstance(store.goals()[0], Goal)


def test_an_edit_of_the_profile_keeps_what_another_window_saved_since(
    store: Store, now: Moment
) -> None:
    store.save_profile(store.profile(), now)
    shown = store.profile()
    store.save_profile(replace(shown, tracking=Tracking.PAUSED, volume=30), now)
    store.change_profile(shown, replace(shown, goal_per_week=9, volume=50), later(now, 1))
    paused = replace(shown, tracking=Tracking.PAUSED)
    assert store.profile() == replace(paused, goal_per_week=9, volume=50)
    assert len(store.pauses()) == 1 and store.pauses()[0].to_day is None
    changes = undo.change_count(store)
    store.change_profile(shown, shown, later(now, 2))
    assert undo.change_count(store) == changes


def test_an_edit_of_a_pregnancy_keeps_what_another_window_saved_since(
    store: Store, now: Moment
) -> None:
    shown = Pregnancy(due_date=date(2027, 3, 13))
    store.save_pregnancy(shown, now)
    store.save_pregnancy(replace(shown, birth_date=date(2027, 3, 1)), now)
    born = replace(shown, birth_kind=BirthKind.VAGINAL)
    store.change_pregnancy(shown, born, now)
    assert store.pregnancy() == replace(born, birth_date=date(2027, 3, 1))
    store.delete("pregnancy", shown.id, now)
    store.change_pregnancy(shown, replace(shown, ended=True), now)
    assert store.pregnancy() is None
