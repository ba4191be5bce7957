"""Overwriting files whose words are to be gone, as far as a program can.

What a file system or a disk keeps of overwritten blocks is beyond it; the pages say so.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_BLOCK = 2**20


def blank(file: BinaryIO) -> None:
    """Write zeros over an open file from its start to its end, and put them on disk."""
    left = os.fstat(file.fileno()).st_size
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, _BLOCK)))
    file.flush()
    os.fsync(file.fileno())


def destroy(path: Path) -> bool:
    """Overwrite a file with zeros and remove it; whether it is gone.

    Of a link only the link goes: where it leads to is not ours.
    """
    try:
        if not path.is_symlink():
            with path.open("rb+") as file:
                blank(file)
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
