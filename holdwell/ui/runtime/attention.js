// After each run of a page, scrolls what is new into view, and moves the focus to where the user
// continues (WCAG 2.2, 2.4.3), as it is lost when the button that had it disappears.

import { keepDrafts } from "./drafts.js";
import { isAtRest } from "./elements.js";
import { openAgain, watchSections } from "./sections.js";
import { saved, watchFields } from "./unsaved.js";

const LOOK_EVERY_MS = 50;
const TIMER = ".hw-timer[data-active]";
const OPENED = ".st-key-hw-settings details[open]";
// A form below the button that opened it.
const PANEL = ".st-key-hw-done-panel";
const NEWS = '[data-testid="stAlert"], [class*="st-key-hw-undo-bar"]';

export function attend(drafts) {
  watchFields();
  watchSections();
  clearInterval(window.__holdwellAttend);
  window.__holdwellAttend = setInterval(() => {
    if (!isAtRest()) return;
    window.__holdwellAttend = clearInterval(window.__holdwellAttend);
    const main = document.querySelector('[data-testid="stMain"]');
    openAgain(main);
    settle(main);
    if (main) keepDrafts(main, drafts);
    saved();
  }, LOOK_EVERY_MS);
}

function settle(main) {
  const heading = main?.querySelector("h1");
  if (!heading) return;
  const news = [...main.querySelectorAll(NEWS)];
  const panel = main.querySelector(PANEL);
  const before = window.__holdwellSeen;
  const now = { path: location.pathname, title: heading.textContent, news: new Map(), panel };
  // Streamlit puts the next run's message into the same box, so compare the texts.
  for (const message of news) now.news.set(message, message.textContent);
  window.__holdwellSeen = now;
  if (document.querySelector(TIMER)) return;
  if (!before) { showOpened(main); return; }
  const isLost = !document.activeElement || document.activeElement === document.body;
  const isOther = now.path !== before.path || (isLost && now.title !== before.title);
  // A page that is opened with its panel open shows its beginning.
  const opened = isOther || before.panel ? null : panel;
  const fresh = news.find((message) => before.news.get(message) !== message.textContent) ?? opened;
  if (isOther) main.scrollTo({ top: 0, behavior: "instant" });
  if (isOther) showOpened(main);
  if (isOther || isLost) focus(isOther || !fresh ? heading : fresh);
  fresh?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// Scroll to the section of the settings that a link or the address opened; it may be far down.
function showOpened(main) {
  main.querySelector(OPENED)?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function focus(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
