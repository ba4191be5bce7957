"""Private files: only the user reads them; written whole or not at all; overwritten on removal."""

import errno
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MODE = 0o600
"""Only the user may read and write."""
FOLDER_MODE = 0o700
_BLOCK = 2**20


def expand_home(path: Path) -> Path:
    """Return a path with ~ replaced by the home folder. Raises OSError for an unknown user."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error


def make_private_folder(folder: Path) -> None:
    """Create a folder, and missing folders above it, with mode 0700. Raises OSError."""
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


@contextmanager
def part_file(target: Path) -> Iterator[Path]:
    """Create an empty private file beside `target`, for the caller to fill and rename to `target`.

    If it is still there at the end, it is overwritten and removed, like SQLite's files beside it.
    """
    # A file name has at most 255 bytes.
    name = os.fsencode(target.name)[:200].decode(errors="ignore")
    handle, path = tempfile.mkstemp(".part", f"{name}.", target.parent)
    os.close(handle)
    part = Path(path)
    try:
        yield part
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            secure_delete(part.with_name(part.name + suffix))


def write_private(target: Path, data: bytes) -> None:
    """Write a file with mode 0600, whole or not at all; it is on disk on return. Raises OSError.

    A link stays, and the file that it leads to is replaced. A device or a pipe is written to.
    """
    target = target.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    make_private_folder(target.parent)
    with part_file(target) as part:
        part.write_bytes(data)
        sync(part)
        part.replace(target)
    sync_folder(target.parent)


def append_private(path: Path, text: str) -> None:
    """Append to a file, and give it mode 0600. Raises OSError."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, MODE), "ab") as file:
        path.chmod(MODE)
        # A path in the text may not be valid UTF-8.
        file.write(text.encode(errors="backslashreplace"))


def sync(path: Path) -> None:
    """Flush a file's content to disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush a new name in a folder to disk. Windows has no such call, and does it by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def overwrite(file: BinaryIO) -> None:
    """Overwrite an open file with zeros from start to end, and flush them to disk.

    Earlier blocks that the file system or the disk keeps are out of reach; the pages say so.
    """
    left = os.fstat(file.fileno()).st_size
    if not left:
        return
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, _BLOCK)))
    file.flush()
    os.fsync(file.fileno())


def replace_and_overwrite(part: Path, target: Path) -> None:
    """Replace a file with `part`, and overwrite the old content. Raises OSError."""
    if sys.platform == "win32":
        # Windows cannot replace an open file.
        old = target.rename(target.with_name(f"{target.name}.{uuid.uuid4().hex}.part"))
        part.replace(target)
        secure_delete(old)
        return
    with target.open("rb+") as file:
        part.replace(target)
        sync_folder(target.parent)
        overwrite(file)


@contextmanager
def overwritten_if_removed(path: Path) -> Iterator[None]:
    """Overwrite a file if it is removed inside the block, as SQLite removes its write-ahead log."""
    try:
        # Windows cannot remove an open file.
        file = None if sys.platform == "win32" else path.open("rb+")
    except OSError:
        file = None
    if file is None:
        yield
        return
    with file:
        yield
        # Another window may remove the file at any moment.
        try:
            removed = not os.path.samestat(path.stat(), os.fstat(file.fileno()))
        except FileNotFoundError:
            removed = True
        if removed:
            overwrite(file)


def secure_delete(path: Path) -> bool:
    """Overwrite a file with zeros and remove it; return whether it is gone.

    Of a link, only the link is removed: the file that it leads to is not ours.
    """
    try:
        if not path.is_symlink():
            with path.open("rb+") as file:
                overwrite(file)
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
