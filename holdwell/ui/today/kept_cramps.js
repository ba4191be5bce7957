// Cramps noted while the database is locked, or while the app does not answer: kept in this browser
// until it is open here.

import { Offline } from "./offline.js";

const PREFIX = "holdwell.cramp.";

// A browser in private mode may refuse: then nothing is kept, and nothing is said.
const storage = {
  get(person, night) {
    try { return localStorage.getItem(`${PREFIX}${person}.${night}`); } catch { return null; }
  },
  put(person, night, leg) {
    const name = `${PREFIX}${person}.${night}`;
    try {
      if (leg) localStorage.setItem(name, leg);
      else localStorage.removeItem(name);
    } catch { /* see above */ }
  },
  all(person) {
    const own = `${PREFIX}${person}.`;
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(own))
        .map((key) => [key.slice(own.length), localStorage.getItem(key)]);
    } catch { return []; }
  },
};

// The places on a page from which Python has been told; on another page it knows nothing yet.
const told = new WeakSet();

export default function keep({ data: [data], parentElement, setStateValue }) {
  const { person, night, leg } = data;
  if (night) {
    const other = data.adds ? storage.get(person, night) : null;
    storage.put(person, night, (other ?? leg) === leg ? leg : "both");
  }
  // What has been tapped since is not saved yet.
  for (const [saved, as] of data.saved) if (storage.get(person, saved) === as) storage.put(person, saved);
  const kept = storage.all(person);
  const isNew = JSON.stringify(kept) !== JSON.stringify(data.heard);
  if (isNew || (kept.length > 0 && !told.has(parentElement))) setStateValue("kept", kept);
  told.add(parentElement);
  window.__holdwellOffline ??= new Offline(storage);
  window.__holdwellOffline.answered(data, () => setStateValue("ping", Date.now()));
}
