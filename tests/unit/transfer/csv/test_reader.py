"""Tables are found in all kinds of files; other files are refused by name."""

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdwell.transfer.csv import column_guess, file_kinds, reader, table
from holdwell.transfer.csv.encoding import decoded
from holdwell.transfer.csv.file_kinds import TableError, TableProblem

FIXTURES = Path(__file__).parents[3] / "fixtures" / "trackers"


def problem_of(data: bytes) -> tuple[TableProblem, int | None]:
    with pytest.raises(TableError) as caught:
        reader.read(data)
    return caught.value.problem, caught.value.number


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("delimiter", list(reader.DELIMITERS))
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    rows = [["Día", "Dolor", "Nota"], ["23/11/2026", "4,5", "mañana; ¿qué?, | más"],
            ["24/11/2026", "3", "línea\nsegunda"]]  # fmt: skip
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    found = reader.read(made.getvalue().encode(encoding))
    assert found.header == tuple(rows[0])
    assert [list(row.cells) for row in found.rows] == rows[1:]
    assert [row.number for row in found.rows] == [2, 3]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "a–b “c” 5 €"),
        ("cp1252", "don’t, it’s bad—very bad, 30 µg"),
        ("cp1252", "un’altra volta, dell’anca"),
        ("cp1252", "ça m’a fait mal, au cœur"),
        ("mac_roman", "Rücken müde"),
        ("mac_roman", "Füße kalt"),
        ("mac_roman", "Día;Dolor"),
        ("mac_roman", "mañana peor"),
        ("mac_roman", "algún dolor después"),
        ("mac_roman", "Étirements;Médicaments"),
        ("cp850", "mañana; después"),
        ("cp850", "Rücken schön; größer"),
        ("cp850", "très mal, été; però"),
    ],
)
def test_letters_and_signs_tell_the_encoding_of_windows_mac_and_dos(
    encoding: str, text: str
) -> None:
    assert decoded(f"{text}\r\n".encode(encoding)) == f"{text}\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_though_notes_are_japanese(encoding: str) -> None:
    rows = "".join(f"2026-11-{day},7,{'腰が痛くて眠れません。' * 5}\n" for day in range(10, 25))
    found = reader.read(f"日付,痛み,メモ\n{rows}".encode(encoding))
    assert (found.header, len(found.rows)) == (("日付", "痛み", "メモ"), 15)


def test_excels_line_about_the_delimiter_and_blank_rows_are_counted() -> None:
    found = reader.read(b"sep=;\r\nDate;Pain\r\n;\r\n\r\n2026-11-23;4\r\n")
    assert found.header == ("Date", "Pain")
    assert [(row.number, row.cells) for row in found.rows] == [(5, ("2026-11-23", "4"))]


def test_rows_of_lines_that_are_quoted_whole_have_their_number_in_the_file() -> None:
    found = reader.read(b'sep=;\r\n"Date,Pain"\r\n\r\n"2026-11-23,4"\r\n"2026-11-24,5"\r\n')
    assert (found.header_row, [row.number for row in found.rows]) == (2, [4, 5])
    assert problem_of(b'sep=;\nDate;Pain\n2026-11-23;"4\n') == (TableProblem.QUOTES, 3)
    title = reader.read(b'"Date,Note" \n2026\n"2026-11-23,""a, b"""\n')
    assert [row.cells for row in title.rows] == [("2026",), ("2026-11-23", "a, b")]
    # Single marks inside one line make no difference to the others.
    loose = reader.read(b'"Date,Pain,Note"\n"2026-11-24,4,hi"\n"2026-11-25,5,a "bad" day"\n')
    assert [row.cells for row in loose.rows] == [
        ("2026-11-24", "4", "hi"),
        ("2026-11-25", "5", 'a "bad" day'),
    ]
    quoted = reader.read(b'"Date","Pain"\n"2026-11-24","4"\n')
    assert quoted.header == ("Date", "Pain")


@pytest.mark.parametrize("sign", ['"', "'", "1", "e", " ", "\r"])
def test_a_line_cannot_name_an_impossible_delimiter(sign: str) -> None:
    found = reader.read(f"sep={sign}\nDate,Pain\n2026-11-23,4\n".encode())
    assert found.header == ("Date", "Pain")


def test_a_file_without_a_header() -> None:
    found = reader.read(b"2026-11-23,4,bath\n2026-11-24,3,walk\n")
    assert found.header == ("", "", "")
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", TableProblem.EMPTY),
        (b"\n\n,,\n", TableProblem.EMPTY),
        (b"Date,Pain\n", TableProblem.EMPTY),
        (b"PK\x03\x04\x14\0\x06\0", TableProblem.ZIP),
        (b"\xd0\xcf\x11\xe0", TableProblem.SPREADSHEET),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", TableProblem.NOT_TEXT),
        (b"\xff\xfea", TableProblem.NOT_TEXT),
        (b"Date,Pain\n2026-11-24,7\0\n", TableProblem.NOT_TEXT),
        (b"Date,Pain\n2026-11-24,70\0\n", TableProblem.NOT_TEXT),
        (b"Date,Pain\n2026-11-24,7\n" + b"\0" * 4096, TableProblem.NOT_TEXT),
        (b"a,b\n" + b"1,2\n" * 200_002, TableProblem.TOO_MANY_ROWS),
        (
            b"Date,Pain,Date,Pain\n" + b"2026-11-24,7,2026-11-23,6\n" * 100_001,
            TableProblem.TOO_MANY_ROWS,
        ),
        (b"," * 1001 + b"a\n1", TableProblem.TOO_MANY_COLUMNS),
        (b"a" * (32 * 2**20 + 1), TableProblem.TOO_LARGE),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000, TableProblem.QUOTES),
    ],
)
def test_files_without_a_table_are_refused(data: bytes, problem: TableProblem) -> None:
    with pytest.raises(TableError) as caught:
        reader.read(data)
    assert caught.value.problem is problem
    limits = {
        TableProblem.QUOTES: 3,
        TableProblem.TOO_MANY_ROWS: table.ROWS_MAX,
        TableProblem.TOO_MANY_COLUMNS: table.COLUMNS_MAX,
    }
    assert caught.value.number == limits.get(problem)


@pytest.mark.parametrize(
    ("name", "row", "columns", "first"),
    [
        ("preamble.csv", 5, 3, "2026-11-24"),
        ("migrainebuddy.csv", 4, 13, "1"),
        ("samsung.csv", 2, 5, "2026-11-23 20:31:04.000"),
        ("drip.csv", 1, 49, "2026-11-20"),
        ("old_mac.csv", 1, 2, "2026-11-24"),
        ("unicode_text.csv", 1, 3, "24/11/2026"),
        ("excel_es.csv", 1, 5, "20/11/2026"),
    ],
)
def test_the_header_is_found_wherever_it_is(name: str, row: int, columns: int, first: str) -> None:
    found = reader.read((FIXTURES / name).read_bytes())
    assert (found.header_row, len(found.header), found.rows[0].cells[0]) == (row, columns, first)


def test_the_table_that_names_pain_is_taken_before_a_larger_one() -> None:
    weights = "Date,Weight\n" + "2026-11-20,70\n" * 9
    found = reader.read(f"{weights}\nDate,Pain\n2026-11-20,7\n".encode())
    assert (found.header, found.header_row, len(found.rows)) == (("Date", "Pain"), 12, 1)
    # Other lines below look like a header, but have no rows, or no days.
    for more in ("Legend,Pain on the day\n", "Average pain,Worst pain\n6,8\n"):
        found = reader.read(f"Date,Score\n2026-11-20,7\n\n{more}".encode())
        assert (found.header, len(found.rows)) == (("Date", "Score"), 1)
    # A table of medicines is not a diary of pain.
    scores = "".join(f"2026-11-{day},7,x\n" for day in range(10, 24))
    doses = "Date,Pain medication,Dose\n2026-11-10,Ibuprofen,400\n2026-11-11,Ibuprofen,400\n"
    found = reader.read(f"Timestamp,Score,Note\n{scores}\n{doses}".encode())
    assert len(found.rows) == 14


def test_rows_of_another_table_below_are_kept_apart() -> None:
    found = reader.read(b"Date,Pain\n2026-11-23,4\n2026-11-24,5\n\nName,Age\nAna,33\n")
    assert len(found.rows) == 2
    assert [row.number for row in found.outside] == [5, 6]


def test_signs_for_no_value_are_read_as_empty() -> None:
    found = reader.read(b"Date,Pain,Note\n2026-11-23,--,n/a\n2026-11-24,N/A,-\n")
    assert [row.cells[1:] for row in found.rows] == [("", ""), ("", "")]


@pytest.mark.parametrize(
    "rest", ["".join(f"2026-11-{day},6,fine\n" for day in range(10, 24)), '2026-11-23,6,"fine"\n']
)
def test_a_quotation_mark_that_is_never_closed_is_a_fault(rest: str) -> None:
    data = f'date,pain,note\n2026-11-24,7,"was bad\n{rest}2026-11-09,4,x\n'
    assert problem_of(data.encode()) == (TableProblem.QUOTES, 2)


def test_a_row_that_is_swallowed_after_one_with_marks_inside_is_a_fault_too() -> None:
    data = b'a,b\n1,"x"y\n2,"open\n3,"z"\n'
    assert problem_of(data) == (TableProblem.QUOTES, 3)


def test_a_quotation_mark_inside_a_row_is_not_a_fault() -> None:
    found = reader.read(b'a,b\n1,"x"y\n2,"two\nlines"\n')
    assert [row.cells for row in found.rows] == [("1", "xy"), ("2", "two\nlines")]


def test_a_note_of_any_length_is_one_cell() -> None:
    for note in ("x" * 200_000, '"' + "x, " * 200_000 + '"'):
        found = reader.read(f"Date,Pain,Note\n2026-11-20,7,{note}\n2026-11-21,4,\n".encode())
        assert [row.cells[1] for row in found.rows] == ["7", "4"]


def test_no_cell_takes_more_than_linear_time() -> None:
    # Time of the processor does not grow on a busy machine. It takes 0.3 s.
    began = time.process_time()
    for cell in (
        "for " * 30_000,
        "stretch_" * 15_000,
        "1" * 130_000 + "x",
        "," * 100,
        "a " * 60_000,
        "1." * 60_000,
        "Nov " * 30_000,
    ):
        found = reader.read(f'"{cell}",b\n"{cell}",2\n'.encode())
        column_guess.propose(found)
    assert time.process_time() - began < 10


def test_a_zip_with_one_table_opens_and_that_of_loop_too() -> None:
    found = reader.read((FIXTURES / "loop.zip").read_bytes())
    assert found.header == ("Habit", "Date", "Value", "Notes")
    assert found.rows[0].cells == ("Stretch", "2026-11-24", "YES_MANUAL", "")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("readme.txt", "x")
        archive.writestr("diary.csv", "Date,Pain\n2026-11-24,4\n")
        # A Mac adds a hidden copy of each file.
        archive.writestr("__MACOSX/._diary.csv", "x")
    assert reader.read(made.getvalue()).header == ("Date", "Pain")
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("more.csv", "Date,Pain\n2026-11-24,4\n")
    assert problem_of(made.getvalue())[0] is TableProblem.ZIP


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], TableProblem.SPREADSHEET),
        (["[Content_Types].xml", "word/document.xml"], TableProblem.NOT_TEXT),
        (["apple_health_export/export.xml", "apple_health_export/route.gpx"], TableProblem.XML),
        (["measurements.json"], TableProblem.JSON),
        (["photo.png"], TableProblem.ZIP),
    ],
)
def test_a_zip_of_something_else_is_refused_by_its_kind(
    names: list[str], problem: TableProblem
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert problem_of(made.getvalue()) == (problem, None)
    assert file_kinds.is_foreign(made.getvalue()) == (problem is not TableProblem.ZIP)


@pytest.mark.parametrize("folder", ["", "Loop Habits CSV 2026-11-25/", "a/b/"])
def test_the_habits_of_loop_are_found_in_a_folder_of_their_own(folder: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{folder}Checkmarks.csv", "Date,Stretch,\n2026-11-24,YES_MANUAL,\n")
        habit = "Date,Value,Notes\n2026-11-24,YES_MANUAL,bath\n"
        archive.writestr(f"{folder}001 Stretch/Checkmarks.csv", habit)
    found = reader.read(made.getvalue())
    assert [row.cells for row in found.rows] == [("Stretch", "2026-11-24", "YES_MANUAL", "bath")]


def test_numbers_of_early_versions_of_loop_become_its_present_words() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        # Early files have no header; numbers of what is counted are multiples of 1,000.
        archive.writestr("001 Stretch/Checkmarks.csv", "2026-11-24,2\n2026-11-23,3\n2026-11-22,0\n")
        archive.writestr("002 Back pain/Checkmarks.csv", "2026-11-24,3000\n2026-11-23,0\n")
    found = reader.read(made.getvalue())
    assert found.header == ("Habit", "Date", "Value")
    assert [row.cells[2] for row in found.rows] == ["YES_MANUAL", "SKIP", "NO", "3000", "0"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("clue.json", TableProblem.JSON),
        ("flo.json", TableProblem.JSON),
        ("export.xml", TableProblem.XML),
    ],
)
def test_other_formats_are_refused_by_name(name: str, problem: TableProblem) -> None:
    assert problem_of((FIXTURES / name).read_bytes()) == (problem, None)


def test_rows_of_tables_side_by_side_are_as_long_as_one_of_them() -> None:
    """With hundreds of tables, rows of the length of all would take a gigabyte."""
    days = ",".join(f"2026-11-{day},7" for day in range(10, 25))
    found = reader.read(f"{','.join(['Date,Pain'] * 15)}\n{days}\n".encode())
    assert [row.cells for row in found.rows[:2]] == [("2026-11-10", "7"), ("2026-11-11", "7")]
    assert len(found.rows) == 15


def test_texts_with_colons_do_not_become_more_columns_than_a_table_may_have() -> None:
    rows = "".join(f"2026-11-23,7,night {n}: bad\n" for n in range(table.COLUMNS_MAX))
    assert reader.read(f"Date,Pain,Scales\n{rows}".encode()).header == ("Date", "Pain", "Scales")
    few = reader.read(b"Date,Pain,Scales\n2026-11-23,7,Mood: 3 | Sleep: 8\n")
    assert few.header == ("Date", "Pain", "Scales", "Mood", "Sleep")
    twice = reader.read(b"Date,Pain,Scales\n2026-11-23,7,Mood: 3 | Mood: 8\n")
    assert twice.rows[0].cells == ("2026-11-23", "7", "Mood: 3 | Mood: 8"), "neither is lost"


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_a_table_or_an_error(data: bytes) -> None:
    try:
        found = reader.read(data)
    except TableError:
        return
    column_guess.propose(found)
