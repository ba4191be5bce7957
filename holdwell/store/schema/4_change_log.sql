-- The change log, from which every edit can be undone (see change_log.py). `step` is the id of one
-- change; `undoes` is the id of the change that this one took back.
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
CREATE INDEX change_by_step ON change (step);
