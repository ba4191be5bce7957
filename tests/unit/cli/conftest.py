"""A data folder for commands, and English as their language on every machine."""

import json
from pathlib import Path
from typing import Any

import pytest

from holdwell.cli.parser import main
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import Store

LOGGED = ["log", "--day", "2026-11-20", "--time", "21:05", "--before", "4", "--after", "2"]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


def store_of(data: list[str]) -> Store:
    return Store(Path(data[1]) / DATABASE_NAME)


def said_as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Run a command with --json and return the data that it printed."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)
