"""Saved data is read back exactly, and nothing is partly saved."""

import stat
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import (
    CrampLeg,
    Cue,
    DayPart,
    Moment,
    PainEntry,
    Pregnancy,
    Profile,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
    Side,
    Tracking,
    new_id,
)
from holdwell.store import sqlcipher
from holdwell.store.repository import Store, opened
from holdwell.store.rows import Row
from tests.conftest import MakeSession

DAY = date(2026, 11, 24)


def test_pragmas_are_the_ones_promised(store: Store) -> None:
    names = ("journal_mode", "foreign_keys", "synchronous")
    values = [store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert values == ["wal", 1, 2]


def test_only_the_user_may_read_the_file(store: Store) -> None:
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_tables_are_the_ones_promised(store: Store) -> None:
    assert set(store.db.table_names()) == {
        "profile", "pregnancy", "session", "hold", "cramp", "routine", "check_in", "change", "meta",
        "pain", "goal", "pause", "due_date", "left_out_day",
    }  # fmt: skip


def test_a_new_store_has_a_default_profile(store: Store) -> None:
    profile = store.profile()
    assert profile == Profile(id=profile.id)
    assert not profile.welcomed


def test_profile_comes_back_as_saved(store: Store, now: Moment) -> None:
    profile = replace(
        store.profile(),
        goal_per_week=3,
        hold_seconds=90,
        get_ready_seconds=0,
        first_side=Side.RIGHT,
        sound=False,
        voice=False,
        vibration=False,
        volume=30,
        quiet_cues=frozenset({Cue.HALFWAY, Cue.LAST}),
        tracking=Tracking.PAUSED,
        welcomed=True,
        safety_seen=True,
    )
    store.save_profile(profile, now)
    assert store.profile() == profile


def test_routines_come_back_as_saved_in_their_order(store: Store, now: Moment) -> None:
    first = Routine(
        new_id(),
        "Evening",
        (RoutineStretch("b", 60), RoutineStretch("a", 20)),
        part=DayPart.BEDTIME,
        first_side=Side.RIGHT,
        extra_side=Side.LEFT,
        repeats=3,
        rest_s=15,
    )
    second = Routine(new_id(), "Quick", (RoutineStretch("a"),))
    store.save_routines([first, second], now)
    assert store.routines() == [first, second]
    store.save_routines([second], now)
    assert store.routines() == [second]
    store.save_routines([second, first], now)
    assert store.routines() == [second, first]


def test_a_change_sees_what_another_window_saved(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    other = Store(store.path)

    def add_note(known: Session | None) -> Session:
        assert known is not None
        return replace(known, note="kept")

    other.change_session(session.id, add_note, now)
    other.close()
    store.change_session(session.id, lambda known: replace(known or session, comfort=4), now)
    changed = store.session(session.id)
    assert changed == replace(session, note="kept", comfort=4)


def test_a_deleted_session_is_not_changed(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    store.delete("session", session.id, now)
    assert store.change_session(session.id, lambda known: known or session, now) is None
    assert store.session(session.id) is None


def test_pregnancy_comes_back_as_saved(store: Store, now: Moment) -> None:
    assert store.pregnancy() is None
    pregnancy = Pregnancy(due_date=DAY, birth_date=DAY - timedelta(3))
    store.save_pregnancy(pregnancy, now)
    assert store.pregnancy() == pregnancy
    ended = replace(pregnancy, ended=True)
    store.save_pregnancy(ended, now)
    assert store.pregnancy() == ended


def test_session_comes_back_as_saved_after_reopening(
    tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    path = tmp_path / "holdwell.db"
    session = replace(
        make_session(DAY, before=6, after=4), comfort=5, note="<b>*x*</b> 'quoted' ☂\nline"
    )
    first = Store(path)
    first.save(session, now)
    first.close()
    second = Store(path)
    assert second.session(session.id) == session
    assert second.sessions(limit=10) == [session]
    second.close()


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_moment_keeps_instant_and_wall_clock(wall: datetime, offset: int) -> None:
    wall = wall.replace(microsecond=wall.microsecond // 1000 * 1000)
    aware = wall.replace(tzinfo=timezone(timedelta(minutes=offset)))
    moment = Moment.of(aware)
    back = Moment.from_iso(moment.iso, moment.utc_offset)
    assert back == moment
    assert back.local.replace(tzinfo=None) == wall
    assert back.utc.tzinfo is UTC


def test_many_sessions_are_read_with_few_parameters_of_sqlite(
    store: Store, now: Moment, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = [make_session(DAY - timedelta(n)) for n in range(9)]
    store.save_all(sessions, now)
    given: list[int] = []

    def rows(sql: str, parameters: Iterable[object] = ()) -> list[Row]:
        given.append(len(list(parameters)))
        return list(store.db.query(sql, list(parameters)))

    monkeypatch.setattr(store, "rows", rows)
    assert store.find(Session, order="local_day DESC") == sessions
    assert given == [0, 1]


def test_saving_twice_is_saving_once(store: Store, now: Moment, make_session: MakeSession) -> None:
    session = make_session(DAY)
    for _ in range(3):
        store.save(session, now)
    assert store.session_count() == 1
    assert store.rows("SELECT count(*) AS n FROM hold")[0]["n"] == len(session.holds)


def test_saving_many_leaves_existing_entries(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session, score = make_session(DAY), PainEntry(DAY, 4)
    store.save(replace(session, note="mine"), now)
    store.save(replace(score, note="mine too"), now)
    new = make_session(DAY - timedelta(1))
    store.save_all([session, new, score, PainEntry(DAY, 5)], now)
    assert [one.note for one in store.sessions(limit=9)] == ["mine", ""]
    assert [one.note for one in store.find(PainEntry, order="score")] == ["mine too", ""]
    assert store.session(new.id) == new


def test_an_edit_replaces_holds(store: Store, now: Moment, make_session: MakeSession) -> None:
    session = make_session(DAY)
    store.save(session, now)
    edited = replace(session, holds=session.holds[:1], note="shorter")
    store.save(edited, now)
    assert store.session(session.id) == edited


def test_delete_hides_and_restore_brings_back(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY, before=3, after=2)
    store.save(session, now)
    store.delete("session", session.id, now)
    assert store.session(session.id) is None
    assert store.sessions(limit=10) == []
    assert store.is_deleted("session", session.id)
    assert store.deleted_sessions(5) == [session]
    store.restore("session", session.id, now)
    assert store.session(session.id) == session
    assert not store.is_deleted("session", session.id)


def test_newest_sessions_come_first(store: Store, now: Moment, make_session: MakeSession) -> None:
    made = [make_session(DAY - timedelta(n)) for n in range(5)]
    store.save_all(reversed(made), now)
    assert store.sessions(limit=2) == made[:2]
    assert store.sessions(limit=9) == made
    assert store.session_count() == 5


def test_open_session_is_found_and_not_listed(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    begun = replace(make_session(DAY, state=SessionState.OPEN), ended=None)
    store.save(begun, now)
    assert store.open_session() == begun
    assert store.sessions(limit=5) == []


def test_a_failed_write_leaves_nothing_behind(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(DAY)
    doubled = replace(session, holds=(session.holds[0], session.holds[0]))
    with pytest.raises(sqlcipher.IntegrityError):
        store.save(doubled, now)
    assert store.session(session.id) is None
    assert store.rows("SELECT count(*) AS n FROM hold")[0]["n"] == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [("pain_before", -1), ("pain_after", 11), ("comfort", 0), ("comfort", 6), ("part", "noon"),
     ("state", "lost"), ("local_day", "24.11.2026"), ("held_s", -1)],
)  # fmt: skip
def test_the_database_itself_refuses_invalid_values(
    store: Store, now: Moment, make_session: MakeSession, column: str, value: object
) -> None:
    session = make_session(DAY)
    store.save(session, now)
    with pytest.raises(sqlcipher.IntegrityError):
        store.db.execute(f"UPDATE session SET {column} = ? WHERE id = ?", [value, session.id])


def test_cramps_of_one_night_add_up(store: Store, now: Moment) -> None:
    assert store.cramp(DAY) is None
    store.save_cramp(DAY, CrampLeg.NONE, now)
    assert store.add_cramp(DAY, CrampLeg.LEFT, now).leg is CrampLeg.LEFT
    assert store.add_cramp(DAY, CrampLeg.LEFT, now).leg is CrampLeg.LEFT
    assert store.add_cramp(DAY, CrampLeg.RIGHT, now).leg is CrampLeg.BOTH
    known = store.cramp(DAY)
    assert known is not None
    assert known.leg is CrampLeg.BOTH
    assert store.rows("SELECT count(*) AS n FROM cramp")[0]["n"] == 1


def test_a_removed_cramp_can_be_added_again(store: Store, now: Moment) -> None:
    store.save_cramp(DAY, CrampLeg.LEFT, now)
    store.save_cramp(DAY, None, now)
    assert store.cramp(DAY) is None
    store.save_cramp(DAY, CrampLeg.RIGHT, now)
    known = store.cramp(DAY)
    assert known is not None
    assert known.leg is CrampLeg.RIGHT


def test_two_windows_write_to_one_file(
    tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    path = tmp_path / "holdwell.db"
    one, two = Store(path), Store(path)
    for number in range(20):
        (one if number % 2 else two).save(
            make_session(DAY - timedelta(number), part=DayPart.MORNING), now
        )
    assert one.session_count() == two.session_count() == 20
    one.close()
    two.close()


def test_one_run_of_a_page_reads_the_profile_once_until_it_writes(tmp_path: Path) -> None:
    now = Moment.of(datetime(2026, 11, 24, 20, tzinfo=UTC))
    with opened(tmp_path / "holdwell.db") as other:
        run = Store(other.path, own_changes=set())
        assert run.profile().language == ""
        other.save_profile(replace(other.profile(), language="es"), now)
        assert run.profile().language == "", "this run goes on with what it began with"
        with run.writing():
            assert run.profile().language == "es", "a write builds on what is there"
        assert run.profile().language == "es"
        run.save_profile(replace(run.profile(), language="en"), now)
        assert run.profile().language == "en", "and sees itself"
        run.close()
