"""Operations on a database, the troubles that befall them, and the promises that hold all the same.

In each round one process does an operation on a database of some sessions with a backup, and a
trouble befalls it. Then the database is opened and checked, as the next start of the app would.

A kill takes no power away: what SQLite handed to the system survives it, flushed or not. That it
is flushed before it is acknowledged is the part of `synchronous=FULL`.
"""

import codecs
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from holdwell.backup import daily, erase
from holdwell.domain.models import Moment, Session
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError, is_sound
from holdwell.store.sqlcipher import DatabaseFile, Keyring
from holdwell.transfer import exporting, importing, validation
from tests.support.ledger import Window, check_totals, inspect, life, writes_from
from tests.support.processes import CONTEXT

OLD_FILE = Path(__file__).parents[1] / "fixtures" / "schema-1.db"
MARK = "words that stand in every session made before the round"
PASSPHRASES = ("", "four calm words here", "another four calm words")
TODAY = date(2026, 11, 24)
NOBODY = 65534
REFUSALS = (StoreError, CopyError, OSError, sqlcipher.Error)
"""What the pages have a sentence for."""


class Trouble(StrEnum):
    """What befalls an operation."""

    KILL = "killed"
    NO_SPACE = "no space"
    READ_ONLY = "read-only"
    CLOCK_JUMP = "clock jumps"
    SECOND_WINDOW = "second window"


@dataclass
class Round:
    """One round: its folder, what was in the database before, and what the processes said."""

    folder: Path
    seed: int
    trouble: Trouble
    before: dict[str, Session] = field(default_factory=dict)
    passphrases: tuple[str, str] = ("", "")
    """The passphrase before, and the one that the operation sets."""
    done: bool = False
    refused: str = ""
    acknowledged: int = 0
    others: dict[str, Session] = field(default_factory=dict)
    """Every session that the second window may have saved, and those it was told are."""
    other_acknowledged: set[str] = field(default_factory=set)

    @property
    def path(self) -> Path:
        """The database."""
        return self.folder / DATABASE_NAME

    def file(self) -> DatabaseFile:
        """Return the database with an empty keyring, as a new process has it."""
        return DatabaseFile(self.path, Keyring())

    @property
    def chance(self) -> Random:
        """What is left to chance in this round; the same each time it is asked for."""
        return Random(self.seed)

    def times(self) -> Iterator[Moment]:
        """Yield the time by the clock, which may jump by years."""
        chance, now = self.chance, datetime(2026, 11, 24, 21, 5).astimezone()
        while True:
            jump = chance.randint(-9000, 9000) if self.trouble is Trouble.CLOCK_JUMP else 0
            yield Moment.of(now + timedelta(days=jump))


def marked(seed: int, number: int) -> Session:
    """Return a finished session with MARK in its note."""
    return replace(life(seed, 9, number)[-1].after, note=MARK)


def fill(one: Round) -> None:
    """Make the database that a round begins with: eight sessions, and a backup of five of them."""
    sessions = [marked(one.seed, number) for number in range(8)]
    with opened(one.path) as store:
        store.save_all(sessions[:5], [], sessions[0].started)
        daily.make_daily(one.file(), TODAY - timedelta(1))
        store.save_all(sessions[5:], [], sessions[5].started)
    one.before = {session.id: session for session in sessions}


Say = Callable[[str], None]


@dataclass(frozen=True)
class Operation:
    """What is done, and what holds afterwards whatever befell it.

    `act` runs in a process of its own and says what it has acknowledged; `check` returns what is
    wrong afterwards, with the database opened. A kill comes up to `longest_s` after the start, or
    after one of the first `acknowledgements`.
    """

    promise: str
    act: Callable[[Round, DatabaseFile, Say], None]
    check: Callable[[Round, Store], list[str]]
    prepare: Callable[[Round], None] = fill
    longest_s: float = 0.05
    acknowledgements: int = 0


# Log ----------------------------------------------------------------------------------------------


def _log(one: Round, file: DatabaseFile, say: Say) -> None:
    times = one.times()
    with opened(file) as store:
        for write in islice(writes_from(one.seed, 0, (0, 0)), 60):
            store.change_session(write.id, write.change, next(times))
            say(write.id)


def _check_log(one: Round, store: Store) -> list[str]:
    window = Window(one.seed)
    faults = window.look(store, one.acknowledged)
    return faults + _expect(one, store, one.before | window.sessions)


def _expect(one: Round, store: Store, *allowed: dict[str, Session]) -> list[str]:
    """Return what is wrong unless the database holds exactly one of some sets of sessions.

    The second window's own come to each of them: what it was told is saved, and perhaps one more.
    """
    others = {key: session for key, session in one.others.items() if store.session(key)}
    faults = [f"lost: {key} of the second window" for key in one.other_acknowledged - set(others)]
    found: list[list[str]] = []
    for expected in allowed:
        wrong = [f"not as saved: {k}" for k, v in expected.items() if store.session(k) != v]
        found.append(wrong + check_totals(store, expected | others))
    return faults + min(found, key=len)


# Back up, restore, import -------------------------------------------------------------------------


def _back_up(one: Round, file: DatabaseFile, say: Say) -> None:
    times = one.times()
    for number in range(4):
        if daily.make_daily(file, next(times).local.date() + timedelta(number)):
            say("backup")


def _check_backups(one: Round, store: Store) -> list[str]:
    wrong = [
        f"unsound: {copy.name}"
        for _, copy in daily.days(one.path)
        if not is_sound(store.file.at(copy))
    ]
    if len(daily.days(one.path)) < min(one.acknowledged + 1, daily.KEPT_DAYS):
        wrong.append("lost: a backup")
    return wrong + _expect(one, store, one.before)


def _restore(one: Round, file: DatabaseFile, say: Say) -> None:
    daily.restore(file, daily.days(one.path)[0][1], next(one.times()))


def _check_restored(one: Round, store: Store) -> list[str]:
    restored = dict(list(one.before.items())[:5])
    faults = []
    kept = [copy.path for _, copy in daily.saved_copies(store.file)]
    if one.done and not kept:
        faults.append("lost: the copy of what was there before")
    # What the second window saved before the restore is in the copy that undoes it.
    for copy in kept:
        with opened(copy) as earlier:
            one.other_acknowledged -= {k for k in one.other_acknowledged if earlier.session(k)}
            faults += [f"lost from the copy: {k}" for k in one.before if not earlier.session(k)]
    return faults + _expect(one, store, *([restored] if one.done else [restored, one.before]))


def _export_beside(one: Round) -> None:
    """Make a database, and the export of another one beside it."""
    with opened(one.folder / "another" / DATABASE_NAME) as store:
        store.save_all([marked(one.seed + 1, number) for number in range(9)], [], _noon())
        (one.folder / "export.zip").write_bytes(exporting.export(store, _noon()))
    fill(one)


def _noon() -> Moment:
    return Moment.of(datetime(2026, 11, 24, 12).astimezone())


def _import(one: Round, file: DatabaseFile, say: Say) -> None:
    data = validation.read((one.folder / "export.zip").read_bytes())
    with opened(file) as store:
        importing.insert(store, data, _noon())


def _check_import(one: Round, store: Store) -> list[str]:
    brought = [marked(one.seed + 1, number) for number in range(9)]
    everything = one.before | {session.id: session for session in brought}
    return _expect(one, store, *([everything] if one.done else [everything, one.before]))


# Encrypt, migrate, erase --------------------------------------------------------------------------


def _with_passphrase(one: Round) -> None:
    fill(one)
    old, new = one.chance.sample(PASSPHRASES, 2)
    one.passphrases = (old, new)
    if old:
        rekey.change_passphrase(one.file(), old)


def unlock(file: DatabaseFile, passphrases: tuple[str, str]) -> bool:
    """Unlock a file with the passphrase before or the one after; return whether it is open."""
    for passphrase in passphrases:
        with suppress(WrongPassphraseError, StoreError, sqlcipher.EncryptedError):
            rekey.unlock(file, passphrase)
            with closing(file.connect()):
                return True
    return False


def _encrypt(one: Round, file: DatabaseFile, say: Say) -> None:
    rekey.change_passphrase(file, one.passphrases[1] or None)


def _check_encrypted(one: Round, store: Store) -> list[str]:
    faults = []
    for copy in rekey.copies(one.path):
        if not unlock(store.file.at(copy), one.passphrases) or not is_sound(store.file.at(copy)):
            faults.append(f"unsound: {copy.name}")
    if one.done and one.passphrases[1]:
        faults += _with_mark(one.folder)
    return faults + _expect(one, store, one.before)


def _with_mark(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [f"readable: {path.name}" for path in files if MARK.encode() in path.read_bytes()]


def _old_file(one: Round) -> None:
    shutil.copy(OLD_FILE, one.path)
    spare = one.folder / "spare" / DATABASE_NAME
    spare.parent.mkdir()
    shutil.copy(OLD_FILE, spare)
    with opened(spare) as store:
        one.before = {session.id: session for session in store.sessions(limit=10)}


def _migrate(one: Round, file: DatabaseFile, say: Say) -> None:
    Store(file).close()


def _check_migrated(one: Round, store: Store) -> list[str]:
    copies = list(daily.folder_of(one.path).glob("before-version-*.db"))
    faults = [f"unsound: {copy.name}" for copy in copies if not is_sound(store.file.at(copy))]
    return faults + ([] if copies else ["lost: the copy"]) + _expect(one, store, one.before)


def _erase(one: Round, file: DatabaseFile, say: Say) -> None:
    erase.erase(file, erase.Scope.EVERYTHING, next(one.times()).local.date())


def _check_erased(one: Round, store: Store) -> list[str]:
    if not one.done:
        # Cut short, it is done again, as the page says; until then all is there or nothing.
        faults = _expect(one, store, one.before, {})
        store.close()
        erase.erase(store.file, erase.Scope.EVERYTHING, TODAY)
        return faults + _with_mark(one.folder)
    # What the second window saved before went with the rest.
    one.other_acknowledged.clear()
    return _with_mark(one.folder) + _expect(one, store, {})


OPERATIONS = {
    "log": Operation(
        "what you were told is saved is on disk, once",
        _log,
        _check_log,
        longest_s=0.005,
        acknowledgements=40,
    ),
    "back up": Operation(
        "every backup is whole", _back_up, _check_backups, longest_s=0.02, acknowledgements=3
    ),
    "restore": Operation(
        "all of the backup or nothing, and a copy of what was there", _restore, _check_restored
    ),
    "import": Operation(
        "all of the file or nothing", _import, _check_import, _export_beside, longest_s=0.1
    ),
    "encrypt": Operation(
        "opens with the old or the new passphrase, and no file tells",
        _encrypt,
        _check_encrypted,
        _with_passphrase,
        longest_s=0.25,
    ),
    "migrate": Operation(
        "nothing is lost, and a copy of the old version is kept",
        _migrate,
        _check_migrated,
        _old_file,
    ),
    "erase": Operation("erased is gone from every file", _erase, _check_erased),
}


# One round ----------------------------------------------------------------------------------------


def attacked(name: str, one: Round, answer: Connection) -> None:
    """Do an operation in this process, and say what was acknowledged and how it ended."""
    file = one.file()
    rekey.unlock(file, one.passphrases[0])
    if one.trouble is Trouble.READ_ONLY and os.geteuid() == 0:
        # Python loads these from its own files, which that user may not read.
        for encoding in ("cp437", "utf-8-sig"):
            codecs.lookup(encoding)
        os.seteuid(NOBODY)
    if one.trouble is Trouble.NO_SPACE:
        # No file may grow past this: a full disk by another name.
        most = max(path.stat().st_size for path in one.folder.rglob("*.db"))
        limit = int(most * one.chance.uniform(0.2, 1.2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    answer.send("ready")
    try:
        OPERATIONS[name].act(one, file, answer.send)
    except REFUSALS as error:
        answer.send(f"refused {error!r}")
    else:
        answer.send("done")


def second_window(one: Round, answer: Connection) -> None:
    """Log session after session, each through a connection of its own, until killed."""
    file = one.file()
    unlock(file, one.passphrases)
    answer.send("ready")
    for number in range(10_000):
        session = life(one.seed, 1, number)[-1].after
        try:
            with opened(file) as store:
                store.save_session(session, session.started)
        except StoreError:
            unlock(file, one.passphrases)
        else:
            answer.send(session.id)


def start(target: Callable[..., None], *args: object) -> tuple[BaseProcess, Connection]:
    """Start a process that says what it does, and wait until it is ready."""
    heard, answer = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=target, args=(*args, answer), daemon=True)
    process.start()
    answer.close()
    heard.recv()
    return process, heard


def said(heard: Connection) -> list[str]:
    """Return everything that a process said before it ended."""
    words: list[str] = []
    with heard, suppress(EOFError):
        while True:
            words.append(heard.recv())
    return words


def attack(name: str, trouble: Trouble, folder: Path, seed: int) -> tuple[Round, list[str]]:
    """Play one round in an empty folder; return it, and what is wrong afterwards."""
    operation = OPERATIONS[name]
    one = Round(folder, seed, trouble)
    operation.prepare(one)
    if trouble is Trouble.READ_ONLY:
        _protect(folder, writable=False)
    other = start(second_window, one) if trouble is Trouble.SECOND_WINDOW else None
    process, heard = start(attacked, name, one)
    words: list[str] = []
    if trouble is Trouble.KILL:
        with suppress(EOFError):
            for _ in range(one.chance.randint(0, operation.acknowledgements)):
                words.append(heard.recv())
        time.sleep(one.chance.uniform(0, operation.longest_s))
        process.kill()
    words += said(heard)
    process.join()
    one.done = words[-1:] == ["done"]
    one.refused = next((word for word in words if word.startswith("refused ")), "")
    one.acknowledged = len(words) - (one.done or bool(one.refused))
    faults = []
    if process.exitcode not in (0, -signal.SIGKILL):
        faults.append(f"ended by itself with {process.exitcode}")
    if other:
        # It goes on for a moment, so that it meets what the operation left.
        time.sleep(0.05)
        other[0].kill()
        other[0].join()
        if other[0].exitcode != -signal.SIGKILL:
            faults.append(f"the second window ended by itself with {other[0].exitcode}")
        one.other_acknowledged = set(said(other[1]))
        wrote = [life(seed, 1, n)[-1].after for n in range(len(one.other_acknowledged) + 300)]
        one.others = {session.id: session for session in wrote}
    if trouble is Trouble.READ_ONLY:
        _protect(folder, writable=True)
    return one, faults + checked(operation, one)


def checked(operation: Operation, one: Round) -> list[str]:
    """Open the database as the next start of the app would, and return what is wrong."""
    file = one.file()
    if not unlock(file, one.passphrases):
        return ["cannot be unlocked with the passphrase before nor the one after"]
    try:
        with opened(file) as store:
            return inspect(store) + operation.check(one, store)
    except (StoreError, CopyError) as error:
        return [f"cannot be opened: {error}"]


def _protect(folder: Path, *, writable: bool) -> None:
    """Make a folder and all in it read-only for everyone but root, or writable again."""
    for parent in folder.parents:
        if os.geteuid() == 0 and parent != Path("/") and parent.stat().st_uid == 0:
            parent.chmod(parent.stat().st_mode | 0o755)
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o755 if path.is_dir() else 0o644) & (0o777 if writable else 0o555))


# Many windows at once -----------------------------------------------------------------------------


TRIES = 20
"""How often a window that is told that the database is in use saves the same session again."""


@dataclass(frozen=True)
class Crowd:
    """What came of many windows at once: faults, refusals (each tried again), and waits in ms."""

    faults: list[str]
    refusals: int
    longest_wait_ms: float


def crowd_member(path: Path, seed: int, number: int, sessions: int, answer: Connection) -> None:
    """Save sessions, each through a connection of its own, and again where that is refused.

    Says each wait in milliseconds.
    """
    answer.send("ready")
    for count in range(sessions):
        session = life(seed, number, count)[-1].after
        for _ in range(TRIES):
            began = time.perf_counter()
            try:
                with opened(path) as store:
                    store.save_session(session, session.started)
            except REFUSALS as error:
                answer.send(f"refused {error!r}")
            else:
                answer.send(str(1000 * (time.perf_counter() - began)))
                break


def crowd(folder: Path, seed: int, windows: int, sessions: int, *, old: bool) -> Crowd:
    """Let some windows open one database at the same moment and save some sessions each.

    The database is of an earlier version or does not exist yet. Afterwards it has to hold every
    session as it was saved, once.
    """
    path = folder / DATABASE_NAME
    before: dict[str, Session] = {}
    if old:
        one = Round(folder, seed, Trouble.SECOND_WINDOW)
        _old_file(one)
        before = one.before
    members = [start(crowd_member, path, seed, number, sessions) for number in range(windows)]
    words = [word for _, heard in members for word in said(heard)]
    for number in range(windows):
        for count in range(sessions):
            session = life(seed, number, count)[-1].after
            before[session.id] = session
    with opened(path) as store:
        faults = inspect(store) + check_totals(store, before)
        faults += [f"not as saved: {k}" for k, v in before.items() if store.session(k) != v]
    waits = [float(word) for word in words if not word.startswith("refused ")]
    return Crowd(faults, len(words) - len(waits), max(waits))
