"""The numbered schema changes as SQL. Never edit one that has shipped: add the next."""

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
