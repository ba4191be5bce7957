-- What is recorded is what happened: pain entries of their own, and goals, pauses and due dates with
-- the day from which they held. A time that is not known is not there. `dated_facts` in migrations.py
-- fills in what an earlier version knew.
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
CREATE INDEX change_by_step ON change (step);
