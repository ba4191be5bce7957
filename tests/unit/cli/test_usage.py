"""Options, help and refusals of `python -m holdwell`, in the language of the user."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs import write_help
from holdwell.cli.parser import main
from holdwell.i18n.languages import content_folder
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from tests.unit.cli.conftest import LOGGED, store_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["log", "--day", "24/11/2026"], "Write it as 2026-11-24"),
        (["log", "--day", "20261124"], "Write it as 2026-11-24"),
        (["log", "--time", "21"], "Write it as 21:05"),
        (["log", "--note", "a\udcffb"], "not valid UTF-8"),
        (["log", "--person", "\udcff"], "not valid UTF-8"),
        (["open", "--person", "Ana"], "unrecognized arguments: --person Ana"),
        (["--person", "Ana"], "unrecognized arguments: --person"),
        (["--person", "Ana", "check-content"], "unrecognized arguments: --person"),
        (["import", "x.csv", "--column", "pain"], "pain is not NAME=ROLE"),
        (["cramp", "2026-11-24", "rechts"], "none, left, right, both"),
        (["report", "x.pdf", "--weeks", "0"], "from 1 to 1,040"),
        (["report", "x.pdf", "--weeks", "4", "--from", "2026-11-01"], "not allowed with"),
    ],
)
def test_wrong_usage_says_what_to_write(
    data: list[str], capsys: pytest.CaptureFixture[str], wrong: list[str], words: str
) -> None:
    with pytest.raises(SystemExit):
        main([*wrong, *data])
    said = capsys.readouterr().err
    assert words in said.replace("'", "")
    assert len(said) < 700


def test_options_are_allowed_before_the_command(data: list[str]) -> None:
    assert main([*data, *LOGGED]) == 0
    store = store_of(data)
    assert store.session_count() == 1
    store.close()


def test_the_language_follows_the_environment_in_the_order_of_posix(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    assert main(["log", *data]) == 1
    assert "Nothing" not in capsys.readouterr().err


def test_content_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-content"]) == 0
    assert "Stretches" in capsys.readouterr().out
    folder = Path(shutil.copytree(content_folder(), tmp_path / "content"))
    (folder / "why.toml").write_text("x = 1\n", encoding="utf-8")
    assert main(["check-content", str(folder)]) == 1
    assert "why.toml" in capsys.readouterr().err


@pytest.mark.parametrize("bad", [["--before", "11"], ["--comfort", "0"], ["--day", "yesterday"]])
def test_wrong_usage_ends_with_2(data: list[str], bad: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["log", *bad, *data])
    assert ended.value.code == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], language: str) -> None:
    names = write_help.command_names()
    assert "log" in names
    for command in ([], *([name] for name in names)):
        with pytest.raises(SystemExit) as ended:
            main([*command, "--language", language, "--help"] if command else ["--help"])
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert all(name in said for name in (command or names))


def test_holdwell_runs_as_a_module_and_reports_errors_in_a_sentence(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "holdwell", *arguments, "--data", str(tmp_path / "d")],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert run("log", "--before", "3").returncode == 0
    (tmp_path / "d" / DATABASE_NAME).write_bytes(b"no database at all" * 100)
    failed = run("log", "--before", "3")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def shell(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of the shell in which "holdwell" is our command, with its own data folder."""
    line = command.replace("holdwell", f"{shlex.quote(sys.executable)} -m holdwell")
    environment = {**os.environ, "HOLDWELL_DATA": str(folder / "d"), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        line, shell=True, cwd=ROOT, env=environment | variables, capture_output=True, check=False
    )


@pytest.mark.skipif(sys.platform != "linux", reason="the shell and devices of Linux")
@pytest.mark.parametrize(
    ("command", "variables", "code", "words"),
    [
        ("holdwell log --before 3 --note x >&-", {}, 0, ""),
        ("holdwell log --before 3 --note x >&- 2>&-", {}, 0, ""),
        ("holdwell log --before 3 --note x >/dev/full", {}, 1, "It is done"),
        ("holdwell log --before 99 --note x 2>&-", {}, 2, ""),
        ("holdwell --language es log --help", {"PYTHONIOENCODING": "ascii:strict"}, 0, "\\x"),
        ("holdwell --language es --help", {"PYTHONIOENCODING": "ascii:surrogateescape"}, 0, "uso"),
    ],
)
def test_an_answer_that_cannot_be_written_undoes_nothing(
    tmp_path: Path, command: str, variables: dict[str, str], code: int, words: str
) -> None:
    done = shell(command, tmp_path, **variables)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code, said
    assert words in said
    assert "half-written" not in said and "Error" not in said
    if code < 2 and "log --before" in command:
        with opened(tmp_path / "d" / DATABASE_NAME) as store:
            assert store.session_count() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the shell and devices of Linux")
@pytest.mark.parametrize("command", ["export -", "fhir -", "report -"])
def test_a_file_for_a_closed_standard_output_is_refused_in_a_sentence(
    tmp_path: Path, command: str
) -> None:
    assert main([*LOGGED, "--data", str(tmp_path / "d")]) == 0
    done = shell(f"holdwell {command} >&-", tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().strip() == (
        "Nothing was written, because standard output is closed."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="lines of a Unix shell")
def test_letters_that_the_terminal_lacks_are_printed_as_their_numbers(tmp_path: Path) -> None:
    diary = tmp_path / "diary.csv"
    diary.write_text("Date,Pain\n2025-11-01,4\n2025-11-02,ガ\n", encoding="utf-8")
    come_in = f"holdwell import {diary} --scale ten --yes"
    done = shell(come_in, tmp_path, PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u30ac" in done.stdout
    with opened(tmp_path / "d" / DATABASE_NAME) as store:
        assert len(store.pains(limit=9)) == 1
    if sys.platform == "linux":  # Other systems have no such names.
        strange = f"holdwell export {tmp_path}/$(printf 'n\\377.zip')"
        done = shell(strange, tmp_path, PYTHONIOENCODING="utf-8:strict")
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"n\\udcff.zip" in done.stdout


def test_a_folder_may_begin_with_a_tilde_and_must_not_be_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert main([*LOGGED, "--data=~/data"]) == 0
    assert (tmp_path / "home" / "data" / DATABASE_NAME).exists()
    with pytest.raises(SystemExit) as ended:
        main([*LOGGED, "--data", ""])
    assert ended.value.code == 2
    assert "argument --data: expected one argument" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    # The name of a file may begin with a tilde, too.
    (tmp_path / "~$diary.csv").write_text("Date,Pain (0-10)\n2026-11-24,7\n")
    assert main(["import", "~$diary.csv", "--data=~/data"]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for no such user")
@pytest.mark.parametrize(
    "command", [["export", "~nobody-at-all/x.zip"], ["doctor", "--data", "~nobody-at-all/x"]]
)
def test_the_home_of_an_unknown_user_is_refused_in_a_sentence(
    data: list[str], capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([*LOGGED, *data]) == 0
    assert main([*data, *command]) == 1
    said = capsys.readouterr().err
    assert "'~nobody-at-all/x" in said
    assert "Error" not in said


def test_a_content_folder_of_an_unknown_user_is_refused_in_a_sentence(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOLDWELL_CONTENT", "~nobody-at-all/content")
    assert main(["doctor", *data]) == 1
    said = capsys.readouterr().err
    assert said == "wording/en.toml is missing from ~nobody-at-all/content. Put it back\n"


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
def test_values_out_of_range_are_wrong_usage(data: list[str], wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*wrong, *data])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["log", "--before", "12"], "error: argumento --before: 12 no es un número entero"),
        (["cramp", "2026-11-24"], "faltan estos argumentos: leg"),
        (["cramp", "2026-11-24", "x"], "argumento leg: opción no válida: 'x' (elige entre "),
        (["report", "x.pdf", "--weeks"], "argumento --weeks: falta su valor"),
        (["report", "x.pdf", "--weeks", "4", "--from", "2026-11-01"], "no se puede dar junto con"),
        (["import", "x.csv", "--yes=3"], "argumento --yes: no lleva valor, y se dio '3'"),
        (["log", "--nothing"], "argumentos desconocidos: --nothing"),
        (["nothing"], "opción no válida: 'nothing'"),
    ],
)
def test_wrong_usage_is_reported_in_the_language_of_the_user(
    data: list[str], capsys: pytest.CaptureFixture[str], wrong: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--language", "es", *wrong, *data])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in said
    assert said.startswith("uso: ")
    for english in ("usage", "argument ", "invalid", "expected", "choose", "required"):
        assert english not in said


def test_help_has_no_english_words_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ([], ["log"], ["import"], ["report"], ["cramp"]):
        with pytest.raises(SystemExit):
            main([*command, "--language", "es", "--help"])
        said = capsys.readouterr().out
        for english in ("usage", "options", "positional", "show this", "exit"):
            assert english not in said
        assert said.count("opciones:") == 1, "the options of all commands stand with its own"


def test_check_content_answers_in_the_chosen_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check-content", "--language", "es"]) == 0
    assert capsys.readouterr().out.startswith("El contenido está bien. Estiramientos: ")
