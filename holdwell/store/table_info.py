"""What an export says about each table, read off the real table definitions of a schema version.

The facts come from a scratch database that the migrations themselves made, so that a new column
or a new CHECK is in the export, in its JSON Schema and in what an import accepts without being
written down a second time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlite_utils import Database

from holdwell.store import database, sqlcipher

FORMAT = "holdwell-export"
FORMAT_VERSION = 1

TABLES = ("profile", "pregnancy", "session", "hold", "cramp", "routine", "check_in", "meta")
"""Every table of an export, those that others point to first."""

LOCAL_TABLES = ("change",)
"""What stays with the file: how her entries were before she changed them. It is the undo of the
last 30 days on this computer; what she corrected must not travel in a file that she gives away,
and an import, which changes nothing that is there, has no need of it."""

INTERNAL_META = frozenset({"schema_version", "demo"})
"""Keys of `meta` that say something about one file and not about her: they stay with the file.

`demo` above all: it is what allows `make demo` to replace a database.
"""

DAY = r"^((19|20|21)[0-9]{2}|2200)-[0-9]{2}-[0-9]{2}$"
"""A day as the forms take it, 1900 to 2200: one outside would break the form that edits it."""
TIME = (
    r"^(1899|(19|20|21)[0-9]{2}|220[01])-[0-9]{2}-[0-9]{2}"
    r"T([01][0-9]|2[0-3])(:[0-5][0-9]){2}\.[0-9]{3}Z$"
)
"""The form that `Moment.iso` writes, of an instant that may fall on any such day somewhere."""

# Bounds that the database leaves open and that a page cannot do without: a number of seconds
# that no timedelta holds, or an offset that no time zone has, would break every page it is on.
_SECONDS_MAX = 7 * 24 * 3600
_INTEGER_MAX = 1_000_000
_OFFSET_MAX = 1080
_TEXT_MAX = 100_000
_ID_MAX = 100

_CHECKS = (
    ("between", re.compile(r"(\w+) BETWEEN (-?\d+) AND (-?\d+)")),
    ("length", re.compile(r"length\((\w+)\) BETWEEN (\d+) AND (\d+)")),
    ("least", re.compile(r"(\w+) >= (-?\d+)")),
    ("in", re.compile(r"(\w+) IN \(([^()]+)\)")),
    ("day", re.compile(r"(\w+) IS date\(\1\)")),
    ("json", re.compile(r"json_valid\((\w+)\)")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQLite type, and what its CHECKs and our own bounds allow.

    `least` and `most` bound a number, `shortest` and `longest` a text (in characters).
    """

    name: str
    type: str
    nullable: bool
    references: str | None = None
    choices: tuple[str | int, ...] = ()
    least: int | None = None
    most: int | None = None
    shortest: int = 0
    longest: int = _TEXT_MAX
    pattern: str | None = None
    is_json: bool = False


HEADER = ("format", "format_version", "schema_version", "made_at", "utc_offset", "tables")
"""The names at the top of holdwell.json."""
OFFSET = Column("utc_offset", "INTEGER", False, least=-_OFFSET_MAX, most=_OFFSET_MAX)


def scratch(version: int = database.SCHEMA_VERSION) -> Database:
    """Make an empty database in memory as the first `version` migrations leave it.

    Foreign keys are off: what points nowhere is asked for with foreign_key_check.
    """
    db = Database(sqlcipher.in_memory(), recursive_triggers=False, execute_plugins=False)
    db.execute("PRAGMA foreign_keys=OFF")
    migrate(db, 0, version)
    return db


def migrate(db: Database, version: int, to: int = database.SCHEMA_VERSION) -> None:
    """Run the migrations from one version to another on a scratch database."""
    for number in range(version, to):
        database.MIGRATIONS[number](db)


@cache
def columns(version: int = database.SCHEMA_VERSION) -> dict[str, tuple[Column, ...]]:
    """Return the columns of every table that schema version has, in the order of TABLES."""
    db = scratch(version)
    try:
        return {name: _columns(db, name) for name in TABLES if db.table(name).exists()}
    finally:
        db.close()


def _columns(db: Database, table: str) -> tuple[Column, ...]:
    to = {row[3]: str(row[2]) for row in db.execute(f"PRAGMA foreign_key_list({table})")}
    found = {}
    for _, name, kind, not_null, _, key in db.execute(f"PRAGMA table_info({table})"):
        column = Column(name, kind, not (not_null or key), to.get(name))
        found[name] = _bounded(column, bool(key))
    for check in checks(db, table):
        for kind, pattern in _CHECKS:
            match = pattern.fullmatch(check)
            if match:
                name = match[1]
                found[name] = _narrowed(found[name], kind, match)
    return tuple(found.values())


def checks(db: Database, table: str) -> list[str]:
    """Return the expressions of a table's CHECK constraints, as they are written."""
    sql = db.table(table).schema
    found = []
    for start in re.finditer(r"CHECK \(", sql):
        depth, end = 1, start.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        found.append(sql[start.end() : end - 1])
    return found


def is_understood(check: str) -> bool:
    """Whether a CHECK has a counterpart in JSON Schema here. SQLite itself enforces any."""
    return any(pattern.fullmatch(check) for _, pattern in _CHECKS)


def _bounded(column: Column, is_key: bool) -> Column:
    if column.name.endswith("_at"):
        return replace(column, pattern=TIME)
    if column.name == "utc_offset":
        return replace(column, least=OFFSET.least, most=OFFSET.most)
    if is_key or column.references:
        return replace(column, shortest=1, longest=_ID_MAX)
    if column.type == "REAL":
        return replace(column, most=_SECONDS_MAX)
    if column.type == "INTEGER":
        return replace(column, most=_INTEGER_MAX)
    return column


def _narrowed(column: Column, kind: str, match: re.Match[str]) -> Column:
    if kind == "between":
        return replace(column, least=int(match[2]), most=int(match[3]))
    if kind == "length":
        return replace(column, shortest=int(match[2]), longest=int(match[3]))
    if kind == "least":
        return replace(column, least=int(match[2]))
    if kind == "day":
        return replace(column, pattern=DAY)
    if kind == "json":
        return replace(column, is_json=True)
    items = [item.strip() for item in match[2].split(",")]
    return replace(column, choices=tuple(i[1:-1] if i.startswith("'") else int(i) for i in items))


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
    said: dict[str, Any] = {"type": [kind, "null"] if column.nullable else kind}
    if column.choices:
        said["enum"] = [*column.choices, *([None] if column.nullable else [])]
    elif kind == "string":
        said |= {"minLength": column.shortest, "maxLength": column.longest}
    for word, value in (("minimum", column.least), ("maximum", column.most)):
        if value is not None and not column.choices:
            said[word] = value
    if column.pattern:
        said = {"type": said["type"], "pattern": column.pattern}
        said["format"] = "date" if column.pattern == DAY else "date-time"
    if column.is_json:
        said["contentMediaType"] = "application/json"
    return said | {"description": about(table, column.name)}
