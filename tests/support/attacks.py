"""Test operations on a database while something goes wrong, and many windows writing at once.

In each round, one process does an operation on a database that has some sessions and a backup, and
a `Trouble` interrupts it. Then the database is opened and checked, as at the next start of the app.

Killing a process is not a power cut: what SQLite has handed to the operating system survives a kill
even if it was not flushed. Flushing before a write is acknowledged is what `synchronous=FULL` does.
"""

import codecs
import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest.mock import patch

from holdwell.domain.models import Session
from holdwell.encryption import rekey
from holdwell.store import keys
from holdwell.store.errors import StoreError
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from holdwell.store.snapshot import CopyError
from tests.support.ledger import check_totals, inspect, life
from tests.support.operations import (
    OPERATIONS,
    REFUSALS,
    Operation,
    Round,
    Trouble,
    old_file,
    unlock,
)
from tests.support.processes import CONTEXT

NOBODY = 65534
QUICK_KEYS = patch.object(keys, "_ROUNDS", 1000)
"""Deriving a key writes nothing: with all its rounds, most kills would meet only that."""


@QUICK_KEYS
def run_operation(name: str, round_: Round, answer: Connection) -> None:
    """Do an operation in this process; send what was acknowledged and then how it ended."""
    file = round_.file()
    rekey.unlock(file, round_.passphrases[0])
    if round_.trouble is Trouble.READ_ONLY and os.geteuid() == 0:
        # Python loads these encodings from its own files, which NOBODY may not be allowed to read.
        for encoding in ("cp437", "utf-8-sig"):
            codecs.lookup(encoding)
        os.seteuid(NOBODY)
    if round_.trouble is Trouble.NO_SPACE:
        # A limit on the size of files has the same effect as a full disk.
        most = max(path.stat().st_size for path in round_.folder.rglob("*.db"))
        limit = int(most * round_.chance.uniform(0.2, 1.2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    answer.send("ready")
    try:
        OPERATIONS[name].act(round_, file, answer.send)
    except REFUSALS as error:
        answer.send(f"refused {error!r}")
    else:
        answer.send("done")


@QUICK_KEYS
def second_window(round_: Round, answer: Connection) -> None:
    """Save one session after another, each through a new connection, until killed."""
    file = round_.file()
    unlock(file, round_.passphrases)
    answer.send("ready")
    for number in range(10_000):
        session = life(round_.seed, 1, number)[-1].after
        try:
            with opened(file) as store:
                store.save(session, session.started)
        except StoreError:
            unlock(file, round_.passphrases)
        else:
            answer.send(session.id)


def start(target: Callable[..., None], *args: object) -> tuple[BaseProcess, Connection]:
    """Start a process that reports through a pipe, and wait until it says it is ready."""
    receiver, answer = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=target, args=(*args, answer), daemon=True)
    process.start()
    answer.close()
    receiver.recv()
    return process, receiver


def messages_of(reports: Connection) -> list[str]:
    """Return all messages that a process sent before it ended."""
    words: list[str] = []
    with reports, suppress(EOFError):
        while True:
            words.append(reports.recv())
    return words


@QUICK_KEYS
def attack(name: str, trouble: Trouble, folder: Path, seed: int) -> tuple[Round, list[str]]:
    """Run one round in an empty folder; return the round and the faults found afterwards."""
    operation = OPERATIONS[name]
    round_ = Round(folder, seed, trouble)
    operation.prepare(round_)
    if trouble is Trouble.READ_ONLY:
        _protect(folder, writable=False)
    other = start(second_window, round_) if trouble is Trouble.SECOND_WINDOW else None
    process, reports = start(run_operation, name, round_)
    words: list[str] = []
    if trouble is Trouble.KILL:
        with suppress(EOFError):
            for _ in range(round_.chance.randint(0, operation.acknowledgements)):
                words.append(reports.recv())
        time.sleep(round_.chance.uniform(0, operation.longest_s))
        process.kill()
    words += messages_of(reports)
    process.join()
    round_.done = words[-1:] == ["done"]
    round_.refused = next((word for word in words if word.startswith("refused ")), "")
    round_.acknowledged = len(words) - (round_.done or bool(round_.refused))
    faults = []
    if process.exitcode not in (0, -signal.SIGKILL):
        faults.append(f"ended by itself with {process.exitcode}")
    if other:
        # The second window writes for a moment longer, so that it meets what the operation left.
        time.sleep(0.05)
        other[0].kill()
        other[0].join()
        if other[0].exitcode != -signal.SIGKILL:
            faults.append(f"the second window ended by itself with {other[0].exitcode}")
        round_.other_acknowledged = set(messages_of(other[1]))
        wrote = [life(seed, 1, n)[-1].after for n in range(len(round_.other_acknowledged) + 300)]
        round_.others = {session.id: session for session in wrote}
    if trouble is Trouble.READ_ONLY:
        _protect(folder, writable=True)
    return round_, faults + find_faults(operation, round_)


def find_faults(operation: Operation, round_: Round) -> list[str]:
    """Open the database as at the next start of the app, and return what is wrong with it."""
    file = round_.file()
    if not unlock(file, round_.passphrases):
        return ["cannot be unlocked with the passphrase before nor the one after"]
    try:
        with opened(file) as store:
            return inspect(store) + operation.check(round_, store)
    except (StoreError, CopyError) as error:
        return [f"cannot be opened: {error}"]


def _protect(folder: Path, *, writable: bool) -> None:
    """Make a folder and everything in it read-only for all but root, or writable again."""
    for parent in folder.parents:
        if os.geteuid() == 0 and parent != Path("/") and parent.stat().st_uid == 0:
            parent.chmod(parent.stat().st_mode | 0o755)
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o755 if path.is_dir() else 0o644) & (0o777 if writable else 0o555))


# Many windows at once -----------------------------------------------------------------------------


TRIES = 20
"""How often a window tries to save a session that is refused because the database is in use."""


@dataclass(frozen=True)
class Crowd:
    """The result of many windows at once: faults, refused tries, and the longest wait in ms."""

    faults: list[str]
    refusals: int
    longest_wait_ms: float


def crowd_member(path: Path, seed: int, number: int, sessions: int, answer: Connection) -> None:
    """Save sessions, each through a new connection, and try again after a refusal.

    Sends how long each save took, in milliseconds.
    """
    answer.send("ready")
    for count in range(sessions):
        session = life(seed, number, count)[-1].after
        for _ in range(TRIES):
            began = time.perf_counter()
            try:
                with opened(path) as store:
                    store.save(session, session.started)
            except REFUSALS as error:
                answer.send(f"refused {error!r}")
            else:
                answer.send(str(1000 * (time.perf_counter() - began)))
                break


def crowd(folder: Path, seed: int, windows: int, sessions: int, *, old: bool) -> Crowd:
    """Let several windows open one database at the same moment and save some sessions each.

    The database is of an earlier version (`old`) or does not exist yet. Afterwards it must hold
    every session exactly once, as it was saved.
    """
    path = folder / DATABASE_NAME
    before: dict[str, Session] = {}
    if old:
        round_ = Round(folder, seed, Trouble.SECOND_WINDOW)
        old_file(round_)
        before = round_.before
    members = [start(crowd_member, path, seed, number, sessions) for number in range(windows)]
    words = [word for _, reports in members for word in messages_of(reports)]
    for number in range(windows):
        for count in range(sessions):
            session = life(seed, number, count)[-1].after
            before[session.id] = session
    with opened(path) as store:
        faults = inspect(store) + check_totals(store, before)
        faults += [f"not as saved: {k}" for k, v in before.items() if store.session(k) != v]
    waits = [float(word) for word in words if not word.startswith("refused ")]
    return Crowd(faults, len(words) - len(waits), max(waits))
