// What the browser does after each run of a page; one component, because each costs time in each
// run.

import { improvePage } from "./frame.js";
import { attend } from "./runtime/attention.js";
import { isAtRest } from "./runtime/elements.js";
import { remember } from "./runtime/person.js";
import { repeatTap, watchTaps } from "./runtime/tapped.js";

const ASK_EVERY_MS = 1000;
// Longer than UNSEEN_S in forms.py: until then the server ignores an answer that it has replaced.
const REPEAT_AFTER_MS = 2000;

export default function afterRun({ data: [{ frame, person, drafts }], setTriggerValue }) {
  improvePage(frame, () => setTriggerValue("calendar", true));
  if (person) remember(person);
  attend(drafts);
  watchTaps();
  // `handshake.js` calls this when the page has connected again. What the server sent meanwhile is
  // lost, and Streamlit asks for a run only if it knows of one that did not end: a score would seem
  // to be saved, an ended routine or half a page would stay. So ask until a run asked for here comes.
  window.__holdwellConnected = () => {
    let frameBefore = null;
    const asking = setInterval(() => {
      if (!isAtRest()) return;
      const shown = window.__holdwellFrame.data;
      if (frameBefore && shown !== frameBefore) {
        clearInterval(asking);
        setTimeout(repeatTap, REPEAT_AFTER_MS);
        return;
      }
      frameBefore = shown;
      setTriggerValue("again", true);
    }, ASK_EVERY_MS);
  };
}
