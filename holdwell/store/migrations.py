"""The numbered schema changes. Never edit one that has shipped: add the next."""

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from holdwell.store.sqlite import Database

FIRST_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE profile (
    id TEXT PRIMARY KEY,
    goal_per_week INTEGER NOT NULL CHECK (goal_per_week BETWEEN 1 AND 21),
    hold_seconds INTEGER NOT NULL CHECK (hold_seconds BETWEEN 20 AND 90),
    get_ready_seconds INTEGER NOT NULL CHECK (get_ready_seconds BETWEEN 0 AND 60),
    first_side TEXT NOT NULL CHECK (first_side IN ('left', 'right')),
    sound INTEGER NOT NULL CHECK (sound IN (0, 1)),
    voice INTEGER NOT NULL CHECK (voice IN (0, 1)),
    tracking TEXT NOT NULL CHECK (tracking IN ('on', 'paused')),
    welcomed INTEGER NOT NULL CHECK (welcomed IN (0, 1)),
    safety_seen INTEGER NOT NULL CHECK (safety_seen IN (0, 1)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL
);

CREATE TABLE pregnancy (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    due_date TEXT CHECK (due_date IS date(due_date)),
    birth_date TEXT CHECK (birth_date IS date(birth_date)),
    ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL,
    deleted_at TEXT
);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    started_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL,
    ended_at TEXT,
    local_day TEXT NOT NULL CHECK (local_day IS date(local_day)),
    part TEXT NOT NULL CHECK (part IN ('morning', 'bedtime', 'other')),
    state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'stopped', 'logged')),
    held_s REAL NOT NULL DEFAULT 0 CHECK (held_s >= 0),
    pain_before INTEGER CHECK (pain_before BETWEEN 0 AND 10),
    pain_after INTEGER CHECK (pain_after BETWEEN 0 AND 10),
    comfort INTEGER CHECK (comfort BETWEEN 1 AND 5),
    note TEXT NOT NULL DEFAULT '',
    plan TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE INDEX session_by_start ON session (profile_id, started_at);
CREATE INDEX session_by_day ON session
    (profile_id, local_day, part, state, held_s, pain_before, pain_after) WHERE deleted_at IS NULL;
CREATE INDEX session_open ON session (profile_id, started_at)
    WHERE state = 'open' AND deleted_at IS NULL;

CREATE TABLE hold (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    stretch TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('left', 'right')),
    planned_s REAL NOT NULL CHECK (planned_s >= 0),
    held_s REAL NOT NULL CHECK (held_s >= 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('finished', 'shortened', 'skipped')),
    started_at TEXT,
    utc_offset INTEGER
);
CREATE INDEX hold_by_session ON hold (session_id, position);

CREATE TABLE cramp (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    night TEXT NOT NULL CHECK (night IS date(night)),
    leg TEXT NOT NULL CHECK (leg IN ('none', 'left', 'right', 'both')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL,
    deleted_at TEXT
);
CREATE UNIQUE INDEX cramp_by_night ON cramp (profile_id, night) WHERE deleted_at IS NULL
"""

# The user's own routines, and what the timer says, how loud, and which cues it leaves out.
ROUTINES_AND_CUES = """
CREATE TABLE routine (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    part TEXT NOT NULL CHECK (part IN ('morning', 'bedtime', 'other')),
    first_side TEXT NOT NULL CHECK (first_side IN ('left', 'right')),
    extra_side TEXT CHECK (extra_side IN ('left', 'right')),
    repeats INTEGER NOT NULL CHECK (repeats BETWEEN 1 AND 5),
    rest_s INTEGER NOT NULL CHECK (rest_s BETWEEN 0 AND 60),
    stretches TEXT NOT NULL CHECK (json_valid(stretches)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL,
    deleted_at TEXT
);
CREATE INDEX routine_by_position ON routine (profile_id, position) WHERE deleted_at IS NULL;
CREATE INDEX session_deleted ON session (profile_id, deleted_at) WHERE deleted_at IS NOT NULL;
ALTER TABLE profile ADD COLUMN vibration INTEGER NOT NULL DEFAULT 1 CHECK (vibration IN (0, 1));
ALTER TABLE profile ADD COLUMN volume INTEGER NOT NULL DEFAULT 80
    CHECK (volume BETWEEN 0 AND 100);
ALTER TABLE profile ADD COLUMN quiet_cues TEXT NOT NULL DEFAULT ''
"""

# The user's language and conditions, and what they answered before a session. An answer names an
# entry of content/, which may be removed while the answer stays: so there is no CHECK.
GUIDE_AND_CHECK_IN = """
ALTER TABLE profile ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE profile ADD COLUMN conditions TEXT NOT NULL DEFAULT '';
ALTER TABLE pregnancy ADD COLUMN birth_kind TEXT CHECK (birth_kind IN ('vaginal', 'caesarean'));
CREATE TABLE check_in (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    asked_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL,
    local_day TEXT NOT NULL CHECK (local_day IS date(local_day)),
    answer TEXT NOT NULL CHECK (length(answer) BETWEEN 1 AND 60),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE INDEX check_in_by_day ON check_in (profile_id, local_day) WHERE deleted_at IS NULL
"""

# The change log, from which every edit can be undone (see `change_log`). `step` is the id of one
# change; `undoes` is the id of the change that this one took back.
CHANGES = """
CREATE TABLE change (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    undoes TEXT,
    table_name TEXT NOT NULL
        CHECK (table_name IN ('profile', 'pregnancy', 'session', 'cramp', 'routine')),
    row_id TEXT NOT NULL,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT NOT NULL CHECK (json_valid(after)),
    changed_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL
);
CREATE INDEX change_by_time ON change (profile_id, changed_at);
CREATE INDEX change_by_step ON change (step)
"""

# One file is one person: no query filters by profile, so no index begins with it. The one that
# keeps a night to a single answer stays as it is.
INDEXES_WITHOUT_PROFILE = """
DROP INDEX session_by_start;
DROP INDEX session_by_day;
DROP INDEX session_open;
DROP INDEX session_deleted;
DROP INDEX routine_by_position;
DROP INDEX check_in_by_day;
DROP INDEX change_by_time;
CREATE INDEX session_by_start ON session (started_at);
CREATE INDEX session_by_day ON session
    (local_day, part, state, held_s, pain_before, pain_after) WHERE deleted_at IS NULL;
CREATE INDEX session_open ON session (started_at) WHERE state = 'open' AND deleted_at IS NULL;
CREATE INDEX session_deleted ON session (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX routine_by_position ON routine (position) WHERE deleted_at IS NULL;
CREATE INDEX check_in_by_day ON check_in (local_day) WHERE deleted_at IS NULL;
CREATE INDEX change_by_time ON change (changed_at);
CREATE INDEX cramp_by_leg ON cramp (night, leg) WHERE deleted_at IS NULL
"""

# What is recorded is what happened: pain entries of their own, and goals, pauses and due dates with
# the day from which they held. A time that is not known is not there. `dated_facts` fills in what
# an earlier version knew.
DATED_FACTS = """
CREATE TABLE pain (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    felt_at TEXT,
    utc_offset INTEGER,
    local_day TEXT NOT NULL CHECK (local_day IS date(local_day)),
    score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
    places TEXT NOT NULL DEFAULT '',
    side TEXT CHECK (side IN ('left', 'right', 'both')),
    note TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE INDEX pain_by_day ON pain (local_day, score) WHERE deleted_at IS NULL;
CREATE TABLE goal (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    from_day TEXT NOT NULL CHECK (from_day IS date(from_day)),
    goal_per_week INTEGER NOT NULL CHECK (goal_per_week BETWEEN 1 AND 21),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE UNIQUE INDEX goal_by_day ON goal (from_day) WHERE deleted_at IS NULL;
CREATE TABLE pause (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    from_day TEXT NOT NULL CHECK (from_day IS date(from_day)),
    to_day TEXT CHECK (to_day IS date(to_day)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE UNIQUE INDEX pause_by_day ON pause (from_day) WHERE deleted_at IS NULL;
CREATE TABLE due_date (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    pregnancy_id TEXT NOT NULL REFERENCES pregnancy (id) ON DELETE CASCADE,
    due_date TEXT NOT NULL CHECK (due_date IS date(due_date)),
    source TEXT NOT NULL CHECK
        (source IN ('date', 'last_period', 'scan', 'transfer', 'conception', 'unknown')),
    given_on TEXT CHECK (given_on IS date(given_on)),
    source_day TEXT CHECK (source_day IS date(source_day)),
    source_days INTEGER CHECK (source_days BETWEEN 0 AND 308),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE INDEX due_date_by_pregnancy ON due_date (pregnancy_id, created_at);
CREATE TABLE left_out_day (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id),
    day TEXT NOT NULL CHECK (day IS date(day)),
    reason TEXT CHECK (reason IN ('illness', 'fall', 'other')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE UNIQUE INDEX left_out_by_day ON left_out_day (day) WHERE deleted_at IS NULL;
ALTER TABLE session ADD COLUMN time_known INTEGER NOT NULL DEFAULT 1 CHECK (time_known IN (0, 1));
ALTER TABLE session ADD COLUMN pain_places TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN pain_side TEXT CHECK (pain_side IN ('left', 'right', 'both'));
ALTER TABLE profile ADD COLUMN day_ends_at INTEGER NOT NULL DEFAULT 4
    CHECK (day_ends_at BETWEEN 0 AND 12);
ALTER TABLE profile ADD COLUMN week_starts_on INTEGER CHECK (week_starts_on BETWEEN 0 AND 6);
ALTER TABLE change RENAME TO earlier_change;
DROP INDEX change_by_time;
DROP INDEX change_by_step;
CREATE TABLE change (
    id TEXT PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    undoes TEXT,
    table_name TEXT NOT NULL
        CHECK (table_name IN ('profile', 'pregnancy', 'session', 'cramp', 'routine', 'pain',
            'goal', 'pause', 'due_date', 'left_out_day')),
    row_id TEXT NOT NULL,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT NOT NULL CHECK (json_valid(after)),
    changed_at TEXT NOT NULL,
    utc_offset INTEGER NOT NULL
);
INSERT INTO change SELECT * FROM earlier_change ORDER BY rowid;
DROP TABLE earlier_change;
CREATE INDEX change_by_time ON change (changed_at);
CREATE INDEX change_by_step ON change (step)
"""

_IDS = uuid.UUID("8a0f3d0e-3f0c-4a4e-9d0c-6d1f6c2f7a51")
"""Namespace of the ids that `dated_facts` makes: the same database gives the same ids each time."""


def _script(statements: str) -> Callable[[Database], None]:
    """Make a migration that runs SQL statements one by one, inside the caller's transaction."""

    def run(db: Database) -> None:
        for statement in statements.split(";\n"):
            db.execute(statement)

    return run


def dated_facts(db: Database) -> None:
    """Make tables of dated goals, pauses and due dates, of what the database knows and no more.

    The change log has the changes of the last 30 days with their moments. What is older than
    that has held since the row was made, for all that is known.
    """
    _script(DATED_FACTS)(db)
    for profile in list(db.query("SELECT * FROM profile")):
        made = _local_day(profile["created_at"], profile["utc_offset"])
        changes = _changes(db, "profile", profile["id"], "goal_per_week")
        first = changes[0][1] if changes else profile["goal_per_week"]
        # The last change of a day is the goal of that day.
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
                pauses[begun] = _day_before(day)
            begun = None
    if profile["tracking"] == "paused":
        # It is paused since the last save at the latest; whether it was before, nobody knows.
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
    """Return the logged changes of a column: local day, value before, value after."""
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
    """Return the day, which ended at 4:00 in every version before."""
    moment = datetime.fromisoformat(utc) + timedelta(minutes=offset, hours=-4)
    return moment.date().isoformat()


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _insert(
    db: Database, table: str, owner: dict[str, Any], number: int = 0, **values: object
) -> None:
    """Insert a row that was made when its owner, a profile or a pregnancy, was."""
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
    _script(FIRST_TABLES),
    _script(ROUTINES_AND_CUES),
    _script(GUIDE_AND_CHECK_IN),
    _script(CHANGES),
    _script(INDEXES_WITHOUT_PROFILE),
    dated_facts,
)
"""Number n brings a database from schema version n to n + 1. Never edit one that has shipped."""


def migrate(db: Database, version: int, to: int = len(MIGRATIONS)) -> None:
    """Run the migrations from one version to another, inside the caller's transaction."""
    for migration in MIGRATIONS[version:to]:
        migration(db)
