"""How the Stretch page handles the reports of the timer in the browser."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import Condition, Moment, Session, SessionState
from holdwell.encryption import rekey
from holdwell.sessions.plan import Plan
from holdwell.store.people import FIRST
from holdwell.store.repository import Store
from holdwell.store.repository import opened as opened_store
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.process_state import database_file
from holdwell.ui.stretch import timer
from tests.app.conftest import OpenPage, go_to, set_clock, texts


class Browser:
    """A stand-in for the timer in the browser: it receives the page's data and reports `values`."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.given: dict[str, Any] = {}

    def __call__(self, *, data: list[dict[str, Any]], **_: object) -> dict[str, Any]:
        self.given = data[0]
        return self.values

    @property
    def plan(self) -> Plan:
        found = Plan.from_json(self.given["plan"])
        assert found is not None
        return found

    def report(self, now: Moment, phase: str, held: int, **changed: Any) -> dict[str, Any]:
        """Return a report of the page's plan with the first `held` holds finished."""
        holds = [
            {"id": hold.id, "held_s": hold.hold_s, "outcome": "finished", "started_at": now.iso}
            for hold in self.plan.holds[:held]
        ]
        report = {"whose": FIRST, "plan": self.given["plan"], "phase": phase, "holds": holds}
        times = {"started_at": now.iso, "ended_at": None if phase == "running" else now.iso}
        return report | times | {"utc_offset": now.utc_offset} | changed


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr(timer, "_timer", made)
    return made


def opened(open_page: OpenPage, browser: Browser) -> AppTest:
    app = open_page("stretch")
    assert browser.given, "the timer is on the page"
    return app


def test_a_stop_is_saved_although_the_timer_is_not_shown_any_more(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    """Meanwhile another window has said that the user is not steady on one leg."""
    app = opened(open_page, browser)
    browser.values = {"report": browser.report(now, "running", 1)}
    app.run()
    before = known.profile()
    unsteady = replace(before, conditions=frozenset({Condition.NOT_ON_ONE_LEG}))
    known.change_profile(before, unsteady, now)
    app.session_state["hw-timer"] = {"report": browser.report(now, "stopped", 2)}
    app.run()
    assert "You stopped early" in texts(app)
    (session,) = known.sessions(limit=5)
    assert (session.state, len(session.holds)) == (SessionState.STOPPED, 2)


def test_a_session_is_saved_from_its_first_hold_on_and_then_rated(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = opened(open_page, browser)
    app.pills("hw-pain-now").set_value(6).run()
    browser.values = {"report": browser.report(now, "running", 1)}
    app.run()
    session = known.open_session()
    assert session is not None
    assert (session.pain_before, len(session.holds)) == (6, 1)
    assert app.query_params["session"] in (session.id, [session.id])
    browser.values = {"report": browser.report(now, "done", len(browser.plan.holds))}
    app.run()
    saved = known.session(session.id)
    assert saved is not None and saved.state is SessionState.FINISHED
    browser.values = {}
    app.pills(f"rate-{session.id}-after").set_value(2)
    app.button(f"rate-{session.id}-save").click().run()
    rated = known.session(session.id)
    assert rated is not None
    assert (rated.pain_before, rated.pain_after) == (6, 2)


def test_a_session_that_another_window_deleted_stays_deleted(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = opened(open_page, browser)
    browser.values = {"report": browser.report(now, "running", 1)}
    app.run()
    (session,) = known.find(Session)
    known.delete("session", session.id, now)
    browser.values = {"report": browser.report(now, "done", 2, plan=session.plan)}
    app.run()
    assert known.is_deleted("session", session.id)
    assert not app.exception
    assert "session" not in app.query_params


def test_two_tabs_that_report_the_same_session_save_one(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    one, other = opened(open_page, browser), opened(open_page, browser)
    plan = browser.given["plan"]
    for phase, held in (("running", 1), ("running", 2), ("done", 4)):
        browser.values = {"report": browser.report(now, phase, held, plan=plan)}
        for app in (one, other, one):
            app.run()
    (session,) = known.find(Session)
    assert (session.state, len(session.holds)) == (SessionState.FINISHED, 4)
    # A late repetition of an earlier report does not undo anything.
    browser.values = {"report": browser.report(now, "running", 1, plan=plan)}
    other.run()
    assert known.find(Session) == [session]


def test_a_session_that_the_browser_kept_is_saved_and_rated(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = opened(open_page, browser)
    earlier = Moment(now.utc - timedelta(minutes=20), now.utc_offset)
    plan = json.loads(browser.given["plan"]) | {"id": "kept-while-the-server-was-gone"}
    kept = browser.report(earlier, "stopped", 1, plan=json.dumps(plan))
    of_another = kept | {"whose": "somebody else"}
    browser.values = {"kept": [of_another]}
    app.run()
    assert known.session_count() == 0, "another person's session is not read"
    browser.values = {"kept": [kept]}
    app.run()
    browser.values = {}
    (session,) = known.sessions(limit=5)
    assert (session.id, session.state) == (plan["id"], SessionState.STOPPED)
    assert "You stopped early" in texts(app)


def test_the_timer_gets_the_plan_of_the_chosen_routine(
    browser: Browser, open_page: OpenPage, known: Store
) -> None:
    app = opened(open_page, browser)
    assert "about 4 min" in browser.given["summary"]
    app.pills("hw-routine").set_value("short").run()
    assert "4 holds, about 2 min" in browser.given["summary"]
    assert [hold["hold_s"] for hold in browser.given["routine"]["holds"]] == [20] * 4
    assert [hold.hold_s for hold in browser.plan.holds] == [20] * 4


def test_the_main_button_teaches_until_a_hold_was_finished(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = opened(open_page, browser)
    walk, holds = "Walk me through it", "Just the holds"
    first = {"main": f"I feel fine. {walk}", "other": holds, "teach": True}
    assert browser.given["begin"] == first
    # A session stopped before its first hold does not count: the user has learned nothing yet.
    for holds_done in (0, 1):
        assert browser.given["begin"] == first
        browser.values = {"report": browser.report(now, "stopped", holds_done)}
        app.run()
        browser.values, browser.given = {}, {}
        app = opened(open_page, browser)
    assert browser.given["begin"] == {
        "main": f"I feel fine. {holds}",
        "other": walk,
        "teach": False,
    }


def test_switches_changed_on_the_timer_are_saved(
    browser: Browser, open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = opened(open_page, browser)
    browser.values = {
        "preferences": {"sound": False, "voice": True, "vibration": False, "volume": 30}
    }
    app.run()
    profile = known.profile()
    assert (profile.sound, profile.vibration, profile.volume) == (False, False, 30)
    assert not app.exception
    # The timer keeps reporting all its switches; those changed elsewhere in between are kept.
    elsewhere = replace(profile, sound=True, volume=60)
    known.save_profile(elsewhere, now)
    app.run()
    assert known.profile() == elsewhere
    browser.values["preferences"] |= {"voice": False}
    app.run()
    assert known.profile() == replace(elsewhere, voice=False)


def test_a_switch_set_back_to_an_earlier_value_is_saved(
    browser: Browser, open_page: OpenPage, known: Store
) -> None:
    app = opened(open_page, browser)
    go_to(app, "settings")
    app.toggle("hw-sound").set_value(False).run()
    go_to(app, "stretch")
    assert not browser.given["sounds"]["tones"]
    switches = {"voice": True, "vibration": True, "volume": known.profile().volume}
    browser.values = {"preferences": switches | {"sound": True}}
    app.run()
    assert known.profile().sound
    assert browser.given["sounds"]["tones"], "so that the timer can tell what the settings change"


@pytest.mark.parametrize("odd", [None, 3, "done", [], {"report": {}}, {"plan": "{", "holds": 1}])
def test_an_invalid_report_saves_no_session(
    browser: Browser, open_page: OpenPage, known: Store, odd: object
) -> None:
    app = opened(open_page, browser)
    browser.values = {"report": odd, "kept": odd, "preferences": odd}
    app.run()
    assert not app.exception
    assert known.session_count() == 0 and known.open_session() is None


# -- while the database is locked -----------------------------------------------------------------


def locked(open_page: OpenPage, folder: Path, now: Moment) -> AppTest:
    """Lock the database, open the timer, answer that no condition applies, and return the page."""
    file = database_file(folder / "holdwell.db")
    with opened_store(file) as store:
        store.save_profile(replace(store.profile(), welcomed=True, safety_seen=True), now)
    rekey.change_passphrase(file, "four calm words here")
    file.keyring.drop(file.salt() or b"")
    app = open_page("today")
    app.button("hw-locked-stretch").click().run()
    app.button("hw-locked-none").click().run()
    return app


def test_a_second_locked_routine_keeps_its_plan_while_the_first_report_stays(
    browser: Browser, open_page: OpenPage, folder: Path, now: Moment
) -> None:
    app = locked(open_page, folder, clock.now())
    first = browser.plan.id
    done = browser.report(now, "done", len(browser.plan.holds))
    browser.values = {"report": done}
    app.run()
    app.run()
    second = browser.plan.id
    assert second != first, "an ended routine is not begun again"
    for _ in range(2):
        app.run()
        assert browser.plan.id == second
    browser.values = {"report": browser.report(now, "running", 1)}
    app.run()
    app.run()
    assert browser.plan.id == second
    assert browser.given["at_rest"] == [], "the browser keeps both until the database is open"


def test_while_locked_conditions_are_asked_each_day_but_not_during_a_routine(
    browser: Browser,
    open_page: OpenPage,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 25, 3, 50))
    app = locked(open_page, folder, clock.now())
    browser.values = {"report": browser.report(clock.now(), "running", 1)}
    app.run()
    set_clock(monkeypatch, datetime(2026, 11, 25, 4, 10))
    app.run()
    assert "hw-locked-none" not in {button.key for button in app.button}
    browser.values = {"report": browser.report(clock.now(), "done", 1)}
    app.run()
    app.run()
    assert "hw-locked-none" in {button.key for button in app.button}
    app.button("hw-locked-none").click().run()
    assert "hw-locked-none" not in {button.key for button in app.button}
    set_clock(monkeypatch, datetime(2026, 11, 26, 4, 10))
    assert "hw-locked-none" in {button.key for button in app.run().button}


def test_the_voice_is_off_while_locked(
    browser: Browser, open_page: OpenPage, folder: Path, now: Moment
) -> None:
    locked(open_page, folder, clock.now())
    assert (browser.given["sounds"]["voice"], browser.given["sounds"]["tones"]) == (False, True)
