"""Converting domain dataclasses to database rows and back.

A column has the name of its field, except for moments: each has a column for its time in UTC, and
all moments of a row share the column `utc_offset`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from holdwell.domain import dated, models
from holdwell.domain.models import Hold, Moment, RoutineStretch, Session

Row = dict[str, Any]
TABLE_OF: Mapping[type, str] = {
    models.Profile: "profile",
    models.Pregnancy: "pregnancy",
    Session: "session",
    Hold: "hold",
    models.CrampNight: "cramp",
    models.Routine: "routine",
    models.CheckInAnswer: "check_in",
    models.PainEntry: "pain",
    dated.Goal: "goal",
    dated.Pause: "pause",
    models.DueDate: "due_date",
    models.LeftOutDay: "left_out_day",
}
"""The table of each dataclass; tables that others refer to come first."""
Stored = TypeVar("Stored")

_TYPES: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in TABLE_OF}
_AT_COLUMNS: dict[type, str] = {models.CheckInAnswer: "asked_at", models.PainEntry: "felt_at"}
_AS_THEY_ARE = frozenset({str, int, type(None)})
"""Most values are of these types."""
_OFFSET_OF_SAVE = (models.Profile, models.Pregnancy, models.CrampNight, models.Routine)
"""These have no moment of their own: `utc_offset` is the offset when they were saved."""


def to_row(entry: object) -> Row:
    """Return the fields of a dataclass as SQLite stores them, except the holds of a session."""
    row: Row = {}
    kind: Any = type(entry)
    for name, time_column in _columns(kind).items():
        value = getattr(entry, name)
        if time_column:
            row[time_column] = value.iso if value else None
            row.setdefault("utc_offset", value.utc_offset if value else None)
        else:
            row[name] = value if type(value) in _AS_THEY_ARE else _plain(value)
    if isinstance(entry, Session | Hold):
        row["held_s"] = round(entry.held_s, 3)
    return row


def stamps(kind: type, now: Moment, owner: str) -> Row:
    """Return the columns of a new row for which its dataclass has no field."""
    row: Row = {"created_at": now.iso, "updated_at": now.iso}
    if kind is not models.Profile:
        row["profile_id"] = owner
    if kind in _OFFSET_OF_SAVE:
        row["utc_offset"] = now.utc_offset
    return row


@cache
def _columns(kind: type) -> dict[str, str]:
    """Return the stored fields of a dataclass; each moment with the column that holds its time."""
    hints = {name: hint for name, hint in _TYPES[kind].items() if name != "holds"}
    return {name: _time_column(kind, name) if _is_moment(hints[name]) else "" for name in hints}


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


def columns_of(kind: type, name: str) -> frozenset[str]:
    """Return the columns of a field. For `holds` they are keys of a session in the change log."""
    if _is_moment(_TYPES[kind][name]):
        return frozenset({_time_column(kind, name), "utc_offset"})
    return frozenset({name, "held_s"} if name == "holds" else {name})


@cache
def _is_moment(hint: Any) -> bool:
    return Moment in (hint, *get_args(hint))


def _time_column(kind: type, name: str) -> str:
    return _AT_COLUMNS.get(kind, f"{name}_at")


def from_row(kind: type[Stored], row: Row, **more: object) -> Stored:
    """Make the dataclass of a row; `more` has the fields that are not columns.

    ValueError, TypeError or KeyError if the row does not fit the dataclass.
    """
    values: dict[str, Any] = dict(more)
    for name, hint in _TYPES[kind].items():
        if _is_moment(hint):
            text, offset = row[_time_column(kind, name)], row["utc_offset"]
            given = text or hint is Moment
            values[name] = Moment.from_iso(text, offset or 0) if given else None
        elif name not in more:
            values[name] = _reader(hint)(row[name])
    return kind(**values)


@cache
def _reader(hint: Any) -> Callable[[Any], object]:
    """Return the function that converts a column's value to the type of its field."""
    if isinstance(hint, UnionType):
        read = _reader(get_args(hint)[0])
        return lambda value: None if value in (None, "") else read(value)
    if get_origin(hint) is frozenset:
        kind = get_args(hint)[0]
        return lambda value: frozenset(map(kind, value.split()))
    if get_origin(hint) is tuple:
        return lambda text: tuple(RoutineStretch(**stretch) for stretch in json.loads(text))
    if hint is date:
        return date.fromisoformat
    return hint if hint is bool or issubclass(hint, StrEnum) else lambda value: value
