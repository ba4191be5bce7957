"""What is kept of an open form: for the same person, while the entry is as it was."""

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
  opened: 0,
  querySelector: (selector) =>
    (selector.includes("st-key-form-") && !main.isList)
      || (main.isSaved && selector.includes("hw-delete"))
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
// Fields of one label, such as holds of one side.
function hold(...seconds) {
  const ariaLabel = "Side reach, left";
  main.holds = seconds.map((text) => Object.assign(new Note(text), { ariaLabel }));
}
// The half of the day beside a time, which takes a letter and no digit.
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
// An answer of a question, which a second tap takes back.
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


def noted(page: TimerCode, shown: str) -> str:
    """Open a form, and return what its note holds then."""
    page.do(f"show({shown})")
    page.run(1)
    return str(page.js("main.note.value"))


def fill(page: TimerCode, shown: str, text: str) -> None:
    """Open a form, write a note in it, and leave it without a save."""
    noted(page, shown)
    page.do(f"type('{text}')")
    page.run(1)


@pytest.mark.parametrize("more", ["{}", "{inMemory: true}"])
def test_a_form_left_half_filled_is_filled_again(page: TimerCode, more: str) -> None:
    fill(page, f"'anna', 'cramp.new', '', {more}", "calf")
    page.do(f"show('anna', '', '', {more})")
    assert noted(page, f"'anna', 'cramp.new', '', {more}") == "calf"


@pytest.mark.parametrize("more", ["{}", "{inMemory: true}"])
def test_nothing_that_one_person_entered_is_put_into_anothers_form(
    page: TimerCode, more: str
) -> None:
    fill(page, f"'anna', 'cramp.new', '', {more}", "calf")
    assert noted(page, f"'bea', 'cramp.new', '', {more}") == ""
    assert page.js("Object.keys(sessionStorage)") == []
    assert noted(page, f"'anna', 'cramp.new', '', {more}") == "", "it went as Bea came"


def test_what_is_typed_just_before_another_person_comes_is_not_kept_for_them(
    page: TimerCode,
) -> None:
    noted(page, "'anna', 'cramp.new', ''")
    page.do("type('calf')")
    assert noted(page, "'bea', 'cramp.new', ''") == ""
    assert page.js("Object.keys(sessionStorage)") == []


def test_an_entry_that_was_changed_meanwhile_is_not_written_over(page: TimerCode) -> None:
    page.do("main.isSaved = true")
    fill(page, "'anna', 'session.7', 'old'", "half")
    page.do("show('anna', '', '')")
    assert noted(page, "'anna', 'session.7', 'old'") == "half"
    page.do("show('anna', '', '')")
    assert noted(page, "'anna', 'session.7', 'newer'") == "newer"
    assert page.js("Object.keys(sessionStorage)") == []


def test_a_new_entry_is_filled_again_at_another_time(page: TimerCode) -> None:
    fill(page, "'anna', 'session.7', '9:00'", "half")
    assert noted(page, "'anna', 'session.7', '9:01'") == "half"


def test_with_a_passphrase_nothing_stays_written_down(page: TimerCode) -> None:
    fill(page, "'anna', 'cramp.new', ''", "calf")
    assert page.js("Object.keys(sessionStorage)") == ["holdwell.draft.anna.cramp.new"]
    page.do("show('anna', '', '', {inMemory: true})")
    assert page.js("Object.keys(sessionStorage)") == []


def test_a_locked_database_leaves_nothing_in_the_pages_memory(page: TimerCode) -> None:
    fill(page, "'anna', 'cramp.new', '', {inMemory: true}", "calf")
    page.do("show('', '', '', {inMemory: true})")
    assert noted(page, "'anna', 'cramp.new', '', {inMemory: true}") == ""


def test_after_everything_was_erased_nothing_is_kept_once(page: TimerCode) -> None:
    fill(page, "'anna', 'cramp.new', ''", "calf")
    page.do("show('anna', '', '', {forgotten: 5})")
    assert page.js("Object.keys(sessionStorage)") == []
    fill(page, "'anna', 'cramp.new', '', {forgotten: 5}", "toes")
    assert noted(page, "'anna', 'cramp.new', '', {forgotten: 5}") == "toes"


def test_fields_of_one_label_keep_each_its_own(page: TimerCode) -> None:
    page.do("hold('40', '20')")
    fill(page, "'anna', 'session.7', ''", "calf")
    page.do("show('anna', '', ''); hold('40', '20')")
    assert noted(page, "'anna', 'session.7', ''") == "calf"
    assert page.js("main.holds.map((one) => one.value)") == ["40", "20"]


def test_the_half_of_the_day_is_filled_again(page: TimerCode) -> None:
    page.do("half('PM')")
    fill(page, "'anna', 'session.7', ''", "calf")
    page.do("show('anna', '', ''); half('AM')")
    assert noted(page, "'anna', 'session.7', ''") == "calf"
    assert page.js("main.segments[0].textContent") == "PM"


def leave_answered(page: TimerCode) -> None:
    """Answer in an open form, and leave it without a save; the next has the same question."""
    page.do("answer()")
    fill(page, "'anna', 'cramp.new', ''", "calf")
    page.do("main.groups[0].querySelectorAll()[0].click(true)")
    page.run(1)
    page.do("show('anna', '', '')")
    page.do("answer()")


@pytest.mark.parametrize(("later_s", "is_on"), [(0, "true"), (0.5, "false")])
def test_an_answer_tapped_as_it_is_put_back_is_not_taken_back(
    page: TimerCode, later_s: float, is_on: str
) -> None:
    leave_answered(page)
    noted(page, "'anna', 'cramp.new', ''")
    assert page.js("main.groups[0].querySelectorAll()[0].ariaChecked") == "true"
    page.run(later_s)
    page.do("main.groups[0].querySelectorAll()[0].click(true)")
    assert page.js("main.groups[0].querySelectorAll()[0].ariaChecked") == is_on


def test_what_is_entered_while_a_draft_is_put_back_stays(page: TimerCode) -> None:
    leave_answered(page)
    page.do("show('anna', 'cramp.new', '')")
    # React draws an answer a moment after the tap on it; until then it looks as if it were not.
    page.do("globalThis.one = main.groups[0].querySelectorAll()[0]")
    page.do("document.dispatchEvent(new Event('click', { target: one, isTrusted: true }))")
    page.do("document.dispatchEvent(new Event('input', { target: main.note, isTrusted: true }))")
    page.do("main.note.value = 'thigh'")
    page.run(1)
    assert page.js("one.ariaChecked") == "false", "not tapped by us as well"
    assert page.js("main.note.value") == "thigh"


def test_back_just_after_a_save_puts_no_draft_over_what_was_saved(page: TimerCode) -> None:
    """The address names the form again while the list is still on the page."""
    page.do("main.groups = []; answer(); show('ana', 'new', '')")
    page.do("type('half')")
    page.run(1)
    page.do("main.groups[0].querySelectorAll()[0].click(true); save()")
    page.do("main.isList = true; $drafts.keepDrafts(main, {person: 'ana', inMemory: false})")
    page.do("main.isList = false; main.isSaved = true; show('ana', 'new', 'whole')")
    page.run(1)
    assert page.js("main.groups[0].querySelectorAll()[0].ariaChecked") == "true"
    assert page.js("main.note.value") == "whole"
