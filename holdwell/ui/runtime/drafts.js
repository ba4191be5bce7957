// Keeps what is entered in an open form until it is saved or cancelled, so that Back, a link or a
// reload loses nothing. A form is identified by the person and the entry in the page's address.
//
// Drafts are in the tab's session storage; for an encrypted database only in the page's memory,
// which survives Back but not a reload. Drafts are dropped when another person is shown, when the
// database is locked, and when it was erased.

import { session } from "./browser_storage.js";
import { isAtRest } from "./elements.js";

const PREFIX = "holdwell.draft.";
const TEXTS = ':is([data-testid="stTextArea"], [data-testid="stTextInput"]) :is(textarea, input), [data-testid="stNumberInput"] input';
const CHOICES = ".stButtonGroup :is([role=radiogroup], [role=group], [role=toolbar])";
const SEGMENTS = ":is(.stDateInput, .stTimeInput) [role=spinbutton]";
const LEAVING = '[class*="-save"] button, [class*="-cancel"] button, .st-key-hw-delete button, .st-key-hw-rate-save button';
const FIELDS = '[class*="st-key-form-"], [class*="st-key-rate-"]';
const SAVED = '.st-key-hw-delete, [class*="st-key-rate-"]';
const WAIT_MS = 60;
// A tap on an answer within this time after it was restored comes from a user who has not seen
// that.
const UNSEEN_MS = 1000;

const kept = (window.__holdwellDrafts ??= new Map());
const state = (window.__holdwellDraftState ??= { shown: null, leaving: false, inMemory: true });

// Called after each run of a page. `person` is an id, or "" while the database is locked.
// `inMemory`: drafts must not be stored. `forgotten`: when this window last had to drop all drafts;
// 0 for never.
export function keepDrafts(main, { person, inMemory, forgotten }) {
  Object.assign(state, { person, inMemory });
  dropOthers(forgotten && forgotten !== state.forgotten ? "" : person);
  state.forgotten = forgotten;
  if (!state.watching) {
    state.watching = true;
    // Streamlit's answers are chosen by pointer events, or by a click without them.
    for (const kind of ["input", "pointerdown", "click"]) document.addEventListener(kind, touch, true);
    for (const kind of ["input", "click", "keyup"]) document.addEventListener(kind, notice, true);
  }
  // When a form is closed and opened again, the keys of its fields have another number. Just after
  // Back, the address names a form that is not on the page yet.
  const fields = main.querySelector(FIELDS)?.className;
  const form = fields === undefined ? null : openForm();
  // Where the database is out of reach, nothing was saved, though the form is not drawn.
  const isSaved = state.leaving && !main.querySelector(".st-key-hw-trouble");
  if (state.shown && state.shown !== form && isSaved) drop(state.shown);
  const isNew = form !== state.shown || fields !== state.fields;
  state.shown = form;
  state.fields = fields;
  state.leaving = false;
  if (!form || !isNew) return;
  state.begun = snapshot(main);
  state.touched = new Set();
  const draft = read(form);
  // Changes made in another window are newer than the draft. A form for a new entry may start with
  // another time and still be the same.
  const isSame = JSON.stringify(draft?.begun) === JSON.stringify(state.begun);
  if (isSame || !main.querySelector(SAVED)) restore(main, draft);
  else drop(form);
}

function openForm() {
  const address = new URLSearchParams(location.search);
  const entry = address.get("edit") ?? address.get("session");
  return state.person && entry ? `${state.person}.${entry}` : null;
}

// What the user enters while a draft is being restored stays as entered, and tapping an answer just
// after it was restored does not switch it off.
function touch(event) {
  if (!event.isTrusted) return;
  state.touched?.add(event.target.closest?.(CHOICES) ?? event.target);
  const option = event.target.closest?.("[aria-checked], [aria-pressed]");
  if (event.type === "input" || !state.restored?.has(option)) return;
  if (performance.now() - state.restoredAt > UNSEEN_MS) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function notice(event) {
  if (state.restoring || !state.shown || openForm() !== state.shown) return;
  const main = event.target.closest?.('[data-testid="stMain"]');
  if (!main || main.querySelector(".hw-timer")) return;
  if (event.target.closest(LEAVING)) {
    if (event.type === "click") state.leaving = true;
    clearTimeout(state.soon);
    return;
  }
  clearTimeout(state.soon);
  const form = state.shown;
  state.soon = setTimeout(() => {
    if (openForm() === form && !state.leaving) write(form, { begun: state.begun, ...snapshot(main) });
  }, WAIT_MS);
}

// Names fields by their label and its ordinal, since holds of one side have the same label.
function labelled(main, selector) {
  const count = {};
  return [...main.querySelectorAll(selector)].map((field) => {
    count[field.ariaLabel] = (count[field.ariaLabel] ?? 0) + 1;
    return [`${field.ariaLabel}#${count[field.ariaLabel]}`, field];
  });
}

const entries = (main, selector, value) =>
  labelled(main, selector).map(([name, field]) => [name, value(field)]);
const isOn = (option) => option.ariaChecked === "true" || option.ariaPressed === "true";
const options = (group) => [...group.querySelectorAll("[aria-checked], [aria-pressed]")];

function snapshot(main) {
  return {
    texts: entries(main, TEXTS, (field) => field.value),
    choices: entries(main, CHOICES, (field) => options(field).filter(isOn).map((o) => o.textContent)),
    segments: entries(main, SEGMENTS, (field) => [field.ariaValueNow, field.textContent]),
  };
}

async function restore(main, draft) {
  if (!draft) return;
  state.restoring = true;
  for (const [field, [value, text]] of pairs(main, SEGMENTS, draft.segments)) {
    if (value === null || field.ariaValueNow === value) continue;
    field.focus();
    // AM or PM is typed as its first letter.
    const isHalf = field.ariaValueMax === "1";
    const typed = isHalf ? text.trim()[0] : value.padStart(field.ariaValueMax > 99 ? 4 : 2, "0");
    for (const data of typed) {
      field.dispatchEvent(new InputEvent("beforeinput", { data, inputType: "insertText", bubbles: true, cancelable: true }));
      await pause();
    }
  }
  // Streamlit takes a day or a time only after the focus has moved elsewhere.
  const heading = main.querySelector("h1");
  if (heading && document.activeElement?.closest(SEGMENTS)) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  // A day or a time causes a run, which would discard what is entered before it.
  do await pause(); while (!isAtRest());
  for (const [field, names] of pairs(main, CHOICES, draft.choices)) {
    if (state.touched.has(field)) continue;
    const wrong = options(field).filter((o) => isOn(o) !== names.includes(o.textContent));
    const wanted = field.role === "radiogroup" && names.length ? wrong.filter((o) => !isOn(o)) : wrong;
    for (const option of wanted) option.click();
    state.restored = new Set([...(state.restored ?? []), ...wanted]);
  }
  state.restoredAt = performance.now();
  do await pause(); while (!isAtRest());
  for (const [field, value] of pairs(main, TEXTS, draft.texts)) {
    if (field.value === value || state.touched.has(field)) continue;
    // React notices a new value only if the element's own setter is used.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  }
  state.restoring = false;
}

const pause = () => new Promise((done) => setTimeout(done, WAIT_MS));

function pairs(main, selector, values) {
  const known = new Map(openForm() === state.shown ? values : []);
  return labelled(main, selector)
    .filter(([name]) => known.has(name)).map(([name, field]) => [field, known.get(name)]);
}

const read = (form) => kept.get(form) ?? session.getJson(PREFIX + form);

function write(form, draft) {
  if (state.inMemory || !session.put(PREFIX + form, JSON.stringify(draft))) kept.set(form, draft);
}

function drop(form) {
  kept.delete(form);
  session.put(PREFIX + form);
}

function dropOthers(person) {
  const isOther = (form) => !person || !form.startsWith(`${person}.`);
  for (const form of [...kept.keys()].filter(isOther)) kept.delete(form);
  for (const form of session.ends(PREFIX)) {
    if (state.inMemory || isOther(form)) session.put(PREFIX + form);
  }
}
