"""Today: the week of pregnancy, what is done and still to do, and what one or two taps log."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from holdwell.domain.models import (
    CheckInAnswer,
    DayPart,
    Moment,
    SessionState,
)
from holdwell.store import database, sqlcipher
from holdwell.store.keys import Key
from holdwell.store.repository import Store
from holdwell.store.sqlcipher import Connection, DatabaseFile, Mode
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.process_state import process_state
from tests.app.conftest import (
    OpenPage,
    edit_pregnancy,
    everything,
    has_timer,
    set_clock,
    texts,
)
from tests.conftest import TODAY, MakeSession
from tools import demo


def test_today_says_the_week_and_what_is_left_to_do(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "waiting" not in texts(open_page("today")), "nothing waits for a newcomer"
    known.save(make_session(TODAY - timedelta(1), 20), now)
    text = texts(open_page("today"))
    assert "Good evening" in text
    assert "24w 3d, second trimester" in text
    assert "Tonight: waiting for you" in text


def test_today_after_both_sessions(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY, 7, part=DayPart.MORNING), now)
    known.save(make_session(TODAY, 20), now)
    text = texts(open_page("today"))
    assert "This morning: done" in text
    assert "Tonight: done" in text


def test_without_a_goal_the_week_is_counted_and_a_goal_is_proposed(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    app = open_page("today")
    assert "This week" not in texts(app) and not app.get("progress")
    known.save(make_session(TODAY, 7), now)
    app = open_page("today")
    assert "This week so far: 1 session" in texts(app) and not app.get("progress")
    app.button("hw-goal-take").click().run()
    assert [goal.goal_per_week for goal in known.goals()] == [7]
    assert app.get("progress")[0].proto.text.replace("\\", "") == (
        "This week so far: 1 of 7 sessions"
    )
    app.button("hw-undo-tap-goal").click().run()
    assert known.goals() == () and not app.get("progress")


def test_reminders_are_offered_once_after_the_question_about_a_goal(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    asked = "Would reminders in your own calendar help?"
    assert asked not in texts(open_page("today")), "before a first session"
    known.save(make_session(TODAY, 7), now)
    app = open_page("today")
    assert asked not in texts(app), "one question at a time"
    app.button("hw-goal-none").click().run()
    assert asked in texts(app)
    app.button("hw-reminders-make").click().run()
    assert "Reminders in your calendar" in texts(app)
    assert asked not in texts(open_page("today"))


def test_a_newcomer_sees_what_today_will_show(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    text = texts(open_page("today"))
    assert "will show here" in text and "See each step" in text
    known.save(make_session(TODAY, 7), now)
    assert "will show here" not in texts(open_page("today"))


def test_a_declined_goal_is_not_proposed_again(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY, 7), now)
    open_page("today").button("hw-goal-none").click().run()
    text = texts(open_page("today"))
    assert "This week so far: 1 session" in text
    assert "goal" not in text.lower()


def test_at_three_in_the_night_nothing_is_urged_and_nothing_missing_is_counted(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known.save(make_session(TODAY - timedelta(1), 20), now)
    known.choose_goal(14, now)
    assert "14" in everything(open_page("today"))
    set_clock(monkeypatch, datetime(2026, 11, 25, 3, 0))
    app = open_page("today")
    text = texts(app)
    assert app.title[0].value == "Hello" and "24w 3d" in text
    assert "waiting" not in text and "none" not in text
    assert not app.get("progress") and "hw-propose-goal" not in everything(app)


def test_past_the_due_date_nothing_is_asked_and_nothing_missing_is_counted(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY - timedelta(1), 7), now)
    known.choose_goal(14, now)
    edit_pregnancy(known, now, due_date=TODAY)
    assert "of 14" in everything(open_page("today"))
    edit_pregnancy(known, now, due_date=TODAY - timedelta(1))
    app = open_page("today")
    text = texts(app)
    assert "40w 1d" in text
    assert "waiting" not in text and "of 14" not in everything(app)
    assert "?" not in text.replace("Cramps last night (Monday 23 November)?", "")


# -- a birth --------------------------------------------------------------------------------------


def test_after_a_loss_the_open_panel_for_a_birth_is_closed(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    edit_pregnancy(known, now, due_date=TODAY)
    app = open_page("today")
    app.button("hw-birth").click().run()
    assert "hw-birth-save" in {button.key for button in app.button}
    edit_pregnancy(known, now, ended=True)
    assert "hw-birth-save" not in {button.key for button in app.run().button}
    assert not app.date_input and "Day of the birth" not in everything(app)


def test_after_a_loss_one_line_mentions_reminders_until_confirmed(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    assert "still ring" not in texts(open_page("today"))
    edit_pregnancy(known, now, ended=True)
    app = open_page("today")
    assert "still ring" in texts(app)
    app.button("hw-ended-seen").click().run()
    assert "still ring" not in texts(app)
    assert "still ring" not in texts(open_page("today"))


def test_after_a_stop_sign_today_shows_it_instead_of_the_start_button(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY - timedelta(1), 20), now)
    known.save(CheckInAnswer(now, TODAY, "contractions"), now)
    app = open_page("today")
    text = texts(app)
    assert "Please call now" in text and "waiting" not in text
    assert "hw-start" not in {button.key for button in app.button}


def test_today_summarises_the_last_days_and_weeks(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "<table" not in str([block.proto.body for block in open_page("today").get("html")])
    for back in range(55):
        day = TODAY - timedelta(back)
        known.save(make_session(day, 7, before=3 if back < 28 else 6, part=DayPart.MORNING), now)
    # Without four full weeks before these four, there is no comparison.
    assert "Middle pain score: 3 (28 scores) in the last 4 weeks." in texts(open_page("today"))
    # The user's first session was four weeks before these four; a missing score does not matter.
    known.save(make_session(TODAY - timedelta(55), 7), now)
    known.save(make_session(TODAY - timedelta(1), 15, part=DayPart.OTHER), now)
    app = open_page("today")
    html = [block.proto.body for block in app.get("html")]
    (strip,) = [body for body in html if '<table class="hw-strip"' in body]
    assert any('<div class="hw-pain-line"' in body and "svg" in body for body in html)
    assert strip.count('class="hw-done"') == 7 + 1 and strip.count('class="hw-none"') == 7 + 6
    assert re.findall("[A-Z][a-z]{2}(?=</th>)", strip)[:7] == [
        "Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue",
    ]  # fmt: skip
    before = "6 (27 scores) in the 4 weeks before that."
    assert f"Middle pain score: 3 (28 scores) in the last 4 weeks, {before}" in texts(app)


def test_a_failed_backup_is_reported_in_one_kind_line(open_page: OpenPage, known: Store) -> None:
    assert "backup" not in texts(open_page("today"))
    process_state().backup_failed.add(known.path)
    assert "Your entries are saved. Today's backup could not be made" in texts(open_page("today"))


def test_a_week_begins_on_the_day_that_was_chosen(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """TODAY is a Tuesday; the session was on the Sunday before it."""
    known.save(make_session(TODAY - timedelta(2), 7), now)
    assert "This week" not in texts(open_page("today"))
    known.save_profile(replace(known.profile(), week_starts_on=6), now)
    assert "This week so far: 1 session" in texts(open_page("today"))


def test_today_says_from_when_on_a_session_counts(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    stopped = make_session(TODAY, 20, held=2, state=SessionState.STOPPED)
    known.save(stopped, now)
    said = "Also saved: 1 session without a finished hold. A session counts from one finished"
    assert said in texts(open_page("today"))


def test_more_sessions_than_the_goal_are_not_counted_out_of_it(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.choose_goal(2, now)
    known.save_all([make_session(TODAY, hour) for hour in (6, 7)], now)

    def said() -> str:
        return str(open_page("today").get("progress")[0].proto.text).replace("\\", "")

    assert said() == "This week so far: 2 of 2 sessions"
    known.save(make_session(TODAY, 8), now)
    assert said() == "This week so far: 3 sessions; your goal is 2"


# -- links, and the number of queries -------------------------------------------------------------


def test_each_part_leads_to_its_page(open_page: OpenPage, folder: Path) -> None:
    demo.make(folder, clock.now().local)
    app = open_page("today")
    links = [link.proto for link in app.get("page_link")]
    assert {link.label: (link.page, link.query_string) for link in links[-5:]} == {
        "12 weeks postpartum": ("guide", "part=now"),
        "See or correct it in History": ("history", ""),
        "The last seven days": ("review", ""),
        "Pain in four weeks": ("progress", "show=pain"),
        "Report for your midwife or doctor": ("report", ""),
    }
    app.button("hw-start").click().run()
    assert has_timer(app)


def test_each_part_costs_one_query(
    open_page: OpenPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.make(folder, clock.now().local)
    app = open_page("today")
    asked: list[str] = []
    connect = database.connect

    def traced(file: DatabaseFile) -> database.StoreDatabase:
        db = connect(file)
        db.conn.set_trace_callback(asked.append)
        return db

    monkeypatch.setattr(database, "connect", traced)
    app.run()
    queries = [sql for sql in asked if sql.startswith("SELECT")]
    assert Counter(re.findall(r"FROM (\w+)", sql)[0] for sql in queries) == {
        # The greeting, the stage, and which questions may be asked now.
        "profile": 1, "pregnancy": 1,
        # Today's answers, and whether one of this week said to rest: no goal is mentioned then.
        "check_in": 2,
        # The open session; the days of the strip and the week; today's sessions; the first and the
        # last day with an entry, to know which weeks to compare.
        "session": 5, "hold": 1, "pain": 1,
        # Last night and tonight.
        "cramp": 2,
        "goal": 1, "pause": 1,
        # The line of pain, and its middle in these four weeks and in those before.
        "left_out_day": 1,
        # Whether it is the demo (twice), which advice the user asked a doctor about (twice),
        # whether reminders were offered, and the number to call, shown even when the app is gone.
        "meta": 6,
    }, queries  # fmt: skip


def test_a_run_opens_a_database_once_that_has_not_changed(
    open_page: OpenPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.make(folder, clock.now().local)
    # However quick this test is, the last change counts as long ago.
    monkeypatch.setattr(sqlcipher, "_SETTLED_NS", -(10**15))
    app = open_page("today").run()
    opened: list[Path] = []
    connect = sqlcipher.connect_with

    def counted(path: Path, key: Key | None, mode: Mode = Mode.WRITE) -> Connection:
        opened.append(path)
        return connect(path, key, mode)

    monkeypatch.setattr(sqlcipher, "connect_with", counted)
    app.run()
    assert opened == [folder / "holdwell.db"]
