"""Migrating a database of version 5 to dated facts keeps what it knew, and invents nothing."""

import json
from typing import Any

import pytest
from sqlite_utils import Database

from holdwell.store import migrations, table_info

CREATED, UPDATED = "2026-10-01T20:00:00.000Z", "2026-11-20T01:00:00.000Z"
PROFILE = {
    "id": "p", "goal_per_week": 14, "hold_seconds": 35, "get_ready_seconds": 10,
    "first_side": "left", "sound": 1, "voice": 1, "tracking": "on", "welcomed": 1,
    "safety_seen": 1, "created_at": CREATED, "updated_at": UPDATED, "utc_offset": 60,
}  # fmt: skip
PREGNANCY = {
    "id": "y", "profile_id": "p", "due_date": "2027-03-20", "birth_date": None, "ended": 0,
    "created_at": CREATED, "updated_at": CREATED, "utc_offset": 60, "deleted_at": None,
}  # fmt: skip


@pytest.fixture
def earlier() -> Database:
    """An empty database of version 5, in memory."""
    return table_info.empty_database(5)


def log(db: Database, day: str, before: Any, after: Any, table: str = "profile") -> None:
    """Log a change at 21:05 in Berlin."""
    row = {
        "id": f"{day}{json.dumps(after)}", "profile_id": "p", "step": day, "table_name": table,
        "row_id": "p" if table == "profile" else "y", "before": json.dumps(before),
        "after": json.dumps(after), "changed_at": f"{day}T20:05:00.000Z", "utc_offset": 60,
    }  # fmt: skip
    db.table("change").insert(row)


def migrated(db: Database, table: str) -> list[tuple[Any, ...]]:
    migrations.migrate(db, 5, 6)
    names = {
        "goal": "from_day, goal_per_week",
        "pause": "from_day, to_day",
        "due_date": "due_date, source, given_on",
    }
    return db.execute(f"SELECT {names[table]} FROM {table} ORDER BY rowid").fetchall()


def test_a_goal_without_a_history_has_held_since_the_profile_was_made(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE)
    assert migrated(earlier, "goal") == [("2026-10-01", 14)]


def test_goals_of_the_change_log_have_their_days(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE)
    log(earlier, "2026-11-02", {"goal_per_week": 7}, {"goal_per_week": 10})
    log(earlier, "2026-11-09", {"volume": 80}, {"volume": 50})
    log(earlier, "2026-11-15", {"goal_per_week": 10}, {"goal_per_week": 14})
    assert migrated(earlier, "goal") == [
        ("2026-10-01", 7), ("2026-11-02", 10), ("2026-11-15", 14),
    ]  # fmt: skip


def test_pauses_of_the_change_log_have_their_days(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE | {"tracking": "paused"})
    log(earlier, "2026-11-02", {"tracking": "on"}, {"tracking": "paused"})
    log(earlier, "2026-11-09", {"tracking": "paused"}, {"tracking": "on"})
    log(earlier, "2026-11-15", {"tracking": "on"}, {"tracking": "paused"})
    assert migrated(earlier, "pause") == [("2026-11-02", "2026-11-08"), ("2026-11-15", None)]


def test_a_pause_without_a_logged_beginning_begins_with_the_last_save(earlier: Database) -> None:
    """Changes at two in the morning count for the day before."""
    earlier.table("profile").insert(PROFILE | {"tracking": "paused"})
    assert migrated(earlier, "pause") == [("2026-11-19", None)]


def test_no_pause_is_made_up(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE)
    assert migrated(earlier, "pause") == []


def test_a_due_date_is_dated_only_where_its_day_is_known(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE)
    earlier.table("pregnancy").insert_all(
        [
            PREGNANCY,
            PREGNANCY | {"id": "edited", "updated_at": UPDATED},
            PREGNANCY | {"id": "none", "due_date": None},
            PREGNANCY | {"id": "gone", "deleted_at": UPDATED},
        ]
    )
    assert migrated(earlier, "due_date") == [
        ("2027-03-20", "unknown", "2026-10-01"),
        ("2027-03-20", "unknown", None),
    ]


def test_a_corrected_due_date_of_the_change_log_keeps_the_earlier_one(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE)
    earlier.table("pregnancy").insert(PREGNANCY)
    before, after = ({"due_date": day} for day in ("2027-03-13", "2027-03-20"))
    log(earlier, "2026-11-02", before, after, "pregnancy")
    assert migrated(earlier, "due_date") == [
        ("2027-03-13", "unknown", None),
        ("2027-03-20", "unknown", "2026-11-02"),
    ]


def test_the_change_log_and_its_ids_stay(earlier: Database) -> None:
    earlier.table("profile").insert(PROFILE)
    log(earlier, "2026-11-02", {"goal_per_week": 7}, {"goal_per_week": 14})
    before = earlier.execute("SELECT * FROM change").fetchall()
    migrations.migrate(earlier, 5, 6)
    assert earlier.execute("SELECT * FROM change").fetchall() == before
    ids = earlier.execute("SELECT id FROM goal ORDER BY id").fetchall()
    again = table_info.empty_database(5)
    again.table("profile").insert(PROFILE)
    log(again, "2026-11-02", {"goal_per_week": 7}, {"goal_per_week": 14})
    migrations.migrate(again, 5, 6)
    assert again.execute("SELECT id FROM goal ORDER BY id").fetchall() == ids
