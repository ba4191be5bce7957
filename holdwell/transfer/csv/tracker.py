"""What the columns of another tracker's table mean, and the entries that its rows become.

Columns are proposed and the user decides. A diary row with a score does not make a session. A row
is taken whole or refused with a reason.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache, partial
from typing import Annotated, NamedTuple

from pydantic import Field

from holdwell.domain.dates import POSTPARTUM_YEARS
from holdwell.domain.models import NOTE_MAX, Moment
from holdwell.transfer.csv import dates
from holdwell.transfer.csv.cells import (
    Refusal,
    RowRefusedError,
    Scale,
    Score,
    note_forms,
    read_mark,
    read_score,
    scale_of,
)
from holdwell.transfer.csv.dates import DateOrder, When
from holdwell.transfer.csv.reader import Progress, Table, TableRow, with_progress
from holdwell.transfer.csv.words import Places, folded, listed, places_in

VALUE_SHOWN = 40
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The form of the ids of Holdwell's own entries."""


class Role(StrEnum):
    """What a column holds."""

    DATE = "date"
    TIME = "time"  # a time of day, or a day with its time, which is then used instead of the DATE
    OFFSET = "offset"  # the offset of the row from UTC: minutes, or as UTC+0100
    NAME = "name"  # what the row is about, in a file that has one reading a row
    PAIN = "pain"
    BEFORE = "pain_before"
    AFTER = "pain_after"
    DONE = "done"  # whether the user stretched
    NOTE = "note"
    PLACE = "place"  # where it hurts, and on which side
    LEAVE = "leave"
    ID = "id"
    DELETED = "deleted"  # when the row was deleted, if it was
    YEAR = "year"  # for a DATE without one


OWN = (Role.ID, Role.DELETED)
"""Roles that only Holdwell's own exports have."""
SCORES = (Role.PAIN, Role.BEFORE, Role.AFTER)
SEVERAL = (Role.TIME, Role.PAIN, Role.DONE, Role.NAME, Role.PLACE, Role.NOTE, Role.LEAVE)
"""Roles that several columns may have."""
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The meaning of a file's columns. `order` and `scale` are None where the user has to say.

    With a NAME column, only rows about `pain_names` and `done_names` are taken. `declined` are
    names of pain or stretching that the user did not take; None in mappings that earlier versions
    stored. Numbers are divided by `divide`. `in_utc`: times without an offset, or with the offset
    in a column of its own, are in UTC.
    """

    roles: tuple[Role, ...]
    order: DateOrder | None = None
    scale: Scale | None = None
    pain_names: frozenset[str] = frozenset()
    done_names: frozenset[str] = frozenset()
    divide: Annotated[int, Field(ge=1)] = 1
    in_utc: bool = False
    tracker: str = ""
    declined: frozenset[str] | None = frozenset()

    def without_empty_columns(self, table: Table) -> "ColumnMapping":
        """Return the mapping with LEAVE for columns without data, which would change notes."""
        filled = (any(table.column(number)) for number in range(len(table.header)))
        roles = zip(self.roles, filled, strict=True)
        return replace(self, roles=tuple(role if data else Role.LEAVE for role, data in roles))

    def cells(self, row: TableRow, *roles: Role) -> list[str]:
        """Return the cells of a row in columns with some roles, without empty cells."""
        pairs = zip(self.roles, row.cells, strict=False)
        return [cell for role, cell in pairs if cell and role in roles]

    def names_of(self, row: TableRow) -> list[str]:
        """Return the names of what a row is about."""
        parts = (part.strip() for cell in self.cells(row, Role.NAME) for part in cell.split("|"))
        return list(filter(None, parts))

    def names_in(self, table: Table) -> tuple[str, ...]:
        """Return all names in the order of the file; none without a NAME column."""
        rows = table.rows if Role.NAME in self.roles else ()
        return tuple(dict.fromkeys(name for row in rows for name in self.names_of(row)))

    def written_day(self, row: TableRow) -> str:
        """Return the day as written, with the year from another column if there is one."""
        day, year = " ".join(self.cells(row, Role.DATE)), self.cells(row, Role.YEAR)
        return dates.with_year(day, year[0]) if day and year else day

    def written_days(self, table: Table) -> list[str]:
        """Return the days as written, without rows that only have a day, as for days to come."""
        told = (*SCORES, Role.NOTE, Role.NAME)
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

    def pain_cells(self, table: Table) -> list[str]:
        """Return every cell that would be read as a score of pain."""
        is_any, about = Role.NAME not in self.roles, self.pain_names.intersection
        rows = (row for row in table.rows if is_any or about(self.names_of(row)))
        return [cell for row in rows for cell in self.cells(row, *SCORES)]

    def known_scale(self, table: Table) -> Scale | None:
        """Return the scale if the scores or the tracker settle it; None if the user must say."""
        columns = zip(table.header, self.roles, strict=True)
        header = " ".join(name for name, role in columns if role in SCORES)
        return self.scale or scale_of(header, self.pain_cells(table), self.divide)

    @property
    def problem(self) -> str | None:
        """The key of the sentence on what is missing; None if rows can be read."""
        if Role.DATE not in self.roles:
            return "trackers.need_date"
        if any(self.roles.count(role) > 1 for role in Role if role not in SEVERAL):
            return "trackers.one_each"
        if not {*SCORES, Role.DONE, Role.NAME, Role.NOTE} & set(self.roles):
            return "trackers.need_what"
        if Role.NAME in self.roles and not (self.pain_names or self.done_names):
            return "trackers.need_names"
        return None


@dataclass(frozen=True, slots=True)
class TrackerEntry:
    """A pain score or a session that a row reports.

    `pain` is the score, or the one before a session. `id` is that of Holdwell's own exports.
    `names` are what the entry is about ("Hip pain"). Names and notes have several forms: that of
    this file, then those of files that have the same row and more or fewer columns with data.
    """

    is_session: bool
    names: tuple[Names, ...]
    row: int
    when: When
    moment: Moment
    where: Places
    pain: Score | None = None
    after: Score | None = None
    notes: tuple[str, ...] = ("",)
    id: str = ""

    @property
    def note(self) -> str:
        """The note in the form of this file."""
        return self.notes[0]

    @property
    def label(self) -> str:
        """The names as one text."""
        return ", ".join(self.names[0])

    @property
    def is_unrated(self) -> bool:
        """Whether the entry is a session without scores."""
        return self.is_session and self.pain is self.after is None


class RefusedRow(NamedTuple):
    """A row that is not taken. `number` is its row in the file, `value` the cell at fault."""

    number: int
    cells: tuple[str, ...]
    reason: Refusal
    value: str = ""


class Draft(NamedTuple):
    """The entries of a file in its order, and the rows that are not taken."""

    entries: tuple[TrackerEntry, ...]
    refused: tuple[RefusedRow, ...]


def draft(
    table: Table,
    mapping: ColumnMapping,
    now: Moment,
    zone: tzinfo | None,
    progress: Progress | None = None,
) -> Draft:
    """Make entries of the rows. `mapping` has one DATE column; `zone` is the user's."""
    written = set(map(mapping.written_day, table.rows))
    days = {text: dates.read_day(text, mapping.order) for text in written}
    rows = _RowReader(table, mapping, dates.without_midnights(days, zone), now, zone)
    entries: list[TrackerEntry] = []
    refused: list[RefusedRow] = []
    for row in with_progress(table.rows, len(table.rows), progress):
        try:
            entries += rows.entries(row)
        except RowRefusedError as error:
            value = error.value
            value = value if len(value) <= VALUE_SHOWN else value[: VALUE_SHOWN - 1] + "…"
            refused.append(RefusedRow(row.number, row.cells, error.reason, value))
    refused += [RefusedRow(row.number, row.cells, Refusal.OUTSIDE) for row in table.outside]
    return Draft(tuple(_workouts(entries)), tuple(refused))


def _workouts(entries: Iterable[TrackerEntry]) -> Iterator[TrackerEntry]:
    """Make one session of the rows of a workout, which have the same time."""
    workouts: dict[object, list[TrackerEntry]] = defaultdict(list)
    for number, entry in enumerate(entries):
        is_part = entry.is_unrated and entry.when.at and not entry.id
        workouts[entry.moment.utc if is_part else number].append(entry)
    for rows in workouts.values():
        if len(rows) == 1:
            yield rows[0]
            continue
        # The first form and the last one, which differ by more than line ends.
        lines = (_each_once(row.notes[at].splitlines() for row in rows) for at in (0, -1))
        notes = tuple("\n".join(form)[:NOTE_MAX] for form in lines)
        names = tuple(_each_once(row.names[at] for row in rows) for at in (0, -1))
        yield replace(rows[0], notes=notes, names=names)


def _each_once(groups: Iterable[Sequence[str]]) -> Names:
    """Return the different texts of all groups, in an order that does not depend on theirs.

    Each row of a workout repeats its note, and the next export may have the rows in another order.
    """
    return tuple(dict.fromkeys(text for group in sorted(map(tuple, groups)) for text in group))


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one row after the other. `days` has the day for each text of a day."""

    table: Table
    mapping: ColumnMapping
    days: dict[str, When | None]
    now: Moment
    zone: tzinfo | None

    def entries(self, row: TableRow) -> list[TrackerEntry]:
        """Return the entries of a row, one at least. Raises RowRefusedError."""
        cells = self._cells(row)
        about = set(self.mapping.names_of(row))
        about_pain = tuple(sorted(about & self.mapping.pain_names))
        about_done = tuple(sorted(about & self.mapping.done_names))
        if about and not about_pain and not about_done:
            raise RowRefusedError(Refusal.OTHER_NAME, ", ".join(sorted(about)))
        when, moment = self._when(row)
        # Without a column of marks, a row about stretching says that it was done.
        without_marks = bool(about_done) and Role.DONE not in self.mapping.roles
        marks = cells[Role.DONE] or (cells[Role.PAIN] if about_done else [])
        done = _is_done(marks, without_marks)
        place = " ".join(cell for _, cell in cells[Role.PLACE])
        several = self.mapping.roles.count(Role.NOTE) > 1
        notes = note_forms(cells[Role.NOTE], cells[Role.PLACE], several)
        own_id = next(filter(_UUID.fullmatch, self.mapping.cells(row, Role.ID)), "")
        make_entry = partial(TrackerEntry, row=row.number, when=when, moment=moment, id=own_id)
        # Words for a time are kept in the note of each entry, the note itself only in the first.
        words = self.mapping.cells(row, Role.TIME) if when.at is None else []
        with_words = tuple("\n".join(filter(None, [note, *words])) for note in notes)
        entries: list[TrackerEntry] = []
        before, after = self._score(cells[Role.BEFORE]), self._score(cells[Role.AFTER])
        if done or (done is None and (before or after)):
            rated = [name for role in SCORES for name, _ in cells[role] if before or after]
            where = places_in(" ".join([*rated, place]))
            ticked = tuple(name for name, cell in cells[Role.DONE] if read_mark(cell))
            names = _names(about_done, ticked, self.mapping.roles.count(Role.DONE) > 1)
            # A session has the part of the day itself.
            kept = notes if when.part else with_words
            entries.append(
                make_entry(True, names, where=where, pain=before, after=after, notes=kept)
            )
            with_words = ("\n".join(words),)
        if about_pain or Role.NAME not in self.mapping.roles:
            # Of a day without stretching, scores before and after are pain and nothing more.
            roles = SCORES if done is False and not own_id else (Role.PAIN,)
            scored = [pair for role in roles for pair in cells[role]]
            for pain, where, names in self._pains(scored, about_pain, place):
                entries.append(make_entry(False, names, where=where, pain=pain, notes=with_words))
                with_words = ("\n".join(words),)
        if not entries:
            missing = Refusal.NO_SCORE if notes[0] else Refusal.NOTHING
            raise RowRefusedError(Refusal.NOT_DONE if done is False else missing)
        if any(len(entry.note) > NOTE_MAX for entry in entries):
            raise RowRefusedError(Refusal.NOTE_LONG)
        return entries

    def _pains(
        self, scored: Iterable[tuple[str, str]], about: Names, place: str
    ) -> Iterator[tuple[Score, Places, tuple[Names, ...]]]:
        """Yield each score with where it hurts and the names of what it is about."""
        several = sum(role in SCORES for role in self.mapping.roles) > 1
        for name, cell in scored:
            if pain := self._score([(name, cell)]):
                where = places_in(" ".join([", ".join(about) or name, place]))
                yield pain, where, _names(about, (name,), several)

    def _cells(self, row: TableRow) -> defaultdict[Role, list[tuple[str, str]]]:
        """Return the cells of each role with the names of their columns."""
        if any(row.cells[len(self.table.header) :]):
            raise RowRefusedError(Refusal.TOO_WIDE)
        cells = defaultdict[Role, list[tuple[str, str]]](list)
        for name, role, cell in zip(self.table.header, self.mapping.roles, row.cells, strict=False):
            if cell and role is not Role.LEAVE:
                cells[role].append((name, cell))
        if cells[Role.DELETED]:
            raise RowRefusedError(Refusal.DELETED)
        return cells

    def _when(self, row: TableRow) -> tuple[When, Moment]:
        """Return the day and time of a row as written, and as a moment."""
        text = self.mapping.written_day(row)
        when = self.days[text] if text else None
        if when is None:
            raise RowRefusedError(Refusal.BAD_DATE if text else Refusal.NO_DATE, text)
        # AM and PM may be in a column of their own, before or after that of the time.
        times = sorted(self.mapping.cells(row, Role.TIME), key=lambda cell: not cell[0].isdigit())
        if cell := " ".join(times):
            if not (clock := dates.read_time(cell)) and not any(map(str.isdigit, cell)):
                # Words such as "before bed" are no time, and are kept.
                clock = When(when.day)
            order = self.mapping.order
            when = replace(clock, day=when.day) if clock else dates.read_day(cell, order)
            if when is None:
                raise RowRefusedError(Refusal.BAD_TIME, cell)
        age = self.now.local.date() - when.day
        # Tomorrow is allowed, as an offset in the file may make it the user's today.
        if age < timedelta(days=-1):
            raise RowRefusedError(Refusal.FUTURE, text)
        if age.days > POSTPARTUM_YEARS * 366:
            raise RowRefusedError(Refusal.TOO_OLD, text)
        # Only now, as Python's first and last days overflow with an offset.
        when = self._at_offset(when, " ".join(self.mapping.cells(row, Role.OFFSET)))
        moment = when.moment(self.zone)
        if moment.utc > self.now.utc + timedelta(minutes=1):
            raise RowRefusedError(Refusal.FUTURE, text)
        return when, moment

    def _at_offset(self, when: When, cell: str) -> When:
        """Return a time with the offset in another column, or as UTC where the mapping says so."""
        is_utc = self.mapping.in_utc or when.offset is not None
        if when.at is None or when.offset or not (cell or is_utc):
            return when
        if (zone := dates.read_zone(cell or "UTC")) is None:
            raise RowRefusedError(Refusal.BAD_TIME, cell)
        return When.of(when.wall.replace(tzinfo=UTC if is_utc else zone).astimezone(zone))

    def _score(self, cells: Sequence[tuple[str, str]]) -> Score | None:
        """Return the score in the first of some cells, if there is one."""
        if not cells or folded(cells[0][1]) in listed("empty", "score"):
            return None
        return read_score(cells[0][1], self.mapping.scale or Scale.TEN, self.mapping.divide)


@lru_cache(maxsize=1000)
def _names(about: Names, columns: Names, several: bool) -> tuple[Names, ...]:
    """Return the forms of what an entry is about: its names, or those of several columns."""
    if about:
        return (about,)
    return (columns, ()) if several else ((), columns)


def _is_done(cells: Sequence[tuple[str, str]], without_marks: bool) -> bool | None:
    """Return whether the user stretched; None if the row does not say.

    Without a mark, a row says so if the table has no column of marks.
    """
    marks = [read_mark(cell) for _, cell in cells]
    if None in marks:
        raise RowRefusedError(Refusal.NOT_A_MARK, cells[marks.index(None)][1])
    return any(marks) if marks else (without_marks or None)
