"""Read a table from any program as rows of text: find its delimiter and header.

The csv module parses. This module chooses between four delimiters, as csv.Sniffer gives up on
short files and takes the colon of a time for a delimiter.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import islice, starmap
from typing import TypeVar

from holdwell.transfer.csv.encoding import decoded
from holdwell.transfer.csv.file_kinds import (
    TableError,
    TableProblem,
    problem_of_text,
    problem_of_zip,
)
from holdwell.transfer.csv.table import ROWS_MAX, Table, TableRow, day_names, table_of
from holdwell.transfer.csv.words import listed
from holdwell.transfer.exporting import unguarded

FILE_BYTES_MAX = 32 * 2**20
DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200

T = TypeVar("T")
Progress = Callable[[float], object]
"""Called with the share of the work that is done, from 0 to 1."""


def with_progress(
    rows: Iterable[T], total: int, progress: Progress | None, done: int = 0
) -> Iterator[T]:
    """Yield rows; report progress after each percent of `total`, or 1,000 rows if that is more.

    `done` rows came before these.
    """
    step = max(1_000, total // 100)
    for number, row in enumerate(rows, done + 1):
        yield row
        if progress and number % step == 0:
            progress(min(number / total, 1.0))


def read(data: bytes, progress: Progress | None = None) -> Table:
    """Read a file, reporting the progress. Raises TableError for any file without a table."""
    if len(data) > FILE_BYTES_MAX:
        raise TableError(TableProblem.TOO_LARGE)
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(TableProblem.SPREADSHEET)
    try:
        text = decoded(data)
    except ValueError as error:
        raise TableError(TableProblem.NOT_TEXT) from error
    if problem := problem_of_text(text):
        raise TableError(problem)
    return table_of(_rows(text, progress))


# -- the bytes ------------------------------------------------------------------------------------


def _zipped(data: bytes) -> Table:
    """Read the only table in a ZIP, or all habits in a ZIP of Loop Habit Tracker."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if problem := problem_of_zip(sizes):
                raise TableError(problem)
            # A Mac adds a hidden copy of each file.
            names = [name for name in sizes if re.search(r"^(?!__MACOSX/).*\.csv$", name, re.I)]
            habits = sorted(name for name in names if name.endswith("/Checkmarks.csv"))
            # The summary of all habits is above their folders.
            depth = max((name.count("/") for name in habits), default=0)
            habits = [name for name in habits if name.count("/") == depth]
            chosen = habits or names
            if not habits and len(names) != 1:
                raise TableError(TableProblem.ZIP)
            if sum(sizes[name] for name in chosen) > FILE_BYTES_MAX:
                raise TableError(TableProblem.TOO_LARGE)
            tables = {name: read(archive.read(name)) for name in chosen if sizes[name]}
    except TableError:
        raise
    except Exception as error:
        # On hostile bytes zipfile raises far more than BadZipFile, and documents no full list.
        raise TableError(TableProblem.ZIP) from error
    if not tables:
        raise TableError(TableProblem.EMPTY)
    return _habit_table(tables) if habits else tables[chosen[0]]


def _habit_table(tables: Mapping[str, Table]) -> Table:
    """Join the tables of habits, each with the name of its folder: "001 Stretch" is "Stretch"."""
    words = {"-1": "UNKNOWN", "0": "NO", "1": "YES_AUTO", "2": "YES_MANUAL", "3": "SKIP"}
    rows: list[tuple[str, ...]] = []
    for name, table in tables.items():
        # Early versions wrote numbers for words. Those of a counted habit are multiplied by 1,000.
        values = {cell for row in table.rows for cell in row.cells[1:2]}
        is_early = values <= words.keys() and bool(values & {"1", "2", "3"})
        habit = re.sub(r"^\d+ ", "", name.split("/")[-2])
        for day, *rest in (row.cells for row in table.rows):
            rows.append((habit, day, *(words.get(c, c) if is_early else c for c in rest)))
    # Early versions of Loop write no header, either.
    header = max((table.header for table in tables.values()), key=len)
    header = header if any(header) else ("Date", "Value")
    return Table(("Habit", *header), tuple(starmap(TableRow, enumerate(rows, 2))), 1)


# -- the rows -------------------------------------------------------------------------------------


_QUOTED = (
    # Quoted by the rules; or in one line, with single marks inside away from delimiters.
    r'"(?:([^"]*+(?:""[^"]*+)*+)|((?:[^"\n]|(?<![,;\t|])"(?![,;\t|]))*))"'
    r"(?=[ \t]*+(?:\n|\Z))"
)
_QUOTED_LINES = re.compile(rf'(?="[^\n]*[,;\t|])(?:(?:{_QUOTED}|[^",;\t|\n]++)[ \t]*+\n\s*+)++')
"""A text in which each line that has a delimiter is in quotation marks as a whole."""


def _rows(text: str, progress: Progress | None) -> list[TableRow]:
    """Split a text into rows, without empty ones. Raises TableError."""
    # Excel's line that names the delimiter, which is counted as a row.
    named = re.match(r"sep=([^\w\s\"']|\t)\n", text)
    text, first = (text[named.end() :], 2) if named else (text, 1)
    if text.startswith(("“", "„")):
        text = re.sub("[“”„]", '"', text)
    if _QUOTED_LINES.fullmatch(f"{text.rstrip()}\n"):
        named = None
        text = re.sub(_QUOTED, lambda line: (line[1] or line[2] or "").replace('""', '"'), text)
    # csv refuses cells above 131,072 characters by default.
    csv.field_size_limit(FILE_BYTES_MAX)
    # Apostrophes quote only if every name of the header is in apostrophes.
    quote = "'" if re.match(r"'[^'\n]*'(?:[,;\t|]'[^'\n]*')+\n", text) else '"'
    delimiter = named[1] if named else _delimiter_of(text, quote)
    no_value = listed("empty", "cell")

    @cache
    def clean(cell: str) -> str | None:
        # Some programs write ="2026-11-20" to keep Excel from changing it.
        text = re.sub(r'^="(.*)"$', r"\1", unguarded(cell.strip()))
        return ("" if text.lower().replace(" ", "") in no_value else text) if text else None

    rows: list[TableRow] = []
    parsed = with_progress(_parsed(text, delimiter, quote, first), text.count("\n") + 1, progress)
    for number, cells in enumerate(parsed, first):
        if number > ROWS_MAX + first:
            raise TableError(TableProblem.TOO_MANY_ROWS, ROWS_MAX)
        # Many rows have the same text, which is kept once.
        texts = list(map(clean, cells))
        if "Na" in cells and day_names(cells):
            # Dutch for "after", which stands for no value in other rows.
            texts = [text or cell.strip() for text, cell in zip(texts, cells, strict=True)]
        if any(text is not None for text in texts):
            rows.append(TableRow(number, tuple(text or "" for text in texts)))
    return rows


def _parsed(text: str, delimiter: str, quote: str, first: int) -> Iterator[list[str]]:
    """Yield the cells of each row; rows with marks inside cells ("a"b) are parsed loosely.

    Raises TableError where a mark that is not closed swallows the rows up to the next mark.
    """
    parse = partial(csv.reader, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    lines: list[str] = []

    def remembered() -> Iterator[str]:
        for line in _lines(f"{text.rstrip()}\n"):
            lines.append(line)
            yield line

    for number, cells in enumerate(parse(remembered()), first):
        # A cell that contains the end of the last line is not closed.
        is_open = "".join(cells[-1:]).endswith("\n")
        if is_open or len(lines) > 1:
            strict = parse(lines, strict=True)
            try:
                next(strict)
            except csv.Error:
                if is_open or strict.line_num > 1:
                    raise TableError(TableProblem.QUOTES, number) from None
        lines.clear()
        yield cells


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text; io.StringIO would take four bytes for each of its letters."""
    return (line[0] for line in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _delimiter_of(text: str, quote: str) -> str:
    """Return the delimiter with which most rows have the same number of columns, above one."""
    # Whole lines: one row that is cut off at the end makes no difference.
    lines = list(islice(_lines(text), 2 * _SAMPLE_ROWS))

    def evenness(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
        widths = Counter(len(cells) for cells in islice(rows, _SAMPLE_ROWS) if any(cells))
        width, most = next(iter(widths.most_common(1)), (0, 0))
        return (most / widths.total(), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=evenness)
