// The drawings of a routine: fetched while the user reads the page, and kept, so that none is missing
// if the app on the user's computer is gone later.

// SVG texts by address, "" while one is being fetched. Kept on the window, as the timer may be
// removed from the page and added again.
const texts = (window.__holdwellDrawings ??= new Map());

// The event on the document when more drawings have arrived.
export const ARRIVED = "holdwell-drawing";

// Return the SVG text of an address; "" if it has not arrived.
export function drawing(address) { return texts.get(address) ?? ""; }

// Fetch the drawings that are missing, in one request.
export async function fetchDrawings(addresses) {
  const missing = [...new Set(addresses)].filter((address) => address && !texts.has(address));
  if (missing.length === 0) return;
  for (const address of missing) texts.set(address, "");
  const folder = missing[0].slice(0, missing[0].lastIndexOf("/"));
  const asked = new URLSearchParams(missing.map((address) => ["of", address]));
  try {
    const answer = await fetch(`${folder}?${asked}`);
    if (!answer.ok) throw new Error(answer.status);
    for (const [address, text] of Object.entries(await answer.json())) texts.set(address, text);
  } catch {
    // The app is gone or busy; they are fetched again when it is back.
    for (const address of missing) texts.delete(address);
    return;
  }
  document.dispatchEvent(new CustomEvent(ARRIVED));
}
