"""Today: where the user is, what is done and waiting, and what one or two taps log."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import (
    BirthKind,
    CheckInAnswer,
    CrampLeg,
    DayPart,
    HoldOutcome,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    SessionState,
    Tracking,
)
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.process_state import process_state
from tests.app.conftest import OpenPage, everything, go_to, texts
from tests.conftest import TODAY, MakeSession

SCORE = "hw-pain-score"
TONIGHT, LAST_NIGHT = f"hw-cramp-{TODAY}", f"hw-cramp-{TODAY - timedelta(1)}"


def set_clock(monkeypatch: pytest.MonkeyPatch, wall: datetime) -> None:
    moment = Moment.of(wall.replace(tzinfo=timezone(timedelta(hours=1))))
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_today_says_the_week_and_what_is_left_to_do(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "waiting" not in texts(open_page("today")), "nothing waits for a newcomer"
    known.save_session(make_session(TODAY - timedelta(1), 20), now)
    said = texts(open_page("today"))
    assert "Good evening" in said
    assert "24w 3d, second trimester" in said
    assert "Tonight: waiting for you" in said


def test_today_after_both_sessions(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY, 7, part=DayPart.MORNING), now)
    known.save_session(make_session(TODAY, 20), now)
    said = texts(open_page("today"))
    assert "This morning: done" in said
    assert "Tonight: done" in said


def test_without_a_goal_the_week_is_counted_and_a_goal_is_proposed(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    app = open_page("today")
    assert "This week" not in texts(app) and not app.get("progress")
    known.save_session(make_session(TODAY, 7), now)
    app = open_page("today")
    assert "This week so far: 1 session" in texts(app) and not app.get("progress")
    app.button("hw-goal-take").click().run()
    assert [goal.goal_per_week for goal in known.goals()] == [7]
    assert app.get("progress")[0].proto.text.replace("\\", "") == (
        "This week so far: 1 of 7 sessions"
    )
    app.button("hw-undo-tap-goal").click().run()
    assert known.goals() == () and not app.get("progress")


def test_a_goal_that_is_not_wanted_is_proposed_no_more(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY, 7), now)
    open_page("today").button("hw-goal-none").click().run()
    said = texts(open_page("today"))
    assert "This week so far: 1 session" in said
    assert "goal" not in said.lower()


def test_at_three_in_the_night_nothing_urges_and_nothing_missing_is_counted(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known.save_session(make_session(TODAY - timedelta(1), 20), now)
    known.choose_goal(14, now)
    assert "14" in everything(open_page("today"))
    set_clock(monkeypatch, datetime(2026, 11, 25, 3, 0))
    app = open_page("today")
    said = texts(app)
    assert "up late" in said and "24w 3d" in said
    assert "waiting" not in said and "none" not in said
    assert not app.get("progress") and "hw-propose-goal" not in everything(app)


def test_past_the_due_date_nothing_is_asked_and_nothing_missing_is_counted(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY - timedelta(1), 7), now)
    known.choose_goal(14, now)
    due(known, TODAY, now)
    assert "of 14" in everything(open_page("today"))
    due(known, TODAY - timedelta(1), now)
    app = open_page("today")
    said = texts(app)
    assert "40w 1d" in said
    assert "waiting" not in said and "of 14" not in everything(app)
    assert "?" not in said.replace("Cramps last night (Monday 23 November)?", "")


# -- a birth --------------------------------------------------------------------------------------


def due(store: Store, day: date, now: Moment) -> None:
    pregnancy = store.pregnancy()
    assert pregnancy is not None
    store.save_pregnancy(replace(pregnancy, due_date=day), now)


def test_a_birth_can_be_told_from_37_weeks_on_and_taken_back(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    due(known, TODAY + timedelta(22), now)
    assert "hw-birth" not in {button.key for button in open_page("today").button}
    due(known, TODAY + timedelta(21), now)
    app = open_page("today")
    app.button("hw-birth").click().run()
    assert app.date_input("hw-birth-day").value == TODAY
    app.date_input("hw-birth-day").set_value(TODAY + timedelta(1)).run()
    app.button("hw-birth-save").click().run()
    assert app.warning and known.pregnancy().birth_date is None  # type: ignore[union-attr]
    app.date_input("hw-birth-day").set_value(TODAY - timedelta(2)).run()
    app.pills("hw-birth-how").set_value(BirthKind.CAESAREAN).run()
    app.button("hw-birth-save").click().run()
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    assert (pregnancy.due_date, pregnancy.birth_date, pregnancy.birth_kind) == (
        TODAY + timedelta(21),
        TODAY - timedelta(2),
        BirthKind.CAESAREAN,
    )
    said = texts(app)
    assert "first week" in said.lower() and "can wait" in said
    app.button("hw-undo-tap-birth").click().run()
    assert "37w 0d" in texts(app)


@pytest.mark.parametrize("how", ["paused", "ended", "born"])
def test_a_birth_is_not_offered_where_none_is_near(
    open_page: OpenPage, known: Store, now: Moment, how: str
) -> None:
    due(known, TODAY, now)
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    if how == "paused":
        known.save_profile(replace(known.profile(), tracking=Tracking.PAUSED), now)
    elif how == "ended":
        known.save_pregnancy(replace(pregnancy, ended=True), now)
    else:
        known.save_pregnancy(replace(pregnancy, birth_date=TODAY), now)
    assert "baby" not in everything(open_page("today")).lower()


# -- what was answered before a session, the last days, and a backup ------------------------------


def test_after_a_loss_one_line_speaks_of_reminders_until_it_is_seen(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    assert "still ring" not in texts(open_page("today"))
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    app = open_page("today")
    assert "still ring" in texts(app)
    app.button("hw-ended-seen").click().run()
    assert "still ring" not in texts(app)
    assert "still ring" not in texts(open_page("today"))


def test_a_stop_sign_of_the_day_stands_in_place_of_the_start(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY - timedelta(1), 20), now)
    known.save_check_in(CheckInAnswer(now, TODAY, "contractions"), now)
    app = open_page("today")
    said = texts(app)
    assert "Please call now" in said and "waiting" not in said
    assert "hw-start" not in {button.key for button in app.button}


def test_the_last_days_and_weeks_are_seen_at_a_glance(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "<table" not in str([one.proto.body for one in open_page("today").get("html")])
    for back in range(40):
        day = TODAY - timedelta(back)
        known.save_session(
            make_session(day, 7, before=3 if back < 28 else 6, part=DayPart.MORNING), now
        )
    known.save_session(make_session(TODAY - timedelta(1), 15, part=DayPart.OTHER), now)
    app = open_page("today")
    html = [one.proto.body for one in app.get("html")]
    (strip,) = [one for one in html if '<table class="hw-strip"' in one]
    assert any('<div class="hw-pain-line"' in one and "svg" in one for one in html)
    assert strip.count('class="hw-done"') == 7 + 1 and strip.count('class="hw-none"') == 7 + 6
    assert re.findall("[A-Z][a-z]{2}(?=</th>)", strip)[:7] == [
        "Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue",
    ]  # fmt: skip
    assert "The middle of your pain scores is 3 of 10. In the four weeks before it was 6." in texts(
        app
    )


def test_a_backup_that_failed_is_said_in_one_kind_line(open_page: OpenPage, known: Store) -> None:
    assert "backup" not in texts(open_page("today"))
    process_state().backup_failed.add(known.path)
    assert "Your entries are saved. Today's backup could not be made" in texts(open_page("today"))


def test_a_week_begins_on_the_day_that_was_chosen(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """TODAY is a Tuesday; the session was on the Sunday before."""
    known.save_session(make_session(TODAY - timedelta(2), 7), now)
    assert "This week" not in texts(open_page("today"))
    known.save_profile(replace(known.profile(), week_starts_on=6), now)
    assert "This week so far: 1 session" in texts(open_page("today"))


# -- pain -----------------------------------------------------------------------------------------


def tap_pain(app: AppTest, score: int) -> None:
    app.pills(SCORE).set_value(score).run()


def test_pain_now_takes_one_tap(open_page: OpenPage, known: Store, now: Moment) -> None:
    app = open_page("today")
    tap_pain(app, 6)
    (entry,) = known.pains(limit=5)
    assert entry == PainEntry(TODAY, 6, at=now, id=entry.id)
    assert known.session_count() == 0, "no session is made of a score"
    assert "Noted at 21:05" in texts(app)
    assert "Pain: 6 at 21:05" in texts(app)


def test_a_tap_ten_minutes_later_is_a_new_score(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("today")
    tap_pain(app, 6)
    set_clock(monkeypatch, datetime(2026, 11, 24, 21, 16))
    tap_pain(app.run(), 3)
    assert sorted(entry.score for entry in known.pains(limit=5)) == [3, 6]


def test_another_tap_corrects_the_score_just_logged(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    tap_pain(app, 0)
    app.pills(SCORE).set_value(10).run()
    assert [entry.score for entry in known.pains(limit=5)] == [10]


def test_where_it_hurts_and_a_note_can_be_added_to_a_score(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("today")
    tap_pain(app, 4)
    (entry,) = known.pains(limit=5)
    app.pills(f"hw-pain-{entry.id}-places").set_value([PainPlace.HIP, PainPlace.LEG]).run()
    app.pills(f"hw-pain-{entry.id}-side").set_value(PainSide.LEFT).run()
    app.text_area(f"hw-pain-note-{entry.id}").set_value("after the bus").run()
    app.button("hw-pain-close").click().run()
    (told,) = known.pains(limit=5)
    assert told == replace(
        entry,
        places=frozenset({PainPlace.HIP, PainPlace.LEG}),
        side=PainSide.LEFT,
        note="after the bus",
    )
    assert "Pain: 4 at 21:05, hip or buttock, leg, left" in texts(app)
    # The next score is a new entry.
    tap_pain(app, 2)
    assert [entry.score for entry in known.pains(limit=5)] in ([2, 4], [4, 2])


def test_a_score_can_be_taken_back_at_its_place(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    tap_pain(app, 6)
    app.button("hw-undo-tap-pain").click().run()
    assert known.pains(limit=5) == []
    assert "Undone." in texts(app) and not app.exception
    assert app.pills(SCORE).value is None


def test_leaving_the_page_takes_no_score_back(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    tap_pain(app, 6)
    go_to(app, "history")
    go_to(app, "today")
    assert [entry.score for entry in known.pains(limit=5)] == [6]
    assert not app.exception


# -- a session without the timer ------------------------------------------------------------------


def test_a_session_without_the_timer_takes_two_taps(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("today")
    app.button("hw-done-open").click().run()
    app.button("hw-done-now").click().run()
    (session,) = known.sessions(limit=5)
    assert (session.state, session.started, session.part) == (
        SessionState.LOGGED,
        now,
        DayPart.BEDTIME,
    )
    assert [(hold.held_s, hold.outcome) for hold in session.holds] == [
        (35, HoldOutcome.FINISHED)
    ] * 4
    assert (session.pain_before, session.pain_after, session.ended) == (None, None, None)
    assert known.cramp(TODAY - timedelta(1)) is None
    assert "Tonight: done" in texts(app)
    app.button("hw-undo-tap-done").click().run()
    assert known.session_count() == 0
    assert "Undone." in texts(app)


@pytest.mark.parametrize(
    ("at", "day", "part"),
    [
        (time(8, 30), TODAY, DayPart.MORNING),
        (time(12, 0), TODAY, DayPart.OTHER),
        (time(23, 0), TODAY - timedelta(1), DayPart.BEDTIME),
    ],
)
def test_a_session_without_the_timer_at_a_time(
    open_page: OpenPage, known: Store, at: time, day: date, part: DayPart
) -> None:
    """A time still to come today was yesterday's; the part of day follows the time."""
    app = open_page("today")
    app.button("hw-done-open").click().run()
    app.time_input("hw-done-time").set_value(at).run()
    app.button("hw-done-save").click().run()
    (session,) = known.sessions(limit=5)
    assert session.started.local.replace(tzinfo=None) == datetime.combine(day, at)
    assert (session.local_day, session.part) == (day, part)


def test_a_session_without_a_finished_hold_is_said_to_be_kept_and_not_counted(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    stopped = make_session(TODAY, 20, held=2, state=SessionState.STOPPED)
    known.save_session(stopped, now)
    assert "1 session is kept and not counted" in texts(open_page("today"))


# -- cramps ---------------------------------------------------------------------------------------


def test_pain_and_then_a_cramp_are_both_logged(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    tap_pain(app, 6)
    app.pills(TONIGHT).set_value(CrampLeg.LEFT).run()
    assert not app.exception and "Something went wrong" not in texts(app)
    assert [entry.score for entry in known.pains(limit=5)] == [6]
    app.button("hw-undo-tap-cramp").click().run()
    assert known.cramp(TODAY) is None and len(known.pains(limit=5)) == 1


def test_a_note_written_long_after_the_score_is_kept(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch, now: Moment
) -> None:
    app = open_page("today")
    tap_pain(app, 6)
    (entry,) = known.pains(limit=5)
    monkeypatch.setattr(clock, "now", lambda: Moment(now.utc + timedelta(hours=1), now.utc_offset))
    app.text_area(f"hw-pain-note-{entry.id}").set_value("while lifting").run()
    assert [entry.note for entry in known.pains(limit=5)] == ["while lifting"]
    tap_pain(app, 4)
    assert sorted(entry.score for entry in known.pains(limit=5)) == [4, 6]


def test_a_cramp_takes_one_tap_and_can_be_undone(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    app.pills(TONIGHT).set_value(CrampLeg.LEFT).run()
    kept = known.cramp(TODAY)
    assert kept is not None
    assert kept.leg is CrampLeg.LEFT
    assert known.session_count() == 0
    assert open_page("today").pills(TONIGHT).value is CrampLeg.LEFT, "it shows after a reload"
    app.button("hw-undo-tap-cramp").click().run()
    assert known.cramp(TODAY) is None
    assert app.pills(TONIGHT).value is None
    assert "Undone." in texts(app)


def test_while_the_night_goes_on_left_and_then_right_make_both(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("today")
    app.pills(TONIGHT).set_value(CrampLeg.LEFT).run()
    app.pills(TONIGHT).set_value(CrampLeg.RIGHT).run()
    kept = known.cramp(TODAY)
    assert kept is not None and kept.leg is CrampLeg.BOTH
    assert app.pills(TONIGHT).value is CrampLeg.BOTH


def test_the_cramps_of_last_night_are_shown_and_corrected(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    night = TODAY - timedelta(1)
    known.save_cramp(night, CrampLeg.LEFT, now)
    app = open_page("today")
    assert app.pills(LAST_NIGHT).value is CrampLeg.LEFT
    for leg in (CrampLeg.RIGHT, CrampLeg.NONE, CrampLeg.BOTH):
        app.pills(LAST_NIGHT).set_value(leg).run()
        kept = known.cramp(night)
        assert kept is not None and kept.leg is leg
    assert known.cramp(TODAY) is None


def test_at_half_past_midnight_last_night_is_the_one_that_is_over(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 25, 0, 40))
    app = open_page("today")
    app.pills(LAST_NIGHT).set_value(CrampLeg.LEFT).run()
    assert [(c.night, c.leg) for c in known.cramps(limit=5)] == [
        (TODAY - timedelta(1), CrampLeg.LEFT)
    ]
    assert "24w 3d" in texts(app), "the day, and so the week, is still that of the evening"
