-- The user's language and conditions, and what they answered before a session. An answer names an
-- entry of content/, which may be removed while the answer stays: so there is no CHECK.
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
CREATE INDEX check_in_by_day ON check_in (profile_id, local_day) WHERE deleted_at IS NULL;
