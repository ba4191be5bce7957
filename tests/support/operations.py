"""Operations on a database, and what each promises even if something goes wrong meanwhile."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from random import Random

from holdwell.backup import daily, erase
from holdwell.domain.models import Moment, Session
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError
from holdwell.store.keys import Keyring
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import Store, opened
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.transfer import exporting, importing, validation
from tests.support.ledger import Window, check_totals, life, writes_from

OLD_FILE = Path(__file__).parents[1] / "fixtures" / "schema-1.db"
MARK = "words that stand in every session made before the round"
PASSPHRASES = ("", "four calm words here", "another four calm words")
TODAY = date(2026, 11, 24)
REFUSALS = (StoreError, CopyError, OSError, sqlcipher.Error)
"""Errors for which the pages have a message."""


class Trouble(StrEnum):
    """What goes wrong during an operation."""

    KILL = "killed"
    NO_SPACE = "no space"
    READ_ONLY = "read-only"
    CLOCK_JUMP = "clock jumps"
    SECOND_WINDOW = "second window"


@dataclass
class Round:
    """One round: its folder, the sessions before, and the messages of its processes."""

    folder: Path
    seed: int
    trouble: Trouble
    before: dict[str, Session] = field(default_factory=dict)
    passphrases: tuple[str, str] = ("", "")
    """The passphrase before the operation, and the one that the operation sets."""
    done: bool = False
    refused: str = ""
    acknowledged: int = 0
    others: dict[str, Session] = field(default_factory=dict)
    """Every session that the second window may have saved."""
    other_acknowledged: set[str] = field(default_factory=set)

    @property
    def path(self) -> Path:
        """The path of the database."""
        return self.folder / DATABASE_NAME

    def file(self) -> DatabaseFile:
        """Return the database with an empty keyring, as a new process sees it."""
        return DatabaseFile(self.path, Keyring())

    @property
    def chance(self) -> Random:
        """A new random generator; each one gives the same numbers in this round."""
        return Random(self.seed)

    def times(self) -> Iterator[Moment]:
        """Yield the time of the clock, which may jump by years."""
        chance, now = self.chance, datetime(2026, 11, 24, 21, 5).astimezone()
        while True:
            jump = chance.randint(-9000, 9000) if self.trouble is Trouble.CLOCK_JUMP else 0
            yield Moment.of(now + timedelta(days=jump))


def marked(seed: int, number: int) -> Session:
    """Return a finished session with MARK in its note."""
    return replace(life(seed, 9, number)[-1].after, note=MARK)


def fill(round_: Round) -> None:
    """Make the database that a round begins with: eight sessions and a backup of five."""
    sessions = [marked(round_.seed, number) for number in range(8)]
    with opened(round_.path) as store:
        store.save_all(sessions[:5], sessions[0].started)
        daily.make_daily(round_.file(), TODAY - timedelta(1))
        store.save_all(sessions[5:], sessions[5].started)
    round_.before = {session.id: session for session in sessions}


Say = Callable[[str], None]


@dataclass(frozen=True)
class Operation:
    """An operation, and the check that its promise holds whatever went wrong.

    `act` runs in its own process and reports what it has acknowledged; `check` returns what is
    wrong afterwards in the opened database. A kill comes up to `longest_s` after the start or
    after one of the first `acknowledgements`.
    """

    promise: str
    act: Callable[[Round, DatabaseFile, Say], None]
    check: Callable[[Round, Store], list[str]]
    prepare: Callable[[Round], None] = fill
    longest_s: float = 0.05
    acknowledgements: int = 0


# Log ----------------------------------------------------------------------------------------------


def _log(round_: Round, file: DatabaseFile, say: Say) -> None:
    times = round_.times()
    with opened(file) as store:
        for write in islice(writes_from(round_.seed, 0, (0, 0)), 60):
            store.change_session(write.id, write.change, next(times))
            say(write.id)


def _check_log(round_: Round, store: Store) -> list[str]:
    window = Window(round_.seed)
    faults = window.look(store, round_.acknowledged)
    return faults + _expect(round_, store, round_.before | window.sessions)


def _expect(round_: Round, store: Store, *allowed: dict[str, Session]) -> list[str]:
    """Return what is wrong unless the database holds exactly one of several sets of sessions.

    The second window's sessions may be there as well; those acknowledged to it must be.
    """
    others = {key: session for key, session in round_.others.items() if store.session(key)}
    faults = [
        f"lost: {key} of the second window" for key in round_.other_acknowledged - set(others)
    ]
    found: list[list[str]] = []
    for expected in allowed:
        wrong = [f"not as saved: {k}" for k, v in expected.items() if store.session(k) != v]
        found.append(wrong + check_totals(store, expected | others))
    return faults + min(found, key=len)


# Back up, restore, import -------------------------------------------------------------------------


def _back_up(round_: Round, file: DatabaseFile, say: Say) -> None:
    times = round_.times()
    for number in range(4):
        if daily.make_daily(file, next(times).local.date() + timedelta(number)):
            say("backup")


def _check_backups(round_: Round, store: Store) -> list[str]:
    wrong = [
        f"unsound: {copy.name}"
        for _, copy in daily.days(round_.path)
        if not daily.describe(store.file.at(copy))
    ]
    if len(daily.days(round_.path)) < min(round_.acknowledged + 1, daily.KEPT_DAYS):
        wrong.append("lost: a backup")
    return wrong + _expect(round_, store, round_.before)


def _restore(round_: Round, file: DatabaseFile, say: Say) -> None:
    daily.restore(file, daily.days(round_.path)[0][1], next(round_.times()))


def _check_restored(round_: Round, store: Store) -> list[str]:
    restored = dict(list(round_.before.items())[:5])
    faults = []
    kept = [copy.path for _, copy in daily.saved_copies(store.file)]
    if round_.done and not kept:
        faults.append("lost: the copy of what was there before")
    # What the second window saved before the restore is in the copy made to undo it.
    for copy in kept:
        with opened(copy) as earlier:
            round_.other_acknowledged -= {
                k for k in round_.other_acknowledged if earlier.session(k)
            }
            faults += [f"lost from the copy: {k}" for k in round_.before if not earlier.session(k)]
    return faults + _expect(
        round_, store, *([restored] if round_.done else [restored, round_.before])
    )


def _export_beside(round_: Round) -> None:
    """Make a database, and beside it an export of another database."""
    with opened(round_.folder / "another" / DATABASE_NAME) as store:
        store.save_all([marked(round_.seed + 1, number) for number in range(9)], _noon())
        (round_.folder / "export.zip").write_bytes(exporting.export(store, _noon()))
    fill(round_)


def _noon() -> Moment:
    return Moment.of(datetime(2026, 11, 24, 12).astimezone())


def _import(round_: Round, file: DatabaseFile, say: Say) -> None:
    data = validation.read((round_.folder / "export.zip").read_bytes())
    with opened(file) as store:
        importing.insert(store, data, _noon())


def _check_import(round_: Round, store: Store) -> list[str]:
    brought = [marked(round_.seed + 1, number) for number in range(9)]
    everything = round_.before | {session.id: session for session in brought}
    return _expect(round_, store, *([everything] if round_.done else [everything, round_.before]))


# Encrypt, migrate, erase --------------------------------------------------------------------------


def _with_passphrase(round_: Round) -> None:
    fill(round_)
    old, new = round_.chance.sample(PASSPHRASES, 2)
    round_.passphrases = (old, new)
    if old:
        rekey.change_passphrase(round_.file(), old)


def unlock(file: DatabaseFile, passphrases: tuple[str, str]) -> bool:
    """Unlock a file with the old or the new passphrase; return whether that worked."""
    for passphrase in passphrases:
        with suppress(WrongPassphraseError, StoreError, sqlcipher.EncryptedError):
            rekey.unlock(file, passphrase)
            with closing(file.connect()):
                return True
    return False


def _encrypt(round_: Round, file: DatabaseFile, say: Say) -> None:
    rekey.change_passphrase(file, round_.passphrases[1] or None)


def _check_encrypted(round_: Round, store: Store) -> list[str]:
    faults = []
    for copy in rekey.copies(round_.path):
        if not unlock(store.file.at(copy), round_.passphrases) or not daily.describe(
            store.file.at(copy)
        ):
            faults.append(f"unsound: {copy.name}")
    if round_.done and round_.passphrases[1]:
        faults += _with_mark(round_.folder)
    return faults + _expect(round_, store, round_.before)


def _with_mark(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [f"readable: {path.name}" for path in files if MARK.encode() in path.read_bytes()]


def old_file(round_: Round) -> None:
    shutil.copy(OLD_FILE, round_.path)
    spare = round_.folder / "spare" / DATABASE_NAME
    spare.parent.mkdir()
    shutil.copy(OLD_FILE, spare)
    with opened(spare) as store:
        round_.before = {session.id: session for session in store.sessions(limit=10)}


def _migrate(round_: Round, file: DatabaseFile, say: Say) -> None:
    Store(file).close()


def _check_migrated(round_: Round, store: Store) -> list[str]:
    copies = list(daily.folder_of(round_.path).glob("before-version-*.db"))
    faults = [f"unsound: {copy.name}" for copy in copies if not daily.describe(store.file.at(copy))]
    return faults + ([] if copies else ["lost: the copy"]) + _expect(round_, store, round_.before)


def _erase(round_: Round, file: DatabaseFile, say: Say) -> None:
    erase.erase(file, erase.Scope.EVERYTHING, next(round_.times()).local.date())


def _check_erased(round_: Round, store: Store) -> list[str]:
    if not round_.done:
        # The page says to erase again after an interruption; until then there is all or nothing.
        faults = _expect(round_, store, round_.before, {})
        store.close()
        erase.erase(store.file, erase.Scope.EVERYTHING, TODAY)
        return faults + _with_mark(round_.folder)
    # What the second window saved earlier was erased with the rest.
    round_.other_acknowledged.clear()
    return _with_mark(round_.folder) + _expect(round_, store, {})


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
        longest_s=0.1,
    ),
    "migrate": Operation(
        "nothing is lost, and a copy of the old version is kept",
        _migrate,
        _check_migrated,
        old_file,
    ),
    "erase": Operation("erased is gone from every file", _erase, _check_erased),
}
