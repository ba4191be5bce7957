"""Erased or encrypted text cannot be read from the raw disk, as far as a program can ensure that.

The test searches a small ext4 disk of its own byte by byte. A disk that relocates blocks by itself
(an SSD) may keep more; the page says so.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdwell.backup import daily, erase
from holdwell.backup.erase import Scope
from holdwell.domain.models import Moment, SessionState
from holdwell.encryption import rekey
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import MakeSession, plain_file

MARK = "9d1f27c4-unmistakable"
FIRST = date(2026, 11, 1)


@pytest.fixture
def raw_disk(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A disk image and its mount point, if this computer allows mounting one."""
    image, folder = tmp_path / "disk", tmp_path / "mounted"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(48 * 2**20)
    mkfs = shutil.which("mkfs.ext4", path=f"{os.environ['PATH']}:/sbin:/usr/sbin")
    if mkfs is None:
        pytest.skip("no ext4 disk can be made here")
    for command in ([mkfs, "-q", "-b", "4096"], ["mount", "-o", "loop"]):
        target = [str(image)] if command[0] == mkfs else [str(image), str(folder)]
        if subprocess.run([*command, *target], check=False, capture_output=True).returncode:
            pytest.skip("no disk can be mounted here")
    yield image, folder
    subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def use(file: DatabaseFile, now: Moment, make_session: MakeSession) -> None:
    """Use the database for twelve days, with a connection per page: edits, deletions, backups."""
    for number in range(12):
        day = FIRST + timedelta(number)
        for hour in (8, 21):
            session = replace(make_session(day, hour, state=SessionState.LOGGED), note=MARK)
            with opened(file) as store:
                store.save(session, now)
        with opened(file) as store:
            store.save(replace(session, note=f"{MARK}, edited"), now)
            if number % 3 == 0:
                store.delete("session", session.id, now)
        daily.make_daily(file, day)
        daily.prune(file.path, day)
        os.sync()


def erase_everything(file: DatabaseFile) -> None:
    erase.erase(file, Scope.EVERYTHING, FIRST)


def encrypt(file: DatabaseFile) -> None:
    rekey.change_passphrase(file, "four calm words here")


@pytest.mark.parametrize("act", [erase_everything, encrypt])
def test_no_mark_is_left_on_the_disk(
    raw_disk: tuple[Path, Path],
    now: Moment,
    make_session: MakeSession,
    act: Callable[[DatabaseFile], None],
) -> None:
    image, folder = raw_disk
    file = plain_file(folder / "data" / "holdwell.db")
    use(file, now, make_session)
    assert MARK.encode() in image.read_bytes()
    act(file)
    subprocess.run(["umount", str(folder)], check=True)
    assert image.read_bytes().count(MARK.encode()) == 0
