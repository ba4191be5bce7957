"""The welcome page: the user's stage and dates, and what can be skipped."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import streamlit as st

from holdwell.domain.models import BirthKind, Condition, DueDateSource, Moment
from holdwell.store.repository import Store
from holdwell.ui.runtime import navigation
from holdwell.ui.settings.pregnancy_form import Where
from tests.app.conftest import OpenPage, current_pregnancy, go_to, texts
from tests.conftest import TODAY


def test_the_first_visit_asks_for_dates(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    assert "skip these questions" in texts(app)
    assert not saved.profile().welcomed


def test_what_eases_a_cramp_is_one_tap_away_and_the_stop_signs_still_come_first(
    open_page: OpenPage, saved: Store
) -> None:
    """Somebody may open the app for the first time at night, with a cramp."""
    app = open_page("today")
    (relief,) = [block for block in app.expander if block.label == "What eases a cramp"]
    assert not relief.proto.expanded
    assert "straighten the leg" in relief.text[0].value
    assert not saved.profile().welcomed
    app.button("welcome-skip").click().run()
    assert "Before you start" in texts(app)
    assert not saved.profile().safety_seen


def test_today_opens_from_the_welcome_and_the_next_visit_asks_again(
    open_page: OpenPage, saved: Store
) -> None:
    app = open_page("today")
    assert "skip these questions" in texts(app)
    go_to(app, "today")
    assert "Start stretching" in {button.label for button in app.button}
    app.pills("hw-pain-score").set_value(6).run()
    assert [pain.score for pain in saved.pains(limit=5)] == [6]
    assert not saved.profile().welcomed
    assert "skip these questions" in texts(open_page("today"))


def test_the_welcome_is_shown_even_if_the_run_that_leads_to_it_is_stopped(
    open_page: OpenPage, saved: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy computer the browser asks for Today once more before the welcome is shown."""
    with monkeypatch.context() as stopped:
        stopped.setattr(navigation, "go", lambda name: st.stop())
        app = open_page("today")
    assert "skip these questions" not in texts(app)
    assert "skip these questions" in texts(app.run())


def test_everything_can_be_skipped(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.button("welcome-skip").click().run()
    assert saved.profile().welcomed
    assert saved.pregnancy() is None
    assert "Before you start" in texts(app)
    app.button("hw-accept-tap").click().run()
    assert saved.profile().safety_seen
    assert app.button("hw-learn").label == "See each step, with drawings"


@pytest.mark.parametrize(("language", "title"), [("es", "Hola"), ("xx", "Hello")])
def test_a_language_chosen_in_another_window_stays(
    open_page: OpenPage, saved: Store, now: Moment, language: str, title: str
) -> None:
    """This also holds for a language that this content folder does not have."""
    app = open_page("welcome")
    before = saved.profile()
    saved.change_profile(before, replace(before, language=language), now)
    app.run()
    assert saved.profile().language == language
    assert title in texts(app)
    again = open_page("welcome")
    assert title in texts(again)


def test_conditions_that_make_standing_on_one_leg_hard_are_asked_and_saved(
    open_page: OpenPage, saved: Store
) -> None:
    app = open_page("today")
    app.pills("hw-conditions").set_value([Condition.PELVIC_GIRDLE_PAIN]).run()
    app.button("welcome-skip").click().run()
    profile = saved.profile()
    assert profile.welcomed and profile.conditions == {Condition.PELVIC_GIRDLE_PAIN}
    # Stretch, after the stop signs, says whom to ask; Today would only say that it can wait.
    assert "Before you start" in texts(app)


def test_after_a_loss_nothing_is_asked_and_no_week_is_shown(
    open_page: OpenPage, saved: Store
) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.ENDED).run()
    assert not app.date_input
    app.button("welcome-next").click().run()
    pregnancy = current_pregnancy(saved)
    assert pregnancy.ended and not pregnancy.has_dates
    signs = texts(app)
    assert "Before you start" in signs
    assert "your baby" not in signs and "movements" not in signs
    app.button("hw-accept-tap").click().run()
    today = texts(open_page("today"))
    assert "baby" not in today and "weeks" not in today
    # Settings cannot show weeks again, as there are none; and no reminders exist that could ring.
    keys = [b.key for b in open_page("settings").button]
    assert not {"hw-end", "hw-end_undo"} & set(keys)
    assert "still ring" not in today


def test_due_date_leads_to_stop_signs_and_on(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.PREGNANT).run()
    app.date_input("welcome-due").set_value(date(2027, 3, 13)).run()
    app.button("welcome-next").click().run()
    assert current_pregnancy(saved).due_date == date(2027, 3, 13)
    assert "Before you start" in texts(app)


def test_last_period_becomes_a_due_date(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.PREGNANT).run()
    app.pills("welcome-known").set_value(DueDateSource.LAST_PERIOD).run()
    app.date_input("welcome-last_period").set_value(date(2026, 6, 6)).run()
    app.button("welcome-next").click().run()
    assert current_pregnancy(saved).due_date == date(2027, 3, 13)


def test_while_every_stretch_can_wait_the_first_page_is_today(
    open_page: OpenPage, saved: Store
) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.POSTPARTUM).run()
    app.date_input("welcome-birth").set_value(TODAY - timedelta(days=2)).run()
    app.pills("welcome-birth-kind").set_value(BirthKind.CAESAREAN).run()
    app.button("welcome-next").click().run()
    assert "can wait for now" in texts(app)
    assert "Before you start" not in texts(app)
    assert "Before you start" in texts(open_page("stretch"))


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
def test_impossible_dates_are_refused_in_words(
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


def test_dates_that_disagree_are_refused_in_words(open_page: OpenPage, saved: Store) -> None:
    app = open_page("today")
    app.pills("welcome-where").set_value(Where.POSTPARTUM).run()
    app.date_input("welcome-birth").set_value(date(2026, 1, 1)).run()
    app.date_input("welcome-expected").set_value(date(2026, 11, 1)).run()
    app.button("welcome-next").click().run()
    assert "disagree" in app.warning[0].value
    assert saved.pregnancy() is None
