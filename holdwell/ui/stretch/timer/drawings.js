// The drawings of a routine, fetched while the user reads the page and kept, so that none is missing
// when the app on the user's computer is gone later.

// SVG texts by address, "" for one that is on its way. Kept on the window: the timer may be taken off
// the page and brought back.
const texts = (window.__holdwellDrawings ??= new Map());

// Told on the document when another drawing is there.
export const ARRIVED = "holdwell-drawing";

// Return the SVG text at an address; "" while it is not there.
export function drawing(address) { return texts.get(address) ?? ""; }

// Fetch those that are not there yet, one after the other.
export async function fetchDrawings(addresses) {
  for (const address of addresses) {
    if (!address || texts.has(address)) continue;
    texts.set(address, "");
    try {
      const answer = await fetch(address);
      texts.set(address, answer.ok ? await answer.text() : "");
    } catch {
      // The app is gone; when it is back, this is asked for again.
      texts.delete(address);
      return;
    }
    document.dispatchEvent(new CustomEvent(ARRIVED));
  }
}
