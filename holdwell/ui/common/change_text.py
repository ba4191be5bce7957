"""Changes in plain words: what was changed, and what undoing it would do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdwell.domain.models import HoldOutcome, Moment, Tracking
from holdwell.i18n.formats import (
    day_text,
    length_text,
    listed_text,
    moment_text,
    number_text,
    weekdays_text,
)
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import counted, say
from holdwell.store.change_log import HOLDS, Change, RowChange
from holdwell.store.rows import Row
from holdwell.store.undo import reverted
from holdwell.ui.common.text import shortened, stretch_name

NOTE_SHOWN = 60
"""Characters of a note that a line shows."""


@dataclass(frozen=True, slots=True)
class RowText:
    """What became of one row, line by line how, and what undoing would do to it.

    Without lines the title says all; without `undo` the row is as it was before.
    """

    title: str
    lines: tuple[str, ...]
    undo: tuple[str, ...]


def describe(change: Change, today: date) -> tuple[RowText, ...]:
    """Put a change into words; days of this year, that of `today`, are written without a year."""
    return tuple(
        RowText(
            say(f"changes.{row.table}_{_kind(row)}", what=_name(row, today)),
            _lines(row.before, row.after, today),
            tuple(_undo(row, today)),
        )
        for row in _shown_rows(change.rows)
    )


_FOLLOW = {"goal": "profile", "pause": "profile", "due_date": "pregnancy"}
"""Tables whose rows only date what another table says in the same change."""


def _shown_rows(rows: tuple[RowChange, ...]) -> tuple[RowChange, ...]:
    """Leave out routines that only moved up or down for another, and rows that only date others."""
    tables = {row.table for row in rows}
    shown = tuple(
        row
        for row in rows
        if (row.table != "routine" or row.after.keys() != {"position"})
        and _FOLLOW.get(row.table) not in tables
    )
    return shown or rows


def _kind(row: RowChange) -> str:
    if row.before is None:
        return "added"
    if "deleted_at" not in row.after:
        return "changed"
    return "deleted" if row.after["deleted_at"] else "back"


def _name(row: RowChange, today: date) -> str:
    """Return what the user calls the row: by its values before the change, where they changed."""
    values = {**(row.now or {}), **row.after, **(row.before or {})}
    if row.table == "session" and "started_at" in values:
        return _started(values, today)
    day = next((values[name] for name in _NAMING_DAYS if values.get(name)), None)
    if row.table not in ("session", "routine") and day is not None:
        return day_text(date.fromisoformat(day), today=today)
    return str(values.get("name", ""))


_NAMING_DAYS = ("night", "local_day", "from_day", "day", "due_date")
"""The columns by whose day the user knows a row, of the tables that have no better name."""


def _undo(row: RowChange, today: date) -> list[str]:
    """Say what undoing would do to the row, line by line."""
    target = reverted(row, "x")
    if row.now is None:
        return [say("changes.gone")]
    if target is None:
        return []
    is_deleted, becomes = bool(row.now.get("deleted_at")), bool(target.get("deleted_at"))
    lines = []
    if is_deleted != becomes:
        lines.append(say("changes.undo_delete" if becomes else "changes.undo_bring_back"))
    values = _lines(row.now, target, today)
    if values:
        lines.append(say("changes.undo_to", what=", ".join(values)))
    if is_deleted and becomes:
        lines.append(say("changes.stays_deleted"))
    return lines


# -- columns ------------------------------------------------------------------------------------


def _lines(before: Row | None, after: Row, today: date) -> tuple[str, ...]:
    """Say of each column that changed what it was and is, in the order of _SHOWN.

    A column that has no words yet comes last, as "something else".
    """
    if before is None:
        return ()
    lines = []
    place = {column: number for number, column in enumerate(_SHOWN)}
    for column in sorted(after, key=lambda name: place.get(name, len(place))):
        if column in _SILENT or before.get(column) == after[column]:
            continue
        show = _SHOWN.get(column)
        if show is None:
            lines.append(say("changes.something_else"))
            continue
        was, becomes = show(before, today), show(after, today)
        field = say(f"changes.field_{column}")
        if was == becomes:
            lines.append(say("changes.line_same", field=field))
        else:
            lines.append(say("changes.line", field=field, before=was, after=becomes))
    return tuple(dict.fromkeys(lines))


_SILENT = frozenset(
    {
        "id",
        "profile_id",
        "created_at",
        "updated_at",
        "deleted_at",
        "utc_offset",
        "local_day",
        "ended_at",
        "held_s",
        "plan",
        "state",
        "welcomed",
        "safety_seen",
        "night",
        "day",
        "pregnancy_id",
        "given_on",
        "source",
        "source_day",
        "source_days",
    }
)
"""Columns of which the title or another column says enough."""

Show = Callable[[Mapping[str, Any], date], str]


def _started(row: Mapping[str, Any], today: date) -> str:
    moment = Moment.from_iso(row["started_at"], row["utc_offset"])
    return moment_text(moment.local, today=today)


def _felt_at(row: Mapping[str, Any], today: date) -> str:
    if row["felt_at"] is None:
        return day_text(date.fromisoformat(row["local_day"]), today=today)
    return moment_text(Moment.from_iso(row["felt_at"], row["utc_offset"]).local, today=today)


def _holds(row: Mapping[str, Any], _: date) -> str:
    done = [hold for hold in row[HOLDS] if hold["outcome"] != HoldOutcome.SKIPPED]
    if not done:
        return say("changes.nothing")
    return f"{counted('holds', len(done))} ({length_text(sum(hold['held_s'] for hold in done))})"


def _value(column: str, write: Callable[[Any], str]) -> Show:
    """Write the value of a column, or that there is none."""

    def show(row: Mapping[str, Any], _: date) -> str:
        value = row[column]
        missing = value is None or not str(value).strip()
        return say("changes.nothing") if missing else write(value)

    return show


def _list(column: str, write: Callable[[Any], str], read: Callable[[str], list[Any]]) -> Show:
    """Write each item of a column, or that there is none."""

    def show(row: Mapping[str, Any], _: date) -> str:
        items = [write(item) for item in read(row[column])]
        return listed_text(items) if items else say("changes.nothing")

    return show


def _switch(column: str, *, off: object = 0) -> Show:
    """Write whether a column is on: any other value than `off`."""
    return lambda row, _: say("changes.off" if row[column] == off else "changes.on")


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text))


def _language(code: str) -> str:
    names = {one.code: one.name for one in languages(content_folder())}
    return names.get(code, code)


_SHOWN: Mapping[str, Show] = {
    "started_at": _started,
    "felt_at": _felt_at,
    "part": _value("part", lambda part: say(f"part.{part}")),
    HOLDS: _holds,
    "pain_before": _value("pain_before", number_text),
    "pain_after": _value("pain_after", number_text),
    "comfort": _value("comfort", number_text),
    "note": _value("note", lambda note: f"“{shortened(' '.join(note.split()), NOTE_SHOWN)}”"),
    "score": _value("score", number_text),
    "places": _list("places", lambda place: say(f"pain.place_{place}"), str.split),
    "side": _value("side", lambda side: say(f"pain.side_{side}")),
    "pain_places": _list("pain_places", lambda place: say(f"pain.place_{place}"), str.split),
    "pain_side": _value("pain_side", lambda side: say(f"pain.side_{side}")),
    "time_known": _switch("time_known"),
    "from_day": _value("from_day", _day),
    "to_day": _value("to_day", _day),
    "reason": _value("reason", lambda reason: say(f"pain.reason_{reason}")),
    "leg": _value("leg", lambda leg: say(f"form.cramp_{leg}").lower()),
    "due_date": _value("due_date", _day),
    "birth_date": _value("birth_date", _day),
    "birth_kind": _value("birth_kind", lambda kind: say(f"changes.birth_{kind}")),
    "ended": _switch("ended", off=1),
    "goal_per_week": _value("goal_per_week", number_text),
    "hold_seconds": _value("hold_seconds", length_text),
    "get_ready_seconds": _value("get_ready_seconds", length_text),
    "first_side": _value("first_side", lambda side: say(f"side.{side}").lower()),
    "sound": _switch("sound"),
    "voice": _switch("voice"),
    "vibration": _switch("vibration"),
    "volume": _value("volume", number_text),
    "quiet_cues": _list("quiet_cues", lambda cue: say(f"settings.cue_{cue}"), str.split),
    "day_ends_at": _value("day_ends_at", number_text),
    "week_starts_on": _value("week_starts_on", lambda day: weekdays_text()[day]),
    "tracking": _switch("tracking", off=Tracking.PAUSED),
    "language": _value("language", _language),
    "conditions": _list("conditions", lambda name: say(f"changes.condition_{name}"), str.split),
    "name": _value("name", lambda name: f"“{name}”"),
    "extra_side": _value("extra_side", lambda side: say(f"side.{side}").lower()),
    "repeats": _value("repeats", number_text),
    "rest_s": _value("rest_s", length_text),
    "stretches": _list(
        "stretches",
        lambda item: f"{stretch_name(item['stretch'])} {length_text(item['hold_s'])}",
        json.loads,
    ),
    "position": _value("position", lambda position: number_text(position + 1)),
}
"""How each column is written, in the order in which the columns are told."""
