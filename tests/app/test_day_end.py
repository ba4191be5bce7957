"""Every page uses the hour at which the user's day ends."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from holdwell.domain.models import DayPart, Moment
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession

YESTERDAY = TODAY - timedelta(1)


@pytest.fixture
def morning(known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The user's day ends at noon, and it is 9:30 on the calendar day TODAY."""
    known.save_profile(replace(known.profile(), day_ends_at=12), now)
    nine = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    monkeypatch.setattr(clock, "now", lambda: Moment.of(nine))
    return known


def test_today_and_the_stretch_page_are_still_in_the_day_before(
    open_page: OpenPage, morning: Store
) -> None:
    assert "24w 2d" in texts(open_page("today"))
    app = open_page("stretch")
    app.button("hw-answer-tired_or_sore").click().run()
    assert [row["local_day"] for row in morning.rows("SELECT local_day FROM check_in")] == [
        YESTERDAY.isoformat()
    ]


def test_progress_review_and_report_end_with_the_day_before(
    open_page: OpenPage, morning: Store, now: Moment, make_session: MakeSession
) -> None:
    for back in range(1, 15):
        day = TODAY - timedelta(back)
        morning.save(make_session(day, 20, before=4, part=DayPart.BEDTIME), now)
    report = open_page("report")
    assert "24w 2d" in texts(report)
    # The week so far has only Monday: Tuesday has not begun.
    assert "1 session this week so far" in texts(open_page("progress"))
    assert "24 Nov" not in texts(open_page("review"))
