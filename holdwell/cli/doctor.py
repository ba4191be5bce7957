"""`doctor`: looks at everything the app stands on, and says how to mend what is wrong."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from itertools import chain
from pathlib import Path

from packaging.markers import Marker

from holdwell.backup import daily
from holdwell.guide.check import check
from holdwell.i18n.messages import counted, say
from holdwell.i18n.toml_reader import ContentError, content_folder
from holdwell.network.pairing import FILE_NAME
from holdwell.store import database, people, sqlcipher

ROOT = Path(__file__).resolve().parent.parent.parent
OLDEST_PYTHON = (3, 11)
LOG_NAME = "holdwell-errors.log"
PRIVATE = 0o077
"""The rights that nobody but her may have."""
SHIPPED = {
    "server.address": "localhost",
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
}
"""The settings on which her privacy stands."""


class State(StrEnum):
    OK = "ok"
    ATTENTION = "attention"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Found:
    """One line: what was looked at, how it is, and what to do if it is not well."""

    what: str
    state: State
    detail: str = ""


def run(path: Path, options: argparse.Namespace) -> int:
    """Print every finding, of everyone's record or of one person's; 1 if one is a fault."""
    others = [] if options.person else people.people(path.parent)[1:]
    worst = 0
    for found in chain(findings(path), *(of_record(one.database) for one in others)):
        print(f"{say(f'cli.state_{found.state.value}'):<10} {found.what}", end="")
        print(f": {found.detail}" if found.detail else "")
        worst = max(worst, int(found.state is State.FAULT))
    return worst


def findings(path: Path) -> Iterator[Found]:
    """Look at one thing after the other. Changes nothing."""
    version = sys.version.split()[0]
    old = sys.version_info < OLDEST_PYTHON
    yield Found(f"Python {version}", State.FAULT if old else State.OK, _mend(old, "python"))
    yield _packages()
    yield _content()
    yield _settings()
    yield from of_record(path)


def of_record(path: Path) -> Iterator[Found]:
    """Look at one record and what lies beside it. Changes nothing."""
    if not path.exists():
        yield Found(str(path), State.ATTENTION, say("cli.mend_none"))
        return
    yield _modes(path)
    yield _database(path)
    yield _backups(path)
    parts = [
        *daily.folder_of(path).glob("*.part"),
        *path.parent.glob(f"{path.name}.*.part"),
    ]
    yield Found(
        say("cli.leftovers"),
        State.ATTENTION if parts else State.OK,
        _mend(bool(parts), "leftovers"),
    )
    log = path.with_name(LOG_NAME)
    yield Found(
        say("cli.errors"),
        State.ATTENTION if log.exists() else State.OK,
        f"{say('cli.mend_errors')} {log}" if log.exists() else "",
    )


def _mend(bad: bool, what: str) -> str:
    return say(f"cli.mend_{what}") if bad else ""


def _packages() -> Found:
    wrong = []
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        pin = re.match(r"([A-Za-z0-9._-]+)(?:\[\w+\])?==([^\s;]+)(.*)", line)
        if pin is None:
            continue
        marker = pin[3].strip().removeprefix(";").strip()
        if marker and not Marker(marker).evaluate():
            continue  # Only for another system.
        try:
            have = metadata.version(pin[1])
        except metadata.PackageNotFoundError:
            have = "–"
        if have != pin[2]:
            wrong.append(f"{pin[1]} {have} ({pin[2]})")
    state = State.FAULT if wrong else State.OK
    detail = f"{', '.join(wrong)}. {say('cli.mend_packages')}" if wrong else ""
    return Found(say("cli.packages"), state, detail)


def _content() -> Found:
    try:
        return Found(str(content_folder()), State.OK, check(content_folder()))
    except ContentError as error:
        return Found(str(content_folder()), State.FAULT, str(error))


def _settings() -> Found:
    file = ROOT / ".streamlit" / "config.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        return Found(str(file), State.FAULT, f"{error}. {say('cli.mend_settings')}")
    changed = [
        name
        for name, wanted in SHIPPED.items()
        if table.get(name.split(".")[0], {}).get(name.split(".")[1]) != wanted
    ]
    if changed:
        return Found(str(file), State.FAULT, f"{', '.join(changed)}. {say('cli.mend_settings')}")
    return Found(str(file), State.OK)


def _modes(path: Path) -> Found:
    if sys.platform == "win32":
        return Found(say("cli.modes"), State.OK)
    files = [path, *path.parent.glob(f"{path.name}-*"), *daily.folder_of(path).glob("*.db")]
    keys = path.with_name(FILE_NAME)
    files += [keys] if keys.exists() else []
    open_to_others = [str(file) for file in files if file.stat().st_mode & PRIVATE]
    if open_to_others:
        detail = f"chmod 600 {shlex.join(open_to_others)}"
        return Found(say("cli.modes"), State.FAULT, detail)
    return Found(say("cli.modes"), State.OK)


def _database(path: Path) -> Found:
    def ask(conn: sqlcipher.Connection) -> Found:
        sound = conn.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            return Found(str(path), State.FAULT, f"{sound}. {say('cli.mend_damaged')}")
        version = int(
            conn.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()[0]
        )
        if version > database.SCHEMA_VERSION:
            return Found(str(path), State.FAULT, say("errors.newer"))
        if version < database.SCHEMA_VERSION:
            return Found(str(path), State.ATTENTION, say("cli.mend_older"))
        if conn.execute("PRAGMA foreign_key_check").fetchone() is not None:
            return Found(str(path), State.FAULT, say("cli.mend_damaged"))
        count = conn.execute("SELECT count(*) FROM session WHERE deleted_at IS NULL").fetchone()[0]
        return Found(str(path), State.OK, counted("sessions", count))

    return _asked(path, ask)


def _asked(path: Path, ask: Callable[[sqlcipher.Connection], Found]) -> Found:
    """Ask a database that is opened for reading alone."""
    try:
        with closing(sqlcipher.connect(path, readonly=True)) as conn:
            return ask(conn)
    except sqlcipher.SealedError:
        return Found(str(path), State.ATTENTION, say("cli.sealed_doctor"))
    except (sqlcipher.DatabaseError, TypeError, ValueError) as error:
        known = database.classify(error, path) if isinstance(error, sqlcipher.Error) else None
        if known is not None and known.problem is not database.StoreProblem.DAMAGED:
            return Found(str(path), State.FAULT, say(f"errors.{known.problem.value}"))
        return Found(str(path), State.FAULT, f"{error}. {say('cli.mend_damaged')}")


def _is_locked(path: Path) -> bool:
    salt = sqlcipher.sealed_salt(path)
    return salt is not None and sqlcipher.keyring.get(salt) is None


def _backups(path: Path) -> Found:
    if _is_locked(path):
        return Found(say("record.backups_title"), State.ATTENTION, say("cli.sealed_doctor"))
    bad = [str(file) for _, file in daily.days(path) if daily.describe(file) is None]
    if bad:
        detail = f"{', '.join(bad)}. {say('cli.mend_bad_backup')}"
        return Found(say("record.backups_title"), State.FAULT, detail)
    newest = daily.newest_good(path)
    if newest is None:
        return Found(say("record.backups_title"), State.ATTENTION, say("cli.mend_backup"))
    return Found(say("record.backups_title"), State.OK, newest.day.isoformat())
