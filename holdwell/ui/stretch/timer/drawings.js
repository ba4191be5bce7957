// The drawings of a routine, fetched while the user reads the page and kept, so that none is missing
// when the app on the user's computer is gone later.

// SVG texts by address, "" for one that is on its way. Kept on the window: the timer may be taken off
// the page and brought back.
const texts = (window.__holdwellDrawings ??= new Map());

// Told on the document when more drawings are there.
export const ARRIVED = "holdwell-drawing";

// Return the SVG text at an address; "" while it is not there.
export function drawing(address) { return texts.get(address) ?? ""; }

// Fetch those that are not there yet, in one request.
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
    // The app is gone or busy; when it is back, they are asked for again.
    for (const address of missing) texts.delete(address);
    return;
  }
  document.dispatchEvent(new CustomEvent(ARRIVED));
}
