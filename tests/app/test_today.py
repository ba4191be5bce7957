"""Today: where the user is, what is done and waiting, and a cramp with one tap."""

from holdwell.domain.models import (
    CrampLeg,
    DayPart,
    Moment,
)
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_today_says_the_week_and_what_is_left_to_do(open_page: OpenPage, known: Store) -> None:
    said = texts(open_page("today"))
    assert "Good evening" in said
    assert "24w 3d, second trimester" in said
    assert "Tonight: waiting for you" in said


def test_today_after_both_sessions(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_session(make_session(TODAY, 7, part=DayPart.MORNING), now)
    known.save_session(make_session(TODAY, 20), now)
    said = texts(open_page("today"))
    assert "This morning: done" in said
    assert "Tonight: done" in said


def test_a_cramp_takes_one_tap_and_can_be_undone(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    app.button("hw-cramp-left").click().run()
    kept = known.cramp(TODAY)
    assert kept is not None
    assert kept.leg is CrampLeg.LEFT
    app.button("hw-cramp-undo-tap").click().run()
    assert known.cramp(TODAY) is None
