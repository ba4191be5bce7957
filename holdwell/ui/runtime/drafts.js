// What is entered in an open form is kept until it is saved or cancelled, so that Back, a link or
// a reload loses nothing. The form is known by the person and the entry in the page's address.
//
// It is kept in the tab's own storage; for an encrypted database only in the page's memory, where
// it outlives Back, but no reload. Nothing is kept of another person than the one on the page, of
// a locked database, and of one that was erased.

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
// Who taps an answer while it is put back has not yet seen that it is there.
const UNSEEN_MS = 1000;

const kept = (window.__holdwellDrafts ??= new Map());
const state = (window.__holdwellDraftState ??= { shown: null, leaving: false, inMemory: true });

// Called after each run of a page. `person`: an id, "" while the database is locked. `inMemory`:
// nothing may be written down. `forgotten`: when this window last had to forget all; 0 for never.
export function keepDrafts(main, { person, inMemory, forgotten }) {
  Object.assign(state, { person, inMemory });
  dropOthers(forgotten && forgotten !== state.forgotten ? "" : person);
  state.forgotten = forgotten;
  if (!state.watching) {
    state.watching = true;
    // Streamlit's answers are chosen by the pointer, or by a click without one.
    for (const kind of ["input", "pointerdown", "click"]) document.addEventListener(kind, touch, true);
    for (const kind of ["input", "click", "keyup"]) document.addEventListener(kind, notice, true);
  }
  // Left and opened again, the same form has fields with keys of another number. Just after Back the
  // address names a form that is not on the page yet.
  const fields = main.querySelector(FIELDS)?.className;
  const form = fields === undefined ? null : openForm();
  if (state.shown && state.shown !== form && state.leaving) drop(state.shown);
  const isNew = form !== state.shown || fields !== state.fields;
  state.shown = form;
  state.fields = fields;
  state.leaving = false;
  if (!form || !isNew) return;
  state.begun = snapshot(main);
  state.touched = new Set();
  const draft = read(form);
  // What was changed in another window is newer. A form for a new entry begins with the time.
  const isSame = JSON.stringify(draft?.begun) === JSON.stringify(state.begun);
  if (isSame || !main.querySelector(SAVED)) restore(main, draft);
  else drop(form);
}

function openForm() {
  const address = new URLSearchParams(location.search);
  const entry = address.get("edit") ?? address.get("session");
  return state.person && entry ? `${state.person}.${entry}` : null;
}

// What the user enters while a draft is put back stays as entered, and an answer tapped just after
// it was put back is not taken back by that.
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

// The fields by their label and its how-manieth they are: holds of one side have the same label.
function labelled(main, selector) {
  const count = {};
  return [...main.querySelectorAll(selector)].map((one) => {
    count[one.ariaLabel] = (count[one.ariaLabel] ?? 0) + 1;
    return [`${one.ariaLabel}#${count[one.ariaLabel]}`, one];
  });
}

const entries = (main, selector, value) =>
  labelled(main, selector).map(([name, one]) => [name, value(one)]);
const isOn = (one) => one.ariaChecked === "true" || one.ariaPressed === "true";
const options = (group) => [...group.querySelectorAll("[aria-checked], [aria-pressed]")];

function snapshot(main) {
  return {
    texts: entries(main, TEXTS, (one) => one.value),
    choices: entries(main, CHOICES, (one) => options(one).filter(isOn).map((o) => o.textContent)),
    segments: entries(main, SEGMENTS, (one) => [one.ariaValueNow, one.textContent]),
  };
}

async function restore(main, draft) {
  if (!draft) return;
  state.restoring = true;
  for (const [one, [value, text]] of pairs(main, SEGMENTS, draft.segments)) {
    if (value === null || one.ariaValueNow === value) continue;
    one.focus();
    // Which half of the day is told by a letter.
    const isHalf = one.ariaValueMax === "1";
    const typed = isHalf ? text.trim()[0] : value.padStart(one.ariaValueMax > 99 ? 4 : 2, "0");
    for (const data of typed) {
      one.dispatchEvent(new InputEvent("beforeinput", { data, inputType: "insertText", bubbles: true, cancelable: true }));
      await pause();
    }
  }
  // Streamlit hears of a day or a time once the focus has gone on to something else.
  const heading = main.querySelector("h1");
  if (heading && document.activeElement?.closest(SEGMENTS)) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  // A day or a time has the page run again; what is entered before that would be lost.
  do await pause(); while (!isAtRest());
  for (const [one, names] of pairs(main, CHOICES, draft.choices)) {
    if (state.touched.has(one)) continue;
    const wrong = options(one).filter((o) => isOn(o) !== names.includes(o.textContent));
    const wanted = one.role === "radiogroup" && names.length ? wrong.filter((o) => !isOn(o)) : wrong;
    for (const option of wanted) option.click();
    state.restored = new Set([...(state.restored ?? []), ...wanted]);
  }
  state.restoredAt = performance.now();
  do await pause(); while (!isAtRest());
  for (const [one, value] of pairs(main, TEXTS, draft.texts)) {
    if (one.value === value || state.touched.has(one)) continue;
    // React hears of a value only where the element's own setter is used.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(one), "value").set.call(one, value);
    one.dispatchEvent(new InputEvent("input", { bubbles: true }));
    one.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  }
  state.restoring = false;
}

const pause = () => new Promise((done) => setTimeout(done, WAIT_MS));

function pairs(main, selector, values) {
  const known = new Map(openForm() === state.shown ? values : []);
  return labelled(main, selector)
    .filter(([name]) => known.has(name)).map(([name, one]) => [one, known.get(name)]);
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
