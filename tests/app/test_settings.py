"""Settings: changes are saved at once; what paused tracking or an ended pregnancy hides."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import Cue, DueDateSource, Moment, Tracking
from holdwell.store.repository import Store
from holdwell.ui.guide.illustration import SKIN_TONE
from holdwell.ui.guide.phone_numbers import UNIT_NUMBER
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.navigation import PageInfo
from tests.app.conftest import OpenPage, current_pregnancy, go_to, texts
from tests.conftest import TODAY, MakeSession


def test_a_link_to_a_section_opens_only_that_section(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    app = open_page("settings")
    sections = [section.proto for section in app.expander if section.proto.icon]
    assert len(sections) == 10 and not any(section.expanded for section in sections)
    known.save(make_session(TODAY), now)
    app = open_page("today")
    app.button("hw-goal-other").click().run()
    assert opened_sections(app) == ["Sessions"]


def opened_sections(app: AppTest) -> list[str]:
    return [
        section.label for section in app.expander if section.proto.icon and section.proto.expanded
    ]


def test_going_back_opens_the_section_that_was_open(open_page: OpenPage, known: Store) -> None:
    del known
    app = open_page("settings")
    assert opened_sections(app) == []
    app.button("hw-routines").click().run()
    app = go_to(app, "settings")
    assert opened_sections(app) == ["Sessions"]
    # It stays open while the user is on the page, but not on a later visit.
    app.slider("hw-ready").set_value(20).run()
    assert opened_sections(app) == ["Sessions"]
    app.query_params.clear()  # as the bar opens it
    assert opened_sections(go_to(app, "settings")) == []
    app.button("hw-record").click().run()
    go_to(app, "today")
    assert opened_sections(go_to(app, "settings")) == []


def test_paused_tracking_shows_no_weeks_and_no_goal(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("settings")
    app.button("hw-pause").click().run()
    assert known.profile().tracking is Tracking.PAUSED
    app = open_page("today")
    text = texts(app)
    assert "24w" not in text
    assert len(app.get("progress")) == 0
    assert "paused" in text


def test_after_a_pregnancy_ended_no_page_mentions_weeks(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY), now)
    app = open_page("settings")
    assert "give the date under “Where you are” instead." in texts(app)
    app.button("hw-end").click().run()
    assert "After a birth" not in texts(app)
    pregnancy = current_pregnancy(known)
    assert pregnancy.ended and pregnancy.due_date is not None
    for page in ("today", "settings", "progress"):
        text = texts(open_page(page)).lower()
        assert "24w" not in text
        assert "due date" not in text
        assert "week 24" not in text
    app.button("hw-end_undo").click().run()
    assert not current_pregnancy(known).ended


def test_settings_are_saved_as_they_are_changed(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    app.slider("hw-ready").set_value(20).run()
    app.toggle("hw-sound").set_value(False).run()
    app.slider("hw-volume").set_value(40).run()
    app.pills("hw-cues").set_value([Cue.BEGIN, Cue.DONE]).run()
    profile = known.profile()
    assert (profile.get_ready_seconds, profile.sound) == (20, False)
    assert (profile.volume, profile.voice, profile.vibration) == (40, True, True)
    assert profile.quiet_cues == set(Cue) - {Cue.BEGIN, Cue.DONE}


def test_the_skin_tone_of_the_drawings_is_chosen_and_saved(
    open_page: OpenPage, known: Store
) -> None:
    def tones_of(page: str) -> set[str]:
        """Return the skin tones of a page's drawings, according to their addresses."""
        bodies = [html.proto.body for html in open_page(page).get("html")]
        tones = {tone for body in bodies for tone in re.findall(r';skin=(\w*)"', body)}
        assert tones
        return tones

    assert tones_of("guide") == {""}
    app = open_page("settings")
    app.pills("hw-skin").set_value("deep").run()
    assert known.meta(SKIN_TONE) == "deep"
    assert tones_of("guide") == tones_of("settings") == {"deep"}


# -- the goal and pauses have dates ---------------------------------------------------------------


def test_there_is_no_goal_before_one_is_chosen(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    assert app.slider("hw-goal").value == 7
    app.slider("hw-goal").set_value(5).run()
    assert known.goals() == ()
    app.button("hw-goal-choose").click().run()
    assert [(goal.from_day, goal.goal_per_week) for goal in known.goals()] == [(TODAY, 5)]
    assert "5 sessions a week from Tue 24 Nov on" in texts(app)


def test_a_goal_is_dropped_with_one_tap_and_restored_with_another(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.choose_goal(7, now)
    app = open_page("settings")
    app.button("hw-goal-drop").click().run()
    assert known.goals() == () and "There is no goal now." in texts(app)
    app.button("hw-undo-tap-goal").click().run()
    assert [goal.goal_per_week for goal in known.goals()] == [7]


def test_another_goal_keeps_the_earlier_one(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    known.choose_goal(7, now)
    later = Moment(now.utc + timedelta(3), now.utc_offset)
    monkeypatch.setattr(clock, "now", lambda: later)
    app = open_page("settings")
    app.slider("hw-goal").set_value(14).run()
    goals = [(goal.from_day, goal.goal_per_week) for goal in known.goals()]
    assert goals == [(TODAY, 7), (TODAY + timedelta(3), 14)]
    assert "7 sessions a week from Tue 24 Nov on" in texts(app)


def test_a_pause_has_dates_and_its_first_day_can_be_corrected(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("settings")
    app.button("hw-pause").click().run()
    app.date_input("hw-paused-since").set_value(TODAY - timedelta(20)).run()
    app.button("hw-unpause").click().run()
    (pause,) = known.pauses()
    assert (pause.from_day, pause.to_day) == (TODAY - timedelta(20), TODAY - timedelta(1))
    app.button(f"pause-{pause.id}").click().run()
    assert known.pauses() == ()


def test_a_pause_of_the_past_can_be_added(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    # The same pause again, as by a double click, is not refused and not added.
    for first, last in ((5, 9), (3, 0), (9, 5), (9, 5)):
        app.date_input("hw-pause-from").set_value(TODAY - timedelta(first))
        app.date_input("hw-pause-to").set_value(TODAY - timedelta(last))
        app.button("hw-pause-add").click().run()
        assert bool(app.warning) is (first < last or last == 0)
    (pause,) = known.pauses()
    assert (pause.from_day, pause.to_day) == (TODAY - timedelta(9), TODAY - timedelta(5))


# -- the due date keeps its source ----------------------------------------------------------------


def change_dates(app: AppTest, source: DueDateSource) -> None:
    app.button("hw-change").click().run()
    app.pills("settings-known").set_value(source).run()


@pytest.mark.parametrize(
    ("source", "day", "fields", "due", "days"),
    [
        (DueDateSource.SCAN, date(2026, 8, 20), {"scan-weeks": 12, "scan-days": 3},
         date(2027, 3, 1), 87),
        (DueDateSource.TRANSFER, date(2026, 6, 20), {"embryo-days": 5}, date(2027, 3, 8), 5),
        (DueDateSource.CONCEPTION, date(2026, 6, 20), {}, date(2027, 3, 13), None),
        (DueDateSource.LAST_PERIOD, date(2026, 6, 1), {}, date(2027, 3, 8), None),
    ],
)  # fmt: skip
def test_a_new_due_date_keeps_its_source_and_the_earlier_due_date(
    open_page: OpenPage,
    known: Store,
    source: DueDateSource,
    day: date,
    fields: dict[str, int],
    due: date,
    days: int | None,
) -> None:
    app = open_page("settings")
    change_dates(app, source)
    app.button("settings-next").click().run()
    assert "choose a date" in app.warning[0].value
    for name, value in fields.items():
        app.number_input(f"settings-{name}").set_value(value).run()
    app.date_input(f"settings-{source.value}").set_value(day).run()
    app.button("settings-next").click().run()
    pregnancy = current_pregnancy(known)
    assert pregnancy.due_date == due
    first, given = known.due_dates(pregnancy.id)
    assert first.due_date == date(2027, 3, 13)
    assert (given.due_date, given.source, given.source_day) == (due, source, day)
    assert (given.source_days, given.given_on) == (days, TODAY)
    text = texts(app)
    assert "Given before: Sat, 13 Mar 2027" in text
    if source is DueDateSource.SCAN:
        assert "Mon, 1 Mar 2027 (from a scan, 12w 3d on Thu, 20 Aug 2026)" in text
    # Saving it again unchanged adds no due date.
    app.button("hw-change").click().run()
    app.button("settings-next").click().run()
    assert len(known.due_dates(pregnancy.id)) == 2


def test_a_scan_in_the_future_is_refused_in_words(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    change_dates(app, DueDateSource.SCAN)
    app.date_input("settings-scan").set_value(TODAY + timedelta(1)).run()
    app.button("settings-next").click().run()
    assert "in the future" in app.warning[0].value


def test_the_end_of_a_day_and_the_first_weekday_are_settings(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("settings")
    assert app.selectbox("hw-day-ends").value == 4
    app.selectbox("hw-day-ends").set_value(6).run()
    app.selectbox("hw-week-starts").set_value(6).run()
    assert (known.profile().day_ends_at, known.profile().week_starts_on) == (6, 6)
    app.selectbox("hw-week-starts").select_index(0).run()
    assert known.profile().week_starts_on is None


def test_a_setting_saved_in_another_window_during_a_run_is_kept(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, shown = open_page("settings"), navigation.show_bar

    def pause_elsewhere(info: PageInfo) -> None:
        shown(info)
        known.save_profile(replace(known.profile(), tracking=Tracking.PAUSED), now)

    monkeypatch.setattr(navigation, "show_bar", pause_elsewhere)
    app.toggle("hw-sound").set_value(False).run()
    profile = known.profile()
    assert (profile.sound, profile.tracking) == (False, Tracking.PAUSED)
    assert [pause.from_day for pause in known.pauses()] == [TODAY]


def test_settings_opened_earlier_save_only_what_is_changed_in_them(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.choose_goal(5, now)
    app = open_page("settings")
    elsewhere = replace(
        known.profile(),
        voice=False,
        volume=30,
        get_ready_seconds=25,
        day_ends_at=6,
        week_starts_on=3,
        tracking=Tracking.PAUSED,
        language="es",
    )
    known.save_profile(elsewhere, now)
    known.choose_goal(9, now)
    known.set_meta(SKIN_TONE, "deep")
    known.set_meta(UNIT_NUMBER, "+44 20 7946 0000")
    app.run()
    assert (known.meta(SKIN_TONE), known.meta(UNIT_NUMBER)) == ("deep", "+44 20 7946 0000")
    (pause,) = known.pauses()
    moved = replace(pause, from_day=TODAY - timedelta(9))
    known.save_pause(moved, now)
    for changed in (False, True):
        app.toggle("hw-sound").set_value(changed).run()
        assert not app.exception
        assert known.profile() == replace(elsewhere, sound=changed, goal_per_week=9)
    app.slider("hw-ready").set_value(0).run()
    app.slider("hw-goal").set_value(6).run()
    app.selectbox("hw-week-starts").set_value(0).run()
    assert known.profile() == replace(
        elsewhere, get_ready_seconds=0, goal_per_week=6, week_starts_on=0
    )
    assert known.goals()[-1].goal_per_week == 6 and known.pauses() == (moved,)
