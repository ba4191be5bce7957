"""`holdwell doctor` checks what the app depends on, and says how to mend what is wrong."""

import argparse
import shlex
import stat
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from importlib import metadata
from itertools import chain
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from holdwell.app_folder import APP_FOLDER
from holdwell.backup import daily
from holdwell.cli.commands import answer
from holdwell.encryption import rekey
from holdwell.guide import check
from holdwell.i18n.languages import content_folder
from holdwell.i18n.messages import counted, say
from holdwell.i18n.toml_reader import ContentError
from holdwell.network import pairing
from holdwell.store import database, history, people, sqlcipher, synced_folder
from holdwell.store.database import StoreDatabase
from holdwell.store.errors import StoreProblem, classify
from holdwell.store.sqlcipher import DatabaseFile, Mode
from holdwell.transfer.csv import formats, words

OLDEST_PYTHON = (3, 11)
OTHERS = 0o077
"""The permission bits of everyone but the owner of a file."""
PRIVATE_SETTINGS: dict[str, dict[str, object]] = {
    "server": {"address": "localhost", "enableXsrfProtection": True, "enableCORS": True},
    "browser": {"gatherUsageStats": False},
    "client": {"showErrorDetails": "none"},
}
"""The Streamlit settings that the user's privacy depends on."""


class State(StrEnum):
    """The result of a check. Only a FAULT makes the exit code 1."""

    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"


Outcome = tuple[State, str]
"""The state, and what to do if it is not OK."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was checked, its state, and what to do if that is not OK."""

    what: str
    state: State = State.OK
    detail: str = ""

    @classmethod
    def of(cls, what: str, detail: str, bad: State = State.FAULT) -> "Diagnosis":
        """Return a diagnosis that is OK if there is no detail, else `bad`."""
        return cls(what, bad if detail else State.OK, detail)


def run(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Print every diagnosis, for all people unless --person is given; return 1 for a fault."""
    others = [] if options.person else people.people(file.path.parent)[1:]
    of_others = (_database_findings(file.at(person.database)) for person in others)
    diagnoses = []
    for diagnosis in chain(findings(file), *of_others):
        diagnoses.append(diagnosis)
        if not options.json:
            # Printed at once, since the next check may take long, or fail.
            detail = f": {diagnosis.detail}" if diagnosis.detail else ""
            print(f"{say(f'cli.state_{diagnosis.state.value}'):<10} {diagnosis.what}{detail}")
    if options.json:
        answer(options, [asdict(diagnosis) for diagnosis in diagnoses])
    return int(any(diagnosis.state is State.FAULT for diagnosis in diagnoses))


def findings(file: DatabaseFile) -> Iterator[Diagnosis]:
    """Check the installation and one database, one thing after the other. Changes nothing."""
    is_old = sys.version_info < OLDEST_PYTHON
    yield Diagnosis.of(f"Python {sys.version.split()[0]}", say("cli.mend_python") if is_old else "")
    yield Diagnosis.of(say("cli.packages"), _wrong_packages())
    folder = content_folder()
    try:
        yield Diagnosis(str(folder), State.OK, check_content(folder))
    except ContentError as error:
        yield Diagnosis(str(folder), State.FAULT, str(error))
    settings = APP_FOLDER / ".streamlit" / "config.toml"
    yield Diagnosis.of(str(settings), _wrong_settings(settings))
    yield from _database_findings(file)


def check_content(folder: Path) -> str:
    """Return what a content folder contains, in a sentence. Raises ContentError."""
    found = check.check(folder)
    words.load(folder)
    formats.load(folder)
    return found


def _database_findings(file: DatabaseFile) -> Iterator[Diagnosis]:
    """Check one database and the files beside it. Changes nothing."""
    path = file.path
    backups = say("record.backups_title")
    if database.is_lost(path):
        yield Diagnosis(str(path), State.FAULT, say("errors.lost"))
        yield Diagnosis(backups, *_backups(file))
        return
    if not path.exists():
        yield Diagnosis(str(path), State.ATTENTION, say("cli.mend_none"))
        return
    yield Diagnosis(say("cli.modes"), *_modes(path))
    yield Diagnosis.of(say("cli.synced"), _sync_warning(path), State.ATTENTION)
    yield Diagnosis(str(path), *_database(file))
    yield Diagnosis(backups, *_backups(file))
    unfinished = database.files_beside(path, database.UNFINISHED)
    leftovers = [*daily.folder_of(path).glob("*.part"), *unfinished]
    detail = say("cli.mend_leftovers") if leftovers else ""
    yield Diagnosis.of(say("cli.leftovers"), detail, State.ATTENTION)
    log = path.with_name(database.ERROR_LOG)
    detail = f"{say('cli.mend_errors')} {log}" if log.exists() else ""
    yield Diagnosis.of(say("cli.errors"), detail, State.ATTENTION)


def _sync_warning(path: Path) -> str:
    """Return a warning if a cloud service or a network drive keeps the folder, else ""."""
    if copies := synced_folder.conflict_copies(path):
        return say("record.conflicts", files=", ".join(map(str, copies)))
    service = synced_folder.service_of(path.parent)
    name = say("record.synced_network") if service == synced_folder.NETWORK else service
    return say("record.synced", service=name) if name else ""


def _wrong_packages() -> str:
    """Return which packages differ from the pins (or else the requirements), with what to do."""
    pins = APP_FOLDER / "requirements.txt"
    lines: list[str] = []
    if pins.exists():
        lines = pins.read_text(encoding="utf-8").splitlines()
    else:
        with suppress(metadata.PackageNotFoundError):
            lines = metadata.requires("holdwell") or []
    wrong = []
    for line in lines:
        try:
            wanted = Requirement(line.strip().removesuffix("\\").strip())
        except InvalidRequirement:
            continue  # The line is a comment or a hash.
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue  # It is needed on another system only.
        version = ""
        with suppress(metadata.PackageNotFoundError):
            version = metadata.version(wanted.name)
        if not version or not wanted.specifier.contains(version, prereleases=True):
            wrong.append(f"{wanted.name} {version or '–'} ({wanted.specifier})")
    return f"{', '.join(wrong)}. {say('cli.mend_packages')}" if wrong else ""


def _wrong_settings(file: Path) -> str:
    """Return which private settings are not as they were shipped and what to do, or ""."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        wrong = ", ".join(
            f"{section}.{name}"
            for section, settings in PRIVATE_SETTINGS.items()
            for name, wanted in settings.items()
            if table.get(section, {}).get(name) != wanted
        )
    except (OSError, tomllib.TOMLDecodeError) as error:
        wrong = str(error)
    return f"{wrong}. {say('cli.mend_settings')}" if wrong else ""


def _modes(path: Path) -> Outcome:
    """Check that no other account may read the files, and that the user may write to the database
    and SQLite's files beside it. Windows has no such permissions."""
    if sys.platform == "win32":
        return State.OK, ""
    written = [path, *path.parent.glob(f"{path.name}-*")]
    beside = [path.with_name(name) for name in (pairing.FILE_NAME, database.ERROR_LOG)]
    files = (*written, *daily.folder_of(path).glob("*.db"), *beside)
    modes = {file: file.stat().st_mode for file in files if file.exists()}
    wrong = [
        str(file)
        for file, mode in modes.items()
        if mode & OTHERS or (file in written and not mode & stat.S_IWUSR)
    ]
    if wrong:
        return State.FAULT, f"chmod 600 {shlex.join(wrong)}"
    if path.parent.stat().st_mode & OTHERS:
        return State.ATTENTION, f"chmod 700 {shlex.quote(str(path.parent))}"
    return State.OK, ""


def _database(file: DatabaseFile) -> Outcome:
    """Check a database, opened for reading only, or say why it cannot be opened."""
    try:
        with closing(file.connect(Mode.READ)) as conn:
            return _content_of(conn)
    except sqlcipher.EncryptedError:
        # If the given passphrase opens a backup but not the database, the database is damaged.
        if any(file.keyring.get(sqlcipher.read_salt(copy)) for copy in rekey.copies(file.path)):
            return State.FAULT, say("cli.mend_damaged")
        return State.ATTENTION, say("cli.encrypted_doctor")
    except (sqlcipher.DatabaseError, TypeError, ValueError) as error:
        known = classify(error, file.path) if isinstance(error, sqlcipher.Error) else None
        if known is not None and known.problem is not StoreProblem.DAMAGED:
            return State.FAULT, say(f"errors.{known.problem.value}")
        return State.FAULT, f"{error}. {say('cli.mend_damaged')}"


def _content_of(conn: sqlcipher.Connection) -> Outcome:
    """Check an open database; return what to do, or how many entries it has if it is sound."""
    result = conn.execute("PRAGMA integrity_check").fetchone()[0]
    if result != "ok":
        return State.FAULT, f"{result}. {say('cli.mend_damaged')}"
    row = conn.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    version = int(row[0])
    if version > database.SCHEMA_VERSION:
        return State.FAULT, say("errors.newer")
    if version < database.SCHEMA_VERSION:
        return State.ATTENTION, say("cli.mend_older")
    if conn.execute("PRAGMA foreign_key_check").fetchone() is not None:
        return State.FAULT, say("cli.mend_damaged")
    return State.OK, counted("entries", history.totals(StoreDatabase(conn)).entries)


def _backups(file: DatabaseFile) -> Outcome:
    is_locked = file.is_locked()
    backups = [] if is_locked else [file.at(path) for _, path in daily.days(file.path)]
    unread = [copy for copy in backups if daily.describe(copy) is None]
    bad = [str(copy.path) for copy in unread if not copy.is_locked()]
    if bad:
        return State.FAULT, f"{', '.join(bad)}. {say('cli.mend_bad_backup')}"
    if is_locked or unread:
        # The database is lost, or its passphrase was changed after the backups were made.
        return State.ATTENTION, say("cli.encrypted_doctor")
    newest = daily.newest_good(file, date.today())
    if newest is None:
        return State.ATTENTION, say("cli.mend_backup")
    return State.OK, newest.day.isoformat()
