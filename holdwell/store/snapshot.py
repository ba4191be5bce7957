"""A whole and verified copy of an open database, by SQLite's online backup."""

from contextlib import closing
from pathlib import Path

from holdwell.store import files, sqlcipher
from holdwell.store.sqlcipher import DatabaseFile, Mode


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
            # Read back from the file: the connection that wrote it has its pages in memory.
            with closing(sqlcipher.connect_with(part, source.key, Mode.READ)) as copy:
                if not is_intact(copy):
                    raise CopyError(f"the copy {part} did not pass its check")
            files.sync(part)
            part.replace(target)
            files.sync_folder(target.parent)
    except (OSError, sqlcipher.Error) as error:
        raise CopyError(str(error)) from error


def is_sound(file: DatabaseFile) -> bool:
    """Return whether a database file can be opened and passes SQLite's full check."""
    try:
        with closing(file.connect(Mode.READ)) as conn:
            return is_intact(conn)
    except (sqlcipher.Error, sqlcipher.EncryptedError):
        return False


def is_intact(conn: sqlcipher.Connection) -> bool:
    """Return whether an open database passes SQLite's full check. Raises sqlcipher.Error."""
    return bool(conn.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
