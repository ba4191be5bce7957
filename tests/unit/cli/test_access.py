"""The command line with an encrypted database, and with several people."""

import getpass
import io
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from holdwell.backup import daily
from holdwell.cli.parser import main
from holdwell.encryption import rekey
from holdwell.store import people
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import plain_file

PASSPHRASE = "four calm words here"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Provide no passphrase, neither in the environment nor at a terminal."""
    monkeypatch.delenv("HOLDWELL_PASSPHRASE", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path)]


@pytest.fixture
def encrypted(tmp_path: Path, data: list[str], quick_keys: None) -> DatabaseFile:
    file = plain_file(tmp_path / DATABASE_NAME)
    assert main(["log", "--before", "4", *data]) == 0
    assert main(["backup", *data]) == 0
    rekey.change_passphrase(file, PASSPHRASE)
    return file


@pytest.mark.parametrize(
    "command",
    [
        ["log", "--before", "4"],
        ["cramp", "2026-11-24", "left"],
        ["export", "-"],
        ["backup"],
        ["backup", "--list"],
        ["report", "-"],
        ["fhir", "-"],
    ],
)
def test_without_the_passphrase_every_command_is_refused(
    encrypted: DatabaseFile, data: list[str], command: list[str], capsys: Capture
) -> None:
    capsys.readouterr()
    assert main([*command, *data]) == 1
    said = capsys.readouterr()
    assert "HOLDWELL_PASSPHRASE" in said.err
    assert said.out == ""


def test_the_passphrase_comes_from_the_environment(
    encrypted: DatabaseFile, data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    for wrong in ("wrong words", "no UTF-8 \udcff"):
        monkeypatch.setenv("HOLDWELL_PASSPHRASE", wrong)
        assert main(["log", "--before", "4", *data]) == 1
        assert "not the passphrase" in capsys.readouterr().err
    monkeypatch.setenv("HOLDWELL_PASSPHRASE", PASSPHRASE)
    assert main(["log", "--before", "4", *data]) == 0
    with opened(encrypted) as store:
        assert store.session_count() == 2
    assert encrypted.salt() is not None


def test_at_a_terminal_the_passphrase_is_asked_for(
    encrypted: DatabaseFile, data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _words: PASSPHRASE)
    assert main(["cramp", "2026-11-24", "left", *data]) == 0
    for error, words in (
        (EOFError(), "Set HOLDWELL_PASSPHRASE"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "not the passphrase"),
    ):
        monkeypatch.setattr(getpass, "getpass", Mock(side_effect=error))
        assert main(["cramp", "2026-11-24", "left", *data]) == 1
        said = capsys.readouterr().err
        assert words in said
        assert "Error" not in said


@pytest.mark.parametrize("left", [b"", bytes(3 * 4096), None])
def test_a_lost_encrypted_database_is_restored_from_its_backup(
    encrypted: DatabaseFile,
    data: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    left: bytes | None,
) -> None:
    encrypted.path.unlink()
    if left is not None:
        encrypted.path.write_bytes(left)
    restore = ["backup", "--restore", daily.days(encrypted.path)[0][0].isoformat(), *data]
    for passphrase, words in (
        (None, "Set HOLDWELL_PASSPHRASE"),
        ("wrong words", "not the passphrase"),
    ):
        if passphrase is not None:
            monkeypatch.setenv("HOLDWELL_PASSPHRASE", passphrase)
        assert main(restore) == 1
        assert words in capsys.readouterr().err
    monkeypatch.setenv("HOLDWELL_PASSPHRASE", PASSPHRASE)
    assert main(restore) == 0
    again = plain_file(encrypted.path)
    rekey.unlock(again, PASSPHRASE)
    assert again.salt() is not None
    with opened(again) as store:
        assert store.session_count() == 1


def test_the_doctor_checks_inside_the_database_only_with_the_passphrase(
    encrypted: DatabaseFile, data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert main(["doctor", *data]) == 0
    assert "encrypted" in capsys.readouterr().out
    monkeypatch.setenv("HOLDWELL_PASSPHRASE", PASSPHRASE)
    assert main(["doctor", *data]) == 0
    said = capsys.readouterr().out
    assert "1 entry" in said
    assert "encrypted" not in said


def test_each_command_works_on_one_person(tmp_path: Path, data: list[str], capsys: Capture) -> None:
    people.rename(people.people(tmp_path)[0], "Ana")
    bea = people.add(tmp_path, "Bea")
    assert main(["log", "--before", "4", "--person", "bea", *data]) == 0
    assert main(["log", "--before", "5", *data]) == 0
    assert main(["log", "--before", "6", "--person", "ana", *data]) == 0
    with opened(bea.database) as store:
        assert [row["pain_before"] for row in store.rows("SELECT * FROM session")] == [4]
    with opened(tmp_path / DATABASE_NAME) as store:
        assert store.session_count() == 2
    assert main(["backup", "--person", "Bea", *data]) == 0
    assert [found.sessions for found in daily.good_backups(plain_file(bea.database))] == [1]
    assert daily.good_backups(plain_file(tmp_path / DATABASE_NAME)) == []
    capsys.readouterr()
    assert main(["log", "--before", "4", "--person", "Cleo", *data]) == 1
    assert "Known: Ana, Bea" in capsys.readouterr().err


def test_the_doctor_checks_the_databases_of_all_people(
    tmp_path: Path, data: list[str], capsys: Capture
) -> None:
    assert main(["log", "--before", "4", *data]) == 0
    bea = people.add(tmp_path, "Bea")
    with opened(bea.database):
        pass
    bea.database.write_bytes(b"not a database " * 1000)
    capsys.readouterr()
    assert main(["doctor", *data]) == 1
    said = capsys.readouterr().out
    assert str(tmp_path / DATABASE_NAME) in said
    assert f"fault      {bea.database}" in said


@pytest.mark.parametrize("place", ["holdwell.db", "backups/holdwell-2026-11-24.db", "name.txt"])
def test_an_export_never_overwrites_another_persons_database(
    tmp_path: Path, data: list[str], place: str, capsys: Capture
) -> None:
    bea = people.add(tmp_path, "Bea")
    for person in ("", "Bea"):
        assert main(["log", "--before", "4", "--person", person, *data]) == 0
    assert main(["backup", "--person", "Bea", *data]) == 0
    for asked, target in ((["--person", "Bea"], tmp_path), ([], bea.folder)):
        (target / place).parent.mkdir(exist_ok=True)
        kept = (target / place).read_bytes() if (target / place).exists() else None
        if place == "name.txt" and kept is None:
            continue
        assert main(["export", str(target / place), *asked, *data]) == 1
        assert "belongs to the record" in capsys.readouterr().err
        assert ((target / place).read_bytes() if (target / place).exists() else None) == kept
