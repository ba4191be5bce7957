"""The numbers of the report are those of the database, and of the range asked for."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdwell.domain.dated import Pause
from holdwell.domain.models import CheckInAnswer, CrampLeg, Moment, PainEntry, Pregnancy, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.report import figures, summary, text
from holdwell.report.pregnancy import shown_pregnancy
from holdwell.report.summary import ReportRange
from holdwell.stats import frames
from holdwell.stats.scores import Spread
from holdwell.store.repository import Store
from tests.conftest import MakeSession
from tests.support.histories import session_on
from tests.unit.report.conftest import DUE, FIRST, TODAY, read


def test_numbers_are_those_of_the_database(filled: Store) -> None:
    made = read(filled)
    assert (made.sessions, made.days, made.total_days) == (29, 14, 14)
    assert made.since == TODAY - timedelta(13)
    assert frames.spread_when(made.week_scores, after=False) == Spread(4.5, 3.0, 6.0, 28)
    assert frames.spread_when(made.week_scores, after=True) == Spread(3.5, 3.0, 4.0, 28)
    change = frames.change_summary(made.changes)
    assert change is not None
    assert (change.median, change.fell, change.little, change.rose) == (-1, 14, 14, 0)
    cramps = made.cramps
    assert (cramps.cramps, cramps.left, cramps.right, cramps.both) == (2, 1, 0, 1)
    # Tonight is not over: thirteen nights since the first session.
    assert (cramps.answered, made.nights) == (3, 13)
    assert [round(level.level, 1) for level in (made.levels[0], made.levels[-1])] == [4.5, 4.5]


@pytest.mark.parametrize("how", ["paused", "ended"])
def test_a_hidden_pregnancy_is_not_in_the_report(filled: Store, now: Moment, how: str) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    filled.choose_goal(14, Moment.of(now.local - timedelta(40)))
    if how == "paused":
        filled.save_profile(replace(filled.profile(), tracking=Tracking.PAUSED), now)
    else:
        filled.save_pregnancy(replace(pregnancy, ended=True), now)
    made = read(filled)
    said = "\n".join(text.lines(made)).lower()
    for word in ("pregnan", "24w", "due", "birth", "trimester"):
        assert word not in said
    assert made.pregnancy is None
    assert made.sessions == 29
    assert made.consistency.goals == ()
    assert "own goal" not in said
    ranges = summary.ranges(shown_pregnancy(filled), TODAY, PregnancyPeriod(), None)
    assert set(ranges) == {ReportRange.WEEKS_4, ReportRange.WEEKS_12}


def test_ranges_follow_the_dates() -> None:
    lmp = DUE - timedelta(280)
    found = summary.ranges(Pregnancy(due_date=DUE), TODAY, PregnancyPeriod(), None)
    assert found[ReportRange.WEEKS_4] == (FIRST, TODAY)
    assert found[ReportRange.PREGNANCY] == (lmp, TODAY)
    assert ReportRange.BIRTH not in found
    birth = date(2026, 11, 1)
    found = summary.ranges(
        Pregnancy(due_date=DUE, birth_date=birth), TODAY, PregnancyPeriod(), None
    )
    assert found[ReportRange.PREGNANCY] == (lmp, birth - timedelta(1))
    assert found[ReportRange.BIRTH] == (birth, TODAY)


def test_a_range_that_ends_before_it_begins_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="no day"):
        summary.read(store, TODAY, FIRST, TODAY, None)


def test_ten_years_are_counted_by_sql(decade: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No query of the report returns more rows than there are weeks and scores."""
    store = Store(decade)
    sizes: list[int] = []
    original = store.rows

    def counted(*args: Any) -> list[dict[str, Any]]:
        found = original(*args)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(store, "rows", counted)
    made = summary.read(store, TODAY - timedelta(3652), TODAY, TODAY, None)
    assert made.sessions > 7000
    assert made.too_long_for_trend
    assert not made.levels
    assert len(made.notes) == summary.NOTES_AT_MOST < made.notes_chosen
    assert max(sizes) < 11 * 2 * 530
    store.close()


def test_months_of_even_pain_do_not_hide_a_fall_in_the_weeks_of_a_report(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    """A fall of two points a fortnight ago: one line through all days would show 0.3 of it."""
    days = {TODAY - timedelta(ago): 4 + ago * 7 % 5 - 2 * (ago < 14) for ago in range(300)}
    store.save_all([make_session(day, before=score) for day, score in days.items()], now)
    report = summary.read(store, TODAY - timedelta(27), TODAY, TODAY, None)
    assert report.levels[0].level - report.levels[-1].level > 1.5


def test_a_week_in_which_an_answer_said_to_rest_is_no_missed_goal(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    store.choose_goal(5, Moment.of(now.local - timedelta(40)))
    store.save_all([make_session(FIRST), make_session(TODAY)], now)
    assert text.rows(read(store))["goal"].value == "0 of 3"
    sessions = text.rows(read(store))["sessions"]
    store.save(CheckInAnswer(now, TODAY - timedelta(10), "dizzy_or_faint"), now)
    rows = text.rows(read(store))
    goal = rows["goal"]
    assert goal.value == "0 of 2"
    assert rows["sessions"] == sessions, "the average does not depend on there being a goal"
    assert goal.basis.endswith("without weeks in which this app said to rest")


def test_paused_days_and_nights_are_not_missed_ones(filled: Store, now: Moment) -> None:
    """Of the 14 days since the first session two were paused, with a session and a cramp night."""
    store, last = filled, TODAY - timedelta(2)
    store.save_pause(Pause(last - timedelta(1), last), now)
    made = read(store)
    assert (made.sessions, made.days, made.total_days) == (29, 12, 12)
    # The sessions on paused days are named, so that the total adds up.
    said = "Stretching sessions: 29. On 12 of 12 days; 4 of the sessions on paused days"
    assert any(line.startswith(said) for line in text.lines(made))
    # Thirteen nights are over; of the two paused ones two have an answer.
    assert (made.cramps.answered, made.nights) == (3, 13)
    store.save_pause(Pause(FIRST, TODAY - timedelta(8)), now)
    made = read(store)
    assert (made.days, made.total_days) == (6, 6)
    assert (made.cramps.answered, made.nights) == (3, 7)


def test_tonight_counts_if_it_has_an_answer(filled: Store, now: Moment) -> None:
    assert read(filled).nights == 13
    filled.save_cramp(TODAY, CrampLeg.LEFT, now)
    made = read(filled)
    assert (made.cramps.answered, made.nights) == (4, 14)


def test_sessions_on_paused_days_alone_are_said_to_be(filled: Store, now: Moment) -> None:
    filled.save_pause(Pause(FIRST, TODAY), now)
    assert "Stretching sessions: 29. Only on paused days." in text.lines(read(filled))


def test_paused_days_without_a_session_have_none(filled: Store, now: Moment) -> None:
    filled.save_pause(Pause(TODAY + timedelta(1), None), now)
    later = TODAY + timedelta(7)
    made = summary.read(filled, TODAY + timedelta(1), later, later, frozenset())
    assert "Stretching sessions: 0. No session in this period." in text.lines(made)


def test_the_chart_of_cramps_has_each_night_that_is_counted(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    """The night before the first session lies in the week before it."""
    monday = TODAY - timedelta(1)
    store.save(make_session(monday), now)
    for back in (1, 9):
        store.save_cramp(monday - timedelta(back), CrampLeg.LEFT, now)
    made = read(store)
    drawn = frames.weekly_cramps(made.week_cramps, made.axis, made.drawn_from, made.last)
    assert int(drawn["cramps"].sum()) == made.cramps.cramps == 2
    assert made.drawn_from == monday - timedelta(14)


@pytest.mark.parametrize("sessions", [0, 10])
def test_over_years_scores_without_a_session_are_said_and_drawn(
    store: Store, now: Moment, make_session: MakeSession, sessions: int
) -> None:
    """There are 250 such scores, 3 to 5, on every other day of 500, and one on a day left out."""
    first = TODAY - timedelta(499)
    store.save_all([PainEntry(TODAY - timedelta(2 * n), 3 + n % 3) for n in range(250)], now)
    store.save_all([make_session(TODAY - timedelta(n), before=9) for n in range(sessions)], now)
    store.save(PainEntry(first, 10), now)
    store.leave_out([first], None, now)
    made = summary.read(store, first, TODAY, TODAY, frozenset())
    said = "\n".join(text.lines(made))
    assert (
        "Pain, without the scores after a session: 4 (3 to 5). Median (middle half); "
        "no trend is drawn over more than 54 weeks; "
        f"from {250 + sessions} scores, 250 not at a session; 1 day left out." in said
    )
    assert figures.alone(made)["scores"].sum() == 250
    assert figures.medians(made, made.week_scores)["scores"].sum() == sessions
    # The first diamond is in the week of the first score that counts.
    rated = figures.alone(made).query("scores > 0")
    assert rated["median"].between(3, 5).all()
    assert made.drawn_from == first
    drawn = figures.pain(made)
    assert drawn is not None
    assert "diamond" in str(drawn.to_dict())
    # The legend must not name marks that the chart does not have.
    assert ("triangle-up" in str(drawn.to_dict())) is bool(sessions)
    store.leave_out([TODAY - timedelta(2 * n) for n in range(250)], None, now)
    left = figures.pain(summary.read(store, first, TODAY, TODAY, frozenset()))
    assert (left is not None) is bool(sessions), "without a score there is nothing to draw"


def test_pain_without_any_session_has_a_report(store: Store, now: Moment) -> None:
    days = [TODAY - timedelta(back) for back in range(20)]
    store.save_all([PainEntry(day, 4) for day in days], now)
    made = read(store)
    said = "\n".join(text.lines(made))
    assert "Stretching sessions: 0. No session in this period." in said
    assert "from 20 scores, 20 not at a session" in said
    assert made.drawn_from == days[-1]
    chart = figures.pain(made)
    assert chart is not None
    assert "<svg" in figures.svg(chart, figures.WIDE, 160)
    # A later session does not cut off the scores before it.
    store.save(session_on(TODAY), now)
    assert read(store).drawn_from == days[-1]
