// What this browser keeps of a routine, so that a closed tab, a flat battery or a server that is
// gone loses nothing, and what Python is told of it.

const PREFIX = "holdwell.routine.";
// Whose a routine is that was kept before there could be several people.
const FIRST_PERSON = "first";

// A browser in private mode may refuse its storage: the routine then runs without it.
export function readLocal(key) {
  try { return localStorage.getItem(key); } catch { return null; }
}

export function writeLocal(key, text) {
  try { localStorage.setItem(key, text); } catch { /* refused */ }
}

export function readRoutine(id) {
  try { return JSON.parse(readLocal(PREFIX + id)); } catch { return null; }
}

export function writeRoutine(id, snapshot) { writeLocal(PREFIX + id, JSON.stringify(snapshot)); }

export function dropRoutine(id) {
  try { localStorage.removeItem(PREFIX + id); } catch { /* refused */ }
}

// Return what Python is told of a routine, from what is kept of it.
export function reportOf(saved) {
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

// Return reports of this person's other routines in this browser, of whose end Python may not
// have heard. Routines of other people who use this browser are left alone.
export function keptReports(currentId, person) {
  let keys = [];
  try { keys = Object.keys(localStorage); } catch { /* refused */ }
  return keys
    .filter((key) => key.startsWith(PREFIX) && key !== PREFIX + currentId)
    .map((key) => readRoutine(key.slice(PREFIX.length)))
    .filter((saved) => saved?.startedAt && (saved.whose ?? FIRST_PERSON) === person)
    .map(reportOf);
}
