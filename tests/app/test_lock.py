"""What is not used for twelve hours is locked within half a minute, even if no browser asks."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from holdwell.encryption.unlocks import IDLE_S, Unlocks
from holdwell.store.keys import Key
from holdwell.ui.runtime import streamlit_internals
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

    def __init__(self) -> None:
        self.faults = 0
        self.dropped: list[str] = []

    def drop(self, windows: Iterable[str]) -> None:
        self.dropped += windows
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


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """Stand in for the server's files."""
    files = Files()
    monkeypatch.setattr(streamlit_internals, "drop_files", files.drop)
    return files


def test_after_twelve_hours_the_key_pictures_and_files_are_dropped(
    folder: Path, files: Files
) -> None:
    clock = TaskClock(IDLE_S - LOCK_EVERY_S)
    state = unlocked(clock)
    wait(clock)
    assert (state.keyring.get(SALT) is not None, files.dropped) == (True, [])
    clock.now, clock.end = IDLE_S - LOCK_EVERY_S, IDLE_S
    wait(clock)
    assert (state.keyring.get(SALT), files.dropped, state.windows) == (None, [WINDOW], {})


def test_files_that_could_not_be_dropped_are_dropped_the_next_time(
    folder: Path, files: Files
) -> None:
    clock, files.faults = TaskClock(IDLE_S), 2
    state = unlocked(clock)
    clock.end = IDLE_S + LOCK_EVERY_S
    wait(clock)
    assert (state.keyring.get(SALT), set(state.windows)) == (None, {WINDOW})
    clock.end += 2 * LOCK_EVERY_S
    wait(clock)
    assert (files.dropped[-1:], state.windows) == ([WINDOW], {})


def test_a_fault_does_not_keep_a_database_unlocked(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("not now")

    wait(TaskClock(3 * LOCK_EVERY_S), fail_once)
    assert len(tries) == 3
    assert "locking what is idle failed" in caplog.text
