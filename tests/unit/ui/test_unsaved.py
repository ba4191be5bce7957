"""A link or a button waits until what was typed is saved, but no longer."""

from collections.abc import Iterator

import pytest

from tests.support.timer_code import ROOT, TimerCode

PAGE = """
class FocusEvent extends Event {}
let run = "notRunning";
document.querySelector = (selector) =>
  selector === "[data-test-script-state]" ? { dataset: { testScriptState: run } } : null;
const body = { contains: () => false, closest: () => null, matches: () => false };
document.activeElement = body;
const tell = (type, more) => document.dispatchEvent(new Event(type, more));
// A field outside a form, with one element to type into.
function makeField(tagName, value = "", parts = []) {
  const field = { querySelectorAll: (selector) => selector.includes("input") ? [part] : parts,
    contains: (one) => one === part };
  const leave = () => tell("focusout", { target: part, relatedTarget: null });
  const part = { tagName, value, matches: () => tagName === "TEXTAREA",
    closest: (selector) => selector.includes(".stTextArea") ? field : null,
    blur() { document.activeElement = body; leave(); },
    dispatchEvent: leave };
  return part;
}
function type(part, text) {
  document.activeElement = part;
  tell("beforeinput", { target: part });
  part.value += text;
  tell("input", { target: part });
}
// How often the link was followed.
let followed = 0;
const link = { isConnected: true, className: "", click: () => tap(), closest: (selector) =>
  selector.startsWith(".stPageLink") ? link : null };
function tap(more = {}) {
  let isHeld = false;
  const hold = () => { isHeld = true; };
  tell("click", { target: link, preventDefault() {}, stopImmediatePropagation: hold, ...more });
  if (!isHeld) followed += 1;
}
$unsaved.watchFields();
"""


@pytest.fixture
def page() -> Iterator[TimerCode]:
    code = TimerCode(str(ROOT / "holdwell" / "ui" / "runtime" / "unsaved"))
    with code:
        code.v8.eval(f"{PAGE}; var note = makeField('TEXTAREA'), name = makeField('INPUT'); null")
        yield code


@pytest.mark.parametrize("leaves", ["note.blur()", ""], ids=["left", "an iPhone keeps the focus"])
def test_a_link_waits_for_the_run_that_saves_what_was_typed(page: TimerCode, leaves: str) -> None:
    page.do(f"type(note, 'bleeding'); {leaves}; tap(); tap()")
    assert page.js("followed") == 0
    page.do("run = 'running'")
    page.run(60)
    assert page.js("followed") == 0, "it waits for a slow run"
    page.do("run = 'notRunning'; $unsaved.saved()")
    assert page.js("followed") == 1
    page.do("tap()")
    assert page.js("followed") == 2


def test_a_link_does_not_wait_if_nothing_has_to_be_saved(page: TimerCode) -> None:
    page.do("tap(); type(note, 'x'); note.value = ''; note.blur(); tap()")
    assert page.js("followed") == 2, "nothing was changed"
    page.do("type(name, 'Ana'); tell('keydown', { key: 'Enter', target: name }); $unsaved.saved()")
    page.do("name.blur(); tap()")
    assert page.js("followed") == 3, "Enter has sent it"
    page.do("type(name, 'x'); tap({ ctrlKey: true })")
    assert page.js("followed") == 4, "it opens in a new window"


def test_a_link_works_after_a_while_if_the_value_is_not_saved(page: TimerCode) -> None:
    page.do("type(name, '12'); tap()")
    page.run(1.5)
    page.do("tap()")
    page.run(1)
    assert page.js("followed") == 1, "a second tap does not prolong the wait"


@pytest.mark.parametrize(("given", "followed"), [("12, null", 1), ("12, 5", 0), ("null, null", 0)])
def test_a_link_does_not_wait_for_a_half_entered_time(
    page: TimerCode, given: str, followed: int
) -> None:
    """Streamlit sends only a complete time or an empty one."""
    parts = f"[{given}].map((value) => ({{ getAttribute: () => value }}))"
    page.do(f"at = makeField('INPUT', '', {parts}); type(at, '12'); at.blur(); tap()")
    assert page.js("followed") == followed


def test_a_note_is_saved_while_it_is_typed(page: TimerCode) -> None:
    page.do(
        "var left = [];"
        "document.addEventListener('focusout', ({ target }) => left.push(target.value))"
    )
    page.do("type(note, 'ble')")
    page.run(0.5)
    page.do("type(note, 'eding')")
    page.run(4)
    assert page.js("left") == ["bleeding"]
    page.do("$unsaved.saved(); type(note, ' since'); document.hidden = true; document.show(false)")
    assert page.js("left") == ["bleeding", "bleeding since"]
    page.do("type(name, 'Ana')")
    page.run(4)
    assert page.js("left") == ["bleeding", "bleeding since"], (
        "a name is not saved before it is complete"
    )
