"""What the columns of another tracker's table mean. It is proposed, and the user decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field

from holdwell.transfer.csv import dates
from holdwell.transfer.csv.cells import Scale, Scales, read_mark, scales_of
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.table import Table, TableRow
from holdwell.transfer.csv.words import folded, folded_name, has, pattern


class Role(StrEnum):
    """What a column holds."""

    DATE = "date"
    TIME = "time"  # a time of day, or a day with its time, which is then used instead of the DATE
    OFFSET = "offset"  # the offset of the row from UTC: minutes, or as UTC+0100
    NAME = "name"  # what the row is about, in a file that has one reading a row
    DID = "did"  # what was done that day, several things in a cell: scores are not about these
    GROUP = "group"  # the kind of that: only rows about symptoms are taken as pain
    PAIN = "pain"
    BEFORE = "pain_before"
    AFTER = "pain_after"
    DONE = "done"  # whether the user stretched
    NOTE = "note"
    TITLE = "title"  # a note that says what the row is about where its NAME is of any kind
    PLACE = "place"  # where it hurts, and on which side
    LEAVE = "leave"
    ID = "id"
    DELETED = "deleted"  # when the row was deleted, if it was
    MONTH = "month"  # for a DATE that is only a number, if there is a YEAR
    YEAR = "year"  # for a DATE without one


OWN = (Role.ID, Role.DELETED)
"""Roles that only Holdwell's own exports have."""
SCORES = (Role.PAIN, Role.BEFORE, Role.AFTER)
NOTES = (Role.NOTE, Role.TITLE)
NAMES = (Role.NAME, Role.DID)
SEVERAL = (Role.TIME, Role.PAIN, Role.DONE, *NAMES, Role.PLACE, *NOTES, Role.LEAVE)
"""Roles that several columns may have."""


@dataclass(frozen=True)
class ColumnMapping:
    """The meaning of a file's columns. `order` and `scale` are None where the user has to say.

    With a NAME column, only rows about `pain_names` and `done_names` are taken. `declined` are
    names of pain or stretching that the user did not take; None in mappings that earlier versions
    stored. Numbers are divided by `divide`. `in_utc`: times without an offset, or with the offset
    in a column of its own, are in UTC. `stretching` are names of it in the tracker alone.
    """

    roles: tuple[Role, ...]
    order: DateOrder | None = None
    scale: Scale | None = None
    pain_names: frozenset[str] = frozenset()
    done_names: frozenset[str] = frozenset()
    divide: Annotated[int, Field(ge=1)] = 1
    in_utc: bool = False
    tracker: str = ""
    stretching: frozenset[str] = frozenset()
    declined: frozenset[str] | None = frozenset()

    def without_empty_columns(self, table: Table) -> "ColumnMapping":
        """Return the mapping with LEAVE for columns without data, which would change notes."""
        filled = (any(table.column(number)) for number in range(len(table.header)))
        roles = zip(self.roles, filled, strict=True)
        return replace(self, roles=tuple(role if data else Role.LEAVE for role, data in roles))

    def cells(self, row: TableRow, *roles: Role) -> list[str]:
        """Return the cells of a row in columns with some roles, without empty cells."""
        cells = row.cells
        return [cells[n] for n in self.columns(*roles) if n < len(cells) and cells[n]]

    def columns(self, *roles: Role) -> tuple[int, ...]:
        """Return the numbers, from 0, of the columns with some roles."""
        if (found := self._found.get(roles)) is None:
            found = tuple(number for number, role in enumerate(self.roles) if role in roles)
            self._found[roles] = found
        return found

    @cached_property
    def _found(self) -> dict[tuple[Role, ...], tuple[int, ...]]:
        """The columns that were asked for: they are asked for in each row."""
        return {}

    def workout_column(self, table: Table) -> int:
        """Return which column names the workout in a table of sets; else one beyond its end.

        Where none does, the sets of a day are of one workout.
        """
        names, named = list(map(folded_name, table.header)), self.columns(Role.NAME)
        words = ("weight", "repetition")
        are_weights = named and all(any(has(word, name) for name in names) for word in words)
        if not are_weights and not any(map(pattern("column", "set").fullmatch, names)):
            return len(names)
        others = (n for n, name in enumerate(names) if n not in named and has("session", name))
        # An exercise may be named beside its workout.
        return named[0] if len(named) > 1 else next(others, self.columns(Role.DATE)[0])

    def names_of(self, row: TableRow) -> list[str]:
        """Return the names of what a row is about: a "Workout" may have a title that says more."""
        parts = (part.strip() for cell in self.cells(row, *NAMES) for part in cell.split("|"))
        names, titles = list(filter(None, parts)), self.cells(row, Role.TITLE)
        if titles and all(pattern("column", "any_kind").fullmatch(folded(n)) for n in names):
            names += titles
        return names

    def may_hurt(self, row: TableRow) -> bool:
        """Return whether the GROUP of a row, if it has one, is that of symptoms or of pain."""
        groups = self.cells(row, Role.GROUP) if Role.GROUP in self.roles else ()
        return not groups or any(has("symptom", folded(group)) for group in groups)

    def names_in(self, table: Table, *, of_pain: bool = False) -> tuple[str, ...]:
        """Return all names, or those that may be of pain, in the order of the file."""
        is_named = not set(NAMES if not of_pain else (Role.NAME,)).isdisjoint(self.roles)
        rows = table.rows if is_named else ()
        rows = tuple(filter(self.may_hurt, rows)) if of_pain else rows
        return tuple(dict.fromkeys(name for row in rows for name in self.names_of(row)))

    def written_day(self, row: TableRow) -> str:
        """Return the day as written, with the month and year of other columns if there are any."""
        day = " ".join(self.cells(row, Role.DATE))
        if not day or Role.YEAR not in self.roles:
            return day
        month, year = (" ".join(self.cells(row, role)) for role in (Role.MONTH, Role.YEAR))
        if month and year:
            return f"{year}-{month}-{day}"
        return dates.with_year(day, year) if year else day

    def written_time(self, row: TableRow) -> str:
        """Return the time as written, of which AM or PM may be in a column of its own."""
        times = self.cells(row, Role.TIME)
        return " ".join(sorted(times, key=lambda cell: not cell[0].isdigit()))

    def written_days(self, table: Table) -> list[str]:
        """Return the days as written, without rows that only have a day, as for days to come."""
        told = (*SCORES, Role.NOTE, *NAMES)
        rows = (
            row
            for row in table.rows
            if self.cells(row, *told) or any(map(read_mark, self.cells(row, Role.DONE)))
        )
        return list(filter(None, map(self.written_day, rows)))

    def known_order(self, possible: Sequence[DateOrder]) -> DateOrder | None:
        """Return the order if the days or the tracker settle it; None if the user must say."""
        if len(possible) == 1 and DateOrder.SERIAL not in possible:
            return possible[0]
        return self.order if self.order in possible else None

    def orders(self, table: Table, latest: date) -> tuple[tuple[DateOrder, ...], str]:
        """Return the orders in which the days may be written, and a day that differs in them."""
        cells = self.written_days(table)
        possible = dates.orders(cells, latest)
        return possible, dates.example(cells, possible)

    def pain_cells(self, table: Table) -> Iterator[str]:
        """Yield every cell that would be read as a score of pain."""
        is_any, about = Role.NAME not in self.roles, self.pain_names.intersection
        ours = (row for row in table.rows if is_any or about(self.names_of(row)))
        rows = filter(self.may_hurt, ours)
        dated = (row for row in rows if _may_be_day(self.written_day(row)))
        return (cell for row in dated for cell in self.cells(row, *SCORES))

    def scales(self, table: Table) -> Scales:
        """Return the scale that the scores, the tracker or the header tell."""
        columns = zip(table.header, self.roles, strict=True)
        header = " ".join(name for name, role in columns if role in SCORES)
        found = scales_of(header, set(self.pain_cells(table)), self.divide)
        return Scales(self.scale) if self.scale and found.has_scores else found

    @property
    def problem(self) -> str | None:
        """The key of the sentence on what is missing; None if rows can be read."""
        if Role.DATE not in self.roles:
            return "trackers.need_date"
        if any(self.roles.count(role) > 1 for role in Role if role not in SEVERAL):
            return "trackers.one_each"
        if not {*SCORES, *NOTES, *NAMES, Role.DONE} & set(self.roles):
            return "trackers.need_what"
        has_scores = Role.NAME not in self.roles and Role.PAIN in self.roles
        is_named = not has_scores and not set(NAMES).isdisjoint(self.roles)
        if is_named and not (self.pain_names or self.done_names):
            return "trackers.need_names"
        return None


def _may_be_day(cell: str) -> bool:
    """Return whether a cell may be a day, unlike that of a line of totals, such as "Week 48"."""
    has_digit = any(map(str.isdigit, cell))
    return has_digit and not (cell[0].isalpha() and pattern("column", "total").match(folded(cell)))
