"""A passphrase, and ways to look into a database and the files of its folder."""

import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from sqlite3.dump import _iterdump  # type: ignore[attr-defined]

from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import SECRET

TODAY = date(2026, 11, 24)
PASSPHRASE = "four calm words here"


def dump(file: DatabaseFile) -> list[str]:
    with closing(file.connect()) as conn:
        return sorted(_iterdump(conn))


def files_with_secret(folder: Path) -> list[str]:
    """Return the files in which the user's text can be read."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def is_locked_for_others(path: Path) -> bool:
    """Return whether another process finds that a plain database is being written to."""
    code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], 0).execute('BEGIN IMMEDIATE')"
    command = [sys.executable, "-c", code, str(path)]
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    return "database is locked" in other.stderr
