"""A CSV file from anywhere as rows of text: its encoding, its delimiter, whether it has a header.

The csv module parses; what is ours is the choice between four delimiters and four encodings.
csv.Sniffer gives up on short files and takes the colon of a time for a delimiter, and detectors
of encodings guess from statistics that a diary of twenty lines has not.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

FILE_BYTES_MAX = 5 * 2**20
ROWS_MAX = 10_000
"""Two entries a day for more than ten years."""
COLUMNS_MAX = 40
DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200


class TableProblem(StrEnum):
    """The kinds of trouble with a CSV file; each has its sentence in content/wording."""

    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NOT_TEXT = "not_text"
    """Something else than text: a spreadsheet's own file, a picture."""
    EMPTY = "empty"
    """No row, or no more than a header."""
    QUOTES = "quotes"
    """A cell without end: most often a quotation mark that is never closed."""


class TableError(Exception):
    """A file cannot be read as a table. `number` is the row where reading stopped, if known."""

    def __init__(self, problem: TableProblem, number: int | None = None) -> None:
        super().__init__(f"{problem.value}, row {number}")
        self.problem = problem
        self.number = number


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that is not empty. `number` counts as a spreadsheet does, from 1, header included."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows of text, every cell without the spaces around it.

    `header` has one name for each column, empty ones where the file has none; `rows` may be
    shorter than that, and longer.
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def column(self, number: int) -> Iterator[str]:
        """What a column says, empty cells left out."""
        for row in self.rows:
            if number < len(row.cells) and row.cells[number]:
                yield row.cells[number]


def read(data: bytes) -> Table:
    """Read a file. Raises TableError, whatever the bytes are."""
    if len(data) > FILE_BYTES_MAX:
        raise TableError(TableProblem.TOO_LARGE)
    text = decoded(data)
    # Excel's own way to name the delimiter; it counts as a row there too.
    named = re.match(r"sep=(.)\r?\n", text)
    rows = list(_rows(text[named.end() :] if named else text, named[1] if named else None,
                      2 if named else 1))  # fmt: skip
    if not rows:
        raise TableError(TableProblem.EMPTY)
    # A last column without a name is often only a delimiter at the end of each line.
    columns = max(len(row.cells) for row in rows)
    if columns > COLUMNS_MAX:
        raise TableError(TableProblem.TOO_MANY_COLUMNS)
    header = rows.pop(0).cells if _is_header(rows[0].cells) else ()
    if not rows:
        raise TableError(TableProblem.EMPTY)
    if len(rows) > ROWS_MAX:
        raise TableError(TableProblem.TOO_MANY_ROWS)
    width = len(header) or Counter(len(row.cells) for row in rows).most_common(1)[0][0]
    return Table((*header, *[""] * (width - len(header))), tuple(rows))


def decoded(data: bytes) -> str:
    """Return the text of UTF-8, UTF-16 or cp1252 (Latin-1). Raises TableError if it is none."""
    text = _decoded(data)
    if re.search(r"[\x00-\x08\x0e-\x19\x1b-\x1f]", text):
        raise TableError(TableProblem.NOT_TEXT)
    return text.removeprefix("\ufeff")


def _decoded(data: bytes) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        # Digits and commas are every second byte of UTF-16 without a mark.
        if b"\0" in data[1:2000:2]:
            return data.decode("utf-16-le")
        if b"\0" in data[:2000:2]:
            return data.decode("utf-16-be")
    except UnicodeDecodeError:
        raise TableError(TableProblem.NOT_TEXT) from None
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # The five bytes that cp1252 leaves open are signs of Latin-1 that nobody types.
    return data.decode("latin-1")


def _rows(text: str, delimiter: str | None, first: int) -> Iterator[TableRow]:
    chosen = delimiter or delimiter_of(text)
    for number, cells in enumerate(_parsed(text, chosen), first):
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            yield TableRow(number, stripped)
        if number > 2 * ROWS_MAX + first:
            raise TableError(TableProblem.TOO_MANY_ROWS)


def _parsed(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):  # noqa: B007
            yield cells
    except csv.Error:
        raise TableError(TableProblem.QUOTES, number + 1) from None


def delimiter_of(text: str) -> str:
    """The delimiter that gives most rows one and the same number of columns, more than one."""
    best, best_score = DELIMITERS[0], (0.0, 0)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        try:
            for cells in _parsed(text, delimiter):
                if any(cells):
                    widths.append(len(cells))
                if len(widths) == _SAMPLE_ROWS:
                    break
        except TableError:
            continue
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (count / len(widths), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


_VALUE = re.compile(r"[\d\s.,:/+\-TZ%]*\d[\d\s.,:/+\-TZ%]*(?:[ap]\.?\s?m\.?)?", re.IGNORECASE)


def _is_header(cells: tuple[str, ...]) -> bool:
    """A header has names, and nothing that reads as a number, a date or a time."""
    return not any(_VALUE.fullmatch(cell) for cell in cells)
