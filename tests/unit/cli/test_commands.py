"""`python -m holdwell`: every command, what it refuses, and what the doctor finds."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.backup import daily
from holdwell.cli import commands, doctor
from holdwell.cli.parser import main
from holdwell.domain.models import CrampLeg, Moment, SessionState, Side
from holdwell.i18n.toml_reader import content_folder
from holdwell.store import database
from holdwell.store.repository import Store

ROOT = Path(__file__).parents[3]
LOGGED = ["log", "--day", "2026-11-20", "--time", "21:05", "--before", "4", "--after", "2"]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


def store_of(data: list[str]) -> Store:
    return Store(Path(data[1]) / database.DATABASE_NAME)


def test_log_saves_what_it_says_and_prints_the_id(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    holds = ["--hold", "side_reach:left:35", "--hold", "hinge_forward:right:40.5"]
    assert main([*LOGGED, *holds, "--comfort", "4", "--note", " =1+1 ", *data]) == 0
    store = store_of(data)
    session = store.session(capsys.readouterr().out.strip())
    store.close()
    assert session is not None
    assert session.state is SessionState.LOGGED
    assert (session.pain_before, session.pain_after, session.comfort) == (4, 2, 4)
    assert session.note == "=1+1"
    assert session.local_day == date(2026, 11, 20)
    assert session.started.local.hour == 21
    assert [(h.stretch, h.side, h.held_s) for h in session.holds] == [
        ("side_reach", Side.LEFT, 35.0),
        ("hinge_forward", Side.RIGHT, 40.5),
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--day", "2199-01-01", "--before", "1"], "not come yet"),
        (["--day", "1999-01-01", "--before", "1"], "10 years"),
        ([], "Nothing to save"),
        (["--hold", "headstand:left:30"], "side_reach"),
        (["--hold", "side_reach:up:30"], "side_reach"),
        (["--hold", "side_reach:left:many"], "side_reach"),
        (["--hold", "side_reach:left:nan"], "3,600"),
        (["--hold", "side_reach:left:-1"], "3,600"),
        (["--note", "x" * 2001], "2000"),
    ],
)
def test_what_the_form_refuses_is_refused_with_its_sentence(
    data: list[str], capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["log", *options, *data]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


@given(st.text(alphabet="0123456789:-.einfsde_rachlt ", max_size=25))
def test_any_hold_is_logged_or_refused(text: str) -> None:
    from holdwell.cli.access import RefusedError
    from holdwell.cli.commands import _hold

    try:
        hold = _hold(text, 0)
    except RefusedError:
        return
    assert 0 < hold.held_s <= 3600


@pytest.mark.parametrize("bad", [["--before", "11"], ["--comfort", "0"], ["--day", "yesterday"]])
def test_wrong_usage_ends_with_2(data: list[str], bad: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["log", *bad, *data])
    assert ended.value.code == 2


def test_a_cramp_is_noted(data: list[str]) -> None:
    assert main(["cramp", "2026-11-20", "left", *data]) == 0
    store = store_of(data)
    night = store.cramp(date(2026, 11, 20))
    store.close()
    assert night is not None
    assert night.leg is CrampLeg.LEFT


def test_left_and_then_right_make_both(data: list[str]) -> None:
    for leg in ("left", "right"):
        assert main(["cramp", "2026-11-20", leg, *data]) == 0
    store = store_of(data)
    night = store.cramp(date(2026, 11, 20))
    store.close()
    assert night is not None
    assert night.leg is CrampLeg.BOTH
    assert main(["cramp", "1950-01-01", "left", *data]) == 1


def test_now_is_now_in_the_hour_that_comes_twice(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second = Moment.of(datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))))
    monkeypatch.setattr(commands, "now", lambda: second)
    assert main(["log", "--before", "3", *data]) == 0
    store = store_of(data)
    session = store.session(capsys.readouterr().out.strip())
    store.close()
    assert session is not None
    assert session.started == second


def test_the_doctor_reads_every_pin_that_is_for_this_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = "pytest==0.0.1 ; python_version >= '3'\nnothing==1 ; python_version < '3'\n"
    (tmp_path / "requirements.txt").write_text(pins)
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    found = next(f for f in doctor.findings(tmp_path / "none.db") if f.what == "packages")
    assert found.state is doctor.State.FAULT
    assert "pytest" in found.detail
    assert "nothing" not in found.detail


def test_an_export_comes_in_elsewhere_only_on_request(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["cramp", "2026-11-20", "both", *data])
    file, other = str(tmp_path / "all.zip"), ["--data", str(tmp_path / "other")]
    assert main(["export", file, *data]) == 0
    if os.name == "posix":
        assert Path(file).stat().st_mode & 0o077 == 0
    assert main(["import", file, *other]) == 0
    assert "Add --yes" in capsys.readouterr().out
    found = store_of(other)
    assert found.session_count() == 0
    found.close()
    assert main(["import", file, "--yes", *other]) == 0
    found, first = store_of(other), store_of(data)
    assert found.sessions(limit=9) == first.sessions(limit=9)
    found.close()
    first.close()
    capsys.readouterr()
    assert main(["import", file, "--yes", *other]) == 0
    assert "already" in capsys.readouterr().out
    Path(file).write_bytes(b"no zip")
    assert main(["import", file, "--yes", *other]) == 1


def test_a_backup_is_made_listed_and_brought_back(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    assert main(["backup", *data]) == 0
    main([*LOGGED, *data])
    capsys.readouterr()
    assert main(["backup", "--list", *data]) == 0
    day = capsys.readouterr().out.split()[0]
    assert main(["backup", "--restore", day, *data]) == 0
    store = store_of(data)
    assert store.session_count() == 1
    store.close()
    assert main(["backup", "--restore", "2020-01-01", *data]) == 1


def test_report_and_fhir_are_written(data: list[str], tmp_path: Path) -> None:
    main([*LOGGED, *data])
    pdf, bundle = tmp_path / "report.pdf", tmp_path / "bundle.json"
    when = ["--from", "2026-11-01", "--to", "2026-11-20"]
    assert main(["report", str(pdf), *when, "--paper", "letter", *data]) == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    assert main(["fhir", str(bundle), *when, *data]) == 0
    assert json.loads(bundle.read_text(encoding="utf-8"))["resourceType"] == "Bundle"
    turned = ["--from", "2026-11-20", "--to", "2026-11-01"]
    assert main(["report", str(pdf), *turned, *data]) == 1


def states(path: Path) -> dict[str, doctor.State]:
    return {found.what: found.state for found in doctor.findings(path)}


def test_the_doctor_finds_a_sound_record_sound(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    assert main(["doctor", *data]) == 0
    said = capsys.readouterr().out
    assert "fault" not in said
    assert "1 session" in said


def test_the_doctor_names_what_is_wrong(
    data: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main([*LOGGED, *data])
    path = Path(data[1]) / database.DATABASE_NAME
    assert states(path)["Backups"] is doctor.State.ATTENTION
    daily.folder_of(path).mkdir(exist_ok=True)
    (daily.folder_of(path) / "x.part").touch()
    assert states(path)["leftovers of backups"] is doctor.State.ATTENTION
    path.with_name(doctor.LOG_NAME).touch()
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
    monkeypatch.setattr(doctor, "SHIPPED", {"server.address": "0.0.0.0"})
    found = {f.what: f for f in doctor.findings(path)}
    settings = found[str(ROOT / ".streamlit" / "config.toml")]
    assert settings.state is doctor.State.FAULT
    assert "server.address" in settings.detail


def test_the_doctor_names_a_fault_in_content(
    data: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    folder = Path(shutil.copytree(content_folder(), tmp_path / "content"))
    (folder / "why.toml").unlink()
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    assert states(Path(data[1]) / "none.db")[str(folder)] is doctor.State.FAULT


@pytest.mark.parametrize("language", ["en", "es"])
def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str], language: str) -> None:
    names = ["log", "cramp", "export", "import", "backup", "report", "fhir", "doctor"]
    for command in ([], *([name] for name in names)):
        with pytest.raises(SystemExit) as ended:
            main([*command, "--language", language, "--help"] if command else ["--help"])
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert all(name in said for name in (command or names))


def test_it_runs_as_a_module_and_says_faults_in_a_sentence(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "holdwell", *arguments, "--data", str(tmp_path / "d")],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert run("log", "--before", "3").returncode == 0
    (tmp_path / "d" / database.DATABASE_NAME).write_bytes(b"no database at all" * 100)
    failed = run("log", "--before", "3")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["export", "fhir", "report"])
@pytest.mark.parametrize("target", ["holdwell.db", "holdwell.db-wal", "backups/2026-11-24.db"])
def test_nothing_is_written_over_the_record(
    data: list[str], capsys: pytest.CaptureFixture[str], command: str, target: str
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    folder = Path(data[1])
    before = {file: file.read_bytes() for file in (folder / "backups").iterdir()}
    assert main([command, str(folder / target), *data]) == 1
    assert "belongs to the record" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in (folder / "backups").iterdir()} == before
    store = store_of(data)
    assert store.session_count() == 1
    assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()


def test_an_export_over_a_file_that_others_may_read_is_hers_alone(
    data: list[str], tmp_path: Path
) -> None:
    main([*LOGGED, *data])
    file = tmp_path / "all.zip"
    file.write_text("old")
    file.chmod(0o644)
    assert main(["export", str(file), *data]) == 0
    assert file.read_bytes().startswith(b"PK")
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
    assert [f.name for f in tmp_path.iterdir() if f.name.endswith(".part")] == []


@pytest.mark.parametrize(
    "command", [["export", "x.zip"], ["report", "x.pdf"], ["fhir", "x.json"], ["backup"]]
)
def test_a_mistyped_folder_is_no_empty_record(
    data: list[str], capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([*command, *data]) == 1
    assert "There is no record" in capsys.readouterr().err
    assert not Path(data[1]).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["log", "--day", "0001-01-01", "--note", "x"],
        ["log", "--time", "07:30+09:00", "--note", "x"],
        ["cramp", "0001-01-01", "left"],
        ["report", "x.pdf", "--weeks", "999999999"],
        ["report", "x.pdf", "--weeks", "0"],
        ["doctor", "--language", "xx"],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(data: list[str], wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*wrong, *data])
    assert ended.value.code == 2


def test_the_doctor_names_a_backup_that_does_not_open(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["backup", *data])
    (_, newest), *_ = daily.days(Path(data[1]) / database.DATABASE_NAME)
    newest.write_bytes(b"no database at all" * 100)
    assert main(["doctor", *data]) == 1
    assert "does not open" in capsys.readouterr().out


def test_a_reader_that_has_gone_is_no_fault(data: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    ended = subprocess.run(
        [sys.executable, "-m", "holdwell", "doctor", *data],
        cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(theirs)
    assert ended.stderr == ""
