"""The answers of Progress in short: which days each number counts."""

from datetime import UTC, date, datetime, timedelta

from holdwell.domain.dated import Pause
from holdwell.domain.dates import DaySpan
from holdwell.domain.models import CrampLeg, Moment, PainEntry
from holdwell.stats import glance
from holdwell.store.repository import ALWAYS, Store
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)


def save(store: Store, now: Moment, make: MakeSession, pain_by_days_ago: dict[int, int]) -> None:
    """Save sessions some days ago, each with a score before and two points less after."""
    for days, pain in pain_by_days_ago.items():
        session = make(TODAY - timedelta(days), before=pain, after=max(pain - 2, 0))
        store.save(session, now)


def often(store: Store, today: date = TODAY, period: DaySpan = ALWAYS) -> str:
    return glance.sessions_this_week(store, today, period, store.goal_history())


def test_without_entries_nothing_is_compared(store: Store, now: Moment) -> None:
    store.choose_goal(14, Moment.of(datetime(2026, 11, 20, 9, tzinfo=UTC)))
    assert often(store) == "0 sessions this week so far; your goal is 14 a week."
    # A week with paused days is not compared with the goal.
    store.save_pause(Pause(TODAY - timedelta(1), TODAY - timedelta(1)), now)
    assert often(store) == "0 sessions this week so far."
    assert glance.pain(store, TODAY, TODAY, ALWAYS) == "No pain scores in the last 4 weeks."
    assert glance.changes(store, TODAY, ALWAYS) == []


def test_the_last_days_that_count(store: Store, now: Moment, make_session: MakeSession) -> None:
    # Monday was yesterday, so one session lies in this calendar week, as on Today.
    save(store, now, make_session, {1: 2, 2: 4, 27: 6, 28: 8, 55: 10, 56: 1})
    assert often(store) == "1 session this week so far."
    pain = glance.pain(store, TODAY, TODAY, ALWAYS)
    assert pain == (
        "Middle pain score: 4 (3 scores) in the last 4 weeks, "
        "9 (2 scores) in the 4 weeks before that."
    )


def test_after_a_flight_west_a_session_of_tomorrow_counts_in_its_week(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {-1: 2, 1: 2, 2: 2})
    assert often(store) == "2 sessions this week so far."
    # On Sunday tomorrow is another week.
    assert often(store, TODAY - timedelta(2)) == "1 session this week so far."


def test_pain_without_a_session_counts_and_days_left_out_do_not(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {1: 4})
    store.save(PainEntry(TODAY, 8, now), now)
    assert "score: 6 (2 scores) in" in glance.pain(store, TODAY, TODAY, ALWAYS)
    store.leave_out([TODAY], None, now)
    assert "score: 4 (1 score) in" in glance.pain(store, TODAY, TODAY, ALWAYS)
    store.leave_out([TODAY - timedelta(1)], None, now)
    pain = glance.pain(store, TODAY, TODAY, ALWAYS)
    assert pain == "The pain scores of the last 4 weeks are left out of the trend."
    over = DaySpan(last=TODAY)
    pain = glance.pain(store, TODAY - timedelta(1), TODAY, over)
    assert pain == "All pain scores are left out of the trend."


def test_what_changed_needs_eight_weeks(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {1: 2, 2: 4, 30: 7, 54: 7})
    assert glance.changes(store, TODAY, ALWAYS) == []
    save(store, now, make_session, {55: 7})
    store.save_cramp(TODAY - timedelta(1), CrampLeg.LEFT, now)
    store.save_cramp(TODAY - timedelta(30), CrampLeg.NONE, now)
    assert glance.changes(store, TODAY, ALWAYS) == [
        "Sessions: 2 in the last 4 weeks, 3 in the 4 weeks before that.",
        "Middle pain score: 3 (2 scores) in the last 4 weeks, "
        "7 (3 scores) in the 4 weeks before that.",
        "Nights with cramps: 1 of 1 answered night in the last 4 weeks, "
        "0 of 1 answered night in the 4 weeks before that.",
    ]


def test_fewer_than_four_weeks_before_are_not_compared(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {0: 3, 29: 9, 54: 9})
    pain = glance.pain(store, TODAY, TODAY, ALWAYS)
    assert pain == "Middle pain score: 3 (1 score) in the last 4 weeks."


def test_each_number_is_compared_from_its_own_first_entry_on(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    """The night before the first day has an answer, but that day has no entry."""
    began = TODAY - timedelta(54)
    store.save_all([PainEntry(began + timedelta(n), 6) for n in range(55)], now)
    store.save_cramp(began - timedelta(1), CrampLeg.LEFT, now)
    store.save_cramp(TODAY - timedelta(1), CrampLeg.NONE, now)
    save(store, now, make_session, {1: 6, 2: 6, 40: 6})
    nights = (
        "Nights with cramps: 0 of 1 answered night in the last 4 weeks, "
        "1 of 1 answered night in the 4 weeks before that."
    )
    pain = glance.pain(store, TODAY, TODAY, ALWAYS)
    assert pain == "Middle pain score: 6 (30 scores) in the last 4 weeks."
    assert glance.changes(store, TODAY, ALWAYS) == [nights]
    pain = (
        "Middle pain score: 6 (30 scores) in the last 4 weeks, "
        "6 (29 scores) in the 4 weeks before that."
    )
    store.save(PainEntry(began - timedelta(1), 6), now)
    assert glance.changes(store, TODAY, ALWAYS) == [pain, nights]
    save(store, now, make_session, {55: 6})
    sessions = "Sessions: 2 in the last 4 weeks, 2 in the 4 weeks before that."
    pain = pain.replace("29 scores", "30 scores")
    assert glance.changes(store, TODAY, ALWAYS) == [sessions, pain, nights]


def test_sessions_are_not_compared_across_a_pause(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {1: 2, 30: 7, 55: 7})
    assert glance.changes(store, TODAY, ALWAYS)[0].startswith("Sessions: 1 in the last 4 weeks, 2")
    store.save_pause(Pause(TODAY - timedelta(40), TODAY - timedelta(31)), now)
    assert glance.changes(store, TODAY, ALWAYS) == [
        "Middle pain score: 2 (1 score) in the last 4 weeks, "
        "7 (2 scores) in the 4 weeks before that."
    ]


def test_days_of_the_pregnancy_before_are_not_counted(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {0: 3, 1: 9, 40: 9})
    period = DaySpan(first=TODAY)
    assert often(store, period=period).startswith("1 session ")
    pain = glance.pain(store, TODAY, TODAY, period)
    assert pain == "Middle pain score: 3 (1 score) in the last 4 weeks."


def test_all_days_of_a_period_that_is_over_count(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    save(store, now, make_session, {100: 2, 300: 6})
    first, last = TODAY - timedelta(300), TODAY - timedelta(100)
    over = DaySpan(last=last)
    assert glance.pain(store, first, last, over) == "Middle pain score: 4 (2 scores)."
    assert glance.pain(store, TODAY, TODAY, over).startswith("No pain score yet")
