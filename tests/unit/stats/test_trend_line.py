"""The trend line: where it is drawn, what it says, and that its band holds the level."""

import re
import warnings
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import trend as bench
from holdwell.i18n.messages import wording
from holdwell.stats import trend_line
from holdwell.stats.queries import DayScore
from holdwell.stats.trend_line import (
    LEAST_DAYS,
    LONGEST_GAP_DAYS,
    DayMean,
    daily_means,
    fit,
    smooth,
    spans,
)

FIRST = date(2026, 3, 1)
SCORES = st.integers(0, 10)
GAPS = st.integers(0, LONGEST_GAP_DAYS + 3)


def on(*scores: int | None) -> list[DayScore]:
    """A score for each day, None for a day without one."""
    return [
        DayScore(FIRST + timedelta(number), score, 1)
        for number, score in enumerate(scores)
        if score is not None
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[DayScore]:
    """Pieces with enough scores for a line, with gaps of all lengths between and inside them."""
    scores: list[int | None] = []
    for piece in draw(st.lists(st.lists(SCORES, min_size=LEAST_DAYS, max_size=40), min_size=1)):
        scores += [*piece, *[None] * draw(GAPS)]
    return on(*scores)


def test_the_mean_of_a_day_weighs_its_sessions() -> None:
    rows = [DayScore(FIRST, 2, 1), DayScore(FIRST, 5, 2)]
    assert daily_means(rows) == [DayMean(FIRST, 4.0, 3, 6.0)]


def test_too_few_days_draw_nothing() -> None:
    assert fit(on(*[4] * (LEAST_DAYS - 1))) == []
    assert fit([]) == []


def test_only_more_days_without_a_score_than_the_texts_say_are_a_gap() -> None:
    for gap, drawn in ((14, {*range(54)}), (15, {*range(20), *range(35, 55)})):
        trend = fit(on(*[3, 5] * 10, *[None] * gap, *[4, 6] * 10))
        assert {(one.day - FIRST).days for one in trend} == drawn
        assert len({one.span for one in trend}) == gap - 13


def test_a_short_gap_is_bridged_and_less_sure() -> None:
    chance = np.random.default_rng(7)
    walk = 5 + np.cumsum(chance.normal(0, 0.4, 60))
    scores: list[int | None] = [int(np.clip(round(x), 0, 10)) for x in walk]
    for hole in range(25, 34):
        scores[hole] = None
    trend = {(one.day - FIRST).days: one for one in fit(on(*scores))}
    assert trend[29].high - trend[29].low > trend[15].high - trend[15].low


@pytest.mark.parametrize(
    "scores",
    [[4] * 14, [4] * 13 + [5], [3] * 14 + [7] * 14, [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4],
)
def test_a_score_of_whole_points_is_never_exact(scores: list[int]) -> None:
    """Scores that move in steps, or not at all, once had a band without any width."""
    for one in fit(on(*scores)):
        assert one.low + 0.2 < one.level < one.high - 0.2


@pytest.mark.parametrize("days", [14, 60, 300])
def test_any_number_of_fours_may_stand_for_three_and_a_half(days: int) -> None:
    """Sixty fours once had a band of 3.9 to 4.1, though rounding may have the same error in all."""
    for one in fit(on(*[4] * days)):
        assert (one.low, one.level, one.high) == pytest.approx((3.5, 4, 4.5), abs=0.06)


def test_one_score_that_differs_does_not_move_the_line_by_a_point() -> None:
    before, last = fit(on(*[4] * 13, 5))[-2:]
    assert 4 < before.level < last.level < 4.6
    assert last.low < 4.4


def test_a_day_with_more_scores_weighs_more() -> None:
    def level(count: int) -> float:
        rows = on(*[4, 5] * 10)
        rows[10] = DayScore(rows[10].day, 7, count)
        return fit(rows)[10].level

    assert level(1) + 0.2 < level(4)


def test_scores_far_apart_on_one_day_make_the_line_less_sure() -> None:
    """A day with every score from 0 to 10 twice once had a band of a quarter of a point."""
    day = FIRST + timedelta(13)
    last = fit([*on(*[4] * 13), *(DayScore(day, score, 2) for score in range(11))])[-1]
    assert last.high - last.low > 1.5
    twice = fit([DayScore(row.day, row.score + far, 1) for row in on(*[4] * 28) for far in (-2, 2)])
    assert all(one.level == pytest.approx(4) and one.high - one.low > 1 for one in twice)


def test_days_left_out_do_not_move_the_line() -> None:
    rows = on(*[4, 5] * 10)
    fall = DayScore(rows[10].day, 10, 3, left_out=True)
    assert fit([*rows, fall]) == fit(rows)


def test_levels_are_those_of_statsmodels_for_known_variances() -> None:
    # Imported here: it takes a second, which every worker would need.
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    chance = np.random.default_rng(1)
    scores = chance.normal(5, 1.3, 60)
    scores[20:25] = np.nan
    noise, ratio = 1.69, 0.05
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = UnobservedComponents(scores, level="local level").smooth([noise, ratio * noise])
    counts = np.isfinite(scores).astype(float)
    levels, variances, _, _ = smooth(counts, np.nan_to_num(scores), np.array([1e-3, ratio, 1.0]))
    assert levels[:, 1] == pytest.approx(reference.smoothed_state[0], abs=1e-4)
    assert variances[:, 1] * noise == pytest.approx(reference.smoothed_state_cov[0, 0], abs=1e-4)


@pytest.mark.parametrize("one", bench.ROWS[:3])
def test_the_band_holds_the_true_level(one: bench.Simulation) -> None:
    """A short run of `bench/trend`, in which 600 histories a row reach 92 to 99 %."""
    found = bench.measure(one, 60)
    assert found.all_days > 91
    assert found.last_day > 88


@pytest.mark.parametrize("one", [row for row in bench.ROWS if not row.wander and row.days == 84])
def test_the_band_holds_more_where_the_level_stays_or_changes_evenly(
    one: bench.Simulation,
) -> None:
    """As the exact words of Progress and the report say."""
    assert bench.measure(one, 30).all_days > 98.5
    for key in ("progress.trend_exact", "report.method"):
        assert re.search("99 to 100.* where pain stayed the same or changed evenly", wording()[key])


def test_a_true_fall_of_a_point_is_seldom_called_no_change() -> None:
    fall = next(one for one in bench.ROWS if one.fall == 1)
    assert bench.measure(fall, 100).no_change <= bench.NO_CHANGE_AT_MOST


@settings(max_examples=40)
@given(histories())
def test_levels_stay_on_the_scale_and_in_their_band(rows: list[DayScore]) -> None:
    trend = fit(rows)
    assert trend, "every example has a line"
    for one in trend:
        assert 0 <= one.low < one.high <= 10
        assert one.low - 1e-9 <= one.level <= one.high + 1e-9


@settings(max_examples=40)
@given(histories())
def test_inverted_scores_have_the_inverted_line(rows: list[DayScore]) -> None:
    turned = fit([DayScore(row.day, 10 - row.score, row.count) for row in rows])
    for one, other in zip(fit(rows), turned, strict=True):
        assert (one.day, one.span) == (other.day, other.span)
        ends = (10 - one.level, 10 - one.high, 10 - one.low)
        assert (other.level, other.low, other.high) == pytest.approx(ends, abs=1e-6)


@given(histories())
def test_spans_have_no_long_gap_and_enough_days(rows: list[DayScore]) -> None:
    days = daily_means(rows)
    found = spans(days)
    assert found, "every example has a span"
    for span in found:
        assert len(span) >= LEAST_DAYS
        assert all((b.day - a.day).days <= LONGEST_GAP_DAYS + 1 for a, b in pairwise(span))
    kept = {day for span in found for day in span}
    assert [day for span in found for day in span] == [day for day in days if day in kept]
    for (one, *_), (*_, other) in zip(found[1:], found, strict=False):
        assert (one.day - other.day).days > LONGEST_GAP_DAYS + 1


def test_a_gap_of_days_left_out_is_told_from_one_without_scores() -> None:
    scored = on(*[4] * 50)
    left_out = [replace(row, left_out=16 <= n < 34) for n, row in enumerate(scored)]
    trend = fit(left_out)
    assert {day.span for day in trend} == {0, 1}
    assert trend_line.gap(left_out, trend) == "left_out"
    missing = [row for row in left_out if not row.left_out]
    assert trend_line.gap(missing, trend) == "missing"
    assert trend_line.gap(scored, fit(scored)) == ""
