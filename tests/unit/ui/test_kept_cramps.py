"""What the browser keeps of a cramp noted while the database is locked or the app is gone."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from holdwell.domain import dates
from tests.support.timer_code import ROOT, TimerCode

STORAGE = """
var window = { __holdwellOffline: { answered() {} } };
var localStorage = {};
Object.defineProperties(localStorage, {
  getItem: { value: (key) => localStorage[key] ?? null },
  setItem: { value: (key, text) => { localStorage[key] = String(text); } },
  removeItem: { value: (key) => { delete localStorage[key]; } },
});
"""


@pytest.fixture
def browser() -> Iterator[TimerCode]:
    with TimerCode(str(ROOT / "holdwell" / "ui" / "today" / "kept_cramps"), STORAGE) as code:
        yield code


def keep(browser: TimerCode, leg: str, *, adds: bool) -> None:
    """Send the browser what Python sends after a tap, twice, as Streamlit may do."""
    data = {
        "person": "anna",
        "saved": [],
        "heard": [],
        "night": "2026-11-24",
        "leg": leg,
        "adds": adds,
    }
    place = "parentElement: {}, setStateValue() {}"
    for _ in range(2):
        browser.do(f"$kept_cramps.default({{ data: [{json.dumps(data)}], {place} }})")


@pytest.mark.parametrize(("adds", "kept"), [(True, "both"), (False, "right")])
def test_left_and_then_right_become_both_during_the_same_night(
    browser: TimerCode, adds: bool, kept: str
) -> None:
    keep(browser, "left", adds=adds)
    assert browser.js("localStorage['holdwell.cramp.anna.2026-11-24']") == "left"
    keep(browser, "right", adds=adds)
    assert browser.js("localStorage['holdwell.cramp.anna.2026-11-24']") == kept


@pytest.mark.parametrize("clock", ["17:59", "18:00", "23:30", "00:30", "12:00"])
def test_the_browser_assigns_a_time_to_the_same_night_as_python(
    browser: TimerCode, clock: str
) -> None:
    at = datetime.fromisoformat(f"2026-11-01T{clock}")
    asked = f"$offline.nightOf(new Date('{at.isoformat()}'), {dates.BEDTIME_FROM.hour})"
    assert browser.js(asked) == dates.night_of(at).isoformat()


def test_a_cramp_tapped_after_the_save_is_kept(browser: TimerCode) -> None:
    keep(browser, "both", adds=False)
    for saved, kept in (("left", "both"), ("both", None)):
        data = {"person": "anna", "saved": [["2026-11-24", saved]], "heard": []}
        asked = f"{{ data: [{json.dumps(data)}], parentElement: {{}}, setStateValue() {{}} }}"
        browser.do(f"$kept_cramps.default({asked})")
        assert browser.js("localStorage['holdwell.cramp.anna.2026-11-24'] ?? null") == kept


AWAY = """
var MutationObserver = class { observe() {} };
window.__holdwellAnswers = async () => true;
document.querySelector = () => null; // never at rest
var asked = 0;
var away = new $offline.Offline({});
away.open = away.close = away.draw = away.takeFocus = () => {};
away.ping = () => { asked += 1; };
away.lose();
"""


def test_python_is_not_asked_again_while_it_draws_the_page(
    browser: TimerCode,
) -> None:
    browser.v8.eval(f"{AWAY}; null")
    browser.run(3)
    assert browser.js("[asked, away.lost]") == [1, True]
    browser.do("away.answered({}, away.ping)")
    browser.run(4.9)
    assert browser.js("[asked, away.lost]") == [1, True]
    browser.run(0.2)
    assert browser.js("[asked, away.lost]") == [1, False]
