"""`holdwell` without a command, and `holdwell open`: the dashboard on a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import platformdirs
import pytest

from holdwell.cli import dashboard
from holdwell.cli.parser import main
from holdwell.store import people

ROOT = Path(__file__).parents[3]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the command lines of Streamlit instead of starting it."""
    commands: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["holdwell"])
    monkeypatch.setenv("HOLDWELL_DATA", "")
    monkeypatch.setattr("runpy.run_module", lambda *_, **__: commands.append(sys.argv))
    return commands


def test_without_a_command_the_dashboard_opens(started: list[list[str]]) -> None:
    assert main([]) == 0
    (command,) = started
    assert command[:3] == ["streamlit", "run", str(ROOT / "app.py")]
    assert command[-2:] == ["--server.headless", "false"]
    assert int(command[command.index("--server.port") + 1]) > 0


def test_port_folder_and_no_browser_are_passed_on(started: list[list[str]], tmp_path: Path) -> None:
    assert main(["open", "--port", "8600", "--no-browser", "--data", str(tmp_path)]) == 0
    (command,) = started
    assert command[3:] == ["--server.port", "8600", "--server.headless", "true"]
    assert people.default_folder() == tmp_path


def test_a_port_that_is_taken_is_not_used() -> None:
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dashboard, "USUAL_PORT", taken)
            assert dashboard.free_port() != taken


@pytest.mark.skipif(not socket.has_ipv6, reason="this computer has no IPv6")
def test_another_program_at_the_second_loopback_address_ends_the_start_in_one_sentence(
    tmp_path: Path,
) -> None:
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "holdwell", "open", "--no-browser", "--port", port],
            cwd=ROOT,
            env={**os.environ, "HOLDWELL_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"Another program answers at [::1]:{port}")
    assert "Traceback" not in done.stderr + done.stdout


def test_an_installed_package_keeps_its_data_in_the_users_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HOLDWELL_DATA", raising=False)
    assert people.default_folder() == ROOT / "data"
    monkeypatch.setattr(people, "IS_CHECKOUT", False)
    assert people.default_folder() == platformdirs.user_data_path("Holdwell", appauthor=False)


def test_the_dashboard_answers(tmp_path: Path) -> None:
    port = dashboard.free_port()
    command = [sys.executable, "-m", "holdwell", "open", "--no-browser", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--data", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("the dashboard did not answer")
    finally:
        server.terminate()
        server.wait(timeout=20)
