// Saves the text of a field that saves itself before a link or a button acts. Streamlit sends the
// field's value after the tap that left it, and for the page that is shown. A page opened meanwhile
// would not appear, the run that saves the value would be interrupted for it, or a file would be
// made without the value.
//
// A note is also saved while it is being typed, so that a reload, or a phone that discards the tab,
// loses none of it. Forms are different: they have a save button, and drafts.js.

import { isAtRest } from "./elements.js";

const FIELDS = ":is(.stTextArea, .stTextInput, .stNumberInput, .stDateInput, .stTimeInput):not(.stForm *)";
const VALUES = "input, textarea, [role=spinbutton]";
const WAYS = ".stPageLink a, .stButton button, .stDownloadButton button";
const TYPED_ON_MS = 3000;
// If no run has come after this time, none will: Streamlit has refused the value.
const PATIENCE_MS = 2000;

// `field` is the field in use and `sent` its last sent value; `held` waits until all is saved.
const state = (window.__holdwellUnsaved ??= { field: null, sent: "", isSaving: false, held: null });

export function watchFields() {
  if (state.watching) return;
  state.watching = true;
  const listen = (kind, act) => document.addEventListener(kind, act, true);
  listen("beforeinput", begin);
  listen("input", saveSoon);
  listen("keydown", enter);
  listen("focusout", leave);
  listen("click", hold);
  listen("visibilitychange", () => { if (document.hidden) save(document.activeElement); });
}

// Called after a run has ended.
export function saved() {
  const { held } = state;
  clearTimeout(state.patience);
  Object.assign(state, { isSaving: false, held: null });
  if (held) (held.way.isConnected ? held.way : document.querySelector(held.again))?.click();
}

const valueOf = (field) =>
  [...field.querySelectorAll(VALUES)].map((part) => part.value ?? part.textContent).join("\n");

function begin({ target }) {
  const field = target.closest?.(FIELDS);
  if (field && field !== state.field) Object.assign(state, { field, sent: valueOf(field) });
}

function send(field) {
  // A day or a time of which only some parts are filled in is not sent, and causes no run.
  const parts = [...field.querySelectorAll("[role=spinbutton]")];
  const given = parts.filter((part) => part.getAttribute("aria-valuenow") !== null);
  if (given.length % (parts.length || 1)) return;
  const value = valueOf(field);
  state.isSaving ||= value !== state.sent;
  state.sent = value;
}

function enter({ key, target, ctrlKey, metaKey }) {
  const isSent = key === "Enter" && (target.tagName !== "TEXTAREA" || ctrlKey || metaKey);
  if (isSent && state.field?.contains(target)) send(state.field);
}

// Moving from one part of a date to the next does not leave the field.
function leave({ target, relatedTarget }) {
  const { field } = state;
  if (!field?.contains(target) || field.contains(relatedTarget)) return;
  send(field);
  state.field = null;
}

function saveSoon({ target }) {
  clearTimeout(state.soon);
  state.soon = setTimeout(() => save(target), TYPED_ON_MS);
}

// Streamlit sends a text area's value when the focus leaves it; this event pretends that it does.
function save(area) {
  if (!area.matches?.(".stTextArea textarea") || !state.field?.contains(area)) return;
  area.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

function hold(event) {
  const way = event.target.closest?.(WAYS);
  // A link opened in a new window leaves nothing, and a tap that frame.js ignored does not count.
  if (!way || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // On an iPhone, a tap does not move the focus.
  if (state.field?.contains(document.activeElement)) document.activeElement.blur();
  if (!state.isSaving) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // The run may draw the button again, so remember its key, which every button has.
  const [key] = /st-key-[\w-]+/.exec(way.closest('[class*="st-key-"]')?.className) ?? [];
  // Repeated taps must not prolong the wait.
  if (!state.held) wait();
  state.held = { way, again: `.${key} :is(button, a)` };
}

function wait() {
  clearTimeout(state.patience);
  state.patience = setTimeout(() => (isAtRest() ? saved() : wait()), PATIENCE_MS);
}
