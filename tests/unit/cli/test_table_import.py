"""`holdwell import` for other trackers' tables: proposal, options, preview, and one import."""

import json
from pathlib import Path

import pytest

from holdwell.cli.parser import main
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened

FIXTURES = Path(__file__).parents[2] / "fixtures" / "trackers"
Capture = pytest.CaptureFixture[str]


def scores(tmp_path: Path) -> list[tuple[int, str]]:
    with opened(tmp_path / "data" / DATABASE_NAME) as store:
        return [(entry.score, entry.note) for entry in store.pains(limit=99)]


def test_a_table_of_a_known_tracker_is_previewed_and_imported_once(
    tmp_path: Path, data: list[str], capsys: Capture
) -> None:
    file = str(FIXTURES / "trackgraph.csv")
    assert main(["import", file, *data]) == 0
    said = capsys.readouterr().out
    assert said.startswith("This looks like Track & Graph. ")
    assert "New: 2 pain entries, 0 sessions." in said
    assert "3 rows, such as row 4: It is about something else: “Hours slept”." in said
    assert scores(tmp_path) == []
    assert main(["import", file, "--yes", *data]) == 0
    assert scores(tmp_path) == [(6, "Back pain"), (4, "Back pain\nafter work")]
    capsys.readouterr()
    assert main(["import", file, "--yes", *data]) == 0
    assert "Already in your record: 2 rows" in capsys.readouterr().out


def test_rows_that_are_not_imported_are_listed_in_full_with_json(
    data: list[str], capsys: Capture
) -> None:
    assert main(["import", str(FIXTURES / "na.csv"), "--json", *data]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(row["row"], row["reason"], row["cells"]) for row in answer["found"]["refused"]] == [
        (2, "no_score", ["2026-11-24", "", "felt ok"]),
        (3, "no_score", ["2026-11-23", "", "ok"]),
    ]


@pytest.mark.parametrize(
    ("text", "options", "wanted"),
    [
        ("Date,A\n2026-11-20,7\n", ["--column", "A=pain"], [(7, "")]),
        ("Date,Pain\n2026-11-20,3\n", ["--scale", "ten"], [(3, "")]),
        ("Date,Pain\n03/04/2026,7\n", ["--order", "day_first"], [(7, "")]),
        ("2026-11-20,7\n", ["--column", "Column 2=pain"], [(7, "")]),
        ("Date,Pain,Pain\n2026-11-20,7,3\n", ["--column", "Pain (3)=leave"], [(7, "")]),
        (
            "When,Item,Value\n2026-11-20,Tea,7\n2026-11-20,Hip,6\n",
            ["--pain", "Hip"],
            [(6, "")],
        ),
    ],
)
def test_each_question_of_the_page_is_an_option(
    tmp_path: Path,
    data: list[str],
    text: str,
    options: list[str],
    wanted: list[tuple[int, str]],
) -> None:
    file = tmp_path / "diary.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["import", str(file), "--yes", *options, *data]) == 0
    assert scores(tmp_path) == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Name,Age\nAna,33\n", "--column NAME=date"),
        ("Date,A\n2026-11-20,7\n", "--column NAME=pain"),
        ("Date,Pain\n2026-11-20,3\n", "--scale ten|"),
        ("Date,Pain (0-100)\n2026-11-20,30\n", "--scale hundred\n"),
        ("Date,Pain\n03/04/2026,7\n", "--order day_first|month_first"),
        ("When,Item,Value\n2026-11-20,Tea,7\n", "--pain NAME, --stretched NAME: Tea"),
        ('Date,Pain\n2026-11-20,"3\n', "from row 2 on"),
    ],
)
def test_a_missing_option_is_named(
    tmp_path: Path, data: list[str], capsys: Capture, text: str, words: str
) -> None:
    file = tmp_path / "diary.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["import", str(file), "--yes", *data]) == 1
    assert words in capsys.readouterr().err


def test_an_unknown_column_or_role_is_refused(
    tmp_path: Path, data: list[str], capsys: Capture
) -> None:
    file = tmp_path / "diary.csv"
    file.write_text("Date,Pain\n2026-11-20,7\n", encoding="utf-8")
    assert main(["import", str(file), "--column", "Hurt=pain", *data]) == 1
    assert "Date, Pain" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["import", str(file), "--column", "Pain=hurt", *data])


def test_the_progress_of_a_long_file_is_shown_on_a_terminal_only(
    tmp_path: Path, data: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "diary.csv"
    file.write_text("Date,Pain\n" + "2026-11-20,7\n" * 2_000, encoding="utf-8")
    assert main(["import", str(file), *data]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["import", str(file), "--yes", *data]) == 0
    shown = capsys.readouterr().err.split("\r")
    assert {"Reading the file… 50%", "Bringing in the rows… 100%"} <= set(shown)
    # Nothing is left of it on the line.
    assert (shown[-1], set(shown[-2])) == ("", {" "})


def test_rich_text_is_no_damaged_export(tmp_path: Path, data: list[str], capsys: Capture) -> None:
    file = tmp_path / "diary.rtf"
    file.write_text(r"{\rtf1\ansi Date, Pain\par}", encoding="utf-8")
    assert main(["import", str(file), *data]) == 1
    assert "This is not a table as text." in capsys.readouterr().err


@pytest.mark.parametrize(("name", "words"), [("clue.json", "JSON"), ("export.xml", "XML")])
def test_a_file_that_is_not_a_table_is_refused_with_what_to_do(
    data: list[str], capsys: Capture, name: str, words: str
) -> None:
    assert main(["import", str(FIXTURES / name), *data]) == 1
    assert words in capsys.readouterr().err


def test_refused_rows_are_not_reported_as_already_there(
    tmp_path: Path, data: list[str], capsys: Capture
) -> None:
    file = tmp_path / "diary.csv"
    file.write_text("Date,Pain,Note\n24 Nov,7,walk\n", encoding="utf-8")
    assert main(["import", str(file), "--yes", *data]) == 0
    said = capsys.readouterr().out
    assert "Row 2: “24 Nov” has no year" in said
    assert "Nothing new to bring in." in said
    assert "already" not in said
