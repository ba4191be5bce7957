// What the browser does after each run of a page. One component, as each costs every run time.

import { improvePage } from "./frame.js";
import { attend } from "./runtime/attention.js";
import { remember } from "./runtime/person.js";

export default function afterRun({ data: [{ frame, person, drafts }], setTriggerValue }) {
  improvePage(frame, () => setTriggerValue("calendar", true));
  if (person) remember(person);
  attend(drafts);
}
