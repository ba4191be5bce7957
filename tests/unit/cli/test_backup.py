"""`holdwell backup`: make, list and restore."""

import json
from pathlib import Path

import pytest

from holdwell.cli import commands
from holdwell.cli.parser import main
from holdwell.domain.models import Moment
from tests.unit.cli.conftest import LOGGED, store_of


def test_a_backup_is_made_listed_and_restored(
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


def test_a_diary_of_pain_alone_is_backed_up_and_an_empty_database_is_not(
    tmp_path: Path,
    data: list[str],
    now: Moment,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commands, "now", lambda: now)
    store_of(data).close()
    assert main(["backup", *data]) == 0
    assert "nothing to back up" in capsys.readouterr().out
    assert main(["backup", "--list", *data]) == 0
    assert capsys.readouterr().out.startswith("No backup yet.")
    (tmp_path / "diary.csv").write_text("Date,Pain\n2026-11-02,4\n2026-11-03,5\n")
    diary = ["import", str(tmp_path / "diary.csv"), "--scale", "ten", "--yes"]
    assert main([*diary, *data]) == 0
    capsys.readouterr()
    assert main(["backup", "--json", *data]) == 0
    assert Path(json.loads(capsys.readouterr().out)["written"]).exists()
    assert main(["backup", *data]) == 0
    assert "there already" in capsys.readouterr().out
    assert main(["backup", "--list", *data]) == 0
    said = capsys.readouterr().out
    assert "2 entries, until Tue, 3 Nov 2026" in said
    assert main(["backup", "--list", "--json", *data]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["sessions"], found["entries"], found["until"]) == (0, 2, "2026-11-03")
