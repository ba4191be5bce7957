"""A whole and verified copy of an open database, by SQLite's online backup."""

from contextlib import closing
from pathlib import Path

from holdwell.store import files, sqlcipher
from holdwell.store.sqlcipher import Key


class CopyError(Exception):
    """The copy could not be made, or did not pass its check. No file was left behind."""


def copy_database(source: sqlcipher.Connection, target: Path) -> None:
    """Copy an open database to `target`, check the copy, and only then give it its name.

    Other connections may read and write meanwhile (https://www.sqlite.org/backup.html). The copy
    is the user's alone (mode 0600), encrypted as its source is, and on disk on return.
    Raises CopyError.
    """
    try:
        files.make_private_folder(target.parent)
        with files.part_file(target) as part:
            with closing(sqlcipher.connect_with(part, source.key)) as copy:
                source.backup(copy)
                # A copy of a database in WAL mode would want files of its own beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
            finish(part, source.key)
            part.replace(target)
            files.sync_folder(target.parent)
    except (OSError, sqlcipher.Error) as error:
        raise CopyError(str(error)) from error


def finish(part: Path, key: Key | None, journal_mode: str = "DELETE") -> None:
    """Check a new file, and put it on disk. Raises CopyError, sqlcipher.Error, OSError.

    It is read back from the disk: the connection that wrote it has its pages in memory.
    """
    with closing(sqlcipher.connect_with(part, key)) as conn:
        if not is_intact(conn):
            raise CopyError(f"{part} did not pass its check")
        conn.execute(f"PRAGMA journal_mode={journal_mode}")
    files.sync(part)


def is_intact(conn: sqlcipher.Connection) -> bool:
    """Return whether an open database passes SQLite's full check. Raises sqlcipher.Error."""
    return bool(conn.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
