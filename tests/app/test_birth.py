"""A birth on Today: recording it, and what Today asks and offers after it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.dates import StageKind
from holdwell.domain.models import (
    BirthKind,
    Moment,
    Tracking,
)
from holdwell.store.repository import Store
from holdwell.ui.guide import situations
from tests.app.conftest import (
    OpenPage,
    current_pregnancy,
    edit_pregnancy,
    everything,
    gave_birth,
    set_clock,
    texts,
)
from tests.conftest import TODAY, MakeSession


def test_a_birth_can_be_recorded_from_37_weeks_on_and_undone(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    edit_pregnancy(known, now, due_date=TODAY + timedelta(22))
    assert "hw-birth" not in {button.key for button in open_page("today").button}
    edit_pregnancy(known, now, due_date=TODAY + timedelta(21))
    app = open_page("today")
    app.button("hw-birth").click().run()
    assert current_pregnancy(known).birth_date == TODAY, "one tap"
    app.button("hw-undo-tap-birth").click().run()
    assert current_pregnancy(known).birth_date is None and "37w 0d" in texts(app)
    app.button("hw-birth").click().run()
    assert app.date_input("hw-birth-day").value == TODAY
    app.date_input("hw-birth-day").set_value(TODAY + timedelta(1)).run()
    app.button("hw-birth-save").click().run()
    assert app.warning and current_pregnancy(known).birth_date == TODAY
    app.date_input("hw-birth-day").set_value(TODAY - timedelta(2)).run()
    app.pills("hw-birth-how").set_value(BirthKind.CAESAREAN).run()
    app.button("hw-birth-save").click().run()
    pregnancy = current_pregnancy(known)
    assert (pregnancy.due_date, pregnancy.birth_date, pregnancy.birth_kind) == (
        TODAY + timedelta(21),
        TODAY - timedelta(2),
        BirthKind.CAESAREAN,
    )
    text = texts(app)
    assert "first week" in text.lower() and "can wait" in text
    app.button("hw-undo-tap-birth").click().run()
    assert current_pregnancy(known).birth_date == TODAY


def test_after_a_birth_today_does_not_urge_a_session_until_the_kind_of_birth_is_known(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.choose_goal(14, now)
    known.save(make_session(TODAY - timedelta(1), 7), now)

    def is_careful(app: AppTest) -> bool:
        careful = "There is no date to meet." in texts(app)
        assert app.button("hw-start").proto.type == ("secondary" if careful else "primary")
        assert ("Tonight: waiting" not in texts(app)) == careful
        assert ("of 14" not in everything(app)) == careful
        return careful

    gave_birth(known, 0, now)
    app = open_page("today")
    assert is_careful(app)
    app.button_group("hw-birth-kind").set_value(BirthKind.VAGINAL).run()
    assert current_pregnancy(known).birth_kind is BirthKind.VAGINAL
    assert is_careful(app), "in the first week"
    assert "hw-birth-kind" not in {group.key for group in app.button_group}
    for days_ago, kind, careful in (
        (7, BirthKind.VAGINAL, False), (7, None, True), (41, None, True), (42, None, False)
    ):  # fmt: skip
        edit_pregnancy(known, now, birth_date=TODAY - timedelta(days_ago), birth_kind=kind)
        assert is_careful(open_page("today")) == careful, (days_ago, kind)
    edit_pregnancy(known, now, birth_date=TODAY, birth_kind=BirthKind.CAESAREAN)
    assert "hw-start" not in {button.key for button in open_page("today").button}


def test_no_page_mentions_a_goal_while_the_guide_says_to_rest_after_a_birth(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.choose_goal(14, Moment.of(now.local - timedelta(60)))
    known.save_all([make_session(TODAY - timedelta(back)) for back in range(20, 40)], now)

    def said() -> str:
        pages = (open_page("today"), open_page("progress"), open_page("review"))
        often = pages[1].pills("hw-show").set_value("often").run()
        return "\n".join(map(everything, (*pages, often))).lower()

    assert "goal" in said() and "habit strength" in said()
    for birth_kind, days_ago in ((BirthKind.CAESAREAN, 19), (None, 19), (BirthKind.VAGINAL, 2)):
        gave_birth(known, days_ago, now)
        edit_pregnancy(known, now, birth_kind=birth_kind)
        for word in ("goal", "habit strength", "days in a row"):
            assert word not in said(), (birth_kind, word)


def test_a_birth_recorded_after_midnight_counts_at_once(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_pregnancy(known, now, due_date=TODAY)
    set_clock(monkeypatch, datetime(2026, 11, 25, 1, 0))
    app = open_page("today")
    app.button("hw-birth").click().run()
    assert current_pregnancy(known).birth_date == TODAY + timedelta(1)
    app.button("hw-birth-save").click().run()
    text = texts(app)
    assert "first week" in text.lower() and "40w" not in text
    assert "hw-birth" not in {button.key for button in app.button}
    assert situations.stage_now(known).kind is StageKind.POSTPARTUM


@pytest.mark.parametrize("how", ["paused", "ended", "born"])
def test_a_birth_is_not_offered_if_none_is_expected(
    open_page: OpenPage, known: Store, now: Moment, how: str
) -> None:
    edit_pregnancy(known, now, due_date=TODAY)
    if how == "paused":
        known.save_profile(replace(known.profile(), tracking=Tracking.PAUSED), now)
    elif how == "ended":
        edit_pregnancy(known, now, ended=True)
    else:
        edit_pregnancy(known, now, birth_date=TODAY)
    assert "hw-birth" not in {button.key for button in open_page("today").button}


# -- stop signs, the last days, and backups -------------------------------------------------------


@pytest.mark.parametrize(("hour", "comes_first"), [(3, True), (12, False)])
def test_soon_after_a_birth_a_cramp_is_at_the_top_at_night(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    monkeypatch: pytest.MonkeyPatch,
    hour: int,
    comes_first: bool,
) -> None:
    gave_birth(known, 4, now)
    set_clock(monkeypatch, datetime(2026, 11, 25, hour))
    keys = [getattr(node, "key", None) for node in open_page("today").main]
    assert (keys.index("hw-pain-score") < keys.index("hw-start")) == comes_first
