// What the browser does after each run of a page; one component, because each costs time in each
// run.

import { improvePage } from "./frame.js";
import { attend } from "./runtime/attention.js";
import { isAtRest } from "./runtime/elements.js";
import { remember } from "./runtime/person.js";

const ASK_EVERY_MS = 1000;

export default function afterRun({ data: [{ frame, person, drafts }], setTriggerValue }) {
  improvePage(frame, () => setTriggerValue("calendar", true));
  if (person) remember(person);
  attend(drafts);
  // `handshake.js` calls this when the page has connected again. If the server restarts before the
  // page has seen anything of a run that was asked for, Streamlit does not ask for another: a score
  // would seem to be saved, and an ended routine would stay on the page. So ask until Python runs.
  window.__holdwellConnected = () => {
    const asking = setInterval(() => {
      if (window.__holdwellFrame.data !== frame) clearInterval(asking);
      else if (isAtRest()) setTriggerValue("again", true);
    }, ASK_EVERY_MS);
  };
}
