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
CREATE UNIQUE INDEX cramp_by_night ON cramp (profile_id, night) WHERE deleted_at IS NULL;
