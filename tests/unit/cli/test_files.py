"""The files that commands write and read: export, import, report and FHIR."""

import json
import os
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from holdwell.cli import commands
from holdwell.cli.access import RefusedError
from holdwell.cli.parser import main
from holdwell.domain.models import Moment
from holdwell.report import pdf
from holdwell.report.summary import Report
from tests.unit.cli.conftest import LOGGED, store_of


def test_an_export_is_imported_elsewhere_only_with_yes(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    main(["cramp", "2026-11-20", "both", *data])
    file, other = str(tmp_path / "all.zip"), ["--data", str(tmp_path / "other")]
    assert main(["export", file, *data]) == 0
    if os.name == "posix":
        assert Path(file).stat().st_mode & 0o077 == 0
    assert main(["import", file, *other]) == 0
    printed = capsys.readouterr().out
    assert "session: 1 new, 0 already there\ncramp: 1 new" in printed
    assert "Add --yes" in printed
    assert "pain:" not in printed, "a table without rows needs no line"
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
    assert "Everything in this file is already in your record." in capsys.readouterr().out
    Path(file).write_bytes(b"no zip")
    assert main(["import", file, "--yes", *other]) == 1


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


@pytest.mark.parametrize(("lang", "chosen", "weekday"), [("", None, 0), ("", 5, 5), ("C", None, 0)])
def test_weeks_of_a_report_begin_on_the_chosen_day_or_without_a_region_on_monday(
    data: list[str], monkeypatch: pytest.MonkeyPatch, lang: str, chosen: int | None, weekday: int
) -> None:
    monkeypatch.setenv("LANG", lang)
    main([*LOGGED, *data])
    with closing(store_of(data)) as store:
        store.save_profile(replace(store.profile(), week_starts_on=chosen), commands.now())
    reports: list[Report] = []

    def instead_of_a_page(report: Report, *_: object) -> None:
        reports.append(report)
        raise RefusedError("")

    monkeypatch.setattr(pdf, "typeset", instead_of_a_page)
    main(["report", "-", *data])
    assert [report.axis.origin.weekday() for report in reports] == [weekday]


def test_after_a_flight_west_tomorrows_session_is_included_as_on_the_page(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*LOGGED, *data])
    landed = Moment.of(datetime(2026, 11, 19, 20, tzinfo=timezone(timedelta(hours=-5))))
    monkeypatch.setattr(commands, "now", lambda: landed)
    capsys.readouterr()
    for asked, scores in (([], 2), (["--to", "2026-11-19"], 0)):
        assert main(["fhir", "-", *asked, *data]) == 0
        assert capsys.readouterr().out.count('"Pain severity"') == scores


@pytest.mark.parametrize("command", ["export", "fhir", "report"])
@pytest.mark.parametrize("target", ["holdwell.db", "holdwell.db-wal", "backups/2026-11-24.db"])
def test_nothing_is_written_over_the_database(
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


def test_an_export_over_a_file_that_others_may_read_is_private(
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
def test_no_database_is_created_in_a_mistyped_folder(
    data: list[str], capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([*command, *data]) == 1
    assert "There is no record" in capsys.readouterr().err
    assert not Path(data[1]).exists()
