"""The two files to double-click do what `make run` does."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = "-m pip install --quiet --disable-pip-version-check -r requirements.txt"
RUN = "-m streamlit run app.py"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_start_command_installs_once_and_runs(tmp_path: Path) -> None:
    shutil.copy(ROOT / "start.command", tmp_path)
    (tmp_path / "requirements.txt").touch()
    # In the place of Python: writes down what it was asked for.
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" >> asked\n', encoding="utf-8")
    python.chmod(0o755)
    python.with_name("pip").touch()
    for _ in range(2):
        subprocess.run([tmp_path / "start.command"], cwd="/", check=True)
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked == [INSTALL, RUN, RUN]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_start_command_leaves_no_half_made_environment(tmp_path: Path) -> None:
    """Debian's python3 without python3-venv makes one without pip, and ends with 1."""
    shutil.copy(ROOT / "start.command", tmp_path)
    (tmp_path / "requirements.txt").touch()
    half_made, python = tmp_path / ".venv" / "bin", tmp_path / "bin" / "python3.11"
    python.parent.mkdir()
    makes_half = f"mkdir -p {half_made} && cp $0 {half_made}/python"
    python.write_text(f"#!/bin/sh\n[ $1 = -c ] && exit\n{makes_half}\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    half_made.mkdir(parents=True)
    shutil.copy(python, half_made / "python")  # As a stopped run leaves it.
    path = f"{python.parent}:/usr/bin:/bin"
    done = subprocess.run(
        [tmp_path / "start.command"],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stdout
    assert not half_made.parent.exists()


def test_start_bat_and_the_makefile_do_the_same() -> None:
    batch = (ROOT / "start.bat").read_bytes()
    assert batch.count(b"\n") == batch.count(b"\r\n"), "Windows wants its own line ends"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert INSTALL in makefile
    for command in (INSTALL, RUN):
        assert f".venv\\Scripts\\python {command}" in batch.decode("ascii")
    assert "rmdir /s /q .venv" in batch.decode("ascii"), "as the others do with a half-made one"
