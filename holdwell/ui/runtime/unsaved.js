// What is typed into a field that saves itself is saved before a link or a button acts. Streamlit
// sends the field's value after the tap that left it, for the page that is shown: a page asked for
// meanwhile would not come, or the run that saves the value would be broken off for it.
//
// A note is saved while it is typed, too, so that a reload or a tab that the phone throws away loses
// none of it. Forms have a button to save, and drafts.js.

import { isAtRest } from "./elements.js";

const FIELDS = ":is(.stTextArea, .stTextInput, .stNumberInput, .stDateInput, .stTimeInput):not(.stForm *)";
const VALUES = "input, textarea, [role=spinbutton]";
const WAYS = ".stPageLink a, .stButton button";
const TYPED_ON_MS = 3000;
// Without any run for so long, none comes: Streamlit refused the value.
const PATIENCE_MS = 2000;

// `field` is being typed into and was last sent as `sent`; `held` waits until all is saved.
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

// Called when a run has ended.
export function saved() {
  const { held } = state;
  clearTimeout(state.patience);
  Object.assign(state, { isSaving: false, held: null });
  if (held) (held.way.isConnected ? held.way : document.querySelector(held.again))?.click();
}

const valueOf = (field) =>
  [...field.querySelectorAll(VALUES)].map((one) => one.value ?? one.textContent).join("\n");

function begin({ target }) {
  const field = target.closest?.(FIELDS);
  if (field && field !== state.field) Object.assign(state, { field, sent: valueOf(field) });
}

function send(field) {
  // Of some parts of a day or a time Streamlit hears nothing, and no run comes.
  const parts = [...field.querySelectorAll("[role=spinbutton]")];
  const given = parts.filter((one) => one.getAttribute("aria-valuenow") !== null);
  if (given.length % (parts.length || 1)) return;
  const value = valueOf(field);
  state.isSaving ||= value !== state.sent;
  state.sent = value;
}

function enter({ key, target, ctrlKey, metaKey }) {
  const isSent = key === "Enter" && (target.tagName !== "TEXTAREA" || ctrlKey || metaKey);
  if (isSent && state.field?.contains(target)) send(state.field);
}

// From one part of a day to the next is still the same field.
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

// Streamlit sends a text area when the focus leaves it; here it stays.
function save(area) {
  if (!area.matches?.(".stTextArea textarea") || !state.field?.contains(area)) return;
  area.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}

function hold(event) {
  const way = event.target.closest?.(WAYS);
  // In a window of its own it leaves nothing, and a tap that was not meant is none.
  if (!way || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // An iPhone leaves the focus where it is.
  if (state.field?.contains(document.activeElement)) document.activeElement.blur();
  if (!state.isSaving) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // The run may draw it once more. Every button has a key.
  const [key] = /st-key-[\w-]+/.exec(way.closest('[class*="st-key-"]')?.className) ?? [];
  // Tapped again and again, it waits no longer for that.
  if (!state.held) wait();
  state.held = { way, again: `.${key} :is(button, a)` };
}

function wait() {
  clearTimeout(state.patience);
  state.patience = setTimeout(() => (isAtRest() ? saved() : wait()), PATIENCE_MS);
}
