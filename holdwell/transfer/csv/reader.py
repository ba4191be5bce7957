"""Read a table from any program as rows of text: find its delimiter and header.

The csv module parses. This module chooses between four delimiters, as csv.Sniffer gives up on
short files and takes the colon of a time for a delimiter.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, count, islice, starmap
from operator import itemgetter
from typing import TypeVar

from holdwell.transfer.csv.dates import any_day
from holdwell.transfer.csv.encoding import decoded
from holdwell.transfer.csv.file_kinds import TableProblem, problem_of_text, problem_of_zip
from holdwell.transfer.csv.headings import day_names, is_diary, is_header, subject, two_lines, width
from holdwell.transfer.csv.named_values import in_columns
from holdwell.transfer.csv.side_by_side import parts_of, tables_of
from holdwell.transfer.csv.words import has, listed
from holdwell.transfer.exporting import unguarded

FILE_BYTES_MAX = 32 * 2**20
ROWS_MAX = 200_000
COLUMNS_MAX = 1_000  # Strava, which has the most, has about 90.
DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200

T = TypeVar("T")
Progress = Callable[[float], object]
"""Called with the share of the work that is done, from 0 to 1."""


@dataclass(eq=False)
class TableError(Exception):
    """A file cannot be read as a table. `number` is the row where reading stopped, or
    the most that can be read, if the `problem` has a number."""

    problem: TableProblem
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that is not empty. `number` is that of a spreadsheet: from 1, with the header."""

    number: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells up to the last one that is not empty."""
        end = len(self.cells)
        while end and not self.cells[end - 1]:
            end -= 1
        return self.cells[:end]


@dataclass(frozen=True, slots=True)
class Table:
    """The table in a file, with the spaces around its cells removed.

    `header` has a name for each column, which may be empty; `header_row` is its row, 0 in a file
    without a header. `rows` may be shorter or longer than the header. `outside` are rows that
    belong to another table. `title` is what the lines above say that the rows are about, if
    anything: "" if it is pain. `names` are the upper and lower ones of a header of two lines.
    """

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    header_row: int = 0
    outside: tuple[TableRow, ...] = ()
    title: str | None = None
    names: tuple[tuple[str, str], ...] = ()

    def column(self, number: int) -> Iterator[str]:
        """Yield the cells of a column, leaving out empty ones."""
        for row in self.rows:
            if number < len(row.cells) and row.cells[number]:
                yield row.cells[number]


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
    return _table(_rows(text, progress))


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
    rows = [
        (re.sub(r"^\d+ ", "", name.split("/")[-2]), *cells)
        for name, table in tables.items()
        for cells in _worded(table.rows)
    ]
    header = max((table.header for table in tables.values()), key=len)
    # Early versions of Loop write no header.
    header = header if any(header) else ("Date", "Value")
    return Table(("Habit", *header), tuple(starmap(TableRow, enumerate(rows, 2))), 1)


def _worded(rows: Sequence[TableRow]) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a habit, with the words that replaced the numbers of early versions."""
    words = {"-1": "UNKNOWN", "0": "NO", "1": "YES_AUTO", "2": "YES_MANUAL", "3": "SKIP"}
    # Loop multiplies the numbers of a counted habit by 1,000.
    values = {cell for row in rows for cell in row.cells[1:2]}
    is_early = values <= words.keys() and bool(values & {"1", "2", "3"})
    for row in rows:
        day, *rest = row.cells
        yield (day, *(words.get(cell, cell) if is_early else cell for cell in rest))


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
    # csv refuses cells above 131,072 characters by default.
    csv.field_size_limit(FILE_BYTES_MAX)
    parse = partial(csv.reader, delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    lines, latest = _lines(f"{text.rstrip()}\n"), [""]

    def remembered() -> Iterator[str]:
        for line in lines:
            latest[0] = line
            yield line

    rows = parse(remembered(), strict=True)
    for number in count(first):
        line_num = rows.line_num
        try:
            cells = next(rows, None)
        except csv.Error:
            cells = ["\n"]
            with suppress(csv.Error):
                cells = next(parse(chain(latest, lines)))
            # A cell that contains the end of its line is not closed.
            if rows.line_num - line_num > 1 or cells[-1].endswith("\n"):
                raise TableError(TableProblem.QUOTES, number) from None
        if cells is None:
            return
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
        widths = Counter[int]()
        with suppress(csv.Error):
            widths.update(len(cells) for cells in islice(rows, _SAMPLE_ROWS) if any(cells))
        width, most = max(widths.items(), key=itemgetter(1), default=(0, 0))
        return (most / widths.total(), width) if width > 1 else (0.0, 0)

    return max(DELIMITERS, key=evenness)


# -- the header -----------------------------------------------------------------------------------


def _table(rows: list[TableRow]) -> Table:
    """Find the header and the rows that belong to it. Raises TableError."""
    if not rows:
        raise TableError(TableProblem.EMPTY)
    if max(len(row.cells) for row in rows) > COLUMNS_MAX:
        raise TableError(TableProblem.TOO_MANY_COLUMNS, COLUMNS_MAX)
    headers = _starts(rows)
    if not headers:
        most = Counter(len(row.cells) for row in rows).most_common(1)[0][0]
        return Table(("",) * most, tuple(rows))
    subjects = _subjects(rows, headers)
    starts = sorted({*subjects, *_titles(rows, headers)})
    # Of several tables choose the one that names pain or stretching, else one with days, else the
    # largest: a table above it may be a summary of two lines.
    ends = dict(zip(starts, [*starts[1:], len(rows)], strict=True))
    sizes = {at: (end - at - 1) * width(rows[at].cells) for at, end in ends.items()}
    diaries = [at for at in headers if sizes[at] and is_diary(rows[at].cells)]
    chosen = max(headers, key=lambda at: (at in diaries, headers[at], sizes[at]))
    header = rows[chosen].cells
    # A diary may repeat its header each month, and a table of something else may have the same one.
    alike = [at for at in headers if rows[at].cells == header]
    about = min(
        (subjects[at] for at in alike),
        key=lambda title: (bool(title), not has("stretch", title or ""), title != subjects[chosen]),
    )
    same = [at for at in alike if (subjects[at] or "") == (about or "")]
    inside = [row for at in same for row in rows[at + 1 : ends[at]]]
    others = [at for at in starts if at not in same and (at > chosen or at in alike)]
    outside = [row for at in others for row in rows[at : ends[at]]]
    if not inside:
        raise TableError(TableProblem.EMPTY)
    # A last column without a name is often only a delimiter at the end of each line.
    if not header[-1] and not any(row.cells[len(header) - 1 :] > ("",) for row in inside):
        header = header[:-1]
    if beside := tables_of(header, (row.cells for row in inside)):
        inside = [TableRow(row.number, c) for row in inside for c in parts_of(row.cells, beside)]
        if len(inside) > ROWS_MAX:
            raise TableError(TableProblem.TOO_MANY_ROWS, ROWS_MAX)
    if scales := in_columns(header, (row.cells for row in inside), COLUMNS_MAX):
        header, cells = scales
        inside = [TableRow(row.number, each) for row, each in zip(inside, cells, strict=True)]
    names = two_lines(header, rows[chosen - 1].cells if chosen else (), inside[0].cells)
    return Table(header, tuple(inside), rows[same[0]].number, tuple(outside), about, names)


def _starts(rows: Sequence[TableRow]) -> dict[int, bool]:
    """Return the indexes of rows that begin a table, and whether their names have days below.

    Down to the first table with days these are the first row of names, rows of names that stand
    apart (below a gap or a shorter row), and that with days. Further down, they are rows of names
    that stand apart, unless the days of the table above go on below them.
    """
    starts: dict[int, bool] = {}
    # Where the latest table with days has them.
    day_columns = frozenset[int]()
    for n, (above, row) in enumerate(zip([rows[0], *rows], rows, strict=False)):
        is_below_gap = row.number - above.number > 1
        stands_apart = is_below_gap or width(above.cells) < width(row.cells)
        if (day_columns and not stands_apart) or not is_header(row.cells, is_first=row.number == 1):
            continue
        named, below = day_names(row.cells), rows[n + 1 : n + 4]
        # A diary may have a row of units below its header.
        has_days = _has_days(named, below, beyond_names=is_diary(row.cells))
        if not day_columns:
            begins = stands_apart or has_days or (n < 2 and not starts)
        else:
            # Below a gap, a row as wide as the next one is a header in any case.
            is_new = is_below_gap and not (below and width(below[0].cells) < width(row.cells))
            begins = is_new or (bool(below) and not _has_days(day_columns - named, below))
        if begins:
            starts[n] = has_days
            day_columns = named if has_days else day_columns
    return starts


def _titles(rows: Sequence[TableRow], starts: Mapping[int, bool]) -> Iterator[int]:
    """Yield the indexes of titles below a gap, such as "Sleep", where the days begin again."""
    columns, days = frozenset[int](), set[str]()
    for n, (above, row, below) in enumerate(zip(rows, rows[1:], rows[2:], strict=False), 1):
        if n - 1 in starts:
            columns, days = day_names(above.cells), set()
            continue
        latest, coming = (
            {line.cells[c] for c in columns if c < len(line.cells)} for line in (above, below)
        )
        days |= latest
        # "Evening" may stand above the scores of the evenings.
        is_title = row.number - above.number > 1 and subject(row.cells) is not None
        if is_title and (coming - latest) & days:
            yield n


def _subjects(rows: Sequence[TableRow], starts: Iterable[int]) -> dict[int, str | None]:
    """Return what the titles above each header say that its rows are about: "" if it is pain.

    A title is that of each table below with the same header, up to the next title, whose index is
    returned as well. A header that names pain or stretching itself needs none.
    """
    latest: dict[tuple[str, ...], str | None] = {}
    subjects: dict[int, str | None] = {}
    for at in starts:
        header = rows[at].cells
        # Several lines may stand above the first table.
        titles = rows[at - 1 : at] if subjects else rows[:at]
        told = {subject(row.cells) for row in titles} - {None} if not is_diary(header) else set()
        said = min(told, key=bool, default=None)
        if said is not None and (latest.get(header) or "") != said and header in latest:
            subjects[at - 1] = said
        subjects[at] = latest[header] = latest.get(header) if said is None else said
    return subjects


def _has_days(columns: Set[int], below: Iterable[TableRow], *, beyond_names: bool = False) -> bool:
    """Return whether a column has a day below, before a row with a name of days in a column."""
    for row in below:
        if columns & day_names(row.cells) and not beyond_names:
            return False
        if any(any_day(row.cells[n]) for n in columns if n < len(row.cells)):
            return True
    return False
