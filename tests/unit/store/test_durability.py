"""Saved means on disk: killed writers, many writers at once, and checks that would notice a loss.

The long versions are `bench/crash` and `bench/writers`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bench import crash, writers
from bench.ledger import Window, check_all, cut_mid_write, inspect
from holdwell.store.repository import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

SEED = 7
KILLS = 30
WRITERS, SESSIONS = 4, 240
OPENINGS = 8


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    rounds = crash.Rounds(tmp_path, SEED)
    for number in range(KILLS):
        rounds.play(number)
    rounds.end()
    tallies = rounds.tallies
    assert {kind: tally for kind, tally in tallies.items() if not tally.good} == {}
    assert sum(tally.rounds for tally in tallies.values()) == KILLS
    # Else the kills came before anything was written, and show nothing.
    assert sum(tally.writes for tally in tallies.values()) >= KILLS


@pytest.mark.parametrize("condition", writers.CONDITIONS)
def test_many_writers_at_once_all_find_room(tmp_path: Path, condition: str) -> None:
    outcome = writers.play(condition, tmp_path, SEED, WRITERS, SESSIONS)
    assert outcome.errors == []
    assert outcome.found.good, outcome.found
    assert outcome.there == len(outcome.waits) == SESSIONS


@pytest.mark.parametrize("old", [False, True], ids=["new file", "old file"])
def test_windows_that_open_at_the_same_moment(tmp_path: Path, old: bool) -> None:
    """When the app starts again, all tabs that were open come back at once."""
    for number in range(OPENINGS):
        folder = tmp_path / str(number)
        folder.mkdir()
        condition = "old file" if old else "one a session"
        outcome = writers.play(condition, folder, SEED, WRITERS, WRITERS)
        assert outcome.errors == []
        assert outcome.good, outcome.found


@pytest.fixture
def logged(store: Store) -> Window:
    """A window whose steps so far are all in the store: three lives and a bit."""
    window = Window(SEED)
    place = 0
    while window.step(place).life < 3 or window.step(place).number < 3:
        step = window.step(place)
        assert store.change_session(step.id, step.change, step.now) == step.after
        place += 1
    assert window.look(store, place).good
    assert window.kept == place
    return window


def test_the_checks_find_no_fault_in_a_whole_record(store: Store, logged: Window) -> None:
    assert inspect(store).good
    assert check_all(store, logged.sessions).good


def test_the_checks_allow_for_the_one_write_under_way(store: Store, logged: Window) -> None:
    told = logged.kept
    for ahead in range(2):
        step = logged.step(told + ahead)
        store.change_session(step.id, step.change, step.now)
        if ahead == 0:
            assert logged.look(store, told).good
            assert logged.kept == told + 1
            logged.kept = told
    # Two steps ahead of what was said is more than was under way.
    assert not logged.look(store, told).good


def test_the_checks_notice_a_lost_session(store: Store, logged: Window) -> None:
    store.db.execute("DELETE FROM session WHERE id = ?", [logged.step(logged.kept - 1).id])
    store.db.conn.commit()
    assert logged.look(store, logged.kept).lost > 0
    assert check_all(store, logged.sessions).lost > 0


def test_the_checks_notice_a_lost_step(store: Store, logged: Window) -> None:
    before = logged.step(logged.kept - 2)
    store.save_session(before.after, before.now)
    assert logged.look(store, logged.kept).lost == 1


def test_the_checks_notice_a_lost_hold(store: Store, logged: Window) -> None:
    store.db.execute(
        "DELETE FROM hold WHERE session_id = ? AND position = 0",
        [logged.step(logged.kept - 1).id],
    )
    store.db.conn.commit()
    assert inspect(store).half > 0
    assert logged.look(store, logged.kept).half > 0
    assert check_all(store, logged.sessions).lost > 0


def test_the_checks_notice_a_doubled_hold(store: Store, logged: Window) -> None:
    one = logged.step(0).id
    store.db.execute(
        "INSERT INTO hold SELECT 'another', session_id, position, stretch, side, planned_s, "
        "held_s, outcome, started_at, utc_offset FROM hold WHERE session_id = ? LIMIT 1",
        [one],
    )
    store.db.conn.commit()
    assert inspect(store).doubled > 0
    assert check_all(store, logged.sessions).doubled > 0


def test_the_checks_notice_a_hold_without_its_session(store: Store, logged: Window) -> None:
    assert logged.kept
    store.db.execute("PRAGMA foreign_keys=OFF")
    store.db.execute("DELETE FROM session WHERE id = ?", [logged.step(0).id])
    store.db.conn.commit()
    assert inspect(store).unsound > 0


def test_a_log_that_ends_within_a_transaction_is_told_apart(
    store: Store, logged: Window, tmp_path: Path
) -> None:
    assert logged.kept
    wal = store.path.with_name(store.path.name + "-wal")
    assert not cut_mid_write(wal)
    assert not cut_mid_write(tmp_path / "there is none")
    short = tmp_path / "short-wal"
    shutil.copy(wal, short)
    with short.open("rb+") as file:
        file.truncate(wal.stat().st_size - 1)
    assert cut_mid_write(short)
