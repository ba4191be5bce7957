"""The few sentences above the charts of Progress: which days each of them counts."""

from datetime import date, timedelta

from holdwell.domain.models import Moment
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.stats import glance
from holdwell.store.repository import ALWAYS, Store
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)


def save(store: Store, now: Moment, make: MakeSession, pain_by_days_ago: dict[int, int]) -> None:
    """Save a session with a score before, and two points less after, some days ago each."""
    for days, pain in pain_by_days_ago.items():
        session = make(TODAY - timedelta(days), before=pain, after=max(pain - 2, 0))
        store.save_session(session, now)


def test_without_sessions_nothing_is_compared(store: Store) -> None:
    assert glance.sentences(store, TODAY, 14, ALWAYS) == [
        "0 sessions this week so far; your goal is 14 a week.",
        "No pain scores in the last 4 weeks.",
    ]


def test_the_last_days_that_count(store: Store, now: Moment, make_session: MakeSession) -> None:
    # Monday is a day ago: of the calendar week, as on Today.
    save(store, now, make_session, {1: 2, 2: 4, 27: 6, 28: 8, 55: 10, 56: 1})
    often, pain, change = glance.sentences(store, TODAY, None, ALWAYS)
    assert often == "1 session this week so far."
    assert "session: 4 in the last 4 weeks, 9 in the 4 weeks before that" in pain
    assert "in 3 of 3 sessions with both scores" in change


def test_no_number_reaches_into_the_pregnancy_before(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {0: 3, 1: 9, 40: 9})
    period = PregnancyPeriod(first=TODAY)
    often, pain, change = glance.sentences(store, TODAY, None, period)
    assert often.startswith("1 session ")
    assert pain == "Median pain before a session: 3 in the last 4 weeks."
    assert "1 of 1 session " in change


def test_of_a_pregnancy_that_is_over_all_days_count(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {100: 2, 300: 6})
    first, last = TODAY - timedelta(300), TODAY - timedelta(100)
    assert glance.past_sentences(store, first, last) == [
        "In the time shown: 2 sessions.",
        "Median pain before a session: 4.",
        "Within a session it fell by two points or more in 2 of 2 sessions with both scores.",
    ]
    assert glance.past_sentences(store, TODAY, TODAY) == ["In the time shown: 0 sessions."]
