"""The JSON Schema of an export, and what each column means in plain words."""

from __future__ import annotations

from typing import Any

from holdwell.store import database
from holdwell.store.table_info import DAY, OFFSET, TIME, Column, columns

FORMAT = "holdwell-export"
FORMAT_VERSION = 1
HEADER = ("format", "format_version", "schema_version", "made_at", "utc_offset", "tables")
"""The names at the top of holdwell.json."""

_ABOUT = {
    "id": "A UUID that stays the same for as long as the row lives.",
    "profile_id": "The id of the row of `profile` that this belongs to.",
    "session_id": "The id of the row of `session` that this hold belongs to.",
    "created_at": "When the row was first saved, UTC.",
    "updated_at": "When the row was last saved, UTC.",
    "deleted_at": "When it was deleted, UTC; empty if it was not.",
    "utc_offset": "Minutes that local time was ahead of UTC.",
    "part": "The time of day: morning, bedtime or other.",
    "stretch": "The name of the stretch.",
    "first_side": "The leg that is raised first.",
    "profile.goal_per_week": "Sessions a week that you aim for.",
    "profile.hold_seconds": "Seconds that a new routine holds each stretch.",
    "profile.get_ready_seconds": "Seconds to get ready before each hold.",
    "profile.sound": "Tones: 1 on, 0 off.",
    "profile.voice": "Spoken cues: 1 on, 0 off.",
    "profile.vibration": "Buzzes: 1 on, 0 off.",
    "profile.volume": "Volume in percent.",
    "profile.quiet_cues": "The cues that are silenced, with spaces between.",
    "profile.tracking": "on, or paused: the record is kept and no weeks or goals are shown.",
    "profile.welcomed": "1 once the first questions were answered.",
    "profile.safety_seen": "1 once the safety page was seen.",
    "pregnancy.due_date": "The due date; empty if not given.",
    "pregnancy.birth_date": "The date of birth; empty if not given.",
    "pregnancy.ended": "1 if tracking of this pregnancy was ended.",
    "session.started_at": "When the session began, UTC.",
    "session.ended_at": "When the session ended, UTC; empty if it is open.",
    "session.local_day": "The day it counts for, as your calendar says it.",
    "session.state": "open (begun, not ended), finished, stopped early, or logged by hand.",
    "session.held_s": "Seconds held in all, without pauses.",
    "session.pain_before": "Pain before, NRS-11: 0 (none) to 10 (the worst imaginable).",
    "session.pain_after": "Pain after, NRS-11: 0 (none) to 10 (the worst imaginable).",
    "session.comfort": "How comfortable it was: 1 (not at all) to 5 (very).",
    "session.note": "Your note.",
    "session.plan": "The planned holds as JSON; empty if logged by hand.",
    "hold.position": "The place of the hold in its session, counted from 0.",
    "hold.side": "The raised leg: left or right.",
    "hold.planned_s": "Seconds planned.",
    "hold.held_s": "Seconds held, without pauses.",
    "hold.outcome": "finished, shortened (ended early) or skipped (never begun).",
    "hold.started_at": "When the hold began, UTC; empty if it never did.",
    "cramp.night": "The day on whose evening the night began.",
    "cramp.leg": "Which leg cramped: left, right, both; none is an answer too.",
    "routine.position": "The place of the routine in your list, counted from 0.",
    "routine.name": "The name you gave it.",
    "routine.extra_side": "The side that gets one hold more; empty for neither.",
    "routine.repeats": "How often each side of a stretch is held.",
    "routine.rest_s": "Seconds of rest between two holds.",
    "routine.stretches": "The stretches in order as JSON: stretch, and hold_s in seconds.",
    "profile.language": "The language you chose; empty: the browser's.",
    "profile.conditions": "What the guide heeds for you, with spaces between.",
    "pregnancy.birth_kind": "vaginal or caesarean; empty if you did not say.",
    "check_in.asked_at": "When you were asked how you are, UTC.",
    "check_in.local_day": "The day it counts for, as your calendar says it.",
    "check_in.answer": "What you answered, by its name in the app's content.",
    "meta.key": "The name of a setting of the app itself.",
    "meta.value": "Its value.",
}


def about(table: str, column: str) -> str:
    """Say in plain words what a column means, with its unit; empty if nobody wrote it down."""
    return _ABOUT.get(f"{table}.{column}", _ABOUT.get(column, ""))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of holdwell.json at today's schema version."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Holdwell export",
        "description": "Everything in one Holdwell database. Times are UTC, ISO 8601.",
        **_object(
            {
                "format": {"const": FORMAT},
                "format_version": {"const": FORMAT_VERSION},
                "schema_version": {"const": database.SCHEMA_VERSION},
                "made_at": {"type": "string", "pattern": TIME},
                "utc_offset": {
                    "type": "integer",
                    "minimum": OFFSET.least,
                    "maximum": OFFSET.most,
                    "description": "Minutes that local time was ahead of UTC at made_at.",
                },
                "tables": _object(
                    {
                        table: {
                            "type": "array",
                            "items": _object({c.name: _cell(table, c) for c in known}),
                        }
                        for table, known in columns().items()
                    }
                ),
            }
        ),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _cell(table: str, column: Column) -> dict[str, Any]:
    kind = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}[column.type]
    cell: dict[str, Any] = {"type": [kind, "null"] if column.nullable else kind}
    if column.choices:
        cell["enum"] = [*column.choices, *([None] if column.nullable else [])]
    elif kind == "string":
        cell |= {"minLength": column.shortest, "maxLength": column.longest}
    for word, value in (("minimum", column.least), ("maximum", column.most)):
        if value is not None and not column.choices:
            cell[word] = value
    if column.pattern:
        cell = {"type": cell["type"], "pattern": column.pattern}
        cell["format"] = "date" if column.pattern == DAY else "date-time"
    if column.is_json:
        cell["contentMediaType"] = "application/json"
    return cell | {"description": about(table, column.name)}
