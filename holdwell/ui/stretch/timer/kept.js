// What this browser keeps of a routine, so that a closed tab, a flat battery or a server that is
// gone loses nothing, and how tabs that show the same routine agree on which of them runs it.

const STORE_PREFIX = "holdwell.routine.";
// Whose a routine is that was kept before there could be several people.
const FIRST_PERSON = "first";
const TAB = crypto.randomUUID?.() ?? String(Math.random());

const storage = {
  read(id) {
    try { return JSON.parse(localStorage.getItem(STORE_PREFIX + id)); } catch { return null; }
  },
  write(id, value) {
    try { localStorage.setItem(STORE_PREFIX + id, JSON.stringify(value)); } catch { /* private mode */ }
  },
  drop(id) {
    try { localStorage.removeItem(STORE_PREFIX + id); } catch { /* private mode */ }
  },
};

// What Python is told of a routine, from what is kept of it.
function reportOf(saved) {
  return {
    whose: saved.whose,
    plan: saved.plan,
    phase: saved.phase === "done" || saved.phase === "stopped" ? saved.phase : "running",
    started_at: saved.startedAt,
    ended_at: saved.endedAt,
    utc_offset: -new Date(saved.startedAt).getTimezoneOffset(),
    holds: saved.records,
  };
}

// Routines that this browser kept and that Python may not have heard the end of: her own alone,
// others who use this browser are told of theirs.
function keptRoutines(currentId, whose) {
  const found = [];
  try {
    for (let i = 0; i < localStorage.length; i += 1) {
      const key = localStorage.key(i);
      if (!key?.startsWith(STORE_PREFIX) || key === STORE_PREFIX + currentId) continue;
      const saved = storage.read(key.slice(STORE_PREFIX.length));
      if (saved?.startedAt && (saved.whose ?? FIRST_PERSON) === whose) found.push(reportOf(saved));
    }
  } catch { /* no storage in this browser */ }
  return found;
}

const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel("holdwell-timer") : null;
