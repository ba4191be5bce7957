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
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import partial

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
from holdwell.transfer.csv.dates import (
    MIDNIGHT,
    Clock,
    DateOrder,
    When,
    read_day,
    read_time,
)
from holdwell.transfer.csv.progress import Tell, unheard, watched
from holdwell.transfer.csv.reader import Table, TableRow
from holdwell.transfer.csv.words import folded, listed, places_in


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


OWN = (Role.ID, Role.DELETED)
"""What only tables of Holdwell's own exports have."""
SCORES = (Role.PAIN, Role.BEFORE, Role.AFTER)
_SEVERAL = (Role.PAIN, Role.PLACE, Role.NOTE, Role.LEAVE)
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
    `divide` is what numbers are divided by, `in_utc` whether times beside an OFFSET are in UTC.
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


def problem(mapping: Mapping) -> str | None:
    """Return the key of the sentence on what a mapping lacks; None if rows can be read by it."""
    roles = mapping.roles
    if Role.DATE not in roles:
        return "trackers.need_date"
    if any(roles.count(role) > 1 for role in Role if role not in _SEVERAL):
        return "trackers.one_each"
    if not {*SCORES, Role.DONE, Role.NAME, Role.NOTE} & set(roles):
        return "trackers.need_what"
    if mapping.chooses_rows and not (mapping.pain_names or mapping.done_names):
        return "trackers.need_names"
    return None


@dataclass(frozen=True, slots=True)
class TrackerEntry:
    """What a row tells. `pain` is the score, of a session (DONE) the one before.

    `label` is what the entry is about ("Hip pain") where the file has several such things; `id` is
    the entry's own, in an export of Holdwell.
    """

    kind: Kind
    row: int
    when: When
    moment: Moment
    pain: Score | None = None
    after: Score | None = None
    note: str = ""
    label: str = ""
    places: frozenset[PainPlace] = frozenset()
    side: PainSide | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file would become: entries in the order of the file, and the rows not taken."""

    entries: tuple[TrackerEntry, ...]
    refused: tuple[RefusedRow, ...]


def draft(
    table: Table, mapping: Mapping, now: Moment, zone: tzinfo | None, tell: Tell = unheard
) -> Draft:
    """Make entries of the rows. `mapping` has one DATE column; `zone` is the user's."""
    dated = [n for n, role in enumerate(mapping.roles) if role is Role.DATE]
    days = {cell: read_day(cell, mapping.order) for n in dated for cell in set(table.column(n))}
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
    workouts: dict[object, TrackerEntry] = {}
    for number, entry in enumerate(entries):
        timed = (
            entry.kind is Kind.DONE
            and not entry.id
            and entry.when.clock.at
            and entry.pain is entry.after is None
        )
        key = entry.moment.utc if timed else number
        known = workouts.get(key)
        if known is None:
            workouts[key] = entry
        else:
            # Each line once: the note of a workout stands in every row of it.
            lines = dict.fromkeys([*known.note.splitlines(), *entry.note.splitlines()])
            workouts[key] = replace(known, note="\n".join(lines)[:NOTE_MAX])
    yield from workouts.values()


Cells = defaultdict[Role, list[tuple[str, str]]]
"""What a row says in each role: the name of the column and the cell."""


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one row after the other. `days` is what each cell of the DATE column says."""

    table: Table
    mapping: Mapping
    days: dict[str, When | None]
    now: Moment
    zone: tzinfo | None

    def entries(self, row: TableRow) -> list[TrackerEntry]:
        """Return what a row tells. Raises RowRefusedError."""
        mapping = self.mapping
        if any(row.cells[len(self.table.header) :]):
            raise RowRefusedError(Refusal.TOO_WIDE)
        cells: Cells = defaultdict(list)
        for name, role, cell in zip(self.table.header, mapping.roles, row.cells, strict=False):
            if cell and role is not Role.LEAVE:
                cells[role].append((name, cell))
        if cells[Role.DELETED]:
            raise RowRefusedError(Refusal.DELETED)
        names = {part.strip() for _, cell in cells[Role.NAME] for part in cell.split("|")}
        about_pain, about_done = names & mapping.pain_names, names & mapping.done_names
        if names and not about_pain and not about_done:
            raise RowRefusedError(Refusal.OTHER_NAME, ", ".join(sorted(names)))
        when, moment = self._when(cells)
        done = self._done(cells[Role.DONE] or (cells[Role.PAIN] if about_done else []), about_done)
        before, after = (self._score(cells[role][:1]) for role in (Role.BEFORE, Role.AFTER))
        note = self._note(cells)
        own_id = _own_id(cells)
        made = partial(TrackerEntry, row=row.number, when=when, moment=moment, id=own_id)
        found: list[TrackerEntry] = []
        if done or (done is None and (before or after)):
            label = ", ".join(sorted(about_done))
            rated = " ".join(name for role in SCORES for name, _ in cells[role])
            places, side = self._where(rated if before or after else "", cells)
            found.append(
                made(
                    Kind.DONE,
                    pain=before,
                    after=after,
                    note=note,
                    label=label,
                    places=places,
                    side=side,
                )
            )
        if about_pain or not mapping.chooses_rows:
            several = sum(role in SCORES for role in mapping.roles) > 1
            # Where the user says that there was no session, scores are pain and nothing more.
            roles = SCORES if done is False and not own_id else (Role.PAIN,)
            for name, cell in (pair for role in roles for pair in cells[role]):
                label = ", ".join(sorted(about_pain))
                places, side = self._where(label or name, cells)
                lines = [] if found else [note]
                if when.clock.at is None:
                    # A part of the day is no time; the file's word for it is kept.
                    lines += [cell for _, cell in cells[Role.TIME]]
                found.append(
                    made(
                        Kind.PAIN,
                        pain=self._score([(name, cell)]),
                        label=label or name * several,
                        note="\n".join(filter(None, lines)),
                        places=places,
                        side=side,
                    )
                )
        if not found:
            missing = Refusal.NO_SCORE if note else Refusal.NOTHING
            raise RowRefusedError(Refusal.NOT_DONE if done is False else missing)
        return found

    def _where(self, text: str, cells: Cells) -> tuple[frozenset[PainPlace], PainSide | None]:
        """Return the place of a score, from its name and from cells of their own."""
        found = places_in(" ".join([text, *(cell for _, cell in cells[Role.PLACE])]))
        return found.places, found.side

    def _when(self, cells: Cells) -> tuple[When, Moment]:
        if not cells[Role.DATE]:
            raise RowRefusedError(Refusal.NO_DATE)
        text = cells[Role.DATE][0][1]
        when = self.days[text]
        if when is None:
            raise RowRefusedError(Refusal.BAD_DATE, text)
        if cells[Role.TIME]:
            cell = cells[Role.TIME][0][1]
            clock = read_time(cell)
            whole = When(when.day, clock) if clock else read_day(cell, self.mapping.order)
            if whole is None:
                raise RowRefusedError(Refusal.BAD_TIME, cell)
            when = whole
        if cells[Role.OFFSET] and when.clock.at and not when.clock.offset:
            when = self._at_offset(when, cells[Role.OFFSET][0][1])
        today = self.now.local.date()
        # A day more: an offset in the file may put it on the user's own.
        if when.day > today + timedelta(days=1):
            raise RowRefusedError(Refusal.FUTURE, text)
        if (today - when.day).days > POSTPARTUM_YEARS * 366:
            raise RowRefusedError(Refusal.TOO_OLD, text)
        moment = when.moment(self.zone)
        if moment.utc > self.now.utc + timedelta(minutes=1):
            raise RowRefusedError(Refusal.FUTURE, text)
        return when, moment

    def _at_offset(self, when: When, cell: str) -> When:
        clock = read_time(f"00:00 {cell}") if re.search(r"[a-z]", cell, re.IGNORECASE) else None
        if re.fullmatch(r"[+-]?\d{1,4}", cell):
            clock = Clock(MIDNIGHT, timedelta(minutes=int(cell)))
        if clock is None or clock.offset is None or abs(clock.offset) > timedelta(hours=18):
            raise RowRefusedError(Refusal.BAD_TIME, cell)
        wall = datetime.combine(when.day, when.clock.at or MIDNIGHT)
        if self.mapping.in_utc or when.clock.offset is not None:
            wall += clock.offset
        return When(wall.date(), Clock(wall.time(), clock.offset))

    def _note(self, cells: Cells) -> str:
        several = self.mapping.roles.count(Role.NOTE) > 1
        lines: list[str] = []
        for name, cell in cells[Role.NOTE]:
            # A box that was ticked is worth its name, such as pain.backache.
            if cell.lower() in ("true", "false"):
                lines += [name.rpartition(".")[2] or name] if cell.lower() == "true" else []
            else:
                is_plain = listed("column", "just_note") >= set(folded(name).split())
                lines.append(cell if is_plain or not several else f"{name}: {cell}")
        if not places_in(" ".join(cell for _, cell in cells[Role.PLACE])).is_all:
            lines += [f"{name}: {cell}" for name, cell in cells[Role.PLACE]]
        note = "\n".join(lines)
        if len(note) > NOTE_MAX:
            raise RowRefusedError(Refusal.NOTE_LONG)
        return note

    def _score(self, cells: Sequence[tuple[str, str]]) -> Score | None:
        return read_score(cells[0][1], self.mapping.scale, self.mapping.divide) if cells else None

    def _done(self, cells: Sequence[tuple[str, str]], named: Iterable[str]) -> bool | None:
        """Say whether the user stretched; None where the row says nothing of it."""
        if not cells:
            return True if named else None
        done = read_mark(cells[0][1])
        if done is None:
            raise RowRefusedError(Refusal.NOT_A_MARK, cells[0][1])
        return done


def _own_id(cells: Cells) -> str:
    """Return the id that Holdwell gave a row; "" if it has none."""
    try:
        return str(uuid.UUID(cells[Role.ID][0][1])) if cells[Role.ID] else ""
    except ValueError:
        return ""


def pain_cells(table: Table, mapping: Mapping) -> list[str]:
    """Return every cell that would be read as a score of pain."""
    roles = mapping.roles
    scores = [n for n, role in enumerate(roles) if role in SCORES]
    if not mapping.chooses_rows:
        return [cell for n in scores for cell in table.column(n)]
    name = roles.index(Role.NAME)
    about = [r for r in table.rows if name < len(r.cells) and r.cells[name] in mapping.pain_names]
    return [r.cells[n] for r in about for n in scores if n < len(r.cells) and r.cells[n]]


def plain_scale(table: Table, mapping: Mapping) -> Scale | None:
    """Return the scale of a table's scores where it is plain; None: the user says."""
    columns = zip(table.header, mapping.roles, strict=True)
    header = " ".join(name for name, role in columns if role in SCORES)
    return scale_of(header, pain_cells(table, mapping), mapping.divide)
