// What this browser keeps of a routine, so that nothing is lost by a closed tab, a flat battery or a
// missing server, and the report of it for Python.

import { local } from "../../runtime/browser_storage.js";

const PREFIX = "holdwell.routine.";
// The owner of a routine that was kept before the app had several people.
const FIRST_PERSON = "first";

export function readRoutine(id) { return local.getJson(PREFIX + id); }
export function writeRoutine(id, snapshot) { local.put(PREFIX + id, JSON.stringify(snapshot)); }
export function dropRoutine(id) { local.put(PREFIX + id); }

// Return the report for Python from what is kept of a routine.
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

// Return reports of this person's other routines in this browser: Python may not know that they
// ended. Routines of other people who use this browser are left alone.
export function keptReports(currentId, person) {
  return local.ends(PREFIX)
    .filter((id) => id !== currentId)
    .map(readRoutine)
    .filter((saved) => saved?.startedAt && (saved.whose ?? FIRST_PERSON) === person)
    .map(reportOf);
}
