"""The entries that the rows of another tracker's table become, and the rows that are refused.

A diary row with a score does not make a session. A row is taken or refused with a reason, as is
each cell of a score or mark in a row of which something else is taken.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import UTC, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from holdwell.domain.dates import POSTPARTUM_YEARS
from holdwell.domain.models import NOTE_MAX, DayPart, Moment
from holdwell.transfer.csv import dates, time_columns
from holdwell.transfer.csv.cells import (
    Refusal,
    RowRefusedError,
    Scale,
    Score,
    has_more,
    note_forms,
    read_mark,
    read_score,
)
from holdwell.transfer.csv.dates import When
from holdwell.transfer.csv.mapping import NOTES, SCORES, ColumnMapping, Role
from holdwell.transfer.csv.reader import Progress, with_progress
from holdwell.transfer.csv.table import Table, TableRow
from holdwell.transfer.csv.words import Places, folded_name, has, part_of_day_in, places_in

VALUE_SHOWN = 40
_CONVERTED_MAX = 60
"""The most characters that a converted score adds to a note: what it was in the file."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The form of the ids of Holdwell's own entries."""
Names = tuple[str, ...]
_READ = tuple(role for role in Role if role is not Role.LEAVE)
_Cells = defaultdict[Role, list[tuple[str, str]]]
"""The cells of a row by role, each with the name of its column."""
_Faults = dict[Refusal, str]
"""Why scores and marks of a row are not taken, each with the first cell at fault."""


class TrackerEntry(NamedTuple):
    """A pain score or a session that a row reports.

    `pain` is the score, or the one before a session. `id` is that of Holdwell's own exports.
    `names` are what the entry is about ("Hip pain"). Names and notes have several forms: that of
    this file, then those of files that have the same row and more or fewer columns with data.
    `workout` is that of which the row is one set.
    """

    row: int
    when: When
    moment: Moment
    where: Places
    id: str = ""
    is_session: bool = False
    names: tuple[Names, ...] = ((),)
    pain: Score | None = None
    after: Score | None = None
    notes: tuple[str, ...] = ("",)
    workout: str = ""

    @property
    def note(self) -> str:
        """The note in the form of this file."""
        return self.notes[0]

    @property
    def label(self) -> str:
        """The names as one text."""
        return ", ".join(self.names[0])

    @property
    def note_length(self) -> int:
        """The most characters of the note with the names and the scores that were converted."""
        converted = sum(bool(score and score.converted) for score in (self.pain, self.after))
        return len(self.label) + len(self.note) + _CONVERTED_MAX * converted

    @property
    def is_unrated(self) -> bool:
        """Whether the entry is a session without scores."""
        return self.is_session and self.pain is self.after is None

    @property
    def in_workout(self) -> Hashable:
        """What the rows of a workout have in common, if this may be one; else None."""
        if not self.is_unrated or self.id:
            return None
        return self.moment.utc if self.when.at else self.workout and (self.when, self.workout)


class RefusedRow(NamedTuple):
    """A row not taken, or not in whole: its `number` in the file, and the cell at fault."""

    number: int
    cells: tuple[str, ...]
    reason: Refusal
    value: str = ""


def read_entries(
    table: Table,
    mapping: ColumnMapping,
    now: Moment,
    zone: tzinfo | None,
    refused: list[RefusedRow],
    progress: Progress | None = None,
) -> Iterator[TrackerEntry]:
    """Yield the entries of the rows, and add the rows that are not taken to `refused`.

    `mapping` has one DATE column; `zone` is the user's.
    """
    rows = _RowReader(table, mapping, now, zone)
    entries: list[TrackerEntry] = []
    workouts: dict[Hashable, list[TrackerEntry]] = {}
    seen: set[tuple[str, ...]] = set()
    for row in with_progress(table.rows, 2 * len(table.rows), progress):
        faults: _Faults = {}
        try:
            found = rows.entries(row, faults)
            # Two exports may have been put into one file. Sets of a workout may be alike.
            filled = row.filled
            if filled in seen and any(e.when.at and not e.is_unrated for e in found):
                raise RowRefusedError(Refusal.REPEATED)
            seen.add(filled)
            for entry in found:
                workout = workouts.setdefault(entry.in_workout, []) if entry.in_workout else []
                workout.append(entry)
                entries += [entry] if len(workout) == 1 else []
        except RowRefusedError as error:
            faults = {error.reason: error.value}
        for reason, value in faults.items():
            shown = value if len(value) <= VALUE_SHOWN else value[: VALUE_SHOWN - 1] + "…"
            refused.append(RefusedRow(row.number, row.cells, reason, shown))
    refused += [RefusedRow(row.number, row.cells, Refusal.OUTSIDE) for row in table.outside]
    # In the second half of the work, entries are let go of when used: large files have many.
    entries.reverse()
    left = (entries.pop() for _ in range(len(entries)))
    for entry in with_progress(left, 2 * len(entries), progress, len(entries)):
        if entry.in_workout:
            entry = _joined(workouts.pop(entry.in_workout))
            if entry.note_length > NOTE_MAX:
                cells = next(row.cells for row in table.rows if row.number == entry.row)
                refused.append(RefusedRow(entry.row, cells, Refusal.NOTE_LONG))
                entry = entry._replace(notes=tuple(note[:NOTE_MAX] for note in entry.notes))
        yield entry


def _joined(rows: Sequence[TrackerEntry]) -> TrackerEntry:
    """Make one session of the rows of a workout, of the same time, or its sets of the same day."""
    if len(rows) == 1:
        return rows[0]
    # The first form and the last one, which differ by more than line ends.
    lines = (_each_once(row.notes[at].splitlines() for row in rows) for at in (0, -1))
    notes = tuple(map("\n".join, lines))
    names = tuple(_each_once(row.names[at] for row in rows) for at in (0, -1))
    return rows[0]._replace(notes=notes, names=names)


def _each_once(groups: Iterable[Sequence[str]]) -> Names:
    """Return the different texts of all groups, in an order that does not depend on theirs.

    Each row of a workout repeats its note, and the next export may have the rows in another order.
    """
    return tuple(dict.fromkeys(text for group in sorted(map(tuple, groups)) for text in group))


class _RowReader:
    """Reads one row after the other. `days` and `times` have the meaning of each text."""

    def __init__(
        self, table: Table, mapping: ColumnMapping, now: Moment, zone: tzinfo | None
    ) -> None:
        self.table, self.mapping, self.now, self.zone = table, mapping, now, zone
        self.today, self.workout = now.local.date(), mapping.workout_column(table)
        by_clock = mapping.in_utc or bool(mapping.tracker)
        written = {(mapping.written_day(row), mapping.written_time(row)) for row in table.rows}
        days, times = {day for day, _ in written}, [text for _, text in written]
        self.days = time_columns.read_days(days, mapping.order, zone, by_clock=by_clock)
        named = (folded_name(table.header[n]) for n in mapping.columns(Role.TIME))
        of_hours = any(has("hour", name) for name in named)
        self.times = time_columns.read_times(times, of_hours=of_hours, by_clock=by_clock)

    def entries(self, row: TableRow, faults: _Faults) -> list[TrackerEntry]:
        """Return the session and the pains of a row, and add cells that are not taken to `faults`.

        Raises RowRefusedError if there are neither.
        """
        cells = self._cells(row)
        may_hurt = self.mapping.may_hurt(row)
        # Of a row without a name, the group "Energy" says enough, and "Symptom" does not.
        group = [] if may_hurt else self.mapping.cells(row, Role.GROUP)
        about = sorted(set(self.mapping.names_of(row) or group))
        pain_names = self.mapping.pain_names if may_hurt else ()
        about_pain = tuple(name for name in about if name in pain_names)
        about_done = tuple(name for name in about if name in self.mapping.done_names)
        is_other = bool(about) and not about_pain and not about_done
        if is_other and Role.NAME in self.mapping.roles:
            raise RowRefusedError(Refusal.OTHER_NAME, ", ".join(about))
        when, moment = self._when(row)
        own_id = next(filter(_UUID.fullmatch, self.mapping.cells(row, Role.ID)), "")
        workout = "".join(row.cells[self.workout : self.workout + 1])
        bare = TrackerEntry(row.number, when, moment, places_in(""), own_id, workout=workout)
        done = self._done(cells, about_done, faults)
        # A mark that is unclear leaves open whether scores before and after are of a session.
        entries = [] if faults else [*self._session(bare, cells, about_done, done, faults)]
        is_any = Role.NAME not in self.mapping.roles and may_hurt
        if about_pain or is_any:
            # Of a day without stretching, scores before and after are pain and nothing more.
            roles = SCORES if done is False and not own_id else (Role.PAIN,)
            entries += self._pains(bare, cells, about_pain, roles, faults)
        told = [*cells[Role.NOTE], *(pair for pair in cells[Role.DONE] if has_more(pair[1]))]
        notes = note_forms(told, cells[Role.PLACE], len(self.mapping.columns(*NOTES)) > 1)
        if not entries and not faults:
            if is_other:
                raise RowRefusedError(Refusal.OTHER_NAME, ", ".join(about))
            missing = Refusal.NO_SCORE if notes[0] else Refusal.NOTHING
            missing = Refusal.NO_NAME if cells[Role.PAIN] and not about and not is_any else missing
            raise RowRefusedError(Refusal.NOT_DONE if done is False else missing)
        # The first entry has the note of the row, and all have the words for its time.
        clock = when.at is None and self.times[self.mapping.written_time(row)]
        is_word = when.at is None and not (clock and clock.part is None)
        words = self.mapping.cells(row, Role.TIME) if is_word else []
        entries = [_noted(e, ("",) if n else notes, words) for n, e in enumerate(entries)]
        if any(entry.note_length > NOTE_MAX for entry in entries):
            raise RowRefusedError(Refusal.NOTE_LONG)
        return entries

    def _done(self, cells: _Cells, about: Names, faults: _Faults) -> bool | None:
        """Return whether the user stretched; None if the row does not say.

        In a table without a column of marks, each row about stretching says so.
        """
        has_value = bool(about) and Role.NAME in self.mapping.roles
        marked = cells[Role.DONE] or (cells[Role.PAIN] if has_value else [])
        marks = [read_mark(cell) for _, cell in marked]
        if None in marks:
            faults[Refusal.NOT_A_MARK] = marked[marks.index(None)][1]
            return None
        says_so = bool(about) and Role.DONE not in self.mapping.roles
        return any(marks) if marks else (says_so or None)

    def _session(
        self, bare: TrackerEntry, cells: _Cells, about: Names, done: bool | None, faults: _Faults
    ) -> Iterator[TrackerEntry]:
        """Yield the session of a row: if it says so, or has scores before or after one.

        Ticks under "Morning stretch" and "Evening stretch" make two sessions.
        """
        before, after = (
            self._score(cells[role][0][1], faults) if cells[role] else None
            for role in (Role.BEFORE, Role.AFTER)
        )
        is_scored = bool(before or after)
        if is_scored if done is None else done:
            rated = [name for role in SCORES for name, _ in cells[role] if is_scored]
            ticked = tuple(name for name, cell in cells[Role.DONE] if read_mark(cell))
            names = _names(about, ticked, len(self.mapping.columns(Role.DONE)) > 1)
            # Where a mark could tell of a session and does not, a score before it is pain alone.
            is_session = bool(done or after) or Role.DONE not in self.mapping.roles
            where = _where(rated, cells)
            session = bare._replace(
                names=names, where=where, is_session=is_session, pain=before, after=after
            )
            has_time = bare.when.at or bare.when.part or cells[Role.TIME]
            yield from [session] if is_scored or about or has_time else _by_part(session, ticked)

    def _pains(
        self,
        bare: TrackerEntry,
        cells: _Cells,
        about: Names,
        roles: Iterable[Role],
        faults: _Faults,
    ) -> Iterator[TrackerEntry]:
        """Yield an entry for each score in the columns of some roles."""
        for name, cell in (pair for role in roles for pair in cells[role]):
            if pain := self._score(cell, faults):
                names = _names(about, (name,), len(self.mapping.columns(*SCORES)) > 1)
                where = _where([", ".join(about) or name], cells)
                yield bare._replace(names=names, where=where, pain=pain)

    def _cells(self, row: TableRow) -> _Cells:
        """Return the cells of each role with the names of their columns."""
        if any(row.cells[len(self.table.header) :]):
            raise RowRefusedError(Refusal.TOO_WIDE)
        cells: _Cells = defaultdict(list)
        for number in self.mapping.columns(*_READ):
            name, role = self.table.header[number], self.mapping.roles[number]
            if number < len(row.cells) and (cell := row.cells[number]):
                cells[Role.NOTE if role is Role.TITLE else role].append((name, cell))
        if cells[Role.DELETED]:
            raise RowRefusedError(Refusal.DELETED)
        return cells

    def _when(self, row: TableRow) -> tuple[When, Moment]:
        """Return the day and time of a row as written, and as a moment."""
        text = self.mapping.written_day(row)
        when = self.days[text] if text else None
        if when is None:
            lacks_year = not dates.any_day(text) and dates.any_day(dates.with_year(text, "2024"))
            bad = Refusal.NO_YEAR if lacks_year else Refusal.BAD_DATE
            raise RowRefusedError(bad if text else Refusal.NO_DATE, text)
        if cell := self.mapping.written_time(row):
            # What is no time, such as "before bed", is kept as a note.
            if clock := self.times[cell]:
                when = clock._replace(day=when.day)
            else:
                when = dates.read_day(cell, self.mapping.order) or When(when.day)
        age = self.today - when.day
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

    def _score(self, cell: str, faults: _Faults) -> Score | None:
        """Return the score in a cell, if there is one."""
        try:
            return read_score(cell, self.mapping.scale or Scale.TEN, self.mapping.divide)
        except RowRefusedError as error:
            faults.setdefault(error.reason, error.value)
            return None


@lru_cache(maxsize=1000)
def _names(about: Names, columns: Names, several: bool) -> tuple[Names, ...]:
    """Return the forms of what an entry is about: its names, or those of several columns."""
    if about:
        return (about,)
    return (columns, ()) if several else ((), columns)


def _by_part(session: TrackerEntry, columns: Names) -> list[TrackerEntry]:
    """Return a session for each of the ticked columns, if each names another part of the day."""
    parts = {part_of_day_in(folded_name(name)): name for name in columns}
    if None in parts or len(parts) < len(columns):
        return [session]
    return [
        session._replace(
            names=tuple((name,) if form else () for form in session.names),
            when=session.when._replace(part=part),
        )
        for part, name in parts.items()
    ]


def _where(names: Iterable[str], cells: _Cells) -> Places:
    """Return where it hurts by the names of something and by the cells of places."""
    return places_in(" ".join([*names, *[cell for _, cell in cells[Role.PLACE]]]))


def _noted(entry: TrackerEntry, notes: Names, words: Sequence[str]) -> TrackerEntry:
    """Return an entry with a note and the words for its time."""
    # A session has its part of the day itself, unless that is another one, such as "afternoon".
    # Versions before 29 November 2026 left that out as well.
    part = entry.when.part if entry.is_session else None
    if words and part in (None, DayPart.OTHER):
        with_words = ("\n".join(filter(None, [note, *words])) for note in notes)
        notes = (*with_words, *(notes if part else ()))
    return entry if notes == entry.notes else entry._replace(notes=notes)
