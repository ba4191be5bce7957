"""A removed file is overwritten first, whatever other windows do to its name meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from holdwell.store import files

TEXT = b"words that were in the log"


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"of another window")
    other.replace(path)


def keep(path: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "left"), [(remove, bytes(len(TEXT))), (replace, bytes(len(TEXT))), (keep, TEXT)]
)
def test_only_a_file_that_was_removed_is_overwritten(
    tmp_path: Path, change: Callable[[Path], None], left: bytes
) -> None:
    path = tmp_path / "holdwell.db-wal"
    path.write_bytes(TEXT)
    with path.open("rb") as held:
        with files.overwritten_if_removed(path):
            change(path)
        assert held.read() == left
    if change is replace:
        assert path.read_bytes() == b"of another window"


def test_a_file_that_another_window_removes_meanwhile_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "holdwell.db-wal"
    path.write_bytes(TEXT)
    # The file disappears between two checks.
    monkeypatch.setattr(Path, "exists", lambda self: True)
    with files.overwritten_if_removed(path):
        path.unlink()


@pytest.mark.parametrize("name", ["ж" * 110 + ".zip", "a" * 251 + ".zip", "a" + "ж" * 125 + ".zip"])
def test_a_file_name_of_any_valid_length_can_be_written(tmp_path: Path, name: str) -> None:
    files.write_private(tmp_path / name, b"whole")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"whole"


def test_a_traceback_that_names_a_file_of_invalid_utf_8_is_logged(tmp_path: Path) -> None:
    files.append_private(tmp_path / "log", "no such file: \udcff.db\n")
    assert (tmp_path / "log").read_text() == "no such file: \\udcff.db\n"
