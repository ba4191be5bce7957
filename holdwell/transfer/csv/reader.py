"""A table from anywhere as rows of text: its encoding, its delimiter, where its header stands.

The csv module parses; what is ours is the choice between four delimiters and four encodings.
csv.Sniffer gives up on short files and takes the colon of a time for a delimiter, and detectors
of encodings guess from statistics that a diary of twenty lines does not have.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import count, islice, starmap
from operator import itemgetter
from sys import intern
from typing import TypeVar

from holdwell.transfer.csv.dates import any_day
from holdwell.transfer.csv.words import folded_name, has, listed
from holdwell.transfer.exporting import unguarded

FILE_BYTES_MAX = 32 * 2**20
ROWS_MAX = 200_000
COLUMNS_MAX = 1_000
"""Far more than any tracker has; Strava has about 90."""
DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200

Row = TypeVar("Row")
Tell = Callable[[float], object]
"""Hears the share of the work that is done, 0 to 1."""
_TOLD_EVERY = 1_000


class TableProblem(StrEnum):
    """What can be wrong with a file; each problem has its sentence in content/wording."""

    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NOT_TEXT = "not_text"
    SPREADSHEET = "spreadsheet"  # XLSX, ODS, XLS, Numbers, or a web page that passes for one
    JSON = "json"  # as Clue and Flo export it
    XML = "xml"  # as Apple Health exports it
    ZIP = "zip"  # no table in it can be chosen
    EMPTY = "empty"  # no row, or no more than a header
    QUOTES = "quotes"  # a cell has no end: most often a quotation mark is never closed


@dataclass(eq=False)
class TableError(Exception):
    """A file cannot be read as a table. `number` is the row where reading stopped, if known."""

    problem: TableProblem
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that is not empty. `number` counts as a spreadsheet does, from 1, header included."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a file as rows of text, every cell without the spaces around it.

    `header` has one name for each column, empty ones where the file has none. `header_row` is the
    number of its row, 0 where there is none. `rows` may be shorter than the header, and longer.
    `outside` are rows behind the table that belong to another one.
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    header_row: int = 0
    outside: tuple[TableRow, ...] = ()

    def column(self, number: int) -> Iterator[str]:
        """Return what a column says, empty cells left out."""
        for row in self.rows:
            if number < len(row.cells) and row.cells[number]:
                yield row.cells[number]


def watched(rows: Iterable[Row], total: int, tell: Tell | None, done: int = 0) -> Iterator[Row]:
    """Yield rows, and tell after every 1,000 how far the work is; `done` came before these."""
    for number, row in enumerate(rows, done + 1):
        yield row
        if tell and number % _TOLD_EVERY == 0:
            tell(min(number / total, 1.0))


def read(data: bytes, tell: Tell | None = None) -> Table:
    """Read a file, telling how far it is. Raises TableError, whatever the bytes are."""
    if len(data) > FILE_BYTES_MAX:
        raise TableError(TableProblem.TOO_LARGE)
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(TableProblem.SPREADSHEET)
    text = decoded(data)
    begin = text.lstrip()[:500].lower()
    if begin.startswith("<"):
        page = re.search(r"<!doctype html|<html|<table|excel\.sheet", begin)
        raise TableError(TableProblem.SPREADSHEET if page else TableProblem.XML)
    if begin.startswith(("{", "[")):
        raise TableError(TableProblem.JSON)
    return _table(_rows(text, tell))


def is_foreign(data: bytes) -> bool:
    """Say whether a ZIP or JSON that Holdwell did not export may be one of another tracker."""
    if data.startswith(b"PK"):
        return b".csv" in data
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


# -- the bytes ------------------------------------------------------------------------------------


def _zipped(data: bytes) -> Table:
    """Read the one table in a ZIP, or the habits in that of Loop Habit Tracker."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if {"xl/workbook.xml", "content.xml", "Index/Document.iwa"} & sizes.keys():
                raise TableError(TableProblem.SPREADSHEET)
            # A Mac adds a shadow of each file.
            names = [name for name in sizes if re.search(r"^(?!__MACOSX/).*\.csv$", name, re.I)]
            habits = sorted(name for name in names if name.endswith("/Checkmarks.csv"))
            # The summary of all habits lies above their folders.
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
    if not habits:
        return tables[chosen[0]]
    # One table of all habits, each with the name of its folder: "001 Stretch" is "Stretch".
    rows = [
        (re.sub(r"^\d+ ", "", name.split("/")[-2]), *cells)
        for name, table in tables.items()
        for cells in _worded(table.rows)
    ]
    header = max((table.header for table in tables.values()), key=len)
    # Early versions write none.
    header = header if any(header) else ("Date", "Value")
    return Table(("Habit", *header), tuple(starmap(TableRow, enumerate(rows, 2))), 1)


def _worded(rows: Sequence[TableRow]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a habit, with the words of today for the numbers of early versions."""
    words = {"-1": "UNKNOWN", "0": "NO", "1": "YES_AUTO", "2": "YES_MANUAL", "3": "SKIP"}
    # What is counted is written times 1,000.
    values = {cell for row in rows for cell in row.cells[1:2]}
    is_early = values <= words.keys() and bool(values & {"1", "2", "3"})
    for row in rows:
        day, *rest = row.cells
        yield (day, *(words.get(cell, cell) if is_early else cell for cell in rest))


def decoded(data: bytes) -> str:
    """Return the text of UTF-8, UTF-16, cp1252 (Latin-1) or Mac Roman. Raises TableError.

    Every line ends in LF: Excel, mail and FTP change the ends, also those inside a note.
    """
    high, low = (data[at:2000:2] for at in (0, 1))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    # UTF-16 without a mark: digits and commas have a NUL in front or behind. One alone is a fault.
    elif max(high.count(0), low.count(0)) * 8 > len(high):
        encodings = ["utf-16-be" if high.count(0) > low.count(0) else "utf-16-le"]
    else:
        # Lines that end in CR alone are of an old Mac program. The five bytes that cp1252 leaves
        # open are signs of Latin-1 that nobody types.
        old_mac = b"\r" in data and b"\n" not in data
        encodings = ["utf-8", "mac_roman" if old_mac else "cp1252", "latin-1"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            text = data.decode(encoding)
            if re.search(r"[\x00-\x08\x0e-\x19\x1b-\x1f]", text):
                break
            text = text.removeprefix("\ufeff").rstrip("\x1a")
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise TableError(TableProblem.NOT_TEXT)


# -- the rows -------------------------------------------------------------------------------------


_QUOTED = (
    # As the rules have it, or in one line with marks inside that no delimiter is next to.
    r'"(?:([^"]*+(?:""[^"]*+)*+)|((?:[^"\n]|(?<![,;\t|])"(?![,;\t|]))*))"'
    r"(?=[ \t]*+(?:\n|\Z))"
)
_QUOTED_LINES = re.compile(rf'(?="[^\n]*[,;\t|])(?:(?:{_QUOTED}|[^",;\t|\n]++)[ \t]*+\n\s*+)++')
"""Each line with a delimiter stands in quotation marks as a whole."""


def _rows(text: str, tell: Tell | None) -> list[TableRow]:
    """Split a text into rows, empty ones left out. Raises TableError."""
    # Excel's own way to name the delimiter, none that csv refuses; it counts as a row there too.
    named = re.match(r"sep=([^\w\s\"']|\t)\n", text)
    text, first = (text[named.end() :], 2) if named else (text, 1)
    if text.startswith(("“", "„")):
        text = re.sub("[“”„]", '"', text)
    if _QUOTED_LINES.fullmatch(f"{text.rstrip()}\n"):
        named = None
        text = re.sub(_QUOTED, lambda line: (line[1] or line[2] or "").replace('""', '"'), text)
    # Apostrophes in the place of quotation marks stand around every name of the header.
    quote = "'" if re.match(r"'[^'\n]*'(?:[,;\t|]'[^'\n]*')+\n", text) else '"'
    delimiter = named[1] if named else _delimiter_of(text, quote)
    no_value = listed("empty", "cell")
    rows: list[TableRow] = []
    parsed = watched(_parsed(text, delimiter, quote, first), text.count("\n") + 1, tell)
    for number, cells in enumerate(parsed, first):
        if number > ROWS_MAX + first:
            raise TableError(TableProblem.TOO_MANY_ROWS)
        stripped = [unguarded(cell.strip()) for cell in cells]
        if any(stripped):
            empty = (cell.lower().replace(" ", "") in no_value for cell in stripped)
            # The same text stands in many rows, and is kept once.
            kept = ("" if none else intern(c) for c, none in zip(stripped, empty, strict=True))
            rows.append(TableRow(number, tuple(kept)))
    return rows


def _parsed(text: str, delimiter: str, quote: str, first: int) -> Iterator[list[str]]:
    """Parse strictly, and loosely a row that breaks the rules of quotation in its line ("a"b).

    Rows that are swallowed by a quotation mark without end, or until the next one, are a fault.
    """
    # A note of any length is one note; by itself csv stops at 131,072 signs.
    csv.field_size_limit(FILE_BYTES_MAX)
    stream = io.StringIO(f"{text.rstrip()}\n", newline="")
    parse = partial(csv.reader, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    rows = parse(stream, strict=True)
    for number in count(first):
        begin, line = stream.tell(), rows.line_num
        try:
            cells = next(rows, None)
        except csv.Error:
            cells = ["\n"]
            stream.seek(begin)
            with suppress(csv.Error):
                cells = next(parse(stream))
            # A cell that has the end of its line in it is never closed.
            if rows.line_num - line > 1 or cells[-1].endswith("\n"):
                raise TableError(TableProblem.QUOTES, number) from None
        if cells is None:
            return
        yield cells


def _delimiter_of(text: str, quote: str) -> str:
    """Return the delimiter that gives most rows one and the same number of columns, above one."""
    # Whole lines; a row that is cut off at the end makes no difference among so many.
    lines = list(islice(io.StringIO(text, newline=""), 2 * _SAMPLE_ROWS))

    def evenness(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
        widths = Counter[int]()
        with suppress(csv.Error):
            widths.update(len(cells) for cells in islice(rows, _SAMPLE_ROWS) if any(cells))
        width, most = max(widths.items(), key=itemgetter(1), default=(0, 0))
        return (most / widths.total(), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=evenness)


# -- the header -----------------------------------------------------------------------------------


_AHEAD = 3
"""Rows below a row of words that tell whether it is a header."""
_VALUE = re.compile(r"[\d\s.,:/+\-TZ%]+(?:[ap]\.?\s?m\.?)?", re.IGNORECASE)


def _table(rows: list[TableRow]) -> Table:
    """Find the header, wherever it stands. Raises TableError."""
    if not rows:
        raise TableError(TableProblem.EMPTY)
    if max(len(row.cells) for row in rows) > COLUMNS_MAX:
        raise TableError(TableProblem.TOO_MANY_COLUMNS)
    starts, dated = _starts(rows)
    if not starts:
        width = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
        return Table(("",) * width, tuple(rows))
    # Of several tables the one that names pain or stretching, else one of days, else the largest:
    # one above it may be a summary of two lines.
    ends = dict(zip(starts, [*starts[1:], len(rows)], strict=True))
    sizes = {at: (end - at - 1) * _width(rows[at]) for at, end in ends.items()}
    diaries = [at for at in starts if sizes[at] and _is_diary(rows[at])]
    chosen = max(starts, key=lambda at: (at in diaries, at in dated, sizes[at]))
    header = rows[chosen].cells
    # A diary may repeat its header each month.
    same = [at for at in starts if rows[at].cells == header]
    inside = [row for at in same for row in rows[at + 1 : ends[at]]]
    others = [at for at in starts if at > chosen and rows[at].cells != header]
    outside = [row for at in others for row in rows[at : ends[at]]]
    if not inside:
        raise TableError(TableProblem.EMPTY)
    # A last column without a name is often only a delimiter at the end of each line.
    if not header[-1] and not any(row.cells[len(header) - 1 :] > ("",) for row in inside):
        header = header[:-1]
    return Table(header, tuple(inside), rows[same[0]].number, tuple(outside))


def _starts(rows: Sequence[TableRow]) -> tuple[list[int], list[int]]:
    """Return where the names of a table stand, and which of these have days below their name.

    That is the first row of names, the first one above days, or one below a gap or a shorter
    row. A row of words in a diary is none if the days go on below it.
    """
    starts: list[int] = []
    dated: list[int] = []
    days = frozenset[int]()
    for n, (above, row) in enumerate(zip([rows[0], *rows], rows, strict=False)):
        is_apart = row.number - above.number > 1
        is_likely = is_apart or _width(above) < _width(row) or (n < 2 and not starts)
        if not (is_likely or not dated) or not _is_header(row):
            continue
        named, below = _day_names(row), rows[n + 1 : n + 1 + _AHEAD]
        # Below the names of a diary may stand those of its units.
        heads = _has_days(named, below, beyond_names=_is_diary(row))
        # Below a gap, a row that is as wide as what follows is the header of that.
        may_go_on = not is_apart or (below and _width(below[0]) < _width(row))
        goes_on = may_go_on and (not below or _has_days(days - named, below))
        if (is_likely and not (dated and goes_on)) or (heads and not dated):
            starts.append(n)
            if heads:
                dated.append(n)
                days = named
    return starts, dated


def _width(row: TableRow) -> int:
    return sum(map(bool, row.cells))


def _day_names(row: TableRow) -> frozenset[int]:
    """Return which columns a row calls days."""
    names = enumerate(map(folded_name, row.cells))
    return frozenset(n for n, name in names if has("date", name))


def _has_days(columns: Set[int], below: Iterable[TableRow], *, beyond_names: bool = False) -> bool:
    """Say whether one of some columns has a day below, before a row that calls it so, too."""
    for row in below:
        if columns & _day_names(row) and not beyond_names:
            return False
        if any(any_day(row.cells[n]) for n in columns if n < len(row.cells)):
            return True
    return False


def _is_diary(row: TableRow) -> bool:
    """Say whether a header names days, and pain or stretching in another column."""
    names = list(map(folded_name, row.cells))
    days = [name for name in names if has("date", name)]
    told = (n for n in names if has("stretch", n) or (has("pain", n) and not has("not_pain", n)))
    return any(name != day for name in told for day in days)


def _is_header(row: TableRow) -> bool:
    """Say whether a row has names, and nothing that reads as a number, a date or a time."""
    numbers = [cell for cell in row.cells if any(map(str.isdigit, cell))]
    values = (len(cell) < 40 and _VALUE.fullmatch(cell) for cell in numbers)
    return _width(row) > 1 and not any(values) and not any(map(any_day, numbers))
