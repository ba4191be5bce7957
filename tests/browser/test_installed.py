"""The package as installed by `pipx install .` or `uv tool install .`, in a new environment."""

import os
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.server import ROOT, free_port

START_S = 60.0


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `holdwell` command of a new environment in which only the wheel is installed.

    It uses the dependencies of the tests' environment, so that nothing is downloaded.
    """
    folder = tmp_path_factory.mktemp("installed")
    build = "import sys, hatchling.build as h; print(h.build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wheel = folder / made.stdout.split()[-1]
    venv.create(folder / "env", symlinks=os.name != "nt")
    scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), "install"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    lent = Path(site.stdout.strip()) / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return scripts / "holdwell"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment variables of a user with an empty home folder, without this repository's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HOLDWELL", "PYTHON", "XDG"))}
    return kept | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share"), "LANG": "C"}


@pytest.fixture
def address(command: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of the dashboard, started as a user does."""
    address = f"http://localhost:{free_port()}"
    options = ["open", "--no-browser", "--port", address.rpartition(":")[2]]
    server = subprocess.Popen(
        [command, *options], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL
    )
    give_up = time.monotonic() + START_S
    try:
        while True:
            try:
                with urllib.request.urlopen(address, timeout=5) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert server.poll() is None and time.monotonic() < give_up
                time.sleep(0.1)
        yield address
    finally:
        server.kill()
        server.wait()


def test_the_dashboard_opens_and_keeps_its_data_in_the_users_folder(
    address: str, page: Page, tmp_path: Path
) -> None:
    page.goto(address)
    page.get_by_role("button", name="Skip for now").click()
    expect(page.get_by_role("button", name="I have read this")).to_be_visible()
    page.get_by_role("link", name="Guide").click()
    expect(page.get_by_role("tab").first).to_be_visible()
    (database,) = tmp_path.rglob("holdwell.db")
    assert "Holdwell" in database.parent.name


def test_the_commands_work_and_doctor_finds_no_fault(
    command: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    for arguments in (["log", "--before", "4", "--after", "2"], ["doctor"]):
        done = subprocess.run(
            [command, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
