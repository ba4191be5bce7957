"""The second of two fast taps counts only if it was meant."""

from collections.abc import Iterator

import pytest

from tests.support.timer_code import ROOT, TimerCode

PAGE = """
class MutationObserver { observe() {} }
document.documentElement = { style: { setProperty() {} } };
document.querySelectorAll = () => [];
document.querySelector = () => null;
class Button {
  constructor(...kinds) { this.kinds = kinds; }
  closest(selector) { return this.kinds.includes(selector) ? this : null; }
}
const TIMER = ".hw-timer button";
const buttons = {
  main: new Button(TIMER), extend: new Button(TIMER, ".hw-timer .hw-steps"),
  skip: new Button(TIMER, ".hw-timer .hw-steps"), voice: new Button(TIMER), chip: new Button(),
  sign: new Button(".st-key-hw-check-in button"), other: new Button(".st-key-hw-check-in button"),
};
// Return the name of the button that a click reaches, or null if the click is ignored.
function click(name, timeStamp, clientX = 195, detail = 1, kind = "click") {
  let meant = name;
  const stop = () => { meant = null; };
  document.dispatchEvent(new Event(kind, {
    target: buttons[name], timeStamp, clientX, clientY: 740, detail, preventDefault() {},
    stopPropagation: stop,
  }));
  return meant;
}
$frame.improvePage({ language: "en", calendar: "en", texts: {} }, () => {});
"""


@pytest.fixture
def page() -> Iterator[TimerCode]:
    with TimerCode(str(ROOT / "holdwell" / "ui" / "frame")) as code:
        code.v8.eval(f"{PAGE}; null")
        yield code


@pytest.mark.parametrize("under", ["voice", "skip", "main", "chip"])
def test_a_second_tap_on_what_the_first_brought_under_the_thumb_is_ignored(
    page: TimerCode, under: str
) -> None:
    assert page.js(f"[click('main', 0), click('{under}', 150, 205), click('{under}', 300)]") == [
        "main", None, None
    ]  # fmt: skip
    assert page.js(f"click('{under}', 400, 195, 1, 'mousedown')") is None
    assert page.js(f"click('{under}', 501)") == under


def test_fast_taps_that_are_meant_are_not_ignored(page: TimerCode) -> None:
    fast = (
        "[click('extend', 0), click('extend', 100), click('extend', 200), click('skip', 300, 240)]"
    )
    assert page.js(fast) == ["extend", "extend", "extend", "skip"]
    presses = "[click('main', 900, 195, 1, 'mousedown'), click('main', 950)]"
    assert page.js(presses) == ["main", "main"]
    keys = "[click('main', 1000, 0, 0), click('main', 1050, 0, 0), click('voice', 1100, 0, 0)]"
    assert page.js(keys) == ["main", "main", "voice"]


def test_taps_on_check_in_answers_always_count_but_one_on_what_follows_does_not(
    page: TimerCode,
) -> None:
    answers = "[click('sign', 0), click('other', 100), click('chip', 1900), click('chip', 2101)]"
    assert page.js(answers) == ["sign", "other", None, "chip"]
