"""What is not used for twelve hours locks itself within half a minute, and nobody has to ask."""

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


class Clock:
    """A clock that goes on while the task pauses, and ends the task at a time."""

    def __init__(self, end: float) -> None:
        self.now, self.end = 0.0, end

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self.end:
            raise asyncio.CancelledError


class Files:
    """What the server has ready for windows, and for which it was dropped."""

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


def unlocked(clock: Clock) -> ProcessState:
    """Return the state of a process in which one window has a database unlocked."""
    state = process_state()
    state.unlocks = Unlocks(state.keyring, [clock])
    state.keyring.add(Key(b"k" * 32, SALT))
    state.windows[WINDOW] = state.unlocks.unlock("", SALT), SALT
    return state


def wait(clock: Clock, lock: Callable[[], object] | None = None) -> None:
    """Let the task run until the clock is at its end."""
    task = lock_when_idle(clock.pause, lock) if lock else lock_when_idle(clock.pause)
    with pytest.raises(asyncio.CancelledError):
        run(task)


def serve(files: Files, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Let the server have these files ready."""
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: files)
    return files


def test_after_twelve_hours_key_pictures_and_files_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, clock = serve(Files(), monkeypatch), Clock(IDLE_S - LOCK_EVERY_S)
    state = unlocked(clock)
    wait(clock)
    assert (state.keyring.get(SALT) is not None, files.dropped) == (True, [])
    clock.now, clock.end = IDLE_S - LOCK_EVERY_S, IDLE_S
    wait(clock)
    assert (state.keyring.get(SALT), files.dropped, state.windows) == (None, [WINDOW] * 2, {})


def test_files_that_could_not_be_dropped_are_dropped_the_next_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, clock = serve(Files(faults=2), monkeypatch), Clock(IDLE_S)
    state = unlocked(clock)
    clock.end = IDLE_S + LOCK_EVERY_S
    wait(clock)
    assert (state.keyring.get(SALT), set(state.windows)) == (None, {WINDOW})
    clock.end += 2 * LOCK_EVERY_S
    wait(clock)
    assert (files.dropped[-2:], state.windows) == ([WINDOW] * 2, {})


def test_a_fault_does_not_keep_it_unlocked(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("not now")

    wait(Clock(3 * LOCK_EVERY_S), fail_once)
    assert len(tries) == 3
    assert "locking what is idle failed" in caplog.text
