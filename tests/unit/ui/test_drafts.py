"""Drafts of open forms are kept for the same person, while the entry has not changed."""

from collections.abc import Iterator

import pytest

from tests.support.timer_code import ROOT, TimerCode

PAGE = """
class URLSearchParams {
  constructor(text) { this.pairs = new Map(text.slice(1).split("&").map((one) => one.split("="))); }
  get(name) { return this.pairs.get(name) ?? null; }
}
class InputEvent extends Event {}
class FocusEvent extends Event {}
class Note extends EventTarget {
  constructor(text) { super(); this.ariaLabel = "Note"; this.text = text; }
  get value() { return this.text; }
  set value(text) { this.text = text; }
  closest(selector) { return selector === '[data-testid="stMain"]' ? main : null; }
}
document.querySelector = (selector) =>
  selector === "[data-test-script-state]" ? { dataset: { testScriptState: "notRunning" } } : null;
const main = {
  note: null,
  isSaved: false,
  isList: false,
  isTrouble: false,
  opened: 0,
  querySelector: (selector) =>
    (selector.includes("st-key-form-") && !main.isList)
      || (main.isSaved && selector.includes("hw-delete"))
      || (main.isTrouble && selector.includes("hw-trouble"))
      ? { className: main.opened } : null,
  holds: [],
  segments: [],
  groups: [],
  querySelectorAll: (selector) => selector.includes("spinbutton") ? main.segments
    : selector.includes("stButtonGroup") ? main.groups
    : selector.includes("stTextArea") && main.note ? [main.note, ...main.holds] : [],
};
var sessionStorage = {};
Object.defineProperties(sessionStorage, {
  getItem: { value: (key) => sessionStorage[key] ?? null },
  setItem: { value: (key, text) => { sessionStorage[key] = String(text); } },
  removeItem: { value: (key) => { delete sessionStorage[key]; } },
});
function show(person, edit, text, more = {}) {
  location.search = edit ? `?edit=${edit}` : "";
  main.note = edit ? new Note(text) : null;
  main.opened += 1;
  $drafts.keepDrafts(main, { person, inMemory: false, forgotten: 0, ...more });
}
// Fields with the same label, such as holds of one side.
function hold(...seconds) {
  const ariaLabel = "Side reach, left";
  main.holds = seconds.map((text) => Object.assign(new Note(text), { ariaLabel }));
}
// The field for AM or PM beside a time, which takes a letter instead of digits.
function half(text) {
  const one = new EventTarget();
  const options = { AM: "0", PM: "1" };
  main.segments = [Object.assign(one, {
    ariaLabel: "AM/PM", ariaValueMax: "1", ariaValueNow: options[text], textContent: text,
    focus() {}, closest: () => null,
  })];
  one.addEventListener("beforeinput", ({ data }) => {
    if (data + "M" in options) one.ariaValueNow = options[one.textContent = data + "M"];
  });
}
// An answer that a second tap removes.
function answer() {
  const one = new EventTarget();
  Object.assign(one, { ariaChecked: "false", textContent: "7", closest: (selector) =>
    selector.startsWith("[aria-checked]") ? one : selector.includes("stMain") ? main
      : selector.includes("stButtonGroup") ? main.groups[0] : null });
  one.click = (isTrusted = false) => {
    let isStopped = false;
    const stop = () => { isStopped = true; };
    document.dispatchEvent(new Event("click", {
      target: one, isTrusted, preventDefault() {}, stopImmediatePropagation: stop,
    }));
    if (!isStopped) one.ariaChecked = String(one.ariaChecked === "false");
  };
  main.groups = [{ ariaLabel: "Pain after", role: "radiogroup", querySelectorAll: () => [one] }];
}
function save() {
  const closest = (selector) =>
    selector.includes("-save") || selector.includes("stMain") ? main : null;
  document.dispatchEvent(new Event("click", { target: { closest } }));
}
function type(text) {
  main.note.value = text;
  document.dispatchEvent(new Event("input", { target: main.note }));
}
"""


@pytest.fixture
def page() -> Iterator[TimerCode]:
    with TimerCode(str(ROOT / "holdwell" / "ui" / "runtime" / "drafts"), PAGE) as code:
        yield code


def note_in(page: TimerCode, shown: str) -> str:
    """Open a form and return the text of its note."""
    page.do(f"show({shown})")
    page.run(1)
    return str(page.js("main.note.value"))


def fill(page: TimerCode, shown: str, text: str) -> None:
    """Open a form and write a note in it, but do not save it."""
    note_in(page, shown)
    page.do(f"type('{text}')")
    page.run(1)


@pytest.mark.parametrize("more", ["{}", "{inMemory: true}"])
def test_a_form_left_half_filled_is_restored(page: TimerCode, more: str) -> None:
    fill(page, f"'anna', 'cramp.new', '', {more}", "calf")
    page.do(f"show('anna', '', '', {more})")
    assert note_in(page, f"'anna', 'cramp.new', '', {more}") == "calf"


@pytest.mark.parametrize("more", ["{}", "{inMemory: true}"])
def test_a_draft_is_never_put_into_another_persons_form(page: TimerCode, more: str) -> None:
    fill(page, f"'anna', 'cramp.new', '', {more}", "calf")
    assert note_in(page, f"'bea', 'cramp.new', '', {more}") == ""
    assert page.js("Object.keys(sessionStorage)") == []
    assert note_in(page, f"'anna', 'cramp.new', '', {more}") == "", "it was dropped when Bea came"


def test_what_is_typed_just_before_a_switch_to_another_person_is_dropped(
    page: TimerCode,
) -> None:
    note_in(page, "'anna', 'cramp.new', ''")
    page.do("type('calf')")
    assert note_in(page, "'bea', 'cramp.new', ''") == ""
    assert page.js("Object.keys(sessionStorage)") == []


def test_a_draft_is_dropped_if_the_entry_was_changed_meanwhile(page: TimerCode) -> None:
    page.do("main.isSaved = true")
    fill(page, "'anna', 'session.7', 'old'", "half")
    page.do("show('anna', '', '')")
    assert note_in(page, "'anna', 'session.7', 'old'") == "half"
    page.do("show('anna', '', '')")
    assert note_in(page, "'anna', 'session.7', 'newer'") == "newer"
    assert page.js("Object.keys(sessionStorage)") == []


def test_a_draft_of_a_new_entry_is_restored_at_a_later_time(page: TimerCode) -> None:
    fill(page, "'anna', 'session.7', '9:00'", "half")
    assert note_in(page, "'anna', 'session.7', '9:01'") == "half"


def test_once_there_is_a_passphrase_stored_drafts_are_deleted(page: TimerCode) -> None:
    fill(page, "'anna', 'cramp.new', ''", "calf")
    assert page.js("Object.keys(sessionStorage)") == ["holdwell.draft.anna.cramp.new"]
    page.do("show('anna', '', '', {inMemory: true})")
    assert page.js("Object.keys(sessionStorage)") == []


def test_locking_the_database_drops_the_drafts_in_memory(page: TimerCode) -> None:
    fill(page, "'anna', 'cramp.new', '', {inMemory: true}", "calf")
    page.do("show('', '', '', {inMemory: true})")
    assert note_in(page, "'anna', 'cramp.new', '', {inMemory: true}") == ""


def test_erasing_everything_drops_the_drafts_once(page: TimerCode) -> None:
    fill(page, "'anna', 'cramp.new', ''", "calf")
    page.do("show('anna', '', '', {forgotten: 5})")
    assert page.js("Object.keys(sessionStorage)") == []
    fill(page, "'anna', 'cramp.new', '', {forgotten: 5}", "toes")
    assert note_in(page, "'anna', 'cramp.new', '', {forgotten: 5}") == "toes"


def test_fields_with_the_same_label_keep_their_own_values(page: TimerCode) -> None:
    page.do("hold('40', '20')")
    fill(page, "'anna', 'session.7', ''", "calf")
    page.do("show('anna', '', ''); hold('40', '20')")
    assert note_in(page, "'anna', 'session.7', ''") == "calf"
    assert page.js("main.holds.map((one) => one.value)") == ["40", "20"]


def test_am_or_pm_is_restored(page: TimerCode) -> None:
    page.do("half('PM')")
    fill(page, "'anna', 'session.7', ''", "calf")
    page.do("show('anna', '', ''); half('AM')")
    assert note_in(page, "'anna', 'session.7', ''") == "calf"
    assert page.js("main.segments[0].textContent") == "PM"


def leave_answered(page: TimerCode) -> None:
    """Answer in an open form and leave it without saving; the next form has the same question."""
    page.do("answer()")
    fill(page, "'anna', 'cramp.new', ''", "calf")
    page.do("main.groups[0].querySelectorAll()[0].click(true)")
    page.run(1)
    page.do("show('anna', '', '')")
    page.do("answer()")


@pytest.mark.parametrize(("later_s", "is_on"), [(0, "true"), (0.5, "false")])
def test_a_tap_on_an_answer_just_after_it_was_restored_does_not_remove_it(
    page: TimerCode, later_s: float, is_on: str
) -> None:
    leave_answered(page)
    note_in(page, "'anna', 'cramp.new', ''")
    assert page.js("main.groups[0].querySelectorAll()[0].ariaChecked") == "true"
    page.run(later_s)
    page.do("main.groups[0].querySelectorAll()[0].click(true)")
    assert page.js("main.groups[0].querySelectorAll()[0].ariaChecked") == is_on


def test_what_the_user_enters_during_a_restore_stays(page: TimerCode) -> None:
    leave_answered(page)
    page.do("show('anna', 'cramp.new', '')")
    # React draws a tapped answer a moment later; until then it does not look chosen.
    page.do("globalThis.one = main.groups[0].querySelectorAll()[0]")
    page.do("document.dispatchEvent(new Event('click', { target: one, isTrusted: true }))")
    page.do("document.dispatchEvent(new Event('input', { target: main.note, isTrusted: true }))")
    page.do("main.note.value = 'thigh'")
    page.run(1)
    assert page.js("one.ariaChecked") == "false", "the restore must not tap it, too"
    assert page.js("main.note.value") == "thigh"


@pytest.mark.parametrize("is_trouble", [True, False])
def test_a_save_while_the_database_is_out_of_reach_keeps_the_draft(
    page: TimerCode, is_trouble: bool
) -> None:
    fill(page, "'anna', 'cramp.new', ''", "calf")
    page.do(f"save(); main.isList = true; main.isTrouble = {str(is_trouble).lower()}")
    page.do("$drafts.keepDrafts(main, {person: 'anna', inMemory: false})")
    page.do("main.isList = main.isTrouble = false")
    assert note_in(page, "'anna', 'cramp.new', ''") == ("calf" if is_trouble else "")


def test_back_just_after_a_save_does_not_restore_a_draft(page: TimerCode) -> None:
    """Just after Back, the address names the form while the list is still on the page."""
    page.do("main.groups = []; answer(); show('ana', 'new', '')")
    page.do("type('half')")
    page.run(1)
    page.do("main.groups[0].querySelectorAll()[0].click(true); save()")
    page.do("main.isList = true; $drafts.keepDrafts(main, {person: 'ana', inMemory: false})")
    page.do("main.isList = false; main.isSaved = true; show('ana', 'new', 'whole')")
    page.run(1)
    assert page.js("main.groups[0].querySelectorAll()[0].ariaChecked") == "true"
    assert page.js("main.note.value") == "whole"
