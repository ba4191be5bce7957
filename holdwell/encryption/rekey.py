"""Encrypting a database and its backups, changing the passphrase, and decrypting them.

At every moment either the old file or the new one is whole. A write in another window fails
meanwhile, because the database is in use, and succeeds later in the new file (`database.writing`).
"""

import os
import sqlite3
import sys
from contextlib import closing, suppress
from functools import cache, partial
from pathlib import Path

from holdwell.backup import daily
from holdwell.store import database, files, keys, sqlcipher
from holdwell.store.errors import StoreError, StoreProblem, translating, translating_os_errors
from holdwell.store.keys import Key
from holdwell.store.snapshot import CopyError, finish
from holdwell.store.sqlcipher import Connection, DatabaseFile, key_fits, read_salt


class WrongPassphraseError(Exception):
    """The passphrase does not open the database."""


def unlock(file: DatabaseFile, passphrase: str) -> None:
    """Put the database's key on the keyring. Raises WrongPassphraseError; StoreError (DAMAGED) if
    the passphrase opens a backup of this database but not the database itself."""
    salt = file.salt()
    if salt is None:
        return
    key = keys.derive(passphrase, salt)
    with translating(file.path):
        if key_fits(file.path, key):
            file.keyring.add(key)
            with suppress(OSError):
                daily.mark_encryption(file.path, salt)
            return
    if unlock_copies(file, passphrase, like=salt):
        raise StoreError(StoreProblem.DAMAGED, file.path)
    raise WrongPassphraseError


SAME_SALT_BYTES = keys.SALT_BYTES // 2
"""Two salts with this many equal bytes are the same salt, one of them damaged: random salts have as
many with a probability of 1 in 10**15. So a copy with an earlier passphrase, which a crash can
leave, is told apart from copies of the database as it is."""


def unlock_copies(file: DatabaseFile, passphrase: str, like: bytes | None = None) -> int:
    """Put the keys of all copies that a passphrase opens on the keyring; return how many it opens.

    This helps if the database is damaged, or copies still have an earlier passphrase. `like`, the
    database's salt, intact or not, limits this to copies of the database as it is.
    """
    opened = 0
    key_of = cache(partial(keys.derive, passphrase))
    for path in copies(file.path):
        salt = read_salt(path)
        if salt is None or (like and sum(map(int.__eq__, salt, like)) < SAME_SALT_BYTES):
            continue
        with suppress(sqlcipher.Error):
            if key_fits(path, key_of(salt)):
                file.keyring.add(key_of(salt))
                opened += 1
    return opened


def locked_copies(file: DatabaseFile) -> list[Path]:
    """Return the encrypted copies whose key is not on the keyring."""
    salts = [(path, read_salt(path)) for path in copies(file.path)]
    return [path for path, salt in salts if salt is not None and file.keyring.get(salt) is None]


def not_covered(file: DatabaseFile) -> list[Path]:
    """Return the files that an encrypted database's passphrase does not protect: copies that could
    not be converted, damaged databases, and an unfinished backup."""
    path = file.path
    salt = file.salt()
    new = daily.folder_of(path).glob("*.db.new")
    damaged = database.files_beside(path, database.DAMAGED)
    without_logs = [other for other in damaged if other.suffix == path.resolve().suffix]
    beside = (*copies(path), *new, *without_logs)
    return sorted(other for other in beside if read_salt(other) != salt)


def is_passphrase(file: DatabaseFile, passphrase: str) -> bool:
    """Return whether the database is encrypted with this passphrase. Raises StoreError."""
    salt = file.salt()
    with translating(file.path):
        return salt is not None and key_fits(file.path, keys.derive(passphrase, salt))


def copies(path: Path) -> list[Path]:
    """Return the backups and saved copies of a database."""
    return sorted(daily.folder_of(path).glob("*.db"))


ANY_SALT = b""
"""Stands for any salt: it does not matter whether the passphrase was changed meanwhile."""


def change_passphrase(
    file: DatabaseFile, passphrase: str | None, expected_salt: bytes | None = ANY_SALT
) -> list[Path]:
    """Set, change or (None) remove the passphrase of the database and its backups.

    The database must be unlocked. Returns the copies that could not be converted, which are left
    as they were. Raises StoreError (LOCKED while another window is using the database, FULL,
    READ_ONLY) or CopyError; then the database is unchanged. `expected_salt` is the salt that it had
    when the user was asked; LOCKED if another window has changed it since.
    """
    keyring = file.keyring
    with keyring.rekeying:
        salt = file.salt()
        if expected_salt not in (ANY_SALT, salt):
            raise StoreError(StoreProblem.LOCKED, file.path, "the passphrase was changed meanwhile")
        old = keyring.get(salt)
        fresh = os.urandom(keys.SALT_BYTES)
        new = None if passphrase is None else keys.derive(passphrase, fresh)
        if new is not None:
            # Added before the file is in place, so that no other window finds it without its key.
            keyring.add(new)
        # With a first passphrase, the copies are converted first: a crash must not leave plain
        # copies, which open without the passphrase, beside an encrypted database.
        copies_first = old is None and new is not None
        try:
            with translating(file.path), translating_os_errors(file.path):
                _replace_database(file, new, copies_first=copies_first)
        except BaseException:
            if copies_first:
                convert_copies(file)
            if new is not None:
                keyring.drop(new.salt)
            raise
        left = convert_copies(file)
        daily.mark_encryption(file.path, new.salt if new else None)
        # Dropped only now, because converting the copies needed it.
        if old is not None:
            keyring.drop(old.salt)
        return left


def convert_copies(file: DatabaseFile) -> list[Path]:
    """Give every copy the same key as the database, or none; return those that failed.

    The database must be unlocked. Safe to repeat, for example after a crash.
    """
    salt = file.salt()
    key = file.keyring.get(salt)
    # A damaged database does not tell whether it was encrypted: leave its copies as they are.
    is_plain = salt is None and file.path.exists() and not database.looks_damaged(file)
    return _convert_to(file, key) if is_plain or key is not None else []


def _convert_to(file: DatabaseFile, key: Key | None) -> list[Path]:
    left = []
    for path in copies(file.path):
        if read_salt(path) == (key.salt if key else None):
            continue
        try:
            _convert(file.at(path), key)
        except (CopyError, OSError, sqlcipher.Error, sqlcipher.EncryptedError):
            left.append(path)
    return left


def _replace_database(file: DatabaseFile, new: Key | None, *, copies_first: bool) -> None:
    """Replace the database by a converted file, while no other window can write to it."""
    # Replace the file that a link leads to, not the link.
    path = file.path.resolve()
    with files.part_file(path) as part, closing(file.connect()) as conn:
        conn.attach(part, "fresh", new)
        with files.overwritten_if_removed(sqlcipher.log_of(path)):
            _lock_exclusively(conn)
        if not conn.is_in_place():
            raise StoreError(StoreProblem.LOCKED, path, "the file was replaced")
        if conn.execute("SELECT count(*) FROM main.meta").fetchone()[0] == 0:
            raise CopyError(f"{path} is empty")
        _export(conn, part)
        finish(part, new, "WAL")
        if copies_first:
            daily.mark_encryption(file.path, new.salt if new else None)
            _convert_to(file, new)
        if sys.platform == "win32":
            conn.close()  # An open file cannot be replaced there.
        part.replace(path)
        files.sync_folder(path.parent)
        if sys.platform != "win32":
            _blank(conn)


def _lock_exclusively(conn: Connection) -> None:
    """Lock every other connection out until this one is closed.

    The database leaves WAL mode first, because its log would be taken for that of the new file.
    Both need all other connections to be closed, as they are at the end of a page's run.
    """

    def attempt() -> None:
        try:
            conn.execute("PRAGMA main.journal_mode=DELETE")
            conn.execute("PRAGMA main.locking_mode=EXCLUSIVE")
            conn.execute("BEGIN EXCLUSIVE")
            if conn.execute("PRAGMA main.journal_mode").fetchone()[0] != "delete":
                conn.execute("ROLLBACK")
                raise sqlcipher.failure(sqlite3.SQLITE_BUSY, "it is in WAL mode again")
        except sqlcipher.OperationalError:
            conn.execute("PRAGMA main.locking_mode=NORMAL")
            # After a read, SQLite releases a lock that is left from the exclusive mode.
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
            raise

    sqlcipher.retry_while_busy(attempt)
    # Another connection may have changed the tables; the export needs the new ones.
    conn.execute("SELECT count(*) FROM main.sqlite_master").fetchone()


def _convert(file: DatabaseFile, new: Key | None) -> None:
    """Convert a file that nobody writes to, and overwrite the old content. Raises CopyError."""
    path = file.path
    with files.part_file(path) as part:
        with closing(file.connect()) as conn:
            conn.attach(part, "fresh", new)
            conn.execute("BEGIN")
            _export(conn, part)
        finish(part, new)
        seen = path.stat()
        # The file's time shows when the copy was made.
        os.utime(part, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        files.replace_and_overwrite(part, path)


def _export(conn: Connection, part: Path) -> None:
    """Copy everything into the attached file, and commit the open transaction."""
    conn.execute("SELECT sqlcipher_export('fresh')")
    if _content(conn, "main") != _content(conn, "fresh"):
        raise CopyError(f"{part} lacks rows")
    conn.execute("COMMIT")
    conn.execute("DETACH fresh")


def _content(conn: Connection, name: str) -> list[tuple[str, object]]:
    """Return the SQL of each table, index and trigger, and the number of rows of each table."""
    parts = conn.execute(
        f"SELECT type, name, sql FROM {name}.sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    return [
        (sql, kind == "table" and conn.execute(f'SELECT count(*) FROM {name}."{part}"').fetchone())
        for kind, part, sql in parts
    ]


def _blank(conn: Connection) -> None:
    """Erase the content of the replaced file; a connection that has it open finds it empty."""
    conn.execute("PRAGMA main.journal_mode=MEMORY")
    conn.execute("PRAGMA secure_delete=ON")
    conn.execute("PRAGMA foreign_keys=OFF")
    names = conn.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
    conn.execute("BEGIN EXCLUSIVE")
    for (table,) in names:
        conn.execute(f'DROP TABLE main."{table}"')
    conn.execute("COMMIT")


def quarantine(file: DatabaseFile) -> Path:
    """Move a database that nobody can unlock and its backups into a folder; return the folder.

    They are unchanged, so that a user who remembers the passphrase can move them back. Raises
    OSError.
    """
    path = file.path
    folder = database.quarantine_path(path, "locked").with_suffix("")
    folder.mkdir(mode=files.FOLDER_MODE)
    database.rename_with_logs(path, folder / path.name)
    for source in (daily.folder_of(path), daily.encryption_mark(path)):
        if source.exists():
            source.rename(folder / source.name)
    file.keyring.opened.discard(path.absolute())
    return folder
