"""Pruning removes what interrupted copies leave, and old copies except the last migration's."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from holdwell.backup import daily, retention
from holdwell.backup.daily import Before
from holdwell.domain.models import Moment
from holdwell.store.repository import Store
from tests.conftest import MakeSession

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path, now: Moment) -> Put:
    """Put a file of a given age into the folder of backups."""
    folder = tmp_path / "backups"
    folder.mkdir()

    def make(name: str, **ago: float) -> Path:
        path = folder / name
        path.write_bytes(b"x")
        moment = (now.utc - timedelta(**ago)).timestamp()
        os.utime(path, (moment, moment))
        return path

    return make


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "backups").iterdir()}


def test_a_part_is_removed_after_an_hour_with_its_journal(
    put: Put, tmp_path: Path, now: Moment
) -> None:
    put("holdwell-2026-11-23.db.0123.part", hours=1.1)
    put("holdwell-2026-11-23.db.0123.part-journal", hours=1.1)
    put("holdwell-2026-11-24.db.4567.part", hours=0.9)
    retention.prune_parts(tmp_path / "holdwell.db", now)
    assert names(tmp_path) == {"holdwell-2026-11-24.db.4567.part"}


def test_an_unfinished_download_beside_the_database_is_not_ours(
    tmp_path: Path, now: Moment
) -> None:
    """A browser names an unfinished download much as the app names an unfinished encryption."""
    ours, download = (tmp_path / f"holdwell.{end}.part" for end in ("db.ab12", "zip"))
    for path in (ours, download):
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    assert retention.prune_parts(tmp_path / "holdwell.db", now) == [ours]
    assert download.exists()


def test_three_copies_of_each_kind_stay_and_none_older_than_thirty_days(
    put: Put, tmp_path: Path, now: Moment
) -> None:
    for kind in ("restore-", "import-", ""):
        for day in range(1, 6):
            put(f"before-{kind}202611{day:02}-120000-000000.db", days=24 - day)
    put("before-import-20261005-120000-000000.db", days=50)
    retention.prune(tmp_path / "holdwell.db", now)
    assert names(tmp_path) == {
        f"before-{kind}202611{day:02}-120000-000000.db"
        for kind in ("restore-", "import-", "")
        for day in (3, 4, 5)
    }


def test_an_old_copy_is_removed_even_if_it_is_the_only_one(
    put: Put, tmp_path: Path, now: Moment
) -> None:
    put("before-restore-20261024-120000-000000.db", days=31)
    put("before-restore-20261026-120000-000000-2.db", days=29)
    retention.prune(tmp_path / "holdwell.db", now)
    assert names(tmp_path) == {"before-restore-20261026-120000-000000-2.db"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need permission there")
def test_a_link_to_a_copy_that_is_gone_does_not_stop_the_pruning(
    put: Put, tmp_path: Path, now: Moment
) -> None:
    link = tmp_path / "backups" / "before-restore-20261025-120000-000000.db"
    link.symlink_to("removed.db")
    put("before-restore-20261024-120000-000000.db", days=31)
    retention.prune(tmp_path / "holdwell.db", now)
    assert names(tmp_path) == {link.name}


def test_the_last_copy_made_before_a_migration_always_stays(
    put: Put, tmp_path: Path, now: Moment
) -> None:
    put("before-version-10.db", days=400)
    put("before-version-2.db", days=500)
    put("before-version-9.db", days=20)
    retention.prune(tmp_path / "holdwell.db", now)
    assert names(tmp_path) == {"before-version-10.db", "before-version-9.db"}


def test_other_files_and_the_daily_backups_stay(put: Put, tmp_path: Path, now: Moment) -> None:
    kept = {"holdwell-2020-01-01.db", "before-christmas.db", "letter.txt", "before-version-x.db"}
    for name in kept:
        put(name, days=900)
    path = tmp_path / "holdwell.db"
    assert retention.prune(path, now) + retention.prune_parts(path, now) == []
    assert names(tmp_path) == kept


def test_without_a_folder_there_is_nothing_to_prune(tmp_path: Path, now: Moment) -> None:
    path = tmp_path / "nowhere" / "holdwell.db"
    assert retention.prune(path, now) + retention.prune_parts(path, now) == []


def test_copies_have_names_that_pruning_knows(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(now.local.date()), now)
    for _ in range(2):
        for before in Before:
            kept = daily.save_copy(store.file, now, before)
            os.utime(kept, (0, 0))
    assert len(retention.prune(store.path, now)) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_pruning_finds_what_an_interrupted_copy_leaves(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.save(make_session(now.local.date()), now)
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from holdwell.store import keys, snapshot, sqlcipher\n"
        "snapshot.is_intact = lambda conn: os.kill(os.getpid(), signal.SIGKILL)\n"
        "file = sqlcipher.DatabaseFile(Path(sys.argv[1]), keys.Keyring())\n"
        "snapshot.copy_database(file, Path(sys.argv[2]))\n"
    )
    target = daily.folder_of(store.path) / "holdwell-2026-11-24.db"
    ended = subprocess.run([sys.executable, "-c", script, store.path, target], check=False)
    assert ended.returncode == -9
    (left,) = target.parent.iterdir()
    later = Moment.of(now.utc + timedelta(days=400))
    assert retention.prune_parts(store.path, later) == [left]
    assert list(target.parent.iterdir()) == []
