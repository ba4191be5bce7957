"""Every page, for someone new and for someone known: what it says and what it saves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import (
    CrampLeg,
    Cue,
    DayPart,
    HoldOutcome,
    Moment,
    Routine,
    RoutineStretch,
    SessionState,
    Tracking,
)
from holdwell.guide import guide
from holdwell.sessions import plan
from holdwell.store.repository import Store
from holdwell.ui.settings.pregnancy_form import KnownDate, Where
from tests.app.conftest import OpenPage, texts
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)


def test_first_opening_asks_where_she_is(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    assert "where are you" in texts(app)
    assert not saved.profile().welcomed


def test_everything_can_be_skipped(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.button("welcome-skip").click().run()
    assert saved.profile().welcomed
    assert saved.pregnancy() is None
    assert "Before you start" in texts(app)
    app.button("hw-accept-tap").click().run()
    assert saved.profile().safety_seen
    assert app.button("hw-learn").label == "See each step, with drawings"


def test_due_date_leads_to_stop_signs_and_on(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.PREGNANT).run()
    app.date_input("welcome-due").set_value(date(2027, 3, 13)).run()
    app.button("welcome-next").click().run()
    pregnancy = saved.pregnancy()
    assert pregnancy is not None
    assert pregnancy.due_date == date(2027, 3, 13)
    assert "Before you start" in texts(app)


def test_last_period_becomes_a_due_date(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.PREGNANT).run()
    app.pills("welcome-known").set_value(KnownDate.LMP).run()
    app.date_input("welcome-lmp").set_value(date(2026, 6, 6)).run()
    app.button("welcome-next").click().run()
    pregnancy = saved.pregnancy()
    assert pregnancy is not None
    assert pregnancy.due_date == date(2027, 3, 13)


@pytest.mark.parametrize(
    ("where", "field", "day", "sentence"),
    [
        ("pregnant", "due", date(1976, 11, 24), "more than 4 weeks ago"),
        ("pregnant", "due", date(2030, 1, 1), "more than 40 weeks away"),
        ("postpartum", "birth", date(1976, 11, 24), "more than 10 years ago"),
        ("postpartum", "birth", date(2026, 11, 25), "in the future"),
        ("pregnant", "due", None, "choose a date"),
        ("postpartum", "birth", None, "choose a date"),
    ],
)
def test_dates_that_cannot_be_get_a_sentence(
    open_page: OpenPage, saved: Store, where: str, field: str, day: date | None, sentence: str
) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where(where)).run()
    app.date_input(f"welcome-{field}").set_value(day).run()
    app.button("welcome-next").click().run()
    assert sentence in app.warning[0].value
    assert app.date_input(f"welcome-{field}").value == day
    assert saved.pregnancy() is None
    assert not saved.profile().welcomed


def test_dates_that_disagree_get_a_sentence(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.POSTPARTUM).run()
    app.date_input("welcome-birth").set_value(date(2026, 1, 1)).run()
    app.date_input("welcome-expected").set_value(date(2026, 11, 1)).run()
    app.button("welcome-next").click().run()
    assert "disagree" in app.warning[0].value
    assert saved.pregnancy() is None


def test_today_says_where_she_is_and_what_waits(open_page: OpenPage, known: Store) -> None:
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


def test_a_cramp_takes_one_tap_and_can_be_undone(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    app.button("hw-cramp-left").click().run()
    kept = known.cramp(TODAY)
    assert kept is not None
    assert kept.leg is CrampLeg.LEFT
    app.button("hw-cramp-undo-tap").click().run()
    assert known.cramp(TODAY) is None


def test_paused_tracking_shows_no_weeks_and_no_goal(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("settings")
    app.button("hw-pause").click().run()
    assert known.profile().tracking is Tracking.PAUSED
    app = open_page("today")
    said = texts(app)
    assert "24w" not in said
    assert len(app.get("progress")) == 0
    assert "paused" in said


def test_an_ended_pregnancy_is_met_with_silence_about_weeks(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY), now)
    app = open_page("settings")
    app.button("hw-end").click().run()
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    assert pregnancy.ended
    assert pregnancy.due_date is not None
    for page in ("today", "settings", "progress"):
        said = texts(open_page(page)).lower()
        assert "24w" not in said
        assert "due date" not in said
        assert "week 24" not in said
    app.button("hw-end").click().run()
    restored = known.pregnancy()
    assert restored is not None
    assert not restored.ended


def test_settings_are_saved_as_they_are_changed(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    app.slider("hw-goal").set_value(5).run()
    app.slider("hw-ready").set_value(20).run()
    app.toggle("hw-sound").set_value(False).run()
    app.slider("hw-volume").set_value(40).run()
    app.pills("hw-cues").set_value([Cue.BEGIN, Cue.DONE]).run()
    profile = known.profile()
    assert (profile.goal_per_week, profile.get_ready_seconds, profile.sound) == (5, 20, False)
    assert (profile.volume, profile.voice, profile.vibration) == (40, True, True)
    assert profile.quiet_cues == set(Cue) - {Cue.BEGIN, Cue.DONE}


def test_safety_page_has_every_sign(open_page: OpenPage, known: Store) -> None:
    said = texts(open_page("safety"))
    for group in guide().safety.groups:
        assert group.whom in said
        for sign in group.signs:
            assert sign in said


def test_the_guide_tells_every_step_and_tip(open_page: OpenPage, known: Store) -> None:
    said = texts(open_page("guide"))
    found = guide()
    steps = [*found.setup.steps, *(step for s in found.stretches for step in s.steps)]
    for step in steps:
        assert step.text in said
        assert [tip.text for tip in step.tips if tip.text not in said] == []


def drawings(app: AppTest) -> str:
    return "".join(str(block.proto.body) for block in app.get("html"))


def test_only_someone_pregnant_sees_a_pregnant_figure(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    assert "A pregnant person" in drawings(open_page("guide"))
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    said = drawings(open_page("guide"))
    assert "pregnant" not in said.lower()
    assert "alt=" in said


def test_an_unfinished_session_is_offered_and_kept(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    everything = tuple(RoutineStretch(s.id) for s in guide().stretches)
    made = plan.plan(Routine("r", "Mine", everything), guide().stretches, 10)
    begun = replace(
        make_session(TODAY, state=SessionState.OPEN),
        id=made.id,
        started=Moment(now.utc - timedelta(hours=20), 60),
        plan=made.to_json(),
        ended=None,
    )
    known.save_session(begun, now)
    assert "2 of 4 holds are kept" in texts(open_page("today"))
    app = open_page("stretch")
    assert "not finished" in texts(app)
    assert not [b for b in app.button if b.key == "hw-go-on"], "too old to go on with"
    app.button("hw-keep").click().run()
    kept = known.session(begun.id)
    assert kept is not None
    assert kept.state is SessionState.STOPPED
    assert kept.holds == begun.holds
    assert "You stopped early" in texts(app)


def test_rating_saves_and_goes_home(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save_session(session, now)
    app = open_page("stretch")
    app.query_params["session"] = session.id
    app.run()
    assert "2 holds, 1 min 10 s held in all" in texts(app)
    key = f"rate-{session.id}"
    app.pills(f"{key}-after").set_value(3)
    app.pills(f"{key}-comfort").set_value(4)
    app.button(f"{key}-save").click().run()
    rated = known.session(session.id)
    assert rated is not None
    assert (rated.pain_after, rated.comfort, rated.pain_before) == (3, 4, None)
    assert "Saved." in texts(app)


def test_history_adds_a_backdated_session(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-add-0-day").set_value(date(2026, 11, 20))
    app.pills("form-add-0-part").set_value(DayPart.MORNING)
    app.pills("form-add-0-before").set_value(7)
    app.pills("form-add-0-after").set_value(5)
    app.number_input("form-add-0-hold-1").set_value(0)
    app.pills("form-add-0-cramp").set_value(CrampLeg.BOTH)
    app.text_area("form-add-0-note").set_value("at my mother's")
    app.button("form-add-0-save").click().run()
    (session,) = known.sessions(limit=5)
    assert session.state is SessionState.LOGGED
    assert session.local_day == date(2026, 11, 20)
    assert (session.part, session.pain_before, session.pain_after) == (DayPart.MORNING, 7, 5)
    assert [h.held_s for h in session.holds] == [35.0, 35.0, 35.0]
    assert session.note == "at my mother's"
    night = known.cramp(date(2026, 11, 19))
    assert night is not None
    assert night.leg is CrampLeg.BOTH
    assert known.cramp(TODAY - timedelta(1)) is None
    assert "at my mother's" in texts(app)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": date(2026, 11, 25)}, "has not come yet"),
        ({"day": date(1976, 11, 24)}, "more than 10 years ago"),
        ({"day": None}, "choose the day"),
        ({"hold-0": -5}, "from 0 to 3,600"),
        ({"hold-0": 99999}, "from 0 to 3,600"),
        ({"note": "x" * 2001}, "2,001 characters"),
        ({f"hold-{n}": 0 for n in range(4)}, "Nothing to save yet"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    open_page: OpenPage, known: Store, changes: dict[str, object], sentence: str
) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    for name, value in changes.items():
        key = f"form-add-0-{name}"
        kind = {"day": app.date_input, "note": app.text_area}.get(name, app.number_input)
        kind(key).set_value(value)
    app.button("form-add-0-save").click().run()
    assert sentence in app.warning[0].value
    assert known.session_count() == 0
    if "note" in changes:
        assert app.text_area("form-add-0-note").value == changes["note"]


def test_history_edit_and_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12, before=6)
    known.save_session(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    key = f"form-{session.id}-0"
    assert app.pills(f"{key}-before").value == 6
    app.pills(f"{key}-before").set_value(2)
    app.number_input(f"{key}-hold-0").set_value(10)
    app.button(f"{key}-save").click().run()
    edited = known.session(session.id)
    assert edited is not None
    assert edited.pain_before == 2
    assert edited.started == session.started
    assert edited.holds[0] == replace(session.holds[0], held_s=10.0, outcome=HoldOutcome.SHORTENED)
    assert edited.holds[1] == session.holds[1]
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session


def test_history_delete_and_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    app.button("hw-delete").click().run()
    assert known.session(session.id) is None
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session


def test_history_brings_back_what_was_deleted_long_ago(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    known.delete_session(session.id, now)
    app = open_page("history")
    app.button(f"restore-{session.id}").click().run()
    assert known.session(session.id) == session


def test_notes_are_never_read_as_markup(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    note = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) :red[y] $x$"
    known.save_session(replace(make_session(TODAY, 12), note=note), now)
    app = open_page("history")
    assert note in [element.value for element in app.text]
    assert not [element for element in app.markdown if "script" in str(element.value)]


def test_demo_says_so_on_every_page(open_page: OpenPage, known: Store) -> None:
    known.set_meta("demo", "1")
    for page in (
        "today",
        "stretch",
        "history",
        "progress",
        "settings",
        "safety",
        "welcome",
        "routines",
        "review",
        "record",
    ):
        assert "Example data" in texts(open_page(page)), page
