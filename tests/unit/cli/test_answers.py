"""The output of commands: JSON on request, and a reader that has gone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdwell.cli.parser import main
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from tests.unit.cli.conftest import LOGGED, said_as_json

ROOT = Path(__file__).parents[3]


def test_every_command_that_prints_answers_in_json(
    data: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logged = said_as_json(capsys, *LOGGED, *data)
    assert logged["day"] == "2026-11-20"
    with opened(Path(data[1]) / DATABASE_NAME) as store:
        assert store.session(logged["id"]) is not None
    night = said_as_json(capsys, "cramp", "2026-11-20", "left", *data)
    assert night == {"night": "2026-11-20", "leg": "left"}
    files = [tmp_path / name for name in ("x.zip", "x.pdf", "x.json")]
    for command, file in zip(("export", "report", "fhir"), files, strict=True):
        assert said_as_json(capsys, command, str(file), *data) == {"written": str(file)}
    made = said_as_json(capsys, "backup", *data)
    (listed,) = said_as_json(capsys, "backup", "--list", *data)
    assert (listed["path"], listed["sessions"], listed["until"]) == (
        made["written"],
        1,
        "2026-11-20",
    )
    restored = said_as_json(capsys, "backup", "--restore", listed["day"], *data)
    assert restored["restored"] == listed["day"]
    elsewhere = ["--data", str(tmp_path / "other")]
    preview = said_as_json(capsys, "import", str(files[0]), *elsewhere)
    assert preview["found"]["session"] == {"new": 1, "there": 0}
    assert preview["imported"] is None
    done = said_as_json(capsys, "import", str(files[0]), "--yes", *elsewhere)
    assert done["imported"] > 0
    assert Path(done["kept"]).exists()
    diary = tmp_path / "diary.csv"
    diary.write_text("Date,Pain\n2026-11-20,7\n2026-11-21,mild\n", encoding="utf-8")
    table = said_as_json(capsys, "import", str(diary), *data)["found"]
    assert (table["columns"], table["new"]) == ({"Date": "date", "Pain": "pain"}, 1)
    refused = {"reason": "not_a_number", "value": "mild", "cells": ["2026-11-21", "mild"]}
    assert table["refused"] == [{"row": 3, **refused}]
    assert {one["state"] for one in said_as_json(capsys, "doctor", *data)} <= {"ok", "attention"}
    assert "Stretches" in said_as_json(capsys, "check-content")["found"]


def test_a_refusal_is_a_sentence_even_with_json(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "--json", *data]) == 1
    said = capsys.readouterr()
    assert (said.out, "Nothing to save" in said.err) == ("", True)


def test_a_reader_that_has_gone_causes_no_error(data: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    ended = subprocess.run(
        [sys.executable, "-m", "holdwell", "doctor", *data],
        cwd=ROOT, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(theirs)
    assert ended.stderr == ""
