"""The smoothed level of pain: where it is drawn, and that it says what the scores say."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdwell.stats.queries import DayScore
from holdwell.stats.trend_line import LEAST_DAYS, LONGEST_GAP_DAYS, daily_means, smooth, spans

FIRST = date(2026, 3, 1)


def on(*scores: int | None) -> list[DayScore]:
    """A score for each day, None for a day without one."""
    return [
        DayScore(FIRST + timedelta(number), score, 1)
        for number, score in enumerate(scores)
        if score is not None
    ]


def test_the_mean_of_a_day_weighs_its_sessions() -> None:
    rows = [DayScore(FIRST, 2, 1), DayScore(FIRST, 5, 2)]
    assert daily_means(rows) == [(FIRST, 4.0)]


def test_too_few_days_draw_nothing() -> None:
    assert smooth(on(*[4] * (LEAST_DAYS - 1))) == []
    assert smooth([]) == []


def test_a_long_gap_stays_a_gap() -> None:
    scores = [*[3, 5] * 10, *[None] * LONGEST_GAP_DAYS, *[4, 6] * 10]
    found = smooth(on(*scores))
    drawn = {(one.day - FIRST).days for one in found}
    assert drawn == {*range(20), *range(20 + LONGEST_GAP_DAYS, 40 + LONGEST_GAP_DAYS)}
    assert {one.span for one in found} == {0, 1}


def test_a_short_gap_is_bridged_and_less_sure() -> None:
    chance = np.random.default_rng(7)
    walk = 5 + np.cumsum(chance.normal(0, 0.4, 60))
    scores: list[int | None] = [int(np.clip(round(x), 0, 10)) for x in walk]
    for hole in range(25, 34):
        scores[hole] = None
    found = {(one.day - FIRST).days: one for one in smooth(on(*scores))}
    assert found[29].high - found[29].low > found[15].high - found[15].low


def test_the_same_score_every_day_is_that_level() -> None:
    found = smooth(on(*[4] * 30))
    assert {(one.level, one.low, one.high) for one in found} == {(4.0, 4.0, 4.0)}


def test_the_line_follows_a_known_level_and_the_band_holds_it() -> None:
    chance = np.random.default_rng(3)
    truth = np.concatenate([np.full(90, 6.0), np.linspace(6, 2, 60), np.full(90, 2.0)])
    inside = []
    for _ in range(5):
        scores = np.clip(np.rint(truth + chance.normal(0, 1.2, len(truth))), 0, 10)
        found = smooth(on(*[int(score) for score in scores]))
        levels = np.array([one.level for one in found])
        assert float(np.abs(levels - truth).mean()) < 0.5
        inside += [
            one.low - 0.05 <= level <= one.high + 0.05
            for one, level in zip(found, truth, strict=True)
        ]
    # A 95 % band, over five histories; scores are whole numbers, and the truth has corners.
    assert np.mean(inside) > 0.85


@settings(max_examples=20)
@given(st.lists(st.none() | st.integers(0, 10), min_size=0, max_size=80))
def test_levels_stay_on_the_scale_and_in_their_band(scores: list[int | None]) -> None:
    for one in smooth(on(*scores)):
        assert 0 <= one.low <= one.high <= 10
        assert one.low - 1e-9 <= np.clip(one.level, 0, 10) <= one.high + 1e-9


@given(st.lists(st.none() | st.integers(0, 10), max_size=120))
def test_spans_have_no_long_gap_and_enough_days(scores: list[int | None]) -> None:
    days = daily_means(on(*scores))
    found = spans(days)
    for span in found:
        assert len(span) >= LEAST_DAYS
        gaps = [(b[0] - a[0]).days for a, b in pairwise(span)]
        assert max(gaps, default=0) <= LONGEST_GAP_DAYS
    kept = [day for span in found for day in span]
    assert kept == [day for day in days if day in set(kept)]


def test_smoothing_twice_is_the_same() -> None:
    rows = on(*[3, 6, 4, 7, 5] * 8)
    assert smooth(rows) == smooth(rows)
    assert smooth(rows)[0].level == pytest.approx(smooth(rows)[0].level)
