-- One file is one person: no query filters by profile, so no index begins with it. The one that
-- keeps a night to a single answer stays as it is.
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
CREATE INDEX cramp_by_leg ON cramp (night, leg) WHERE deleted_at IS NULL;
