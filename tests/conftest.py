"""Fixtures and helpers that all tests share."""

import gc
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import pytest
from hypothesis import settings

from holdwell.backup import daily
from holdwell.domain.models import (
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.store import keys
from holdwell.store.keys import Keyring
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.support.effort import THOROUGH
from tests.support.histories import long_history, new_database

# Machines differ in speed: with a deadline, tests would fail by chance.
settings.register_profile("holdwell", deadline=None, max_examples=50)
settings.register_profile(THOROUGH, deadline=None, max_examples=1000)
settings.load_profile("holdwell")


ROOT = Path(__file__).parents[1]
IN_MEMORY = Path("/dev/shm")
ROOM_NEEDED = 2 * 2**30


def pytest_configure() -> None:
    """Put the tests' temporary folders in memory if this computer has 2 GiB free there.

    Databases are still written in full, but no test waits for a disk. No test could tell whether
    bytes have reached a disk; that takes a power cut. A fixture that needs a real disk
    (`small_disk`, `raw_disk`) makes and mounts one.
    """
    # By default, garbage collection takes a twentieth of a page test's time, and a quarter of the
    # time in which pytest collects the tests.
    gc.set_threshold(20_000, 20, 100)
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_NEEDED:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores, because browser tests spend time waiting."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker start with browser tests, which take longest, and end with short ones.

    xdist gives each worker one contiguous part of the list; a worker that has finished takes tests
    from one that is behind.
    """
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    browser = Path(__file__).parent / "browser"
    files: dict[Path, list[pytest.Item]] = {}
    others: list[pytest.Item] = []
    for item in items:
        (files.setdefault(item.path, []) if item.path.parent == browser else others).append(item)
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for file in sorted(files.values(), key=len, reverse=True):
        min(shares, key=len).extend(file)
    left = len(items)
    items.clear()
    for number, share in enumerate(shares):
        size = left // (workers - number)
        left -= max(size, len(share))
        short = max(0, size - len(share))
        items += [*share, *others[:short]]
        del others[:short]


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker begin with another part of the files, so that not all compile every file.

    A worker that collects all tests then finds what the others have compiled.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker and session.config.args == session.config.getini("testpaths"):
        number = int(worker["workerid"].removeprefix("gw"))
        files = sorted(Path(__file__).parent.rglob("test_*.py"))[number :: worker["workercount"]]
        for file in files:
            # Collection reports what cannot be imported, or skips it.
            with suppress(Exception, pytest.skip.Exception):
                import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Spare each test two things that a test run has more of than a server.

    Garbage collection: all objects so far are exempt, as in the server. Logs: pytest adds its
    handlers six times a test to each logger that does not pass records on, as Streamlit's 70.
    """
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "streamlit" and isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    gc.collect()
    gc.freeze()


def scratch_folder() -> TemporaryDirectory[str]:
    """Make a temporary folder for one hypothesis example, on the same file system as `tmp_path`."""
    return TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))


NOBODY = 65534


TODAY = date(2026, 11, 24)
"""The local day of `now`."""


@pytest.fixture
def now() -> Moment:
    """The fixed time of the tests: Tuesday 24 November 2026, 21:05 in Berlin."""
    return Moment.of(datetime(2026, 11, 24, 21, 5, tzinfo=timezone(timedelta(hours=1))))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new, empty store in a folder of its own."""
    opened = Store(new_database(tmp_path / "holdwell.db"))
    yield opened
    opened.close()


class MakeSession(Protocol):
    def __call__(
        self,
        day: date,
        hour: int = 21,
        *,
        before: int | None = None,
        after: int | None = None,
        part: DayPart = DayPart.BEDTIME,
        state: SessionState = SessionState.FINISHED,
        held: float = 35.0,
    ) -> Session: ...


@pytest.fixture
def make_session() -> MakeSession:
    """A function that makes a session of two holds on a local day."""

    def make(
        day: date,
        hour: int = 21,
        *,
        before: int | None = None,
        after: int | None = None,
        part: DayPart = DayPart.BEDTIME,
        state: SessionState = SessionState.FINISHED,
        held: float = 35.0,
    ) -> Session:
        started = Moment.of(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
        holds = tuple(
            Hold(
                new_id(),
                position,
                "side_reach",
                side,
                35.0,
                held,
                HoldOutcome.FINISHED if held >= 35 else HoldOutcome.SHORTENED,
                started,
            )
            for position, side in enumerate(Side)
        )
        return Session(
            id=new_id(),
            started=started,
            local_day=day,
            part=part,
            state=state,
            ended=started,
            pain_before=before,
            pain_after=after,
            holds=holds if held > 0 else (),
        )

    return make


class AsNobody(Protocol):
    def __call__(self, folder: Path) -> AbstractContextManager[None]: ...


@pytest.fixture
def as_nobody() -> AsNobody:
    """Run a block without root's rights, since root may write to read-only folders."""

    @contextmanager
    def run(folder: Path) -> Iterator[None]:
        if os.name != "posix" or os.geteuid() != 0:
            yield
            return
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o755)
        os.seteuid(NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)

    return run


SECRET = "plain words of the user"


@pytest.fixture
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce the key derivation rounds, which make each try of a passphrase take 0.1 s."""
    monkeypatch.setattr(keys, "_ROUNDS", 1000)


@pytest.fixture
def file(tmp_path: Path, now: Moment, make_session: MakeSession, quick_keys: None) -> DatabaseFile:
    """A database with five sessions that carry a note, and a backup of it."""
    file = plain_file(new_database(tmp_path / "holdwell.db"))
    with opened(file) as store:
        for _ in range(5):
            store.save(replace(make_session(now.local.date()), note=SECRET), now)
    assert daily.make_daily(file, now.local.date())
    return file


@pytest.fixture(scope="session")
def decade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten years of two sessions a day, up to noon of 24 November 2026; shared, so read only."""
    noon = datetime(2026, 11, 24, 12).astimezone()
    return long_history(tmp_path_factory.mktemp("decade"), 3653, noon)


def restarted(file: DatabaseFile) -> DatabaseFile:
    """Return the database as a newly started process sees it: with an empty keyring."""
    return DatabaseFile(file.path, Keyring())


def plain_file(path: Path) -> DatabaseFile:
    """Return a database file with its own keyring."""
    return DatabaseFile(path, Keyring())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A mounted disk of 1 MB; skips the test if this computer cannot mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_disk(folder: Path) -> None:
    """Fill a disk to its last byte with a file named filler."""
    with (folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
