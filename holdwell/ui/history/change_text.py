"""Descriptions of changes in plain words: what was changed, and what undoing it would do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdwell.domain.models import HoldOutcome, Moment, Tracking
from holdwell.guide.load import guide
from holdwell.i18n import formats
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import counted, say
from holdwell.store.change_log import HOLDS, Change, RowChange
from holdwell.store.rows import Row
from holdwell.store.undo import reverted
from holdwell.ui.common.text import shortened

NOTE_SHOWN = 60
"""How many characters of a note a line shows."""


@dataclass(frozen=True, slots=True)
class RowText:
    """What happened to one row, with a line for each changed value, and what undoing would do.

    Without lines, the title says everything. Without `undo`, the row is already as it was before.
    """

    title: str
    lines: tuple[str, ...]
    undo: tuple[str, ...]


def describe(change: Change, today: date) -> tuple[RowText, ...]:
    """Describe each row of a change. Days in the year of `today` are written without the year."""
    return tuple(
        RowText(
            say(f"changes.{row.table}_{_kind(row)}", what=_name(row, today)),
            _lines(row.before, row.after, today),
            tuple(_undo(row, today)),
        )
        for row in _shown_rows(change.rows)
    )


_FOLLOW = {"goal": "profile", "pause": "profile", "due_date": "pregnancy"}
"""Tables whose rows only add a date to what another table records in the same change."""


def _shown_rows(rows: tuple[RowChange, ...]) -> tuple[RowChange, ...]:
    """Leave out routines that only moved because another did, and rows that only date others."""
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
    """Return the name by which the user knows the row; for changed values, the one before."""
    values = {**(row.now or {}), **row.after, **(row.before or {})}
    if row.table == "session" and "started_at" in values:
        return _text(values, "started_at", today)
    day = next((values[name] for name in _NAMING_DAYS if values.get(name)), None)
    if row.table not in ("session", "routine") and day is not None:
        return formats.day_text(date.fromisoformat(day), today=today)
    return str(values.get("name", ""))


_NAMING_DAYS = ("night", "local_day", "from_day", "day", "due_date")
"""Columns with the day by which the user knows a row, in tables that have no better name."""


def _undo(row: RowChange, today: date) -> list[str]:
    """Return a line for each thing that undoing would do to the row."""
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


def _lines(before: Row | None, after: Row, today: date) -> tuple[str, ...]:
    """Return a line for each changed column with its old and new value, in the order of _SHOWN.

    A column without words of its own comes last, as "something else".
    """
    if before is None:
        return ()
    lines = []
    columns = (*_TIMES, *_SHOWN)
    for column in (*columns, *(after.keys() - {*columns, *_SILENT})):
        if column not in after or before.get(column) == after[column]:
            continue
        if column not in columns:
            lines.append(say("changes.something_else"))
            continue
        was, becomes = _text(before, column, today), _text(after, column, today)
        field = say(f"changes.field_{column}")
        if was == becomes:
            lines.append(say("changes.line_same", field=field))
        else:
            lines.append(say("changes.line", field=field, before=was, after=becomes))
    return tuple(dict.fromkeys(lines))


_SILENT = frozenset({
    "id", "profile_id", "created_at", "updated_at", "deleted_at", "utc_offset", "local_day",
    "ended_at", "held_s", "plan", "state", "welcomed", "safety_seen", "night", "day",
    "pregnancy_id", "given_on", "source", "source_day", "source_days",
})  # fmt: skip
"""Columns that are not shown, because the title or another column says enough."""
_TIMES = ("started_at", "felt_at")
"""Columns whose text depends on other columns of the row."""


def _text(row: Row, column: str, today: date) -> str:
    """Return the text for the value of a column, or that it has none."""
    value = row[column]
    if column in _TIMES:
        if value is None or not row.get("time_known", 1):
            return formats.day_text(date.fromisoformat(row["local_day"]), today=today)
        return formats.moment_text(Moment.from_iso(value, row["utc_offset"]).local, today=today)
    write = _SHOWN[column]
    if value is None or not str(value).strip():
        return say("changes.nothing")
    text = say(write.format(value)) if isinstance(write, str) else write(value)
    return text or say("changes.nothing")


def _holds(holds: list[dict[str, Any]]) -> str:
    held_s = [hold["held_s"] for hold in holds if hold["outcome"] != HoldOutcome.SKIPPED]
    return f"{counted('holds', len(held_s))} ({formats.length_text(sum(held_s))})" if held_s else ""


def _each(key: str) -> Callable[[str], str]:
    """Return a function that lists the texts for the words of a value; `{}` stands for a word."""
    return lambda value: formats.listed_text([say(key.format(word)) for word in value.split()])


def _stretches(value: str) -> str:
    name, length = guide().stretch_name, formats.length_text
    items = [f"{name(item['stretch'])} {length(item['hold_s'])}" for item in json.loads(value)]
    return formats.listed_text(items)


def _switch(value: object) -> str:
    return say("changes.on" if value else "changes.off")


def _day(text: str) -> str:
    return formats.day_text(date.fromisoformat(text))


def _language(code: str) -> str:
    names = {language.code: language.name for language in languages(content_folder())}
    return names.get(code, code)


_SHOWN: Mapping[str, str | Callable[[Any], str]] = {
    "part": "part.{}",
    HOLDS: _holds,
    "pain_before": formats.number_text,
    "pain_after": formats.number_text,
    "comfort": formats.number_text,
    "note": lambda note: f"“{shortened(' '.join(note.split()), NOTE_SHOWN)}”",
    "score": formats.number_text,
    "places": _each("pain.place_{}"),
    "side": "pain.side_{}",
    "pain_places": _each("pain.place_{}"),
    "pain_side": "pain.side_{}",
    "time_known": _switch,
    "from_day": _day,
    "to_day": _day,
    "reason": "pain.reason_{}",
    "leg": lambda leg: say(f"form.cramp_{leg}").lower(),
    "due_date": _day,
    "birth_date": _day,
    "birth_kind": "changes.birth_{}",
    "ended": lambda ended: _switch(not ended),
    "goal_per_week": formats.number_text,
    "hold_seconds": formats.length_text,
    "get_ready_seconds": formats.length_text,
    "first_side": lambda side: say(f"side.{side}").lower(),
    "sound": _switch,
    "voice": _switch,
    "vibration": _switch,
    "volume": formats.number_text,
    "quiet_cues": _each("settings.cue_{}"),
    "day_ends_at": formats.number_text,
    "week_starts_on": lambda day: formats.weekdays_text()[day],
    "tracking": lambda tracking: _switch(tracking != Tracking.PAUSED),
    "language": _language,
    "conditions": _each("changes.condition_{}"),
    "name": lambda name: f"“{name}”",
    "extra_side": lambda side: say(f"side.{side}").lower(),
    "repeats": formats.number_text,
    "rest_s": formats.length_text,
    "stretches": _stretches,
    "position": lambda position: formats.number_text(position + 1),
}
"""How the value of each column is put into words, in the order in which columns are shown.

In the key of a text, `{}` stands for the value.
"""
