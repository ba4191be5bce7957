"""The table in the rows of a file: its header and title, tables side by side and lists in cells."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import compress, islice, pairwise, zip_longest

from holdwell.transfer.csv.dates import any_day, read_time
from holdwell.transfer.csv.file_kinds import TableError, TableProblem
from holdwell.transfer.csv.words import folded, folded_name, has, is_body_part, pattern

ROWS_MAX = 200_000
COLUMNS_MAX = 1_000  # Strava, which has the most, has about 90.
_VALUE = re.compile(r"[\d\s.,:/+\-TZ%]+(?:[ap]\.?\s?m\.?)?", re.IGNORECASE)
Cells = tuple[str, ...]
_Columns = Mapping[int, int]
"""The columns of one of several tables, each with that of the same name in the first table."""


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


# -- the table among the rows ---------------------------------------------------------------------


def table_of(rows: list[TableRow]) -> Table:
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
    # Of several tables choose the one that names pain or stretching, else one with days, those with
    # symptoms first, else the largest: a table above it may be a summary of two lines.
    ends = dict(pairwise([*starts, len(rows)]))
    sizes = {at: (end - at - 1) * _width(rows[at].cells) for at, end in ends.items()}
    diaries = [at for at in headers if sizes[at] and _is_diary(rows[at].cells)]
    symptoms = [at for at in headers if has("complaint", folded(",".join(rows[at].cells)))]
    chosen = max(headers, key=lambda n: (n in diaries, headers[n], n in symptoms, sizes[n]))
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
    if beside := _side_by_side(header, inside):
        inside = [TableRow(row.number, c) for row in inside for c in _parts_of(row.cells, beside)]
        if len(inside) > ROWS_MAX:
            raise TableError(TableProblem.TOO_MANY_ROWS, ROWS_MAX)
    header, inside = _in_columns(header, inside)
    names = _two_lines(header, rows[chosen - 1].cells if chosen else (), inside[0].cells)
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
        stands_apart = is_below_gap or _width(above.cells) < _width(row.cells)
        if (day_columns and not stands_apart) or not _is_header(
            row.cells, is_first=row.number == 1
        ):
            continue
        named, below = day_names(row.cells), rows[n + 1 : n + 4]
        # A diary may have a row of units below its header.
        has_days = _has_days(named, below, beyond_names=_is_diary(row.cells))
        if not day_columns:
            begins = stands_apart or has_days or (n < 2 and not starts)
        else:
            # Below a gap, a row as wide as the next one is a header in any case.
            is_new = is_below_gap and not (below and _width(below[0].cells) < _width(row.cells))
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
        is_title = row.number - above.number > 1 and _subject(row.cells) is not None
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
        told = {_subject(row.cells) for row in titles} - {None} if not _is_diary(header) else set()
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


def _width(cells: Iterable[str]) -> int:
    """Return the number of cells that are not empty."""
    return sum(map(bool, cells))


# -- headers and titles ---------------------------------------------------------------------------


def _is_header(cells: Sequence[str], *, is_first: bool) -> bool:
    """Return whether a row has several names, and no number, date or time."""
    numbers = [cell for cell in cells if any(map(str.isdigit, cell))]
    values = (len(cell) < 40 and _VALUE.fullmatch(cell) for cell in numbers)
    # In the first row, the column of days may have no name.
    is_wide = _width(cells) > 1 or (is_first and len(cells) > 1 and not cells[0])
    return is_wide and not any(values) and not any(map(any_day, numbers))


def day_names(cells: Sequence[str]) -> frozenset[int]:
    """Return the columns that have names of days in a row."""
    return frozenset(n for n, name in enumerate(map(folded_name, cells)) if has("date", name))


def _is_diary(cells: Sequence[str]) -> bool:
    """Return whether a header names days, and pain or stretching in another column."""
    names = list(map(folded_name, cells))
    days = {name for name in names if has("date", name)}
    told = (n for n in names if has("stretch", n) or (has("pain", n) and not has("not_pain", n)))
    return any(days - {name} for name in told)


def _subject(cells: Sequence[str]) -> str | None:
    """Return what a title says that the rows below are about: "mood"; "" if it is pain.

    None is for a row that is no title, or one of a time: "October 2026", "Week 48", "Evening".
    """
    text = "".join(cells)
    if _width(cells) != 1 or any_day(text) or read_time(text):
        return None
    words = re.findall(r"[^\W\d_]+", pattern("column", "period").sub(" ", folded(text)))
    title = " ".join(word for word in words if not any_day(f"1 {word} 2024"))
    is_ours = has("pain", title) and not has("not_pain", title) and not has("elsewhere", title)
    return "" if is_ours or is_body_part(title) else title or None


def _two_lines(
    header: Sequence[str], above: Sequence[str], below: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the upper and lower name of each column if the header has two lines, else nothing.

    A name in the upper line is that of several columns: "Pain" over "Before" and "After". The line
    beside the header has nothing where the days are.
    """
    days = day_names(header)
    for upper, lower, other in ((above, header, above), (header, below, below)):
        has_days = any(other[n] for n in days if n < len(other))
        if not days or has_days or not _is_header(other, is_first=True):
            continue
        names, group = list[tuple[str, str]](), ""
        for own, part in islice(zip_longest(upper, lower, fillvalue=""), len(header)):
            group = own or (group if part else "")
            names.append((group, part))
        if upper is above or any(part and not own for own, part in zip(upper, lower, strict=False)):
            return tuple(names)
    return ()


# -- several tables or times in a row -------------------------------------------------------------


def _side_by_side(header: Sequence[str], rows: Iterable[TableRow]) -> list[_Columns]:
    """Return the columns of each table, such as one for each week: Date, Pain, Date, Pain.

    All tables have their days under the same name, and not only the days of the first. So do the
    times of one day: Date, Time 1, Pain 1, Time 2, Pain 2. Nothing is returned for a single table.
    """
    names = list(map(folded_name, header))
    days = sorted(day_names(header))
    days = [n for n in days if names[n] == names[days[0]]]
    if len(days) < 2:
        return _times_of(names, days)
    spans = [range(*span) for span in pairwise([0, *days[1:], len(names)])]
    named = [[names[n] for n in span if names[n]] for span in spans]
    are_ours = all(each in (named[0], named[0][-len(each) :]) or _is_diary(each) for each in named)
    told = ([row.cells[n] for n in days if n < len(row.cells)] for row in rows)
    if not are_ours or not any(day not in ("", each[0]) for each in told for day in each):
        return []
    first: dict[tuple[str, int], int] = {}
    return [
        {n: first.setdefault((names[n], names[span[0] : n].count(names[n])), n) for n in span}
        for span in spans
    ]


def _times_of(names: Sequence[str], days: Sequence[int]) -> list[_Columns]:
    """Return the columns of each time in a row, or nothing if there are not several.

    The first time has all columns that are not repeated, and each other one that of the day.
    """
    bare = [re.sub(r"[\W\d_]+", " ", name).strip() for name in names]
    starts = [n for n, name in enumerate(bare) if has("time", name)]
    starts = [n for n in starts if bare[n] == bare[starts[0]]]
    size = starts[1] - starts[0] if len(starts) > 1 else 0
    if len(days) != 1 or size < 2 or days[0] in range(starts[0], starts[-1] + size):
        return []
    if any(bare[n : n + size] != bare[starts[0] : starts[1]] for n in starts):
        return []
    further = [{days[0]: days[0]} | {n + k: starts[0] + k for k in range(size)} for n in starts[1:]]
    repeated = set[int]().union(*further) - {days[0]}
    return [{n: n for n in range(len(names)) if n not in repeated}, *further]


def _parts_of(cells: Cells, tables: Sequence[_Columns]) -> Iterator[Cells]:
    """Yield the cells of a row in each table under the names of the first one, if there are any.

    Cells beyond the header stay with the first table.
    """
    width = 1 + max(map(max, tables))
    beyond = cells[width:]
    shared = tables[0].keys() & tables[1].keys()
    # Of several times in a row, the first that is there has all that is not repeated.
    once = {n: n for n in tables[0] if shared and n not in tables[1].values()}
    own = (each.keys() - shared - once.keys() for each in tables)
    is_filled = [any(cells[n : n + 1] > ("",) for n in each) for each in own]
    is_filled[0] |= any(beyond) or not any(is_filled)
    for columns in compress(tables, is_filled):
        # No longer than needed: there may be hundreds of tables.
        columns = {**columns, **once}
        part = [""] * (width if any(beyond) else max(columns.values()) + 1)
        for n, first in columns.items():
            part[first] = "".join(cells[n : n + 1])
        yield (*part, *beyond)
        beyond, once = (), {}


# -- cells with several values --------------------------------------------------------------------


def _in_columns(header: Cells, rows: list[TableRow]) -> tuple[Cells, list[TableRow]]:
    """Return a header and rows with a column more for each name in a column called scales, if any.

    Daylio writes "Back pain: 6 | Sleep: 8". A cell that cannot be read so stays as it is, as do all
    if there would be too many columns: then they have texts with colons.
    """
    names = list(map(folded, header))
    if "scales" not in names:
        return header, rows
    at = names.index("scales")
    values = [_values("".join(row.cells[at : at + 1])) for row in rows]
    added = tuple(dict.fromkeys(name for of_row in values for name in of_row))
    if len(names) + len(added) > COLUMNS_MAX:
        return header, rows
    spread: list[TableRow] = []
    for row, of_row in zip(rows, values, strict=True):
        cells, beyond = row.cells[: len(names)], row.cells[len(names) :]
        filled = [*cells, *[""] * (len(names) - len(cells))]
        filled[at] = "" if of_row else filled[at]
        in_columns = (of_row.get(name, "") for name in added)
        spread.append(TableRow(row.number, (*filled, *in_columns, *beyond)))
    return header + added, spread


def _values(cell: str) -> dict[str, str]:
    """Return the values in a cell by name; none if a part has no value or no name of its own."""
    named = [re.fullmatch(r"(.*\S)\s*:\s*(\S.*)", part.strip()) for part in cell.split("|")]
    values = {match[1]: match[2] for match in named if match}
    return values if len(values) == len(named) else {}
