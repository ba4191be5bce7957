"""The review of a week: every number is true, and no week before the first session is named."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from holdwell.domain.dated import Pause
from holdwell.domain.dates import week_start
from holdwell.domain.models import CrampLeg, Moment, Session
from holdwell.stats import weekly_review
from holdwell.stats.scores import Spread
from holdwell.stats.weekly_review import DaysSummary, WeekComparison
from holdwell.store.repository import ALWAYS, Store
from tests.support.histories import session_on
from tests.unit.stats.test_queries import BACK, HISTORY, MONDAY, TODAY, Drawn, Filled, made

Middle = tuple[float, int] | None
"""The median of some scores and how many there are, or None without any."""
NIGHTS = st.dictionaries(st.integers(0, BACK), st.sampled_from(list(CrampLeg)), max_size=40)


def numbers(sessions: Sequence[Session], first: date, last: date) -> tuple[int, Middle]:
    inside = [s for s in sessions if first <= s.local_day <= last]
    scores = [s.pain_before for s in inside if s.pain_before is not None]
    return len(inside), (float(median(scores)), len(scores)) if scores else None


def middle(part: DaysSummary) -> Middle:
    return (part.pain.median, part.pain.scores) if part.pain is not None else None


def words(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


@settings(max_examples=40)
@given(HISTORY, NIGHTS, st.integers(0, 6))
def test_every_number_of_the_review_is_true(
    history: Drawn, nights: dict[int, CrampLeg], weekday: int
) -> None:
    answers = {TODAY - timedelta(back): leg for back, leg in nights.items()}
    today = week_start(TODAY) + timedelta(weekday)
    sessions = [s for s in made(history) if s.local_day <= today] or [session_on(today)]
    first = min(s.local_day for s in sessions)
    with Filled(sessions, answers) as store:
        weeks = weekly_review.read(store, today, first)
    monday = week_start(today)
    last = monday - timedelta(7)
    whole = [
        last - timedelta(7 * back) for back in (4, 3, 2, 1) if last - timedelta(7 * back) >= first
    ]
    before = whole[0] if whole else last
    spans = {
        "this": (monday, today, weeks.this),
        "last": (max(last, first), monday - timedelta(1), weeks.last),
        "before": (before, last - timedelta(1), weeks.before),
    }
    for begin, end, part in spans.values():
        expected = numbers(sessions, begin, end)
        known = [leg for night, leg in answers.items() if begin <= night <= end]
        assert part.has_days == (begin <= end)
        assert (part.sessions, middle(part)) == expected
        assert part.answered == len(known)
        assert part.cramps == sum(leg is not CrampLeg.NONE for leg in known)
    assert weeks.weeks_before == len(whole)
    same = weeks.last_same_days
    assert (same is not None) == (first <= last)
    if same is not None:
        end = last + timedelta(weekday)
        assert (same.sessions, middle(same)) == numbers(sessions, last, end)
        assert same.answered == sum(last <= night <= end for night in answers)
    check_sentences(weeks)


def check_sentences(weeks: WeekComparison) -> None:
    often, pain, cramps = weekly_review.sentences(weeks)
    for sentence in (often, pain, cramps):
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0, "one sentence"
    assert words(weeks.this.sessions) in often
    assert ("last week" in often) == weeks.last.has_days
    assert ("before that" in often) == weeks.before.has_days
    if weeks.weeks_before == 1:
        assert f"{words(weeks.before.sessions)} in the week before that" in often
    # Last week is compared over as many days as this week has had.
    same = weeks.last_same_days if weeks.days < 7 else None
    last = weeks.last if same is None else same
    for part in (weeks.this, last, weeks.before):
        if part.answered:
            assert f"{part.cramps} of {part.answered} answered night" in cramps
    if any(part.pain is not None for part in (weeks.this, last, weeks.before)):
        assert ("in the same days of last week" in pain) == (same is not None)
        rated = "not rated"
        if this := weeks.this.pain:
            rated = f"{this.median:g} ({this.scores} score{'s' if this.scores > 1 else ''})"
        assert f"was {rated} this week" in pain
        assert ("last week" in pain) == weeks.last.has_days
        assert ("before that" in pain) == weeks.before.has_days


def test_the_review_by_hand() -> None:
    part = DaysSummary(sessions=5, pain=Spread(4, 4, 4, 5), cramps=2, answered=3)
    weeks = WeekComparison(
        days=4,
        this=part,
        last=replace(part, sessions=9, pain=Spread(5.5, 5, 6, 9), cramps=1, answered=7),
        last_same_days=replace(part, sessions=1, pain=Spread(6, 6, 6, 1), cramps=0, answered=4),
        before=replace(part, sessions=38, pain=None, answered=0),
        weeks_before=4,
        unpaused=(14, 10, 9, 5),
    )
    assert weekly_review.sentences(weeks) == (
        "You stretched 5 times this week, once in the same days of last week and 9.5 times a week "
        "on average in the 4 weeks before that.",
        "Your middle pain score was 4 (5 scores) this week, 6 (1 score) in the same days of last "
        "week and not rated in the 4 weeks before that.",
        "You had cramps in 2 of 3 answered nights this week and 0 of 4 answered nights in the same "
        "days of last week.",
    )


def test_whole_averages_have_no_decimals() -> None:
    part = DaysSummary(sessions=2, pain=None, cramps=0, answered=0)
    for sessions, said in (
        (40, "10 times a week"),
        (4, "once a week"),
        (6, "1.5 times"),
        (9, "2.3 times"),
    ):
        weeks = WeekComparison(7, part, part, part, part, 4, (sessions, 0, 0, 0))
        assert said in weekly_review.sentences(weeks)[0]


def test_weeks_with_paused_days_are_not_compared() -> None:
    """There are two sessions a day, except in a pause from a Monday to the Friday after."""
    first = MONDAY - timedelta(weeks=7)
    pause = Pause(MONDAY - timedelta(weeks=3), MONDAY - timedelta(weeks=3, days=-4))
    days = [first + timedelta(n) for n in range(56)]
    made = [session_on(day, before=6) for day in days if not pause.has(day) for _ in range(2)]

    def said(store: Store, week: int) -> str:
        sunday = MONDAY + timedelta(6, weeks=week)
        return weekly_review.sentences(weekly_review.read(store, sunday, first))[0]

    with Filled(made, {}) as store:
        assert "11.5 times a week on average in the 4 weeks before that" in said(store, -1)
        store.save_pause(pause, session_on(MONDAY).started)
        assert said(store, 0) == (
            "You stretched 14 times this week, 14 times last week and 14 times a week on average "
            "in the 3 earlier weeks without a pause."
        )
        # Last week was paused in part, so the sentence leaves it out.
        assert said(store, -2) == (
            "You stretched 14 times this week and 14 times a week on average in the 4 earlier "
            "weeks without a pause."
        )
        assert said(store, -3) == "You stretched 4 times this week."


def test_the_first_weeks_are_not_compared_with_weeks_before_them() -> None:
    """The user began on a Sunday: one session in that week, then two a day."""
    began = MONDAY - timedelta(1)
    days = [began, *(MONDAY + timedelta(n) for n in range(14) for _ in range(2))]
    with Filled([session_on(day, before=6) for day in days], {}) as store:

        def said(today: date) -> tuple[str, str, str]:
            return weekly_review.sentences(weekly_review.read(store, today, began))

        none = "No night of these weeks has an answer about cramps."
        assert said(began) == (
            "You stretched once this week.",
            "Your middle pain score was 6 (1 score) this week.",
            none,
        )
        assert said(MONDAY + timedelta(6)) == (
            "You stretched 14 times this week and once last week, in which you began on "
            "Sunday 22 November 2026.",
            "Your middle pain score was 6 (14 scores) this week and 6 (1 score) last week.",
            none,
        )
        assert said(MONDAY + timedelta(13))[0] == (
            "You stretched 14 times this week and 14 times last week."
        ), "the week in which the user began is not whole, so there is no average"


def test_entries_without_a_session_are_in_the_review() -> None:
    def said(history: Filled, today: date) -> list[str]:
        with history as store:
            return weekly_review.review(store, today, store.pregnancy_periods()[0])

    nights = {MONDAY - timedelta(1): CrampLeg.LEFT}
    assert said(Filled([], nights), MONDAY) == [
        "No session up to this week.",
        "No pain score in these weeks.",
        "You had cramps in 1 of 1 answered night last week.",
    ]
    # Last week is neither "0 times" nor "not rated": the user began after it.
    assert said(Filled([session_on(MONDAY, before=5)], nights), MONDAY) == [
        "You stretched once this week.",
        "Your middle pain score was 5 (1 score) this week.",
        "You had cramps in 1 of 1 answered night last week.",
    ]
    # If last week has a session without a score, it is "not rated".
    rated = [session_on(MONDAY - timedelta(7)), session_on(MONDAY, before=5)]
    assert said(Filled(rated, nights), MONDAY)[1] == (
        "Your middle pain score was 5 (1 score) this week and not rated in the same days of last "
        "week."
    )
    assert said(Filled([session_on(MONDAY)], nights), MONDAY - timedelta(1))[0].startswith("No ses")


def test_a_score_that_does_not_count_is_not_called_missing(store: Store, now: Moment) -> None:
    days = [MONDAY - timedelta(7), MONDAY]
    store.save_all([replace(session_on(day, before=6), holds=()) for day in days], now)
    for others in ([], [session_on(MONDAY - timedelta(14))]):
        store.save_all(others, now)
        _, pain, _ = weekly_review.review(store, MONDAY + timedelta(6), ALWAYS)
        assert pain.startswith("2 sessions with a pain score are only in History")
    store.save(session_on(MONDAY + timedelta(1), before=4), now)
    _, pain, _ = weekly_review.review(store, MONDAY + timedelta(6), ALWAYS)
    assert pain.startswith("Your middle pain score was 4 (1 score) this week and not rated in the")
    assert "last week" not in pain and "2 sessions with a pain score are only in" in pain


def test_scores_left_out_are_not_called_missing(store: Store, now: Moment) -> None:
    store.save_all([session_on(MONDAY - timedelta(7), before=6), session_on(MONDAY, before=4)], now)
    store.leave_out([MONDAY], None, now)
    _, pain, _ = weekly_review.review(store, MONDAY + timedelta(6), ALWAYS)
    assert pain == (
        "Your middle pain score was 6 (1 score) last week. "
        "Left out of the trend: your scores this week."
    )
    store.leave_out([MONDAY - timedelta(7)], None, now)
    _, pain, _ = weekly_review.review(store, MONDAY + timedelta(6), ALWAYS)
    assert pain == "The pain scores of these weeks are left out of the trend."
