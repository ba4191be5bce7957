"""Saved data survives every interruption: a short version of `bench/durability`.

The other tests show that its checks would notice a loss.
"""

import sys
from pathlib import Path

import pytest

from holdwell.store.repository import Store
from tests.support.effort import attempts
from tests.support.ledger import Window, check_all, inspect

if sys.platform == "win32":
    pytest.skip("Windows has no SIGKILL", allow_module_level=True)

from tests.support.attacks import attack, crowd
from tests.support.operations import OPERATIONS, Trouble

SEED = 7
WINDOWS, SESSIONS = 4, 30


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("trouble", Trouble)
def test_what_was_saved_survives_every_interruption(
    tmp_path: Path, name: str, trouble: Trouble
) -> None:
    rounds = attempts(4 if trouble is Trouble.KILL else 1, 50)
    acknowledged = 0
    for number in range(rounds):
        folder = tmp_path / str(number)
        folder.mkdir()
        one, faults = attack(name, trouble, folder, SEED + number)
        assert faults == [], f"seed {SEED + number}"
        acknowledged += one.acknowledged + one.done + len(one.other_acknowledged)
        if trouble is Trouble.READ_ONLY:
            assert one.refused
        if trouble is Trouble.CLOCK_JUMP:
            assert one.done, one.refused
    if (name, trouble) == ("log", Trouble.KILL):
        # Otherwise the kills came before anything was written, and prove nothing.
        assert acknowledged >= rounds


@pytest.mark.parametrize("old", [False, True], ids=["new file", "old file"])
@pytest.mark.parametrize("sessions", [1, SESSIONS])
def test_windows_that_open_at_the_same_moment_all_save(
    tmp_path: Path, old: bool, sessions: int
) -> None:
    """When the app starts again, all open tabs reconnect at once."""
    for number in range(attempts(3 if sessions == 1 else 1, 20)):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = crowd(folder, SEED + number, WINDOWS, sessions, old=old)
        assert found.faults == []
        assert found.refusals == 0


@pytest.fixture
def logged(store: Store) -> Window:
    """Return a window whose writes so far are all in the database: three sessions and a part."""
    window = Window(SEED)
    place = 0
    while window.write(place).life < 3 or window.write(place).number < 3:
        write = window.write(place)
        assert store.change_session(write.id, write.change, write.now) == write.after
        place += 1
    assert window.look(store, place) == []
    assert window.kept == place
    return window


def kinds(faults: list[str]) -> set[str]:
    return {fault.partition(":")[0] for fault in faults}


def test_the_checks_find_no_fault_in_an_intact_database(store: Store, logged: Window) -> None:
    assert inspect(store) == []
    assert check_all(store, logged.sessions) == []


def test_the_checks_allow_one_write_in_progress(store: Store, logged: Window) -> None:
    acknowledged = logged.kept
    for ahead in range(2):
        write = logged.write(acknowledged + ahead)
        store.change_session(write.id, write.change, write.now)
        if ahead == 0:
            assert logged.look(store, acknowledged) == []
            assert logged.kept == acknowledged + 1
            logged.kept = acknowledged
    # At most one write can be in progress; this database is two writes ahead.
    assert logged.look(store, acknowledged)


def test_the_checks_notice_a_lost_session(store: Store, logged: Window) -> None:
    store.db.execute("DELETE FROM session WHERE id = ?", [logged.write(logged.kept - 1).id])
    store.db.conn.commit()
    assert kinds(logged.look(store, logged.kept)) == {"lost"}
    assert kinds(check_all(store, logged.sessions)) == {"lost"}


def test_the_checks_notice_a_lost_write(store: Store, logged: Window) -> None:
    before = logged.write(logged.kept - 2)
    store.save(before.after, before.now)
    assert [f.split(" of ")[0] for f in logged.look(store, logged.kept)] == [
        "lost: the last 1 writes"
    ]


def test_the_checks_notice_a_lost_hold(store: Store, logged: Window) -> None:
    store.db.execute(
        "DELETE FROM hold WHERE session_id = ? AND position = 0",
        [logged.write(logged.kept - 1).id],
    )
    store.db.conn.commit()
    assert kinds(inspect(store)) == {"broken"}
    assert kinds(logged.look(store, logged.kept)) == {"half-written"}
    assert kinds(check_all(store, logged.sessions)) == {"lost", "half-written"}


def test_the_checks_notice_a_doubled_hold(store: Store, logged: Window) -> None:
    one = logged.write(0).id
    store.db.execute(
        "INSERT INTO hold SELECT 'another', session_id, position, stretch, side, planned_s, "
        "held_s, outcome, started_at, utc_offset FROM hold WHERE session_id = ? LIMIT 1",
        [one],
    )
    store.db.conn.commit()
    assert "doubled" in kinds(inspect(store))
    assert "doubled" in kinds(check_all(store, logged.sessions))


def test_the_checks_notice_a_hold_without_its_session(store: Store, logged: Window) -> None:
    assert logged.kept
    store.db.execute("PRAGMA foreign_keys=OFF")
    store.db.execute("DELETE FROM session WHERE id = ?", [logged.write(0).id])
    store.db.conn.commit()
    assert "unsound" in kinds(inspect(store))
