"""Encrypting a record, changing its passphrase, and taking it off; its backups with it.

Every step leaves either the old file or the new one whole. Whoever writes meanwhile is told that
the record is in use, and tries again in the new file (`schema.Record`).
"""

from __future__ import annotations

import os
import random
import sys
import time
import uuid
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock

from holdwell.backup import daily
from holdwell.store import database as schema
from holdwell.store import sqlcipher
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.secure_delete import blank, destroy
from holdwell.store.snapshot import CopyError, flush, flush_folder
from holdwell.store.sqlcipher import Connection, Key

SALT_BYTES = 16


class WrongPassphraseError(Exception):
    """The passphrase does not open the record."""


def unlock(database: Path, passphrase: str) -> None:
    """Put the record's key on the keyring, in memory alone.

    Raises WrongPassphraseError; StoreError (DAMAGED) where the passphrase opens a backup of this
    record and not the record itself.
    """
    salt = sqlcipher.sealed_salt(database)
    if salt is None:
        return
    key = sqlcipher.derive(passphrase, salt)
    with schema.translating(database):
        if sqlcipher.opens(database, key):
            sqlcipher.keyring.add(key)
            return
    if unlock_copies(database, passphrase, like=salt):
        raise StoreError(StoreProblem.DAMAGED, database)
    raise WrongPassphraseError


ALIKE = SALT_BYTES // 2
"""Bytes that two salts have in common of which one is the other with damage in it. Two random ones
have as many with a chance of one in 10**15: so a copy with an earlier passphrase, which a crash
can leave, says nothing of the record."""


def unlock_copies(database: Path, passphrase: str, like: bytes | None = None) -> int:
    """Put the keys on the keyring of the copies that a passphrase opens; how many those are.

    For a record that is damaged, and for copies that were left with an earlier passphrase. `like`
    is the record's salt, intact or not: then only copies that were made from it count.
    """
    opened = 0
    keys: dict[bytes, Key] = {}
    for path in copies(database):
        salt = sqlcipher.salt_of(path)
        if salt is None:
            continue
        if like is not None and sum(map(int.__eq__, salt, like)) < ALIKE:
            continue
        key = keys.setdefault(salt, sqlcipher.derive(passphrase, salt))
        with suppress(sqlcipher.Error):
            if sqlcipher.opens(path, key):
                sqlcipher.keyring.add(key)
                opened += 1
    return opened


def sealed_copies(database: Path) -> list[Path]:
    """The copies that are encrypted and whose key is not at hand."""
    salts = [(path, sqlcipher.salt_of(path)) for path in copies(database)]
    return [p for p, salt in salts if salt is not None and sqlcipher.keyring.get(salt) is None]


def uncovered(database: Path) -> list[Path]:
    """Files beside an encrypted record that have another passphrase or none: copies that could not
    be brought along, damaged records set aside, and a new backup that was not finished."""
    salt = sqlcipher.sealed_salt(database)
    beside = [
        *copies(database),
        *daily.folder_of(database).glob("*.db.new"),
        *database.parent.glob(f"{database.stem}.damaged-*{database.suffix}"),
    ]
    return sorted(path for path in beside if sqlcipher.salt_of(path) != salt)


def is_passphrase(database: Path, passphrase: str) -> bool:
    """Whether this is the passphrase of an encrypted record. Raises StoreError."""
    salt = sqlcipher.sealed_salt(database)
    with schema.translating(database):
        return salt is not None and sqlcipher.opens(database, sqlcipher.derive(passphrase, salt))


def copies(database: Path) -> list[Path]:
    """The backups and kept copies of a record."""
    return sorted(daily.folder_of(database).glob("*.db"))


_resealing = Lock()
ANY = b""
"""In the place of a salt: whatever the record has now is fine."""


def reseal(database: Path, passphrase: str | None, was: bytes | None = ANY) -> list[Path]:
    """Give the record and its backups a passphrase, another one, or (None) none.

    The record must be open: its key on the keyring if it has one. Returns the copies that could
    not be converted and stay as they were. Raises StoreError (LOCKED while another window is in
    the middle of something, FULL), CopyError; then the record is as it was. `was` is the salt
    that the record had when she was asked: LOCKED if another window has changed it since.
    """
    with _resealing:
        salt = sqlcipher.sealed_salt(database)
        if was not in (ANY, salt):
            raise StoreError(StoreProblem.LOCKED, database, "the passphrase was changed meanwhile")
        old = sqlcipher.keyring.get(salt or b"")
        new = None if passphrase is None else sqlcipher.derive(passphrase, os.urandom(SALT_BYTES))
        if new is not None:
            # Before the file is in place, so that nobody meets it without its key.
            sqlcipher.keyring.add(new)
        try:
            with schema.translating(database):
                _replace_live(database, new)
        except BaseException:
            if new is not None:
                sqlcipher.keyring.drop(new.salt)
            raise
        left = settle(database)
        # Only now: the copies needed it.
        if old is not None:
            sqlcipher.keyring.drop(old.salt)
        return left


def settle(database: Path) -> list[Path]:
    """Bring every copy to the record's own state, also after a crash; return those left over.

    The record must be open, as for `reseal`. Safe to repeat.
    """
    salt = sqlcipher.sealed_salt(database)
    key = None if salt is None else sqlcipher.keyring.get(salt)
    if salt is not None and key is None:
        return []
    # A damaged record has no state to bring them to: its encrypted backups stay encrypted.
    if salt is None and (not database.exists() or schema.looks_damaged(database)):
        return []
    left = []
    for path in copies(database):
        if sqlcipher.salt_of(path) == salt:
            continue
        try:
            _convert(path, key)
        except (CopyError, OSError, sqlcipher.Error, sqlcipher.SealedError):
            left.append(path)
    return left


def _replace_live(database: Path, new: Key | None) -> None:
    """Put a converted file in the record's place, while nobody else can write into it."""
    part = database.with_name(f"{database.name}.{uuid.uuid4().hex}.part")
    conn = sqlcipher.connect(database)
    try:
        _make(part)
        _attach(conn, part, new)
        _take_alone(conn)
        if sqlcipher.inode_of(database) != conn.inode:
            raise StoreError(StoreProblem.LOCKED, database, "the file was replaced")
        if conn.execute("SELECT count(*) FROM main.meta").fetchone()[0] == 0:
            raise CopyError(f"{database} is empty")
        _export(conn, part)
        _finish(part, new, "WAL")
        if sys.platform == "win32":
            conn.close()  # An open file cannot be replaced there.
        part.replace(database)
        flush_folder(database.parent)
        if sys.platform != "win32":
            _blank(conn)
    finally:
        conn.close()
        for path in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm"))):
            path.unlink(missing_ok=True)


def _take_alone(conn: Connection) -> None:
    """Keep every other connection out until this one is closed.

    Out of WAL mode first: its log beside the file would be taken for the new file's. That, and
    the lock, need the others to have gone, as they do at the end of a page's run.
    """
    give_up = time.monotonic() + sqlcipher.BUSY_SECONDS
    while True:
        try:
            conn.execute("PRAGMA main.journal_mode=DELETE")
            conn.execute("PRAGMA main.locking_mode=EXCLUSIVE")
            conn.execute("BEGIN EXCLUSIVE")
            if conn.execute("PRAGMA main.journal_mode").fetchone()[0] == "delete":
                # What others changed in the schema is read anew, which the export does not.
                conn.execute("SELECT count(*) FROM main.sqlite_master").fetchone()
                return
            conn.execute("ROLLBACK")
        except sqlcipher.OperationalError as error:
            if not sqlcipher.is_busy(error) or time.monotonic() > give_up:
                raise
        conn.execute("PRAGMA main.locking_mode=NORMAL")
        # Lets go of what the exclusive mode may hold.
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        time.sleep(random.uniform(*schema.RETRY_SECONDS))


def _convert(path: Path, new: Key | None) -> None:
    """Convert a file that nobody writes into, and overwrite what it was. Raises CopyError."""
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with closing(sqlcipher.connect(path)) as conn:
            _make(part)
            _attach(conn, part, new)
            conn.execute("BEGIN")
            _export(conn, part)
        _finish(part, new, "DELETE")
        seen = path.stat()
        # When it was made is told by its time.
        os.utime(part, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        if sys.platform == "win32":
            # An open file cannot be replaced there.
            old = path.rename(path.with_name(f"{path.name}.{uuid.uuid4().hex}.part"))
            part.replace(path)
            destroy(old)
        else:
            with path.open("rb+") as file:
                part.replace(path)
                flush_folder(path.parent)
                blank(file)
    finally:
        part.unlink(missing_ok=True)


def _make(part: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _attach(conn: Connection, part: Path, key: Key | None) -> None:
    literal = "''" if key is None else key.literal
    conn.execute(f"ATTACH ? AS fresh KEY {literal}", [str(part)])


def _export(conn: Connection, part: Path) -> None:
    """Write everything into the attached file, within the transaction that is open."""
    conn.execute("SELECT sqlcipher_export('fresh')")
    if _inside(conn, "main") != _inside(conn, "fresh"):
        raise CopyError(f"{part} lacks rows")
    conn.execute("COMMIT")
    conn.execute("DETACH fresh")


def _inside(conn: Connection, name: str) -> tuple[list[str], list[int]]:
    """What a database is made of, as SQL, and how many rows each table has."""
    parts = conn.execute(
        f"SELECT type, name, sql FROM {name}.sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    counts = [
        conn.execute(f'SELECT count(*) FROM {name}."{table}"').fetchone()[0]
        for kind, table, _ in parts
        if kind == "table"
    ]
    return [sql for _, _, sql in parts], counts


def _finish(part: Path, key: Key | None, mode: str) -> None:
    """Check a new file, and put it on disk."""
    with closing(sqlcipher.connect_with(part, key)) as conn:
        sound = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if sound != "ok":
            raise CopyError(f"{part}: {sound}")
        conn.execute(f"PRAGMA journal_mode={mode}")
    flush(part)


def _blank(conn: Connection) -> None:
    """Overwrite what the file without a name still holds; whoever has it open finds it empty."""
    conn.execute("PRAGMA main.journal_mode=MEMORY")
    conn.execute("PRAGMA secure_delete=ON")
    conn.execute("PRAGMA foreign_keys=OFF")
    names = conn.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    conn.execute("BEGIN EXCLUSIVE")
    for (table,) in names:
        conn.execute(f'DROP TABLE main."{table}"')
    conn.execute("COMMIT")


def set_aside(database: Path) -> Path:
    """Move a record that nobody can open, and its backups, into a folder of their own; return it.

    Untouched: whoever remembers the passphrase later moves them back. Raises OSError.
    """
    number = 1
    while True:
        kept = schema.set_aside_name(database, "locked", number)
        folder = kept.with_suffix("")
        try:
            folder.mkdir(mode=0o700)
            break
        except FileExistsError:
            number += 1
    schema.set_aside(database, kept)
    beside: Iterable[Path] = kept.parent.glob(f"{kept.name}*")
    for path in beside:
        path.rename(folder / path.name.replace(kept.name, database.name))
    if daily.folder_of(database).exists():
        daily.folder_of(database).rename(folder / daily.FOLDER)
    return folder
