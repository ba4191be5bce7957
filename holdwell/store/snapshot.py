"""A complete, verified copy of a database, made by SQLite's online backup."""

from contextlib import closing
from pathlib import Path

from holdwell.store import files, sqlcipher
from holdwell.store.keys import Key
from holdwell.store.sqlcipher import DatabaseFile


class CopyError(Exception):
    """The copy could not be made, or failed its check. No file was left behind."""


def copy_database(file: DatabaseFile, target: Path) -> None:
    """Copy a database, check the copy, and only then rename it to `target`.

    Other connections may read and write meanwhile (https://www.sqlite.org/backup.html). The copy
    has mode 0600, the same encryption as its source, and is on disk on return. Raises CopyError.
    """
    try:
        files.make_private_folder(target.parent)
        with closing(file.connect()) as source, files.part_file(target) as part:
            with closing(sqlcipher.connect_with(part, source.key)) as copy:
                source.backup(copy)
                # In WAL mode the copy would need files of its own beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
            finish(part, source.key)
            part.replace(target)
            files.sync_folder(target.parent)
    except (OSError, sqlcipher.Error, sqlcipher.EncryptedError) as error:
        raise CopyError(str(error)) from error


def finish(part: Path, key: Key | None, journal_mode: str = "DELETE") -> None:
    """Check a new file, and flush it to disk. Raises CopyError, sqlcipher.Error, OSError.

    A new connection reads it back from the file: the one that wrote it has the pages in memory.
    """
    with closing(sqlcipher.connect_with(part, key)) as conn:
        if not is_intact(conn):
            raise CopyError(f"{part} did not pass its check")
        conn.execute(f"PRAGMA journal_mode={journal_mode}")
    files.sync(part)


def is_intact(conn: sqlcipher.Connection) -> bool:
    """Return whether an open database passes SQLite's full check. Raises sqlcipher.Error."""
    return bool(conn.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
