"""`holdwell doctor` names each fault and what to do."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from holdwell.backup import daily
from holdwell.cli import doctor
from holdwell.cli.parser import main
from holdwell.encryption import rekey
from holdwell.i18n.languages import content_folder
from holdwell.i18n.messages import say
from holdwell.store import database
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import DatabaseFile
from tests.conftest import plain_file
from tests.unit.cli.conftest import LOGGED

ROOT = Path(__file__).parents[3]


def test_the_doctor_reads_every_pin_that_is_for_this_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = "pytest==0.0.1 ; python_version >= '3'\nnothing==1 ; python_version < '3'\n"
    (tmp_path / "requirements.txt").write_text(pins)
    monkeypatch.setattr(doctor, "APP_FOLDER", tmp_path)
    found = next(
        f for f in doctor.findings(plain_file(tmp_path / "none.db")) if f.what == "packages"
    )
    assert found.state is doctor.State.FAULT
    assert "pytest" in found.detail
    assert "nothing" not in found.detail


def states(path: Path) -> dict[str, doctor.State]:
    return {found.what: found.state for found in doctor.findings(plain_file(path))}


def test_the_doctor_reports_a_sound_database_as_ok(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    assert main(["doctor", *data]) == 0
    said = capsys.readouterr().out
    assert "fault" not in said
    assert "1 entry" in said


def test_the_doctor_checks_the_files_on_other_trackers_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(content_folder(), tmp_path / "content"))
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    (folder / "trackers" / "new.toml").write_text("x = 1\n", encoding="utf-8")
    assert states(tmp_path / "none.db")[str(folder)] is doctor.State.FAULT


def test_the_doctor_names_what_is_wrong(
    data: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main([*LOGGED, *data])
    path = Path(data[1]) / DATABASE_NAME
    assert states(path)["Backups"] is doctor.State.ATTENTION
    daily.folder_of(path).mkdir(exist_ok=True)
    (daily.folder_of(path) / "x.part").touch()
    assert states(path)["leftovers of backups"] is doctor.State.ATTENTION
    path.with_name(database.ERROR_LOG).touch()
    assert states(path)["error log"] is doctor.State.ATTENTION
    if os.name == "posix":
        path.chmod(0o644)
        assert main(["doctor", *data]) == 1
        assert "chmod 600" in capsys.readouterr().out
        path.chmod(0o600)
    store = Store(path)
    store.set_meta("schema_version", "999")
    store.close()
    assert states(path)[str(path)] is doctor.State.FAULT
    path.write_bytes(b"no database at all" * 100)
    assert main(["doctor", *data]) == 1
    assert "newest good backup" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "PRIVATE_SETTINGS", {"server": {"address": "0.0.0.0"}})
    found = {f.what: f for f in doctor.findings(plain_file(path))}
    settings = found[str(ROOT / ".streamlit" / "config.toml")]
    assert settings.state is doctor.State.FAULT
    assert "server.address" in settings.detail


def test_the_doctor_names_a_fault_in_content(
    data: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(content_folder(), tmp_path / "content"))
    (folder / "why.toml").unlink()
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    assert states(Path(data[1]) / "none.db")[str(folder)] is doctor.State.FAULT


def test_the_doctor_prints_its_findings_before_a_check_that_fails(
    data: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: DatabaseFile) -> doctor.Outcome:
        raise OSError("no such disk")

    main([*LOGGED, *data])
    monkeypatch.setattr(doctor, "_backups", fail)
    assert main(["doctor", *data]) == 1
    assert "Python" in capsys.readouterr().out


def test_the_doctor_names_a_backup_that_does_not_open(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    (_, newest), *_ = daily.days(Path(data[1]) / DATABASE_NAME)
    newest.write_bytes(b"no database at all" * 100)
    assert main(["doctor", *data]) == 1
    assert "does not open" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="links need permission there")
def test_the_doctor_goes_on_past_a_backup_that_is_a_broken_link(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    (Path(data[1]) / "backups" / "holdwell-2026-01-01.db").symlink_to("removed.db")
    capsys.readouterr()
    assert main(["doctor", *data]) == 1
    said = capsys.readouterr().out
    assert "1 entry" in said and "holdwell-2026-01-01.db" in said


def test_the_doctor_names_a_lost_database_and_its_newest_backup(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    path = Path(data[1]) / DATABASE_NAME
    path.write_bytes(b"")
    capsys.readouterr()
    assert main(["doctor", *data]) == 1
    said = capsys.readouterr().out
    assert "missing or empty" in said
    (day, _), *_ = daily.days(path)
    assert day.isoformat() in said
    for command in (["export", "-"], LOGGED, ["backup"]):
        assert main([*command, *data]) == 1
        assert "missing or empty" in capsys.readouterr().err
    assert main(["backup", "--restore", day.isoformat(), *data]) == 0
    assert main(["doctor", *data]) == 0
    assert "1 entry" in capsys.readouterr().out


def test_the_doctor_checks_the_error_log_and_the_folder(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    folder = Path(data[1])
    assert states(folder / DATABASE_NAME)["file modes"] is doctor.State.OK
    folder.chmod(0o755)
    assert states(folder / DATABASE_NAME)["file modes"] is doctor.State.ATTENTION
    log = folder / database.ERROR_LOG
    log.write_text("words of the user")
    log.chmod(0o644)
    assert states(folder / DATABASE_NAME)["file modes"] is doctor.State.FAULT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
@pytest.mark.parametrize("name", [DATABASE_NAME, f"{DATABASE_NAME}-shm"])
def test_the_doctor_names_a_file_that_may_not_be_written_to(data: list[str], name: str) -> None:
    main([*LOGGED, *data])
    path = Path(data[1]) / name
    path.touch()
    path.chmod(0o400)
    found = {one.what: one for one in doctor.findings(plain_file(path.with_name(DATABASE_NAME)))}
    assert found["file modes"].state is doctor.State.FAULT
    assert found["file modes"].detail == f"chmod 600 {path}"


def encrypted_with_backup(data: list[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an encrypted database and a backup, with the passphrase in the environment."""
    main([*LOGGED, *data])
    path = Path(data[1]) / DATABASE_NAME
    rekey.change_passphrase(plain_file(path), "four calm words here")
    monkeypatch.setenv("HOLDWELL_PASSPHRASE", "four calm words here")
    main(["backup", *data])
    return path


@pytest.mark.usefixtures("quick_keys")
def test_encrypted_backups_of_a_lost_database_are_not_called_bad(
    data: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the doctor told the user to move them away, all that is left would be lost."""
    path = encrypted_with_backup(data, monkeypatch)
    monkeypatch.delenv("HOLDWELL_PASSPHRASE")
    path.unlink()
    capsys.readouterr()
    assert main(["doctor", *data]) == 1
    said = capsys.readouterr().out
    assert "Your record is missing or empty" in said
    assert "does not open" not in said
    assert "HOLDWELL_PASSPHRASE" in said


@pytest.mark.usefixtures("quick_keys")
def test_a_damaged_encrypted_database_is_reported_as_damaged(
    data: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = encrypted_with_backup(data, monkeypatch)
    path.write_bytes(path.read_bytes()[:100] + os.urandom(400) + path.read_bytes()[500:])
    capsys.readouterr()
    assert main(["doctor", *data]) == 1
    assert "newest good backup" in capsys.readouterr().out
    monkeypatch.delenv("HOLDWELL_PASSPHRASE")
    assert main(["doctor", *data]) == 0, "without the passphrase it cannot be told"


@pytest.mark.parametrize(
    ("folder", "beside", "said"),
    [
        ("data", "holdwell (1).db", "holdwell (1).db"),
        ("Dropbox", "", "Dropbox"),
        ("data", "", ""),
    ],
)
def test_the_doctor_says_where_a_cloud_service_keeps_the_folder(
    tmp_path: Path, folder: str, beside: str, said: str
) -> None:
    path = tmp_path / folder / DATABASE_NAME
    Store(path).close()
    if beside:
        path.with_name(beside).touch()
    (found,) = [one for one in doctor.findings(plain_file(path)) if one.what == say("cli.synced")]
    assert said in found.detail
    assert found.state is (doctor.State.ATTENTION if said else doctor.State.OK)


def test_the_doctor_names_an_old_python_settings_that_are_gone_and_an_older_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data" / DATABASE_NAME
    with opened(path) as store:
        store.set_meta("schema_version", "1")
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 0))
    monkeypatch.setattr(doctor, "APP_FOLDER", tmp_path)
    found = {one.what: one for one in doctor.findings(plain_file(path))}
    faults = [one.detail for one in found.values() if one.state is doctor.State.FAULT]
    assert say("cli.mend_python") in faults
    assert any(detail.endswith(say("cli.mend_settings")) for detail in faults)
    assert found[str(path)].detail == say("cli.mend_older")
