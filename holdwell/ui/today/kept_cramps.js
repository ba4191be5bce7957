// Cramps noted while the database is locked or the app does not answer; this browser keeps them
// until the database is open in it.

import { local } from "../runtime/browser_storage.js";
import { Offline } from "./offline.js";

const PREFIX = "holdwell.cramp.";

const cramps = {
  get: (person, night) => local.get(`${PREFIX}${person}.${night}`),
  put: (person, night, leg) => local.put(`${PREFIX}${person}.${night}`, leg),
  all: (person) => local.ends(`${PREFIX}${person}.`).map((night) => [night, cramps.get(person, night)]),
};

// The elements on this page from which Python was told of kept cramps; on a new page it knows none.
const told = new WeakSet();

export default function keep({ data: [data], parentElement, setStateValue }) {
  const { person, night, leg } = data;
  if (night) {
    const other = data.adds ? cramps.get(person, night) : null;
    cramps.put(person, night, (other ?? leg) === leg ? leg : "both");
  }
  // Delete what Python has saved, but not what has been tapped since.
  for (const [saved, as] of data.saved) if (cramps.get(person, saved) === as) cramps.put(person, saved);
  const kept = cramps.all(person);
  const isNew = JSON.stringify(kept) !== JSON.stringify(data.heard);
  if (isNew || (kept.length > 0 && !told.has(parentElement))) setStateValue("kept", kept);
  told.add(parentElement);
  window.__holdwellOffline ??= new Offline(cramps);
  window.__holdwellOffline.answered(data, () => setStateValue("ping", Date.now()));
}
