"""Changes are described in plain words, and the text of an undo says what undoing does."""

from dataclasses import replace
from datetime import date, timedelta

from holdwell.domain.models import (
    BirthKind,
    Condition,
    CrampLeg,
    Cue,
    DayPart,
    Moment,
    Pregnancy,
    Routine,
    RoutineStretch,
    Side,
    Tracking,
    new_id,
)
from holdwell.store import change_log, undo
from holdwell.store.repository import Store
from holdwell.ui.history import change_text
from holdwell.ui.history.change_text import RowText
from tests.conftest import MakeSession

DAY = date(2026, 11, 24)


def described(store: Store) -> RowText:
    """Return the description of the only row of the latest change."""
    (part,) = change_text.describe(undo.changes(store, limit=1)[0], DAY)
    return part


def test_an_edit_of_a_session(store: Store, now: Moment, make_session: MakeSession) -> None:
    session = make_session(DAY, 20, before=6, after=4)
    store.save(session, now)
    assert described(store) == RowText(
        "Session of Tue 24 Nov, 20:00 added", (), ("Undoing it deletes it.",)
    )
    edited = replace(session, pain_after=3, note="hot\nbath " + "x" * 80, holds=session.holds[:1])
    store.save(edited, now)
    shown = "“hot bath " + "x" * 50 + "…”"
    assert described(store) == RowText(
        "Session of Tue 24 Nov, 20:00 changed",
        ("holds 2 holds (1 min 10 s) → 1 hold (35 s)", "pain after 4 → 3", f"note none → {shown}"),
        (
            "Undoing it sets holds 1 hold (35 s) → 2 holds (1 min 10 s), pain after 3 → 4, "
            f"note {shown} → none.",
        ),
    )
    moved = replace(
        edited, started=Moment(session.started.utc - timedelta(days=1), 0),
        local_day=DAY - timedelta(1), part=DayPart.OTHER, pain_after=None,
    )  # fmt: skip
    store.save(moved, now)
    assert described(store).title == "Session of Tue 24 Nov, 20:00 changed"
    assert described(store).lines == (
        "time Tue 24 Nov, 20:00 → Mon 23 Nov, 20:00",
        "part of the day Bedtime → Another time",
        "pain after 3 → none",
    )


def test_a_session_without_a_time_is_named_by_its_day(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = replace(make_session(DAY, 12, before=6), time_known=False)
    store.save(session, now)
    assert described(store).title == "Session of Tue 24 Nov added"
    store.save(replace(session, pain_before=4), now)
    assert described(store).title == "Session of Tue 24 Nov changed"
    earlier = make_session(DAY - timedelta(1), 20)
    moved = replace(session, started=earlier.started, local_day=earlier.local_day)
    store.save(moved, now)
    assert described(store).lines[0] == "time Tue 24 Nov → Mon 23 Nov"
    store.save(replace(moved, time_known=True), now)
    assert described(store).title == "Session of Mon 23 Nov changed"
    store.delete("session", session.id, now)
    assert described(store).title == "Session of Mon 23 Nov, 20:00 deleted"


def test_the_text_of_an_undo_says_what_it_would_do_now(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, 20, after=4)
    store.save(session, now)
    store.save(replace(session, pain_after=3), now)
    change_id = undo.changes(store, limit=1)[0].id
    store.save(replace(session, pain_after=1), now)

    def undo_text() -> tuple[str, ...]:
        with store.change(now):
            found = undo.read_change(store, change_id)
        assert found is not None
        return change_text.describe(found, DAY)[0].undo

    assert undo_text() == ("Undoing it sets pain after 1 → 4.",)
    store.delete("session", session.id, now)
    assert described(store) == RowText(
        "Session of Tue 24 Nov, 20:00 deleted", (), ("Undoing it brings it back.",)
    )
    assert undo_text() == ("Undoing it sets pain after 1 → 4.", "It stays deleted.")
    undo.undo(store, change_id, now)
    assert undo_text() == ()
    store.restore("session", session.id, now)
    assert described(store).title == "Session of Tue 24 Nov, 20:00 brought back"


def test_cramps_and_dates(store: Store, now: Moment) -> None:
    store.save_cramp(DAY, CrampLeg.LEFT, now)
    assert described(store).title == "Cramps noted for the night of Tue 24 Nov"
    store.add_cramp(DAY, CrampLeg.RIGHT, now)
    assert described(store).lines == ("leg left → both",)
    store.save_cramp(DAY, None, now)
    assert described(store).undo == ("Undoing it brings it back.",)
    pregnancy = Pregnancy(due_date=DAY)
    store.save_pregnancy(pregnancy, now)
    assert described(store).title == "Your dates added"
    store.save_pregnancy(
        replace(pregnancy, ended=True, birth_date=DAY, birth_kind=BirthKind.CAESAREAN), now
    )
    assert described(store).lines == (
        "birth date none → Tue, 24 Nov 2026",
        "birth none → caesarean",
        "weeks shown on → off",
    )


def test_settings(store: Store, now: Moment) -> None:
    store.save_profile(store.profile(), now)
    store.save_profile(
        replace(
            store.profile(), goal_per_week=9, hold_seconds=60, get_ready_seconds=0,
            first_side=Side.RIGHT, sound=False, voice=False, vibration=False, volume=30,
            quiet_cues=frozenset({Cue.BEGIN, Cue.DONE}), tracking=Tracking.PAUSED, language="en",
            conditions=frozenset({Condition.DIZZINESS}),
        ),
        now,
    )  # fmt: skip
    assert described(store).title == "Settings changed"
    assert described(store).lines == (
        "goal a week 14 → 9",
        "hold of a new routine 35 s → 1 min 0 s",
        "time to get ready 15 s → 0 s",
        "first side left → right",
        "tones on → off",
        "voice on → off",
        "buzz on → off",
        "volume in percent 80 → 30",
        "cues left out none → Begin and Done",
        "tracking on → off",
        "language none → English",
        "what the guide adapts to none → dizziness",
    )


def test_a_routine_that_only_moved_for_another_is_not_shown(store: Store, now: Moment) -> None:
    items = (RoutineStretch("side_reach"), RoutineStretch("no_longer_taught", 60))
    made = [Routine(new_id(), name, items[:1]) for name in "AB"]
    store.save_routines(made, now)
    store.save_routines(made[1:], now)
    assert described(store) == RowText("Routine “A” deleted", (), ("Undoing it brings it back.",))
    changed = replace(made[1], name="C", stretches=items, extra_side=Side.LEFT, rest_s=5)
    store.save_routines([changed], now)
    assert described(store).title == "Routine “B” changed"
    assert described(store).lines == (
        "name “B” → “C”",
        "side with one hold more none → left",
        "rest 0 s → 5 s",
        "stretches Side reach 35 s → Side reach 35 s and no_longer_taught 1 min 0 s",
    )
    store.save_routines([*made], now)
    store.save_routines([*reversed(made)], now)
    parts = change_text.describe(undo.changes(store, limit=1)[0], DAY)
    assert sorted(line for part in parts for line in part.lines) == ["place 1 → 2", "place 2 → 1"]


def test_every_column_that_can_change_has_words(store: Store) -> None:
    for table in change_log.TRACKED:
        for column in store.db.table(table).columns:
            name = column.name
            known = {*change_text._TIMES, *change_text._SHOWN, *change_text._SILENT}
            assert name in known, f"{table}.{name}"
