"""Rows of another tracker's table as entries: what each column is, and what each row becomes.

Nothing is guessed that matters: columns are proposed and the user decides. A diary row with a score
makes no session. A row is taken whole or refused with a reason.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache, partial
from typing import Annotated

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
from holdwell.transfer.csv.dates import Clock, DateOrder, When
from holdwell.transfer.csv.reader import Table, TableRow, Tell, watched
from holdwell.transfer.csv.words import Places, folded, listed, places_in

VALUE_SHOWN = 40
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How Holdwell writes the ids of its entries."""


class Role(StrEnum):
    """What a column is."""

    DATE = "date"
    TIME = "time"  # a time of day, or a day with its time that counts before that of the DATE
    OFFSET = "offset"  # how far the row's clock was ahead of UTC: minutes, or as UTC+0100
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
    YEAR = "year"  # where the DATE has none


OWN = (Role.ID, Role.DELETED)
"""What only tables of Holdwell's own exports have."""
SCORES = (Role.PAIN, Role.BEFORE, Role.AFTER)
SEVERAL = (Role.TIME, Role.PAIN, Role.DONE, Role.NAME, Role.PLACE, Role.NOTE, Role.LEAVE)
"""What may be in several columns."""
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is known of a file. `order` and `scale` are None where the user has to say.

    `pain_names` and `done_names` are what the rows to take are about, where a column is the NAME.
    `declined` are others of pain or stretching; None where an earlier version did not keep them.
    `divide` is what numbers are divided by, `in_utc` whether times without an offset, or beside
    one, are in UTC.
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

    def of_data(self, table: Table) -> "Mapping":
        """Return the mapping with every column left out that has no data: notes depend on it."""
        filled = (any(table.column(number)) for number in range(len(table.header)))
        roles = zip(self.roles, filled, strict=True)
        return replace(self, roles=tuple(role if data else Role.LEAVE for role, data in roles))

    def of(self, row: TableRow, *roles: Role) -> list[str]:
        """Return what the columns of some roles say in a row, empty cells left out."""
        pairs = zip(self.roles, row.cells, strict=False)
        return [cell for role, cell in pairs if cell and role in roles]

    def names(self, row: TableRow) -> list[str]:
        """Return what a row is about."""
        parts = (part.strip() for cell in self.of(row, Role.NAME) for part in cell.split("|"))
        return list(filter(None, parts))

    def names_in(self, table: Table) -> tuple[str, ...]:
        """Return what the rows are about, in the order of the file; empty without a NAME column."""
        rows = table.rows if Role.NAME in self.roles else ()
        return tuple(dict.fromkeys(name for row in rows for name in self.names(row)))

    def day(self, row: TableRow) -> str:
        """Return the day as a row says it, with the year that another column has; "" if none."""
        day = " ".join(self.of(row, Role.DATE))
        year = self.of(row, Role.YEAR)
        return dates.with_year(day, year[0]) if day and year else day

    def days(self, table: Table) -> list[str]:
        """Return the day of every row that says more: a table may have rows for days to come."""
        says = (*SCORES, Role.NOTE, Role.NAME)
        rows = (
            row
            for row in table.rows
            if self.of(row, *says) or any(map(read_mark, self.of(row, Role.DONE)))
        )
        return list(filter(None, map(self.day, rows)))

    def known_order(self, possible: Sequence[DateOrder]) -> DateOrder | None:
        """Return the order where the dates or the tracker tell; None: the user says."""
        if len(possible) == 1 and DateOrder.SERIAL not in possible:
            return possible[0]
        return self.order if self.order in possible else None

    def pain_cells(self, table: Table) -> list[str]:
        """Return every cell that would be read as a score of pain."""
        is_any, about = Role.NAME not in self.roles, self.pain_names.intersection
        rows = (row for row in table.rows if is_any or about(self.names(row)))
        return [cell for row in rows for cell in self.of(row, *SCORES)]

    def known_scale(self, table: Table) -> Scale | None:
        """Return the scale where the tracker or the scores tell; None: the user says."""
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
    """What a row tells: how it hurt at some time, or that a session took place.

    `pain` is the score, of a session the one before; `id` is its own, in an export of Holdwell.
    `names` are what it is about ("Hip pain"). They and the note have forms: that of this file, then
    those of files with the same row and data in more columns or in fewer, or other line ends.
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
        """The note as this file has it."""
        return self.notes[0]

    @property
    def label(self) -> str:
        """The names as one text."""
        return ", ".join(self.names[0])

    @property
    def is_unrated(self) -> bool:
        """Whether it is a session without a score."""
        return self.is_session and self.pain is self.after is None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken. `number` is its row in the file, `value` the cell at fault."""

    number: int
    cells: tuple[str, ...]
    reason: Refusal
    value: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file would become: entries in the order of the file, and the rows not taken."""

    entries: tuple[TrackerEntry, ...]
    refused: tuple[RefusedRow, ...]


def draft(
    table: Table, mapping: Mapping, now: Moment, zone: tzinfo | None, tell: Tell | None = None
) -> Draft:
    """Make entries of the rows. `mapping` has one DATE column; `zone` is the user's."""
    days = {cell: dates.read_day(cell, mapping.order) for cell in set(map(mapping.day, table.rows))}
    rows = _RowReader(table, mapping, _mere_days(days, zone), now, zone)
    entries: list[TrackerEntry] = []
    refused: list[RefusedRow] = []
    for row in watched(table.rows, len(table.rows), tell):
        try:
            entries += rows.entries(row)
        except RowRefusedError as error:
            value = error.value
            value = value if len(value) <= VALUE_SHOWN else value[: VALUE_SHOWN - 1] + "…"
            refused.append(RefusedRow(row.number, row.cells, error.reason, value))
    refused += [RefusedRow(row.number, row.cells, Refusal.OUTSIDE) for row in table.outside]
    return Draft(tuple(_workouts(entries)), tuple(refused))


def _mere_days(days: dict[str, When | None], zone: tzinfo | None) -> dict[str, When | None]:
    """Return days, midnights as mere days where more than two of three are so: apps write them so.

    Midnight in UTC on the clock of `zone` keeps its offset, so that it is one instant anywhere.
    """
    local = {cell: when and _on_clock(when, zone) for cell, when in days.items()}
    for stamps, dropped in ((days, {"offset": None}), (local, {})):
        timed = {cell: when for cell, when in stamps.items() if when and when.clock.at}
        mere = {cell: when for cell, when in timed.items() if when.clock.at == dates.MIDNIGHT}
        if len(mere) * 3 > len(timed) * 2:
            bare = partial(replace, at=None, ends_day=False, **dropped)
            return days | {cell: When(when.day, bare(when.clock)) for cell, when in mere.items()}
    return days


def _on_clock(when: When, zone: tzinfo | None) -> When:
    """Return a time in UTC as a local time in `zone`, any other time unchanged."""
    is_utc = when.clock.offset == timedelta(0) and 1 < when.day.year < MAXYEAR
    return When.of(when.moment(zone).local) if is_utc else when


def _workouts(entries: Iterable[TrackerEntry]) -> Iterator[TrackerEntry]:
    """Make one session of the rows of one workout, which begin at the same time."""
    workouts: dict[object, list[TrackerEntry]] = defaultdict(list)
    for number, entry in enumerate(entries):
        is_part = entry.is_unrated and entry.when.clock.at and not entry.id
        workouts[entry.moment.utc if is_part else number].append(entry)
    for rows in workouts.values():
        if len(rows) == 1:
            yield rows[0]
            continue
        # The first form and the last one: these differ by more than line ends.
        lines = (_each_once(row.notes[at].splitlines() for row in rows) for at in (0, -1))
        notes = tuple("\n".join(form)[:NOTE_MAX] for form in lines)
        names = tuple(_each_once(row.names[at] for row in rows) for at in (0, -1))
        yield replace(rows[0], notes=notes, names=names)


def _each_once(groups: Iterable[Sequence[str]]) -> Names:
    """Return the texts of all groups, the same ones in the same order in whatever order those come.

    The note of a workout stands in every row of it, and the next export may have other rows first.
    """
    return tuple(dict.fromkeys(text for group in sorted(map(tuple, groups)) for text in group))


Cells = defaultdict[Role, list[tuple[str, str]]]
"""What a row says in each role: the name of the column and the cell."""


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one row after the other. `days` is what each text of a day says."""

    table: Table
    mapping: Mapping
    days: dict[str, When | None]
    now: Moment
    zone: tzinfo | None

    def entries(self, row: TableRow) -> list[TrackerEntry]:
        """Return what a row tells. Raises RowRefusedError."""
        cells = self._cells(row)
        about = set(self.mapping.names(row))
        about_pain = tuple(sorted(about & self.mapping.pain_names))
        about_done = tuple(sorted(about & self.mapping.done_names))
        if about and not about_pain and not about_done:
            raise RowRefusedError(Refusal.OTHER_NAME, ", ".join(sorted(about)))
        when, moment = self._when(row)
        # A box that is not ticked is often an empty cell.
        unsaid = bool(about_done) and Role.DONE not in self.mapping.roles
        done = _is_done(cells[Role.DONE] or cells[Role.PAIN] * bool(about_done), unsaid)
        place = " ".join(cell for _, cell in cells[Role.PLACE])
        several = self.mapping.roles.count(Role.NOTE) > 1
        notes = note_forms(cells[Role.NOTE], cells[Role.PLACE], several)
        own_id = next(filter(_UUID.fullmatch, self.mapping.of(row, Role.ID)), "")
        made = partial(TrackerEntry, row=row.number, when=when, moment=moment, id=own_id)
        # A part of the day is no time; the file's word for it is kept.
        words = self.mapping.of(row, Role.TIME) if when.clock.at is None else []
        spoken = tuple("\n".join(filter(None, [note, *words])) for note in notes)
        found: list[TrackerEntry] = []
        before, after = self._score(cells[Role.BEFORE]), self._score(cells[Role.AFTER])
        if done or (done is None and (before or after)):
            rated = [name for role in SCORES for name, _ in cells[role] if before or after]
            where = places_in(" ".join([*rated, place]))
            ticked = tuple(name for name, cell in cells[Role.DONE] if read_mark(cell))
            names = _names(about_done, ticked, self.mapping.roles.count(Role.DONE) > 1)
            told = notes if when.clock.part else spoken
            found.append(made(True, names, where=where, pain=before, after=after, notes=told))
            spoken = ("\n".join(words),)
        if about_pain or Role.NAME not in self.mapping.roles:
            # Where the user says that there was no session, scores are pain and nothing more.
            roles = SCORES if done is False and not own_id else (Role.PAIN,)
            several = sum(role in SCORES for role in self.mapping.roles) > 1
            for name, cell in (pair for role in roles for pair in cells[role]):
                if pain := self._score([(name, cell)]):
                    where = places_in(" ".join([", ".join(about_pain) or name, place]))
                    names = _names(about_pain, (name,), several)
                    found.append(made(False, names, where=where, pain=pain, notes=spoken))
                    spoken = ("\n".join(words),)
        if not found:
            missing = Refusal.NO_SCORE if notes[0] else Refusal.NOTHING
            raise RowRefusedError(Refusal.NOT_DONE if done is False else missing)
        if any(len(entry.note) > NOTE_MAX for entry in found):
            raise RowRefusedError(Refusal.NOTE_LONG)
        return found

    def _cells(self, row: TableRow) -> Cells:
        if any(row.cells[len(self.table.header) :]):
            raise RowRefusedError(Refusal.TOO_WIDE)
        cells: Cells = defaultdict(list)
        for name, role, cell in zip(self.table.header, self.mapping.roles, row.cells, strict=False):
            if cell and role is not Role.LEAVE:
                cells[role].append((name, cell))
        if cells[Role.DELETED]:
            raise RowRefusedError(Refusal.DELETED)
        return cells

    def _when(self, row: TableRow) -> tuple[When, Moment]:
        text = self.mapping.day(row)
        when = self.days[text] if text else None
        if when is None:
            raise RowRefusedError(Refusal.BAD_DATE if text else Refusal.NO_DATE, text)
        # Halves of the day (AM, PM) may stand in a column of their own, and on either side.
        times = sorted(self.mapping.of(row, Role.TIME), key=lambda cell: not cell[0].isdigit())
        if cell := " ".join(times):
            clock = dates.read_time(cell)
            if clock is None and not any(map(str.isdigit, cell)):
                # Words such as "before bed" say no time, and are kept.
                clock = Clock()
            whole = When(when.day, clock) if clock else dates.read_day(cell, self.mapping.order)
            if whole is None:
                raise RowRefusedError(Refusal.BAD_TIME, cell)
            when = whole
        age = self.now.local.date() - when.day
        # A day more: an offset in the file may put it on the user's own.
        if age < timedelta(days=-1):
            raise RowRefusedError(Refusal.FUTURE, text)
        if age.days > POSTPARTUM_YEARS * 366:
            raise RowRefusedError(Refusal.TOO_OLD, text)
        # Only now, as the first and the last days that Python knows bear no offset.
        when = self._at_offset(when, " ".join(self.mapping.of(row, Role.OFFSET)))
        moment = when.moment(self.zone)
        if moment.utc > self.now.utc + timedelta(minutes=1):
            raise RowRefusedError(Refusal.FUTURE, text)
        return when, moment

    def _at_offset(self, when: When, cell: str) -> When:
        """Return a time with the offset that another column or the tracker says."""
        is_utc = self.mapping.in_utc or when.clock.offset is not None
        if when.clock.at is None or when.clock.offset or not (cell or is_utc):
            return when
        if (zone := dates.read_zone(cell or "UTC")) is None:
            raise RowRefusedError(Refusal.BAD_TIME, cell)
        wall = when.wall.replace(tzinfo=UTC if is_utc else zone).astimezone(zone)
        return When.of(wall)

    def _score(self, cells: Sequence[tuple[str, str]]) -> Score | None:
        """Return the score in the first of some cells, if there is one."""
        if not cells or folded(cells[0][1]) in listed("empty", "score"):
            return None
        return read_score(cells[0][1], self.mapping.scale or Scale.TEN, self.mapping.divide)


@lru_cache(maxsize=1000)
def _names(about: Names, columns: Names, several: bool) -> tuple[Names, ...]:
    """Return what an entry is about, else the columns that say so where there are several."""
    return (about,) if about else (columns, ()) if several else ((), columns)


def _is_done(cells: Sequence[tuple[str, str]], unsaid: bool) -> bool | None:
    """Say whether the user stretched; None where the row says nothing of it."""
    marks = [read_mark(cell) for _, cell in cells]
    if None in marks:
        raise RowRefusedError(Refusal.NOT_A_MARK, cells[marks.index(None)][1])
    return any(marks) if cells else unsaid or None
