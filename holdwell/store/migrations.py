"""The numbered schema changes. The SQL of each is a file in schema/.

Never edit one that has shipped: add the next.
"""

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from holdwell.store.sqlite import Database

_IDS = uuid.UUID("8a0f3d0e-3f0c-4a4e-9d0c-6d1f6c2f7a51")
"""Namespace of the ids that `dated_facts` makes: the same database always gets the same ids."""


def _script(name: str) -> Callable[[Database], None]:
    """Return a migration that runs the statements of a file inside the caller's transaction."""

    def run(db: Database) -> None:
        file = Path(__file__).with_name("schema") / f"{name}.sql"
        for statement in file.read_text(encoding="utf-8").removesuffix(";\n").split(";\n"):
            db.execute(statement)

    return run


def dated_facts(db: Database) -> None:
    """Create tables of dated goals, pauses and due dates, filled with what the database knows.

    The change log has the changes of the last 30 days with their times. An older value is taken to
    have held since its row was created, because nothing else is known.
    """
    _script("6_dated_facts")(db)
    for profile in list(db.query("SELECT * FROM profile")):
        made = _local_day(profile["created_at"], profile["utc_offset"])
        changes = _changes(db, "profile", profile["id"], "goal_per_week")
        first = changes[0][1] if changes else profile["goal_per_week"]
        # The last change on a day sets the goal of that day.
        goals = {made: first} | {max(day, made): goal for day, _, goal in changes}
        for day, goal in goals.items():
            _insert(db, "goal", profile, from_day=day, goal_per_week=goal)
        _insert_pauses(db, profile)
    for row in list(db.query("SELECT * FROM pregnancy WHERE deleted_at IS NULL")):
        _insert_due_dates(db, row)


def _insert_pauses(db: Database, profile: dict[str, Any]) -> None:
    changes = _changes(db, "profile", profile["id"], "tracking")
    saved = _local_day(profile["updated_at"], profile["utc_offset"])
    begun: str | None = None
    pauses: dict[str, str | None] = {}
    for day, _, tracking in changes:
        if tracking == "paused":
            begun = begun or day
        elif begun is not None:
            if begun < day:
                pauses[begun] = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
            begun = None
    if profile["tracking"] == "paused":
        # The pause began at the last save at the latest; an earlier beginning is not known.
        pauses[begun or saved] = None
    for from_day, to_day in pauses.items():
        _insert(db, "pause", profile, from_day=from_day, to_day=to_day)


def _insert_due_dates(db: Database, row: dict[str, Any]) -> None:
    unchanged = row["created_at"] == row["updated_at"]
    given_on = _local_day(row["created_at"], row["utc_offset"]) if unchanged else None
    changes = _changes(db, "pregnancy", row["id"], "due_date")
    dates: list[tuple[Any, Any]] = [(row["due_date"], given_on)]
    if changes:
        dates = [(changes[0][1], None), *((due, day) for day, _, due in changes)]
    for number, (due, day) in enumerate(dates):
        if due is not None:
            _insert(
                db, "due_date", row, number, pregnancy_id=row["id"], due_date=due,
                source="unknown", given_on=day,
            )  # fmt: skip


def _changes(db: Database, table: str, row_id: str, column: str) -> list[tuple[str, Any, Any]]:
    """Return the logged changes of a column: local day, value before and value after."""
    rows = db.query(
        "SELECT before, after, changed_at, utc_offset FROM change "
        "WHERE table_name = ? AND row_id = ? AND before IS NOT NULL ORDER BY changed_at, rowid",
        [table, row_id],
    )
    logged = [(row, json.loads(row["before"]), json.loads(row["after"])) for row in list(rows)]
    return [
        (_local_day(row["changed_at"], row["utc_offset"]), before[column], after[column])
        for row, before, after in logged
        if column in before and before[column] != after[column]
    ]


def _local_day(utc: str, offset: int) -> str:
    """Return the local day, which ended at 4:00 in all earlier versions."""
    moment = datetime.fromisoformat(utc) + timedelta(minutes=offset, hours=-4)
    return moment.date().isoformat()


def _insert(
    db: Database, table: str, owner: dict[str, Any], number: int = 0, **values: object
) -> None:
    """Insert a row with the creation time of its owner, a profile or a pregnancy."""
    name = f"{table} {owner['id']} {values.get('from_day', number)}"
    row = {
        "id": str(uuid.uuid5(_IDS, name)),
        "profile_id": owner.get("profile_id", owner["id"]),
        "created_at": owner["created_at"],
        "updated_at": owner["created_at"],
        **values,
    }
    db.table(table).insert(row)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    _script("1_first_tables"),
    _script("2_routines_and_cues"),
    _script("3_guide_and_check_in"),
    _script("4_change_log"),
    _script("5_indexes_without_profile"),
    dated_facts,
)
"""Each takes a database from the version of its index to the next."""


def migrate(db: Database, version: int, to: int = len(MIGRATIONS)) -> None:
    """Run the migrations from a version to another, inside the caller's transaction."""
    for migration in MIGRATIONS[version:to]:
        migration(db)
