"""Changes in plain words: what was changed, and what undoing it would do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from holdwell.domain.models import HoldOutcome, Moment, Tracking
from holdwell.i18n.formats import day_text, length_text, listed_text, moment_text, number_text
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import counted, say
from holdwell.store import change_log
from holdwell.store.change_log import HOLDS, Change, RowChange
from holdwell.store.rows import Row
from holdwell.ui.common.text import shortened, stretch_name

NOTE_SHOWN = 60
"""Characters of a note that a line shows."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a change: what became of it, line by line how, and what undoing would do to it.

    No lines: the title says all. No undo: it is as it was before.
    """

    title: str
    lines: tuple[str, ...]
    undo: tuple[str, ...]


def tell(change: Change, today: date) -> tuple[Told, ...]:
    """Put a change into words, in the language of the run. `today` is her local day."""
    return tuple(
        Told(
            _title(row, today),
            _lines(row.table, row.before, row.after, today),
            tuple(_undo(row, today)),
        )
        for row in _worth_telling(change.rows)
    )


def _worth_telling(changes: tuple[RowChange, ...]) -> tuple[RowChange, ...]:
    """Leave out routines that only moved up because another went, or down for a new one."""
    more = tuple(c for c in changes if c.table != "routine" or c.after.keys() != {"position"})
    return more or changes


def _kind(change: RowChange) -> str:
    if change.before is None:
        return "added"
    if "deleted_at" not in change.after:
        return "changed"
    return "deleted" if change.after["deleted_at"] else "back"


def _title(change: RowChange, today: date) -> str:
    return say(f"changes.{change.table}_{_kind(change)}", what=_name(change, today))


def _name(change: RowChange, today: date) -> str:
    """What she would call the row: as it was at the time where that was changed."""
    row = {**(change.now or {}), **change.after, **(change.before or {})}
    if change.table == "session" and "started_at" in row:
        return _started(row, today)
    if change.table == "cramp" and "night" in row:
        return day_text(date.fromisoformat(row["night"]), today=today)
    return str(row.get("name", ""))


def _undo(change: RowChange, today: date) -> list[str]:
    target = change_log.reverted(change, "x")
    if target is None or change.now is None:
        return [] if change.now else [say("changes.gone")]
    was, becomes = bool(change.now.get("deleted_at")), bool(target.get("deleted_at"))
    found = []
    if was != becomes:
        found.append(say("changes.undo_delete" if becomes else "changes.undo_bring_back"))
    lines = _lines(change.table, change.now, target, today)
    if lines:
        found.append(say("changes.undo_to", what=", ".join(lines)))
    if was and becomes:
        found.append(say("changes.stays_deleted"))
    return found


# -- columns ------------------------------------------------------------------------------------


def _lines(table: str, before: Row | None, after: Row, today: date) -> tuple[str, ...]:
    """One line for each column that became something else."""
    if before is None:
        return ()
    found = []
    # Always in the same order; what nobody has words for yet comes last.
    place = {column: number for number, column in enumerate(_SHOWN)}
    for column in sorted(after, key=lambda name: place.get(name, len(place))):
        if column in _SILENT or before.get(column) == after[column]:
            continue
        show = _SHOWN.get(column)
        if show is None:
            found.append(say("changes.something_else"))
            continue
        was, becomes = show(before, today), show(after, today)
        field = say(f"changes.field_{column}")
        if was == becomes:
            found.append(say("changes.line_same", field=field))
        else:
            found.append(say("changes.line", field=field, before=was, after=becomes))
    return tuple(dict.fromkeys(found))


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
    }
)
"""Columns that another one speaks for, or the title."""

Show = Callable[[Mapping[str, Any], date], str]


def _started(row: Mapping[str, Any], today: date) -> str:
    moment = Moment.from_iso(row["started_at"], row["utc_offset"])
    return moment_text(moment.local, today=today)


def _holds(row: Mapping[str, Any], _: date) -> str:
    done = [hold for hold in row[HOLDS] if hold["outcome"] != HoldOutcome.SKIPPED]
    if not done:
        return say("changes.nothing")
    return f"{counted('holds', len(done))} ({length_text(sum(hold['held_s'] for hold in done))})"


def _note(row: Mapping[str, Any], _: date) -> str:
    note = " ".join(row["note"].split())
    if not note:
        return say("changes.nothing")
    return f"“{shortened(note, NOTE_SHOWN)}”"


def _stretches(row: Mapping[str, Any], _: date) -> str:
    found = [
        f"{stretch_name(item['stretch'])} {length_text(item['hold_s'])}"
        for item in json.loads(row["stretches"])
    ]
    return listed_text(found) if found else say("changes.nothing")


def _number(column: str) -> Show:
    def show(row: Mapping[str, Any], _: date) -> str:
        value = row[column]
        return say("changes.nothing") if value is None else number_text(value)

    return show


def _day(column: str) -> Show:
    def show(row: Mapping[str, Any], _: date) -> str:
        value = row[column]
        return day_text(date.fromisoformat(value)) if value else say("changes.nothing")

    return show


def _switch(column: str, *, reverse: bool = False) -> Show:
    def show(row: Mapping[str, Any], _: date) -> str:
        return say("changes.on" if bool(row[column]) != reverse else "changes.off")

    return show


def _seconds(column: str) -> Show:
    return lambda row, _: length_text(row[column])


def _side(column: str) -> Show:
    def show(row: Mapping[str, Any], _: date) -> str:
        side = row[column]
        return say(f"side.{side}").lower() if side else say("changes.nothing")

    return show


def _cues(row: Mapping[str, Any], _: date) -> str:
    names = [say(f"settings.cue_{cue}") for cue in row["quiet_cues"].split()]
    return listed_text(names) if names else say("changes.nothing")


def _conditions(row: Mapping[str, Any], _: date) -> str:
    names = [say(f"changes.condition_{name}") for name in row["conditions"].split()]
    return listed_text(names) if names else say("changes.nothing")


def _birth(row: Mapping[str, Any], _: date) -> str:
    kind = row["birth_kind"]
    return say(f"changes.birth_{kind}") if kind else say("changes.nothing")


def _language(row: Mapping[str, Any], _: date) -> str:
    known = {one.code: one.name for one in languages(content_folder())}
    return known.get(row["language"], row["language"]) or say("changes.nothing")


_SHOWN: Mapping[str, Show] = {
    "started_at": _started,
    "part": lambda row, _: say(f"part.{row['part']}"),
    HOLDS: _holds,
    "pain_before": _number("pain_before"),
    "pain_after": _number("pain_after"),
    "comfort": _number("comfort"),
    "note": _note,
    "leg": lambda row, _: say(f"form.cramp_{row['leg']}").lower(),
    "due_date": _day("due_date"),
    "birth_date": _day("birth_date"),
    "birth_kind": _birth,
    "ended": _switch("ended", reverse=True),
    "goal_per_week": _number("goal_per_week"),
    "hold_seconds": _seconds("hold_seconds"),
    "get_ready_seconds": _seconds("get_ready_seconds"),
    "first_side": _side("first_side"),
    "sound": _switch("sound"),
    "voice": _switch("voice"),
    "vibration": _switch("vibration"),
    "volume": _number("volume"),
    "quiet_cues": _cues,
    "tracking": lambda row, _: say(
        "changes.on" if row["tracking"] == Tracking.ON else "changes.off"
    ),
    "language": _language,
    "conditions": _conditions,
    "name": lambda row, _: f"“{row['name']}”",
    "extra_side": _side("extra_side"),
    "repeats": _number("repeats"),
    "rest_s": _seconds("rest_s"),
    "stretches": _stretches,
    "position": lambda row, _: number_text(row["position"] + 1),
}
