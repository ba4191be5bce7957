"""The shape of holdwell.json as pydantic types, made from the real table definitions.

An import is validated with these types, and the JSON Schema in an export is made from them, so
that neither can say anything else than the other or than the database.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    TypeAdapter,
    with_config,
)
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import TypedDict

from holdwell.store import database, table_info
from holdwell.store.table_info import DAY, OFFSET, TIME, Column

FORMAT = "holdwell-export"
FORMAT_VERSION = 1


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


@cache
def file_type(schema_version: int = database.SCHEMA_VERSION) -> TypeAdapter[dict[str, Any]]:
    """Return the type of a whole holdwell.json made with that schema version."""
    tables = {
        table: Annotated[
            list[_object(table, {c.name: _cell(table, c) for c in columns})],  # type: ignore[misc]
            FailFast(),
        ]
        for table, columns in table_info.columns(schema_version).items()
    }
    offset = Field(description="Minutes that local time was ahead of UTC at made_at.")
    names = {
        "format": Literal[FORMAT],
        "format_version": Literal[FORMAT_VERSION],
        "schema_version": Literal[schema_version],
        "made_at": _text(Column("made_at", "TEXT", False, pattern=TIME)),
        "utc_offset": Annotated[_number(OFFSET), offset],
        "tables": _object("tables", tables),
    }
    return TypeAdapter(_object("Holdwell export", names))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of holdwell.json at today's schema version."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "description": "Everything in one Holdwell database. Times are UTC, ISO 8601.",
        **file_type().json_schema(schema_generator=_SchemaWithoutTitles),
    }


class _SchemaWithoutTitles(GenerateJsonSchema):
    """A JSON Schema in which a column has its description, and not its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _object(name: str, fields: dict[str, Any]) -> Any:
    """Make the type of a JSON object with these names and no other."""
    return with_config(ConfigDict(extra="forbid"))(TypedDict(name, fields))  # type: ignore[operator]


def _cell(table: str, column: Column) -> Any:
    """Make the type of one column's values."""
    value: Any
    if column.type == "TEXT":
        value = _text(column)
    elif column.type == "INTEGER":
        value = _number(column)
    else:
        bounds = Field(strict=True, ge=column.least, le=column.most, allow_inf_nan=False)
        value = Annotated[float, bounds]
    description = Field(description=about(table, column.name))
    return Annotated[value | None if column.nullable else value, description]


def _text(column: Column) -> Any:
    if column.choices:
        return Literal[column.choices]
    if column.pattern:
        form = "date" if column.pattern == DAY else "date-time"
        text = Field(strict=True, pattern=column.pattern, json_schema_extra={"format": form})
        return Annotated[str, text, AfterValidator(_in_calendar)]
    text = Field(
        strict=True,
        min_length=column.shortest,
        max_length=column.longest,
        json_schema_extra={"contentMediaType": "application/json"} if column.is_json else None,
    )
    return Annotated[str, text]


def _number(column: Column) -> Any:
    if column.choices:
        return Annotated[Literal[column.choices], BeforeValidator(_whole)]
    return Annotated[int, Field(ge=column.least, le=column.most), BeforeValidator(_whole)]


def _whole(value: object) -> int:
    """Read a whole number. 5.0 is one too, as JSON Schema has it; true is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise ValueError("is not a whole number")
    return value


def _in_calendar(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not in the calendar") from None
    return value
