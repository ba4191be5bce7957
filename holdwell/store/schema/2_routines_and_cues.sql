-- The user's own routines, and what the timer says, how loud, and which cues it leaves out.
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
ALTER TABLE profile ADD COLUMN quiet_cues TEXT NOT NULL DEFAULT '';
