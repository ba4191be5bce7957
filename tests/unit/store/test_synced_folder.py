"""Recognizing data folders on a network drive or synced by a cloud service, and their copies."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from holdwell.store import synced_folder
from holdwell.store.synced_folder import NETWORK, conflict_copies, service_of

MOUNTS = [
    ("/", "ext4"),
    ("/mnt/my nas", "autofs"),
    ("/mnt/my nas", "nfs4"),
    ("/mnt/pc", "cifs"),
    ("/mnt/pc/local", "ext4"),
]


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system answer that these drives are mounted."""
    drives = [SimpleNamespace(mountpoint=path, fstype=kind) for path, kind in MOUNTS]
    monkeypatch.setattr(psutil, "disk_partitions", lambda *, all: drives)


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/Holdwell", "iCloud Drive"),
        ("/Users/a/Library/CloudStorage/GoogleDrive-a@example.org/My Drive/x", "Google Drive"),
        ("/Users/a/Library/CloudStorage/OneDrive-Personal/x", "OneDrive"),
        ("/home/a/Dropbox/data", "Dropbox"),
        ("/home/a/Dropbox (Work)/data", "Dropbox"),
        ("/home/a/OneDrive - Firm/data", "OneDrive"),
        ("/mnt/my nas/holdwell", NETWORK),
        ("/mnt/pc", NETWORK),
        ("/mnt/pc/local/x", None),
        ("/home/a/holdwell/data", None),
        ("/home/a/my dropbox notes/data", None),
        ("/mnt/other", None),
    ],
)
def test_a_synced_folder_is_known(folder: str, service: str | None) -> None:
    assert service_of(Path(folder)) == service


@pytest.mark.usefixtures("mounts")
def test_desktop_and_documents_in_icloud_are_known_by_their_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marks = {
        Path("/Users/a/Documents"): b"com.apple.FinderInfo\0com.apple.icloud.desktop\0",
        Path("/Users/a/Desktop"): b"com.apple.file-provider-domain-id\0",
    }
    monkeypatch.setattr(synced_folder, "_attributes", lambda path: marks.get(path, b"com.apple.x"))
    assert service_of(Path("/Users/a/Documents/holdwell/data")) == "iCloud Drive"
    assert service_of(Path("/Users/a/Desktop")) == "iCloud Drive"
    assert service_of(Path("/Users/a/holdwell/data")) is None


def test_copies_of_a_conflict_are_found_and_nothing_else(tmp_path: Path) -> None:
    copies = [
        "holdwell (Ana's conflicted copy 2026-11-24).db",
        "holdwell 2.db",
        "holdwell (1).db",
        "holdwell.sync-conflict-20261124-210500-ABCDEF.db",
        "holdwell (Konfliktkopie).db",
        "holdwell (copia en conflicto de Ana 2026-11-24).db",
        "holdwell-DESKTOP-4F7K2QX.db",
        "holdwell-MacBook Air de Ana.db",
    ]
    others = ["holdwell.db", "holdwell.db-wal", "holdwell-2026-11-24.db", "notes 2.db"]
    for name in (*copies, *others):
        (tmp_path / name).touch()
    assert [file.name for file in conflict_copies(tmp_path / "holdwell.db")] == sorted(copies)
    assert conflict_copies(tmp_path / "none" / "holdwell.db") == []


def test_this_computer_is_asked_for_its_drives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service_of(tmp_path) is None
    drive = SimpleNamespace(mountpoint=str(tmp_path), fstype="nfs4")
    monkeypatch.setattr(psutil, "disk_partitions", lambda *, all: [drive])
    assert service_of(tmp_path / "data") == NETWORK
