// What the browser does after each run of a page; one component, because each costs time in each
// run.

import { improvePage } from "./frame.js";
import { attend } from "./runtime/attention.js";
import { remember } from "./runtime/person.js";

export default function afterRun({ data: [{ frame, person, drafts }], setTriggerValue }) {
  improvePage(frame, () => setTriggerValue("calendar", true));
  if (person) remember(person);
  attend(drafts);
}
