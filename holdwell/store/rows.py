"""Domain dataclasses to database rows and back. What each column means: `migrations`.

A column has the name of its field, but for moments: each is a time in UTC, in a column of its own,
and they share the column `utc_offset`.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from functools import partial
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from holdwell.domain.models import (
    CheckInAnswer,
    DueDate,
    Goal,
    Hold,
    LeftOutDay,
    Moment,
    PainEntry,
    Pause,
    Pregnancy,
    Profile,
    Routine,
    RoutineStretch,
    Session,
)

Row = dict[str, Any]
Entry = (
    Profile
    | Pregnancy
    | Routine
    | Session
    | Hold
    | CheckInAnswer
    | PainEntry
    | Goal
    | Pause
    | DueDate
    | LeftOutDay
)
Made = TypeVar("Made", bound=Entry)

_TYPES: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in get_args(Entry)}
_AT_COLUMNS: dict[type, str] = {CheckInAnswer: "asked_at", PainEntry: "felt_at"}


def to_row(entry: Entry) -> Row:
    """Return the fields of a dataclass as SQLite stores them, but for the holds of a session."""
    row: Row = {}
    for name, hint in _TYPES[type(entry)].items():
        value = getattr(entry, name)
        if Moment in (hint, *get_args(hint)):
            row[_time_column(type(entry), name)] = value.iso if value else None
            row.setdefault("utc_offset", value.utc_offset if value else None)
        elif name != "holds":
            row[name] = _plain(value)
    return row


def session_row(session: Session) -> Row:
    """Return the row of a session without its holds."""
    return to_row(session) | {"held_s": round(session.held_s, 3)}


def hold_row(hold: Hold, session_id: str) -> Row:
    """Return the row of a hold of the session with this id."""
    return to_row(hold) | {"session_id": session_id, "held_s": round(hold.held_s, 3)}


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    if isinstance(value, tuple):
        return json.dumps([asdict(item) for item in value])
    return value


def _time_column(kind: type, name: str) -> str:
    return _AT_COLUMNS.get(kind, f"{name}_at")


def from_row(kind: type[Made], row: Row, **more: object) -> Made:
    """Return the dataclass of a row; `more` has the fields that no column holds.

    ValueError, TypeError or KeyError if the row cannot be one.
    """
    values: dict[str, Any] = dict(more)
    for name, hint in _TYPES[kind].items():
        if Moment in (hint, *get_args(hint)):
            text, offset = row[_time_column(kind, name)], row["utc_offset"]
            given = text or hint is Moment
            values[name] = Moment.from_iso(text, offset or 0) if given else None
        elif name not in more:
            values[name] = _read(hint, row[name])
    return kind(**values)


def _read(hint: Any, value: Any) -> object:
    """Return what a column holds as the type of its field."""
    if isinstance(hint, UnionType):
        return None if value in (None, "") else _read(get_args(hint)[0], value)
    if get_origin(hint) is frozenset:
        return frozenset(map(get_args(hint)[0], value.split()))
    if get_origin(hint) is tuple:
        return tuple(RoutineStretch(item["stretch"], item["hold_s"]) for item in json.loads(value))
    if hint is date:
        return date.fromisoformat(value)
    return hint(value) if hint is bool or issubclass(hint, StrEnum) else value


profile: Callable[[Row], Profile] = partial(from_row, Profile)
pregnancy: Callable[[Row], Pregnancy] = partial(from_row, Pregnancy)
routine: Callable[[Row], Routine] = partial(from_row, Routine)
hold: Callable[[Row], Hold] = partial(from_row, Hold)
check_in: Callable[[Row], CheckInAnswer] = partial(from_row, CheckInAnswer)
pain: Callable[[Row], PainEntry] = partial(from_row, PainEntry)
goal: Callable[[Row], Goal] = partial(from_row, Goal)
due_date: Callable[[Row], DueDate] = partial(from_row, DueDate)
left_out_day: Callable[[Row], LeftOutDay] = partial(from_row, LeftOutDay)


def session(row: Row, holds: tuple[Hold, ...]) -> Session:
    """Return the session of a row, with its holds."""
    return from_row(Session, row, holds=holds)


def pause(row: Row) -> Pause:
    """Return the pause of a row. ValueError if it ends before it begins."""
    made = from_row(Pause, row)
    if made.to_day is not None and made.to_day < made.from_day:
        raise ValueError("the pause ends before it begins")
    return made
