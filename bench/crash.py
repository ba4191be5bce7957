"""Saved means on disk: a writer is killed at random moments, and what it had acknowledged is there.

Run `bench/crash` (1,000 rounds and 20 of the whole app), or `bench/crash --rounds 100
--server-rounds 0` for less. In each round a process logs sessions as the app does (see
`bench.ledger`), says so after each write has returned, and gets SIGKILL after a random time. Then
the record is opened anew and checked; the next round goes on in it by saying the last step again.

one window: one thread. two windows: two threads, each with a connection of its own, as two tabs
are. new file: the kill falls around the first opening, while the tables are made. old file: it
falls around the migration of a record of schema version 1. whole app: see `bench.crash_server`.

writes: acknowledged before the kill. ahead: rounds in which the write under way was on disk
though not yet acknowledged. torn: rounds in which the write-ahead log ended within a transaction.
lost: acknowledged writes not there. doubled: rows too many. half: sessions that are as no write
left them. unsound: rounds without "ok" from integrity_check or with foreign keys that lead nowhere.
errors: anything else, said below the table.

A kill takes no power away: what SQLite handed to the system survives it, flushed or not. That it
is flushed before it is acknowledged is the part of `synchronous=FULL`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from threading import Thread

from bench.ledger import Found, Window, check_all, check_totals, cut_mid_write, inspect, steps_from
from holdwell.domain.models import Session
from holdwell.store.database import DATABASE_NAME
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store
from holdwell.store.snapshot import is_sound
from holdwell.store.sqlcipher import DatabaseFile, Keyring

OLD_FILE = Path(__file__).parent.parent / "tests" / "fixtures" / "schema-1.db"
ROUNDS, SERVER_ROUNDS = 1000, 20
LONGEST_S = 0.06
"""The kill comes up to this long after the process is ready: up to some thirty writes."""
KINDS = ("one window",) * 6 + ("two windows",) * 2 + ("new file", "old file")
"""What each round of ten does."""

# Each writer is forked from a small process that has the modules loaded and no thread running.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["bench.ledger"])

Ack = tuple[int, int, int, str, int, int | None]
"""Window, life, step, session id, number of holds, pain after. The first three say which step."""
Start = tuple[int, tuple[int, int]]
"""A window's number, and the life and step at which it goes on."""


def log(path: Path, seed: int, starts: Sequence[Start], anew: bool, acks: Connection) -> None:
    """Log sessions until killed, one thread a window; say so after each write has returned.

    With `anew` every write has a connection of its own, as every run of a page has.
    """

    def go_on(window: int, at: tuple[int, int]) -> None:
        try:
            store = Store(path)
            for step in steps_from(seed, window, at):
                saved = store.change_session(step.id, step.change, step.now)
                if saved is None:
                    raise LookupError(f"session {step.id} is deleted")
                ack = (window, step.life, step.number, saved.id, len(saved.holds), saved.pain_after)
                acks.send(ack)
                if anew:
                    store.close()
                    store = Store(path)
        except Exception as error:
            acks.send(f"window {window}: {error!r}")

    threads = [Thread(target=go_on, args=start) for start in starts]
    acks.send("ready")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass
class Tally:
    """What the rounds of one kind came to."""

    rounds: int = 0
    writes: int = 0
    ahead: int = 0
    torn: int = 0
    seconds: float = 0.0
    found: Found = field(default_factory=Found)
    errors: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.found.good and not self.errors

    def cells(self, name: str) -> list[str]:
        found = self.found
        wrong = (found.lost, found.doubled, found.half, found.unsound, len(self.errors))
        numbers = (self.rounds, self.writes, self.ahead, self.torn, *wrong)
        return [name, *(f"{number:,}" for number in numbers), f"{self.seconds:.1f}"]


def kill_while_logging(
    path: Path, seed: int, windows: Sequence[Window], after_s: float, anew: bool, tally: Tally
) -> dict[int, int]:
    """Start a writer, kill it `after_s` seconds after it is ready; return steps told by window."""
    starts = [(window.number, window.at(window.resumes_at)) for window in windows]
    heard, acks = CONTEXT.Pipe(duplex=False)
    writer = CONTEXT.Process(target=log, args=(path, seed, starts, anew, acks))
    writer.start()
    acks.close()
    heard.recv()
    time.sleep(after_s)
    writer.kill()
    writer.join()
    if writer.exitcode != -signal.SIGKILL:
        tally.errors.append(f"the writer ended by itself with {writer.exitcode}")
    told = {window.number: 0 for window in windows}
    place = {window.number: window.resumes_at for window in windows}
    by_number = {window.number: window for window in windows}
    while True:
        try:
            said: Ack | str = heard.recv()
        except EOFError:
            break
        if isinstance(said, str):
            tally.errors.append(said)
            continue
        number = said[0]
        step = by_number[number].step(place[number])
        after = step.after
        wanted = (number, step.life, step.number, step.id, len(after.holds), after.pain_after)
        # A session that is ahead of a step said again is right too; the record shows which.
        if said[:4] != wanted[:4] or (said != wanted and told[number]):
            tally.errors.append(f"acknowledged {said} instead of {wanted}")
        place[number] += 1
        told[number] = place[number]
        tally.writes += 1
    heard.close()
    return told


def open_and_check(
    path: Path, windows: Sequence[Window], told: dict[int, int], others: dict[str, Session]
) -> Found:
    """Open the record anew, as the next start of the app would, and check it."""
    try:
        store = Store(path)
    except StoreError as error:
        return Found(unsound=1, notes=(f"cannot be opened: {error}",))
    try:
        found = inspect(store)
        expected = dict(others)
        for window in windows:
            found += window.look(store, told.get(window.number, 0))
            expected |= window.sessions
        return found + check_totals(store, expected)
    finally:
        store.close()


def sound_copies(path: Path) -> bool:
    """Whether a migration, cut short or not, has left a copy from before it, and a whole one."""
    copies = list((path.parent / "backups").glob("*.db"))
    return bool(copies) and all(is_sound(DatabaseFile(copy, Keyring())) for copy in copies)


class Rounds:
    """Rounds of all kinds in one folder; the first two kinds go on in one record throughout."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.rng = Random(seed)
        self.path = folder / DATABASE_NAME
        self.windows = [Window(seed, 0), Window(seed, 1)]
        self.tallies = {kind: Tally() for kind in KINDS}
        shutil.copy(OLD_FILE, folder / "old.db")
        old = Store(folder / "old.db")
        self.old = {session.id: session for session in old.sessions(limit=10)}
        old.close()

    def play(self, number: int) -> None:
        """One round."""
        kind = KINDS[number % len(KINDS)]
        tally = self.tallies[kind]
        began = time.monotonic()
        path, windows, asked, others = self.path, self.windows, self.windows, {}
        if kind == "one window":
            asked = self.windows[:1]
        elif kind != "two windows":
            path = self.folder / str(number) / DATABASE_NAME
            windows = asked = [Window(self.seed, 2 + number)]
        if kind == "old file":
            path.parent.mkdir()
            shutil.copy(OLD_FILE, path)
            others = self.old
        after_s, anew = self.rng.uniform(0, LONGEST_S), self.rng.random() < 0.5
        before = {window.number: window.kept for window in windows}
        told = kill_while_logging(path, self.seed, asked, after_s, anew, tally)
        tally.torn += cut_mid_write(path.with_name(path.name + "-wal"))
        tally.found += open_and_check(path, windows, told, others)
        tally.ahead += any(
            window.kept > max(told.get(window.number, 0), before[window.number])
            for window in windows
        )
        if kind == "old file" and not sound_copies(path):
            tally.errors.append(f"round {number}: no sound copy from before the migration")
        if path != self.path:
            shutil.rmtree(path.parent)
        tally.rounds += 1
        tally.seconds += time.monotonic() - began

    def end(self) -> None:
        """Compare every session of every round once more, field by field."""
        store = Store(self.path)
        tally = self.tallies["two windows"]
        tally.found += check_all(store, self.windows[0].sessions | self.windows[1].sessions)
        store.close()


HEAD = ["condition", "rounds", "writes", "ahead", "torn"]
HEAD += ["lost", "doubled", "half", "unsound", "errors", "seconds"]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lines of a table, the first column to the left and all others to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def main() -> None:
    """Play all rounds and print the table; status 1 if anything was not as it should be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS, help=f"default {ROUNDS}")
    options.add_argument(
        "--server-rounds", type=int, default=SERVER_ROUNDS, help=f"default {SERVER_ROUNDS}"
    )
    options.add_argument("--seed", type=int, default=1, help="of all that is random (default 1)")
    asked = options.parse_args()
    # Ended from outside, it takes its servers and its browser with it.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as place:
        rounds = Rounds(Path(place), asked.seed)
        for number in range(asked.rounds):
            rounds.play(number)
            if number % 100 == 99:
                print(f"{number + 1} rounds", file=sys.stderr)
        if asked.rounds:
            rounds.end()
            tallies |= rounds.tallies
    if asked.server_rounds:
        # Only these need a browser.
        from bench import crash_server

        tallies["whole app"] = crash_server.play(asked.server_rounds, asked.seed)
    print(table([HEAD, *(tally.cells(name) for name, tally in tallies.items() if tally.rounds)]))
    for name, tally in tallies.items():
        for note in (*tally.found.notes, *tally.errors):
            print(f"{name}: {note}")
    sys.exit(not all(tally.good for tally in tallies.values()))


if __name__ == "__main__":
    main()
