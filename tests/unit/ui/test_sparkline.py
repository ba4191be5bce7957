"""The small chart of pain: where its points are, and which of them are joined."""

from datetime import date, timedelta

from holdwell.ui.today.lately import sparkline

FIRST = date(2026, 11, 1)
LAST = FIRST + timedelta(27)


def test_points_are_placed_by_day_with_a_score_of_ten_at_the_top() -> None:
    svg = sparkline({FIRST: 10.0, FIRST + timedelta(2): 2.5, LAST: 0.0}, FIRST, LAST)
    assert 'd="M0 0L2 7.5M27 10"' in svg
    assert 'd="M0 0h0M2 7.5h0M27 10h0"' in svg


def test_scores_more_than_a_week_apart_are_not_joined() -> None:
    near, far = FIRST + timedelta(7), FIRST + timedelta(15)
    assert 'd="M0 5L7 5M15 5"' in sparkline(dict.fromkeys((FIRST, near, far), 5.0), FIRST, LAST)


def test_days_outside_the_range_are_left_out_and_no_scores_draw_nothing() -> None:
    assert sparkline({FIRST - timedelta(1): 5.0}, FIRST, LAST) == sparkline({}, FIRST, LAST)
    assert "M" not in sparkline({}, FIRST, LAST)
