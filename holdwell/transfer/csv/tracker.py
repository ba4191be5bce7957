"""Rows of another tracker's table as entries: what each column is, and what each row becomes.

Nothing is guessed that matters: columns are proposed and the user decides. Pain is taken as it is
from 0 to 10, and from another scale only where the user says which. Pain is pain and a session is
a session: a diary row with a score makes no session. A row is taken whole or refused with a reason.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from enum import StrEnum
from functools import partial
from typing import Any

from holdwell.domain.dates import POSTPARTUM_YEARS
from holdwell.domain.models import NOTE_MAX, Moment, PainPlace, PainSide
from holdwell.transfer.csv.cells import (
    Refusal,
    RowRefusedError,
    Scale,
    Score,
    read_mark,
    read_score,
    scale_of,
)
from holdwell.transfer.csv.dates import MIDNIGHT, Clock, DateOrder, When, read_day, read_time
from holdwell.transfer.csv.progress import Tell, unheard, watched
from holdwell.transfer.csv.reader import Table, TableRow
from holdwell.transfer.csv.words import folded, listed, places_in

OFFSET_MAX = timedelta(hours=18)
"""No place on earth is further from UTC."""


class Role(StrEnum):
    """What a column is."""

    DATE = "date"
    TIME = "time"
    """A time of day, or a day with its time that counts before that of the DATE."""
    OFFSET = "offset"
    """How far the row's clock was ahead of UTC: minutes, or as UTC+0100."""
    NAME = "name"
    """What the row is about, in a file that has one reading a row."""
    PAIN = "pain"
    BEFORE = "pain_before"
    AFTER = "pain_after"
    DONE = "done"
    """Whether the user stretched."""
    NOTE = "note"
    PLACE = "place"
    """Where it hurts, and on which side."""
    LEAVE = "leave"
    ID = "id"
    DELETED = "deleted"
    """When the row was deleted, if it was."""
    YEAR = "year"
    """The year, where the DATE has none."""


OWN = (Role.ID, Role.DELETED)
"""What only tables of Holdwell's own exports have."""
SCORES = (Role.PAIN, Role.BEFORE, Role.AFTER)
SEVERAL = (Role.PAIN, Role.DONE, Role.NAME, Role.PLACE, Role.NOTE, Role.LEAVE)
"""What may be in several columns."""


class Kind(StrEnum):
    """What a row tells of."""

    PAIN = "pain"
    """How it hurt at some time."""
    DONE = "done"
    """A session that took place."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken. `number` is its row in the file, `value` the cell at fault."""

    number: int
    reason: Refusal
    value: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the user said of the file: a role for each column, the order of dates, the scale.

    `pain_names` and `done_names` are what the rows to take are about, where a column is the NAME.
    `divide` is what numbers are divided by, `in_utc` whether times without an offset, or beside
    one, are in UTC.
    """

    roles: tuple[Role, ...]
    order: DateOrder = DateOrder.DAY_FIRST
    scale: Scale = Scale.TEN
    pain_names: frozenset[str] = frozenset()
    done_names: frozenset[str] = frozenset()
    divide: int = 1
    in_utc: bool = False

    @property
    def chooses_rows(self) -> bool:
        """Say whether only rows about some things are taken."""
        return Role.NAME in self.roles

    def of(self, row: TableRow, *roles: Role) -> list[str]:
        """Return what the columns of some roles say in a row, empty cells left out."""
        pairs = zip(self.roles, row.cells, strict=False)
        return [cell for role, cell in pairs if cell and role in roles]

    def names(self, row: TableRow) -> list[str]:
        """Return what a row is about."""
        parts = (part.strip() for cell in self.of(row, Role.NAME) for part in cell.split("|"))
        return list(filter(None, parts))

    def day(self, row: TableRow) -> str:
        """Return the day as a row says it, with the year that another column has; "" if none."""
        day = " ".join(self.of(row, Role.DATE))
        year = self.of(row, Role.YEAR)
        return f"{day} {year[0]}" if day and year and not re.search(r"\d{4}", day) else day

    def days(self, table: Table) -> list[str]:
        """Return the day of every row that has one."""
        return list(filter(None, map(self.day, table.rows)))

    def pain_cells(self, table: Table) -> list[str]:
        """Return every cell that would be read as a score of pain."""
        about = self.pain_names.intersection
        rows = (row for row in table.rows if not self.chooses_rows or about(self.names(row)))
        return [cell for row in rows for cell in self.of(row, *SCORES)]

    def plain_scale(self, table: Table) -> Scale | None:
        """Return the scale of a table's scores where it is plain; None: the user says."""
        columns = zip(table.header, self.roles, strict=True)
        header = " ".join(name for name, role in columns if role in SCORES)
        return scale_of(header, self.pain_cells(table), self.divide)

    @property
    def problem(self) -> str | None:
        """The key of the sentence on what is missing; None if rows can be read."""
        if Role.DATE not in self.roles:
            return "trackers.need_date"
        if any(self.roles.count(role) > 1 for role in Role if role not in SEVERAL):
            return "trackers.one_each"
        if not {*SCORES, Role.DONE, Role.NAME, Role.NOTE} & set(self.roles):
            return "trackers.need_what"
        if self.chooses_rows and not (self.pain_names or self.done_names):
            return "trackers.need_names"
        return None


@dataclass(frozen=True, slots=True)
class TrackerEntry:
    """What a row tells. `pain` is the score, of a session (DONE) the one before.

    `names` are what the entry is about ("Hip pain") where the file has several such things; `id` is
    the entry's own, in an export of Holdwell.
    """

    kind: Kind
    row: int
    when: When
    moment: Moment
    pain: Score | None = None
    after: Score | None = None
    note: str = ""
    names: tuple[str, ...] = ()
    places: frozenset[PainPlace] = frozenset()
    side: PainSide | None = None
    id: str = ""

    @property
    def label(self) -> str:
        """The names as one text."""
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file would become: entries in the order of the file, and the rows not taken."""

    entries: tuple[TrackerEntry, ...]
    refused: tuple[RefusedRow, ...]


def draft(
    table: Table, mapping: Mapping, now: Moment, zone: tzinfo | None, tell: Tell = unheard
) -> Draft:
    """Make entries of the rows. `mapping` has one DATE column; `zone` is the user's."""
    days = {cell: read_day(cell, mapping.order) for cell in set(mapping.days(table))}
    timed = [when for when in days.values() if when and when.clock.at is not None]
    if all(when.clock.at == MIDNIGHT for when in timed):
        # Databases and spreadsheets write a mere day as a time stamp of midnight.
        days = {
            cell: when and When(when.day, Clock(part=when.clock.part))
            for cell, when in days.items()
        }
    rows = _RowReader(table, mapping, days, now, zone)
    entries: list[TrackerEntry] = []
    refused: list[RefusedRow] = []
    for row in watched(table.rows, len(table.rows), tell):
        try:
            entries += rows.entries(row)
        except RowRefusedError as error:
            refused.append(RefusedRow(row.number, error.reason, error.value))
    refused += [RefusedRow(row.number, Refusal.OUTSIDE) for row in table.outside]
    return Draft(tuple(_workouts(entries)), tuple(refused))


def _workouts(entries: Iterable[TrackerEntry]) -> Iterator[TrackerEntry]:
    """Make one session of the rows of one workout, which begin at the same time."""
    workouts: dict[object, list[TrackerEntry]] = defaultdict(list)
    for number, entry in enumerate(entries):
        mere = entry.kind is Kind.DONE and not entry.id and entry.pain is entry.after is None
        workouts[entry.moment.utc if mere and entry.when.clock.at else number].append(entry)
    for first, *others in workouts.values():
        if others:
            rows = (first, *others)
            lines = _each_once(row.note.splitlines() for row in rows)
            names = _each_once(row.names for row in rows)
            first = replace(first, note="\n".join(lines)[:NOTE_MAX], names=tuple(names))
        yield first


def _each_once(groups: Iterable[Sequence[str]]) -> list[str]:
    """Return the texts of all groups, the same ones in the same order in whatever order those come.

    The note of a workout stands in every row of it, and the next export may have other rows first.
    """
    return list(dict.fromkeys(text for group in sorted(map(tuple, groups)) for text in group))


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
        names = set(self.mapping.names(row))
        about_pain, about_done = names & self.mapping.pain_names, names & self.mapping.done_names
        if names and not about_pain and not about_done:
            raise RowRefusedError(Refusal.OTHER_NAME, ", ".join(sorted(names)))
        when, moment = self._when(row, cells)
        done = _done(cells[Role.DONE] or (cells[Role.PAIN] if about_done else []), about_done)
        own_id, note = _own_id(cells), self._note(cells)
        made = partial(TrackerEntry, row=row.number, when=when, moment=moment, id=own_id)
        found: list[TrackerEntry] = []
        before, after = (self._score(cells[role][:1]) for role in (Role.BEFORE, Role.AFTER))
        if done or (done is None and (before or after)):
            rated = " ".join(name for role in SCORES for name, _ in cells[role])
            where = _where(rated if before or after else "", cells)
            about = tuple(sorted(about_done)) or self._done_names(cells)
            found.append(made(Kind.DONE, pain=before, after=after, note=note, names=about, **where))
            note = ""
        if about_pain or not self.mapping.chooses_rows:
            # Where the user says that there was no session, scores are pain and nothing more.
            roles = SCORES if done is False and not own_id else (Role.PAIN,)
            scored = [pair for role in roles for pair in cells[role]]
            # A part of the day is no time; the file's word for it is kept.
            part = [cell for _, cell in cells[Role.TIME] if when.clock.at is None]
            several = sum(role in SCORES for role in self.mapping.roles) > 1
            for name, cell in scored:
                if (pain := self._score([(name, cell)])) is None:
                    continue
                about = tuple(sorted(about_pain))
                where = _where(", ".join(about) or name, cells)
                text, about = "\n".join(filter(None, [note, *part])), about or (name,) * several
                found.append(made(Kind.PAIN, pain=pain, note=text, names=about, **where))
                note = ""
        if not found:
            missing = Refusal.NO_SCORE if note else Refusal.NOTHING
            raise RowRefusedError(Refusal.NOT_DONE if done is False else missing)
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

    def _when(self, row: TableRow, cells: Cells) -> tuple[When, Moment]:
        text = self.mapping.day(row)
        if not text:
            raise RowRefusedError(Refusal.NO_DATE)
        when = self.days[text]
        if when is None:
            raise RowRefusedError(Refusal.BAD_DATE, text)
        for _, cell in cells[Role.TIME]:
            clock = read_time(cell)
            whole = When(when.day, clock) if clock else read_day(cell, self.mapping.order)
            if whole is None:
                raise RowRefusedError(Refusal.BAD_TIME, cell)
            when = whole
        today = self.now.local.date()
        # A day more: an offset in the file may put it on the user's own.
        if when.day > today + timedelta(days=1):
            raise RowRefusedError(Refusal.FUTURE, text)
        if (today - when.day).days > POSTPARTUM_YEARS * 366:
            raise RowRefusedError(Refusal.TOO_OLD, text)
        # Only now, as the first and the last days that Python knows bear no offset.
        when = self._at_offset(when, cells)
        moment = when.moment(self.zone)
        if moment.utc > self.now.utc + timedelta(minutes=1):
            raise RowRefusedError(Refusal.FUTURE, text)
        return when, moment

    def _at_offset(self, when: When, cells: Cells) -> When:
        """Return a time with the offset that another column or the tracker says."""
        clock = when.clock
        if clock.at is None or clock.offset:
            return when
        if not cells[Role.OFFSET]:
            in_utc = self.mapping.in_utc and clock.offset is None
            return replace(when, clock=replace(clock, offset=timedelta(0))) if in_utc else when
        cell = cells[Role.OFFSET][0][1]
        said = read_time(f"00:00 {cell}") if re.search(r"[a-z]", cell, re.IGNORECASE) else None
        offset = said.offset if said else None
        if re.fullmatch(r"[+-]?\d{1,4}", cell):
            offset = timedelta(minutes=int(cell))
        if offset is None or abs(offset) > OFFSET_MAX:
            raise RowRefusedError(Refusal.BAD_TIME, cell)
        wall = when.wall
        if self.mapping.in_utc or clock.offset is not None:
            wall += offset
        return When(wall.date(), Clock(wall.time(), offset))

    def _note(self, cells: Cells) -> str:
        several = self.mapping.roles.count(Role.NOTE) > 1
        lines: list[str] = []
        for name, cell in cells[Role.NOTE]:
            # A box that was ticked is worth its name, such as pain.backache.
            mark = folded(cell[:20])
            if mark in listed("mark", "ticked"):
                lines.append(name.rpartition(".")[2] or name)
            elif mark not in listed("mark", "not_ticked"):
                plain = not several or listed("column", "just_note") >= set(folded(name).split())
                lines.append(cell if plain else f"{name}: {cell}")
        if not places_in(" ".join(cell for _, cell in cells[Role.PLACE])).is_all:
            lines += [f"{name}: {cell}" for name, cell in cells[Role.PLACE]]
        note = "\n".join(lines)
        if len(note) > NOTE_MAX:
            raise RowRefusedError(Refusal.NOTE_LONG)
        return note

    def _done_names(self, cells: Cells) -> tuple[str, ...]:
        """Return what was done, where several columns are about stretching."""
        several = self.mapping.roles.count(Role.DONE) > 1
        return tuple(name for name, cell in cells[Role.DONE] if several and read_mark(cell))

    def _score(self, cells: Sequence[tuple[str, str]]) -> Score | None:
        if not cells or folded(cells[0][1]) in listed("empty", "score"):
            return None
        return read_score(cells[0][1], self.mapping.scale, self.mapping.divide)


def _where(text: str, cells: Cells) -> dict[str, Any]:
    """Return the place of a score, from its name and from cells of their own."""
    found = places_in(" ".join([text, *(cell for _, cell in cells[Role.PLACE])]))
    return {"places": found.places, "side": found.side}


def _done(cells: Sequence[tuple[str, str]], named: Iterable[str]) -> bool | None:
    """Say whether the user stretched; None where the row says nothing of it."""
    if not cells:
        return True if named else None
    marks = {cell: read_mark(cell) for _, cell in cells}
    for cell, done in marks.items():
        if done is None:
            raise RowRefusedError(Refusal.NOT_A_MARK, cell)
    return any(marks.values())


def _own_id(cells: Cells) -> str:
    """Return the id that Holdwell gave a row; "" if it has none."""
    try:
        return str(uuid.UUID(cells[Role.ID][0][1])) if cells[Role.ID] else ""
    except ValueError:
        return ""
