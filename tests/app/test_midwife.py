"""The section of Progress for a visit to the midwife, and its comparison of eight weeks."""

from datetime import timedelta

from holdwell.domain.dated import Pause
from holdwell.domain.models import (
    CheckInAnswer,
    Moment,
)
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, charts_of, texts
from tests.conftest import TODAY, MakeSession


def test_the_section_for_the_midwife_is_one_tap_away(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    sessions = [
        make_session(TODAY - timedelta(b), before=3 + b // 28, after=3) for b in range(0, 90, 2)
    ]
    known.save_all(sessions, now)
    for answer in ("dizzy", "self_harm"):
        known.save(CheckInAnswer(now, TODAY, answer), now)
    app = open_page("progress")
    app.button("hw-midwife").click().run()
    assert app.query_params["show"] == "midwife"
    text = texts(app)
    assert "2 Sept 2026 to 24 Nov 2026" in text
    assert "Sessions: 14 in the last 4 weeks, 14 in the 4 weeks before that." in text
    assert "Middle pain score: 3 (14 scores) in the last 4 weeks, 4 (14 scores) in" in text
    assert "a week on average in" in text
    assert "Stop signs before sessions" in text and "harming" not in text
    assert charts_of(app) == 4
    assert not [p for p in app.get("button_group") if "hw-range" in str(p.proto.id)]
    app.button("hw-back").click().run()
    assert "show" not in app.query_params


def test_eight_weeks_with_nothing_to_compare_are_not_called_too_few(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    def said() -> str:
        app = open_page("progress")
        return texts(app.button("hw-midwife").click().run())

    known.save(make_session(TODAY - timedelta(54)), now)
    assert "Nothing to compare yet: that takes eight weeks." in said()
    known.save(make_session(TODAY - timedelta(55)), now)
    known.save_pause(Pause(TODAY - timedelta(30), TODAY - timedelta(20)), now)
    assert "Nothing to compare in the last eight weeks." in said()
