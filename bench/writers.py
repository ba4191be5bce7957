"""Eight processes write 10,000 sessions into one record at once: all there, nobody sees a lock.

Run `bench/writers`, or `bench/writers --sessions 1000` for less. The file does not exist when the
eight begin, so that its making is part of it. Three conditions, each with a record of its own:

one connection: each process keeps its connection open. one a session: each session is written
through a connection of its own, as every run of a page does. old file: one a session, and the
record is of schema version 1, so that eight processes find it in need of the same migration.

there: sessions that are there and as they were saved. errors: StoreError or engine.Error seen by
any of the processes; a write that failed is not tried again. Waits are milliseconds from the call
to the return of one write, connecting included where each session has its own connection.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median, quantiles

from bench.crash import OLD_FILE, sound_copies, table
from bench.ledger import Found, check_all, inspect, life
from holdwell.domain.models import Session
from holdwell.store import sqlcipher
from holdwell.store.database import DATABASE_NAME
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store

PROCESSES, SESSIONS = 8, 10_000
SEED = 2
CONDITIONS = ("one connection", "one a session", "old file")

# See bench.crash.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["bench.ledger"])


def to_write(seed: int, writer: int, sessions: int) -> list[Session]:
    """What one writer saves: sessions with their holds and ratings."""
    return [life(seed, writer, number)[-1].after for number in range(sessions)]


@dataclass
class Seen:
    """What one writer saw: the wait of each write in milliseconds, and each error's words."""

    waits: list[float]
    errors: list[str]


def write(
    path: Path, sessions: list[Session], anew: bool, together: Barrier, answer: Connection
) -> None:
    """Save the sessions one by one, as soon as all writers are ready."""
    seen = Seen([], [])
    store: Store | None = None
    together.wait()
    for session in sessions:
        began = time.perf_counter()
        try:
            store = store or Store(path)
            store.save_session(session, session.started)
            if anew:
                store.close()
                store = None
        except (StoreError, sqlcipher.Error) as error:
            seen.errors.append(f"{error!r} caused by {error.__cause__!r}")
        seen.waits.append(1000 * (time.perf_counter() - began))
    if store is not None:
        store.close()
    answer.send(seen)


@dataclass
class Outcome:
    """What a record has after all have written, and what they saw (waits in milliseconds)."""

    there: int
    waits: list[float]
    errors: list[str]
    found: Found
    seconds: float

    @property
    def good(self) -> bool:
        return self.found.good and not self.errors

    def cells(self, name: str) -> list[str]:
        last = quantiles(self.waits, n=1000)
        waits = (median(self.waits), last[989], last[998], max(self.waits))
        return [
            name,
            f"{len(self.waits):,}",
            f"{self.there:,}",
            f"{len(self.errors):,}",
            f"{self.found.unsound}",
            f"{self.seconds:.1f}",
            *(f"{wait:,.1f}" for wait in waits),
        ]


def run(path: Path, seed: int, processes: int, sessions: int, *, anew: bool) -> Outcome:
    """Let `processes` write `sessions` in all into the record at `path`, and check it."""
    # An old file has sessions of its own.
    expected: dict[str, Session] = {}
    if path.exists():
        spare = path.with_name("spare.db")
        shutil.copy(path, spare)
        store = Store(spare)
        expected = {session.id: session for session in store.sessions(limit=10)}
        store.close()
        shutil.rmtree(path.parent / "backups")
    shares = [
        to_write(seed, writer, sessions // processes + (writer < sessions % processes))
        for writer in range(processes)
    ]
    together = CONTEXT.Barrier(processes + 1)
    answers: list[Connection] = []
    writers = []
    for share in shares:
        answer, end = CONTEXT.Pipe(duplex=False)
        writer = CONTEXT.Process(target=write, args=(path, share, anew, together, end))
        writer.start()
        end.close()
        answers.append(answer)
        writers.append(writer)
    together.wait()
    began = time.monotonic()
    seen: list[Seen] = [answer.recv() for answer in answers]
    seconds = time.monotonic() - began
    for writer in writers:
        writer.join()
    written = {session.id: session for share in shares for session in share}
    store = Store(path)
    found = inspect(store) + check_all(store, expected | written)
    there = sum(store.session(one) == session for one, session in written.items())
    store.close()
    if expected and not sound_copies(path):
        found += Found(unsound=1, notes=("no sound copy from before the migration",))
    return Outcome(
        there,
        [wait for one in seen for wait in one.waits],
        [error for one in seen for error in one.errors],
        found,
        seconds,
    )


def play(condition: str, folder: Path, seed: int, processes: int, sessions: int) -> Outcome:
    """One of the conditions, with its record in a folder that is empty."""
    path = folder / DATABASE_NAME
    if condition == "old file":
        shutil.copy(OLD_FILE, path)
    return run(path, seed, processes, sessions, anew=condition != "one connection")


HEAD = ["condition", "written", "there", "errors", "unsound", "seconds"]
HEAD += ["median ms", "99 % ms", "99.9 % ms", "worst ms"]


def main() -> None:
    """Run the conditions and print the table; status 1 if anything was not as it should be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=SESSIONS, help=f"default {SESSIONS}")
    options.add_argument("--processes", type=int, default=PROCESSES, help=f"default {PROCESSES}")
    asked = options.parse_args()
    outcomes: dict[str, Outcome] = {}
    for name in CONDITIONS:
        print(f"{name}: {asked.processes} processes, {asked.sessions} sessions", file=sys.stderr)
        with tempfile.TemporaryDirectory() as place:
            outcomes[name] = play(name, Path(place), SEED, asked.processes, asked.sessions)
    print(table([HEAD, *(outcome.cells(name) for name, outcome in outcomes.items())]))
    for name, outcome in outcomes.items():
        for note in outcome.found.notes[:20]:
            print(f"{name}: {note}")
        for error, times in Counter(outcome.errors).most_common(20):
            print(f"{name}: {times} times {error}")
    sys.exit(not all(outcome.good for outcome in outcomes.values()))


if __name__ == "__main__":
    main()
