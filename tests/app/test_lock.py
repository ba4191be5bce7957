"""What is not used for twelve hours is locked within half a minute, even if no browser asks."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import runtime

from holdwell.encryption.unlocks import IDLE_S, Unlocks
from holdwell.store.sqlcipher import Key
from holdwell.ui.runtime.process_state import ProcessState, process_state
from holdwell.ui.runtime.server_hooks import LOCK_EVERY_S, lock_when_idle
from tests.unit.network.conftest import run

SALT = b"s" * 16
WINDOW = "a window"


class TaskClock:
    """A clock that advances while the task pauses, and cancels the task at time `end`."""

    def __init__(self, end: float) -> None:
        self.now, self.end = 0.0, end

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self.end:
            raise asyncio.CancelledError


class Files:
    """The server's files for windows; lists the windows whose files were dropped."""

    def __init__(self, faults: int = 0) -> None:
        self.faults = faults
        self.dropped: list[str] = []
        self.media_file_mgr = self.uploaded_file_mgr = self

    def clear_session_refs(self, window: str) -> None:
        self.dropped.append(window)

    def remove_session_files(self, window: str) -> None:
        self.dropped.append(window)

    def remove_orphaned_files(self) -> None:
        self.faults -= 1
        if self.faults >= 0:
            raise RuntimeError("a fault of Streamlit's")


def unlocked(clock: TaskClock) -> ProcessState:
    """Return the state of a process in which one window has unlocked a database."""
    state = process_state()
    state.unlocks = Unlocks(state.keyring, [clock])
    state.keyring.add(Key(b"k" * 32, SALT))
    state.windows[WINDOW] = state.unlocks.unlock("", SALT), SALT
    return state


def wait(clock: TaskClock, lock: Callable[[], object] | None = None) -> None:
    """Run the task until the clock reaches its end."""
    task = lock_when_idle(clock.pause, lock) if lock else lock_when_idle(clock.pause)
    with pytest.raises(asyncio.CancelledError):
        run(task)


def serve(files: Files, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Replace the server's files by these."""
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: files)
    return files


def test_after_twelve_hours_the_key_pictures_and_files_are_dropped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, clock = serve(Files(), monkeypatch), TaskClock(IDLE_S - LOCK_EVERY_S)
    state = unlocked(clock)
    wait(clock)
    assert (state.keyring.get(SALT) is not None, files.dropped) == (True, [])
    clock.now, clock.end = IDLE_S - LOCK_EVERY_S, IDLE_S
    wait(clock)
    assert (state.keyring.get(SALT), files.dropped, state.windows) == (None, [WINDOW] * 2, {})


def test_files_that_could_not_be_dropped_are_dropped_the_next_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, clock = serve(Files(faults=2), monkeypatch), TaskClock(IDLE_S)
    state = unlocked(clock)
    clock.end = IDLE_S + LOCK_EVERY_S
    wait(clock)
    assert (state.keyring.get(SALT), set(state.windows)) == (None, {WINDOW})
    clock.end += 2 * LOCK_EVERY_S
    wait(clock)
    assert (files.dropped[-2:], state.windows) == ([WINDOW] * 2, {})


def test_a_fault_does_not_keep_a_database_unlocked(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("not now")

    wait(TaskClock(3 * LOCK_EVERY_S), fail_once)
    assert len(tries) == 3
    assert "locking what is idle failed" in caplog.text
