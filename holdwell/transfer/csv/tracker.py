"""A CSV file of another tracker as sessions: which column is what, and what each row becomes.

Nothing is guessed that matters: columns are proposed and she decides; pain is taken over as it is
from 0 to 10, and from another scale only where she says which, with the number of the file kept in
the note. A row is taken whole or refused with a reason.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from holdwell.domain.dates import POSTPARTUM_YEARS, local_day, part_of_day
from holdwell.domain.models import NOTE_MAX, PAIN_MAX, DayPart, Moment, Session, SessionState
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import say
from holdwell.transfer.csv.dates import DateOrder, When, read_day, read_time
from holdwell.transfer.csv.reader import Table, TableRow

NOON = time(12)
"""Where a row without a time stands in its day."""
VALUE_SHOWN = 40
_IDS = uuid.UUID("5f0d8a3e-6a53-4c56-9d1c-3f6a2f1c7b10")
"""Namespace of the ids of imported rows. Never change it: a file would come in twice."""


class Role(StrEnum):
    """What a column is."""

    DATE = "date"
    TIME = "time"
    BEFORE = "pain_before"
    AFTER = "pain_after"
    NOTE = "note"
    LEAVE = "leave"


class Scale(StrEnum):
    """What the numbers of pain are. TEN is NRS-11 as it is; the others are brought to it."""

    TEN = "ten"
    TEN_PARTS = "ten_parts"
    FIVE = "five"
    HUNDRED = "hundred"

    @property
    def most(self) -> int:
        return {Scale.FIVE: 5, Scale.HUNDRED: 100}.get(self, PAIN_MAX)


class Refusal(StrEnum):
    """Why a row does not come in; each has its sentence in content/wording."""

    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    BAD_TIME = "bad_time"
    FUTURE = "future"
    TOO_OLD = "too_old"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_SCALE = "out_of_scale"
    NOTHING = "nothing"
    NOTE_LONG = "note_long"
    TOO_WIDE = "too_wide"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that does not come in. `number` is its row in the file, `value` the cell at fault."""

    number: int
    reason: Refusal
    value: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What she said of the file: a role for each column, the order of dates, the scale."""

    roles: tuple[Role, ...]
    order: DateOrder
    scale: Scale


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file would become: `sessions` in the order of the file, and the rows refused."""

    sessions: tuple[Session, ...]
    refused: tuple[RefusedRow, ...]


class _RefusedError(Exception):
    def __init__(self, reason: Refusal, value: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value if len(value) <= VALUE_SHOWN else value[: VALUE_SHOWN - 1] + "…"


Place = Callable[[datetime], Moment]
"""Turns a time on the wall (naive), or an instant (aware), into a moment at her place."""


def draft(table: Table, mapping: Mapping, now: Moment, place: Place, locale: str = "en") -> Draft:
    """Make sessions of the rows, in the language of the run. `mapping` has one DATE column."""
    made: list[Session] = []
    refused: list[RefusedRow] = []
    seen: Counter[str] = Counter()
    for row in table.rows:
        try:
            session, content = _session(row, table, mapping, now, place, locale)
        except _RefusedError as error:
            refused.append(RefusedRow(row.number, error.reason, error.value))
            continue
        # The same row may stand twice in a diary without times: the second has an id of its own,
        # and the same one the next time the file is read.
        seen[content] += 1
        made.append(_with_id(session, f"{content} {seen[content]}"))
    return Draft(tuple(made), tuple(refused))


def _with_id(session: Session, content: str) -> Session:
    return replace(session, id=str(uuid.uuid5(_IDS, content)))


def _session(
    row: TableRow, table: Table, mapping: Mapping, now: Moment, place: Place, locale: str
) -> tuple[Session, str]:
    """The session of a row, and what is in the row as a text that does not change."""
    if any(row.cells[len(table.header) :]):
        raise _RefusedError(Refusal.TOO_WIDE)
    cells: dict[Role, list[tuple[str, str]]] = {role: [] for role in Role}
    for name, role, cell in zip(table.header, mapping.roles, row.cells, strict=False):
        if cell:
            cells[role].append((name, cell))
    started, timed = _started(cells, mapping, now, place, locale)
    before, after = (_pain(cells[role], mapping.scale) for role in (Role.BEFORE, Role.AFTER))
    note = _note(cells[Role.NOTE], mapping)
    if before is None and after is None and not note:
        raise _RefusedError(Refusal.NOTHING)
    wall = started.local
    content = json.dumps(
        [
            wall.strftime("%Y-%m-%dT%H:%M") if timed else wall.date().isoformat(),
            *(None if found is None else found.score for found in (before, after)),
            note,
        ]
    )
    kept = [
        say(f"trackers.kept_{role}", value=number_text(float(found.value)), most=mapping.scale.most)
        for role, found in (("before", before), ("after", after))
        if found is not None and found.converted
    ]
    note = "\n".join([note, *kept] if note else kept)
    if len(note) > NOTE_MAX:
        raise _RefusedError(Refusal.NOTE_LONG)
    session = Session(
        id="",
        started=started,
        local_day=local_day(wall) if timed else wall.date(),
        part=part_of_day(wall) if timed else DayPart.OTHER,
        state=SessionState.LOGGED,
        pain_before=before.score if before else None,
        pain_after=after.score if after else None,
        note=note,
    )
    return session, content


def _started(
    cells: dict[Role, list[tuple[str, str]]],
    mapping: Mapping,
    now: Moment,
    place: Place,
    locale: str,
) -> tuple[Moment, bool]:
    """When it was, and whether the row says so to the minute."""
    if not cells[Role.DATE]:
        raise _RefusedError(Refusal.NO_DATE)
    text = cells[Role.DATE][0][1]
    when = read_day(text, mapping.order, locale)
    if when is None:
        raise _RefusedError(Refusal.BAD_DATE, text)
    at = when.at
    if cells[Role.TIME]:
        at = read_time(cells[Role.TIME][0][1])
        if at is None:
            raise _RefusedError(Refusal.BAD_TIME, cells[Role.TIME][0][1])
        when = When(when.day, at)
    today = now.local.date()
    # A day more: an offset in the file may put it on hers.
    if when.day > today + timedelta(days=1):
        raise _RefusedError(Refusal.FUTURE, text)
    if (today - when.day).days > POSTPARTUM_YEARS * 366:
        raise _RefusedError(Refusal.TOO_OLD, text)
    started = place(when.aware or datetime.combine(when.day, at or NOON))
    if at is None and when.day == today:
        # It came before now, whatever the clock says.
        started = min(started, now, key=lambda moment: moment.utc)
    if started.utc > now.utc + timedelta(minutes=1):
        raise _RefusedError(Refusal.FUTURE, text)
    return started, at is not None


def _note(cells: Sequence[tuple[str, str]], mapping: Mapping) -> str:
    several = mapping.roles.count(Role.NOTE) > 1
    return "\n".join(f"{name}: {cell}" if several and name else cell for name, cell in cells)


# -- pain ---------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s*(?:(%)|(?:/|of)\s*(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Pain:
    """One score: the number of the file, NRS-11, and whether these are not the same."""

    value: Decimal
    score: int
    converted: bool


def _pain(cells: Sequence[tuple[str, str]], scale: Scale) -> Pain | None:
    if not cells:
        return None
    text = cells[0][1]
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise _RefusedError(Refusal.NOT_A_NUMBER, text)
    value = Decimal(match[1].replace(",", "."))
    said = 100 if match[2] else int(match[3] or scale.most)
    if value > scale.most or said != scale.most:
        raise _RefusedError(Refusal.OUT_OF_SCALE, text)
    whole = value == value.to_integral_value()
    if scale is Scale.TEN and not whole:
        raise _RefusedError(Refusal.NOT_WHOLE, text)
    score = (value * PAIN_MAX / scale.most).quantize(Decimal(1), ROUND_HALF_UP)
    return Pain(value, int(score), scale.most != PAIN_MAX or not whole)


def read_number(cell: str) -> Decimal | None:
    """The number of a cell of pain, whatever its scale; None if it is none."""
    match = _NUMBER.fullmatch(cell)
    return Decimal(match[1].replace(",", ".")) if match else None


def scale_of(header: str, cells: Sequence[str]) -> Scale | None:
    """The scale if it is plain that it is 0 to 10 in whole numbers; None: she has to say.

    Plain is what the header says, or whole numbers of which one is 6 to 10: no more than 5 may as
    well be 0 to 5.
    """
    numbers = [number for cell in cells if (number := read_number(cell)) is not None]
    if not numbers or max(numbers) > PAIN_MAX:
        return None
    if any(number != number.to_integral_value() for number in numbers):
        return None
    said = re.search(r"0\s*(?:-|–|to|a|bis|/)\s*10\b|\bnrs\b|/\s*10\b", header, re.IGNORECASE)
    over = all(re.search(r"(?:/|of)\s*10$", cell) for cell in cells)
    return Scale.TEN if said or over or max(numbers) > 5 else None
