"""Every edit, delete and undo can be undone; the timer's own writes are not in the change log."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from holdwell.domain.models import (
    CrampLeg,
    CrampNight,
    Moment,
    Pregnancy,
    Routine,
    RoutineStretch,
    SessionState,
    new_id,
)
from holdwell.store import undo
from holdwell.store.repository import Store, opened
from holdwell.transfer import exporting
from tests.conftest import MakeSession
from tests.support.ledger import Window
from tests.unit.store.conftest import last, later

DAY = date(2026, 11, 24)


def test_an_edit_is_undone_with_its_holds_and_so_is_the_undo(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, before=6, after=4)
    store.save(session, now)
    edited = replace(session, pain_after=3, note="better", holds=session.holds[:1])
    store.save(edited, now)
    again = undo.undo(store, last(store), now)
    assert store.session(session.id) == session
    assert again is not None
    undo.undo(store, again, now)
    assert store.session(session.id) == edited
    assert undo.change_count(store) == 4, "nothing is taken out of the list"


def test_undo_reverts_one_edit_and_keeps_later_edits_elsewhere(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, before=6, after=4)
    store.save(session, now)
    store.save(replace(session, pain_after=3), now)
    first = last(store)
    store.save(replace(session, pain_after=2, note="n"), now)
    undo.undo(store, first, now)
    assert store.session(session.id) == replace(session, note="n")
    undo.undo(store, last(store), now)
    assert store.session(session.id) == replace(session, pain_after=2, note="n")


def test_a_later_edit_of_the_same_field_in_another_window_is_noticed(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, before=6, after=4)
    store.save(session, now)
    added = last(store)
    store.save(replace(session, pain_after=3), now)
    edit = last(store)
    store.save(replace(session, pain_after=5), now)
    assert not undo.was_edited_elsewhere(store, edit), "it was edited in this window"
    with opened(store.path) as other:
        other.save(replace(session, pain_after=5, note="n"), now)
        assert not undo.was_edited_elsewhere(store, edit), "another field was edited"
        assert undo.was_edited_elsewhere(store, added), "undoing it would delete the note"
        other.save(replace(session, pain_after=2, note="n"), now)
        assert undo.was_edited_elsewhere(store, edit)
        assert not undo.was_edited_elsewhere(other, last(other))
        other.delete("session", session.id, now)
    assert not undo.was_edited_elsewhere(store, added), "there is nothing left to undo"
    assert not undo.was_edited_elsewhere(store, "unknown")


def test_the_answer_of_another_window_for_the_same_night_is_known_too(
    store: Store, now: Moment
) -> None:
    store.save_cramp(DAY, CrampLeg.LEFT, now)
    store.save_cramp(DAY, None, now)
    deleted = last(store)
    with opened(store.path) as other:
        other.save_cramp(DAY, CrampLeg.RIGHT, now)
        added = last(other)
        assert undo.was_edited_elsewhere(store, deleted), "undoing it would delete the new answer"
        undo.undo(other, added, now)
    assert not undo.was_edited_elsewhere(store, deleted), "the night has no answer again"
    store.save_cramp(DAY, CrampLeg.BOTH, now)
    assert not undo.was_edited_elsewhere(store, deleted), "it was answered in this window"


def test_a_row_that_an_undo_would_not_change_counts_for_nothing(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, before=6)
    store.save(session, now)
    with store.change(now) as made:
        store.save(replace(session, note="n"), now)
        store.save_cramp(DAY, CrampLeg.LEFT, now)
    with opened(store.path) as other:
        other.save(session, now)
    assert not undo.was_edited_elsewhere(store, made.id), "only the cramp is left to undo"


def test_an_edit_that_continues_another_is_undone_with_it(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, before=6)
    store.save(session, now)

    def write(note: str, continues: str) -> str:
        with store.change(now, continues=continues) as change:
            store.save(replace(session, note=note), now)
        return change.id

    first = write("woke", last(store))
    assert undo.change_count(store) == 2, "what was added is not continued"
    second = write("woke me", first)
    third = write("woke me up", second)
    assert undo.change_count(store) == 2 and last(store) == third
    undo.undo(store, third, now)
    assert store.session(session.id) == session
    # Changed by something else meanwhile, it is an edit of its own.
    fourth = write("again", third)
    assert undo.change_count(store) == 4
    undo.undo(store, fourth, now)
    assert store.session(session.id) == session


def test_a_session_goes_back_to_its_day_as_a_whole(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    hour = replace(session, started=later(session.started, hours=-1))
    store.save(hour, now)
    first = last(store)
    store.save(replace(hour, started=later(hour.started, days=-1),
                               local_day=DAY - timedelta(1)), now)  # fmt: skip
    undo.undo(store, first, now)
    assert store.session(session.id) == session


def test_what_was_added_or_deleted_is_undone(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = replace(make_session(DAY), state=SessionState.LOGGED)
    store.save(session, now)
    added = last(store)
    undo.undo(store, added, now)
    assert store.session(session.id) is None
    assert undo.undo(store, added, now) is None, "there is nothing left to undo"
    undo.undo(store, last(store), now)
    store.delete("session", session.id, now)
    undo.undo(store, last(store), now)
    assert store.session(session.id) == session


def test_two_writes_in_one_change_are_undone_as_one(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    with store.change(now) as made:
        store.save(replace(session, note="x"), now)
        store.save_cramp(DAY, CrampLeg.LEFT, now)
    assert undo.undo(store, made.id, now)
    assert store.session(session.id) == session
    assert store.cramp(DAY) is None


def test_an_interrupted_change_leaves_nothing(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    with pytest.raises(RuntimeError), store.change(now):
        store.save(replace(session, note="x"), now)
        raise RuntimeError
    assert store.session(session.id) == session
    assert undo.change_count(store) == 1
    store.save(replace(session, note="y"), now)
    assert undo.change_count(store) == 2


def test_a_night_has_one_answer_whatever_is_undone(store: Store, now: Moment) -> None:
    store.save_cramp(DAY, CrampLeg.LEFT, now)
    store.save_cramp(DAY, None, now)
    taken_back = last(store)
    store.save_cramp(DAY, CrampLeg.RIGHT, now)
    undo.undo(store, taken_back, now)
    known = store.cramp(DAY)
    assert known is not None
    assert known.leg is CrampLeg.LEFT
    undo.undo(store, last(store), now)
    known = store.cramp(DAY)
    assert known is not None
    assert known.leg is CrampLeg.RIGHT


def test_settings_are_undone_one_by_one(store: Store, now: Moment) -> None:
    store.save_profile(replace(store.profile(), welcomed=True), now)
    assert undo.change_count(store) == 0, "a first opening is no edit"
    store.save_profile(replace(store.profile(), volume=30), now)
    louder = last(store)
    store.save_profile(replace(store.profile(), goal_per_week=9), now)
    store.save_profile(replace(store.profile(), safety_seen=True), now)
    assert undo.change_count(store) == 2
    undo.undo(store, louder, now)
    found = store.profile()
    assert (found.volume, found.goal_per_week, found.safety_seen) == (80, 9, True)


def test_dates_and_routines_are_undone(store: Store, now: Moment) -> None:
    pregnancy = Pregnancy(due_date=DAY + timedelta(100))
    store.save_pregnancy(pregnancy, now)
    store.save_pregnancy(replace(pregnancy, due_date=None, birth_date=DAY), now)
    undo.undo(store, last(store), now)
    assert store.pregnancy() == pregnancy
    made = [Routine(new_id(), name, (RoutineStretch("side_reach"),)) for name in "ABC"]
    store.save_routines(made, now)
    store.save_routines([made[2], made[0]], now)
    undo.undo(store, last(store), now)
    assert store.routines() == made
    store.save_routines([replace(made[0], repeats=3), *made[1:]], now)
    (row,) = undo.changes(store, limit=1)[0].rows
    assert (row.before, row.after) == ({"repeats": 1}, {"repeats": 3})


def test_the_timer_leaves_no_changes(store: Store) -> None:
    window = Window(3)
    place = 0
    # The writes of three complete sessions, step by step, with ratings and edits in between.
    while window.write(place).life < 3:
        one = window.write(place)
        store.change_session(one.id, one.change, one.now)
        place += 1
    open_to_rest = store.rows(
        "SELECT 1 FROM change WHERE table_name = 'session' AND before IS NULL"
    )
    assert open_to_rest == []
    assert undo.change_count(store) < place / 2


def test_holds_that_a_late_report_adds_are_no_change(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    finished = make_session(DAY)
    begun = replace(finished, holds=finished.holds[:1], state=SessionState.OPEN, ended=None)
    for report in (begun, replace(begun, state=SessionState.FINISHED), finished):
        store.change_session(finished.id, lambda _, report=report: report, now)  # type: ignore[misc]
    assert undo.change_count(store) == 0
    store.change_session(finished.id, lambda _: replace(finished, pain_after=2), now)
    assert undo.change_count(store) == 1


def test_what_is_saved_in_bulk_is_no_change(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save_all([make_session(DAY), CrampNight(DAY, CrampLeg.LEFT)], now)
    assert undo.change_count(store) == 0
    assert "change" not in exporting.read_tables(store)


def test_after_thirty_days_a_change_is_pruned_and_a_tombstone_stays(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    store.delete("session", session.id, later(now, days=1))
    undo.prune(store, later(now, days=30))
    assert undo.change_count(store) == 2
    undo.prune(store, later(now, days=30, seconds=1))
    assert undo.change_count(store) == 1
    undo.prune(store, later(now, days=40))
    assert undo.change_count(store) == 0
    assert store.deleted_sessions(5) == [session]


def test_the_newest_changes_come_first(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    notes = [str(number) for number in range(7)]
    for note in notes:
        store.save(replace(session, note=note), now)
    found = undo.changes(store, limit=9)
    assert [change.rows[0].after.get("note") for change in found] == [*reversed(notes[1:]), None]
    assert undo.changes(store, limit=3) == found[:3]
    assert undo.change_count(store) == 7
