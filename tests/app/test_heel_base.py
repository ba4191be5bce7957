"""The guide describes heel bases in general, and after three answers recommends one."""

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.guide.heel_base import AtHand, Flexible, Steady
from holdwell.guide.load import guide
from holdwell.store.repository import Store
from holdwell.ui.stretch import timer
from tests.app.conftest import OpenPage, go_to, texts
from tests.app.test_timer_reports import Browser


def answer(app: AppTest, at_hand: list[AtHand], flexible: Flexible, steady: Steady) -> str:
    app.pills("hw-base-at_hand").set_value(at_hand).run()
    app.pills("hw-base-flexible").set_value(flexible).run()
    app.pills("hw-base-steady").set_value(steady).run()
    assert not app.exception
    return texts(app)


def test_before_any_answer_only_general_advice_is_shown(open_page: OpenPage, known: Store) -> None:
    text = texts(open_page("guide"))
    setup = guide().setup
    for fact in (setup.base.title, setup.base.text, setup.base.support):
        assert text.count(fact) == 1
    assert guide().base.too_high.title not in text


def test_three_answers_lead_to_a_recommendation(open_page: OpenPage, known: Store) -> None:
    app = open_page("guide")
    app.pills("hw-base-at_hand").set_value([AtHand.SOFA, AtHand.CHAIR]).run()
    app.pills("hw-base-flexible").set_value(Flexible.STIFF).run()
    assert "Take the" not in texts(app), "two answers are not three"
    app.pills("hw-base-steady").set_value(Steady.STEADY).run()
    text = texts(app)
    assert "Take the seat of the chair" in text
    assert "You can also use the arm of the sofa." in text
    assert "1. Hold on to the second chair." in text
    assert "second chair beside you, and hold on to it" in text
    assert "have to turn your standing foot" in text
    assert "quite flexible. You said" not in text
    assert guide().setup.base.support not in text


def test_the_back_of_the_chair_is_mentioned_only_to_flexible_and_steady_users(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("guide")
    text = answer(app, [AtHand.CHAIR], Flexible.QUITE, Steady.STEADY)
    assert "Take the seat of the chair" in text
    assert "only if you are quite flexible. You said" in text
    assert "1. Stand facing the base" in text
    text = answer(app, [AtHand.CHAIR], Flexible.QUITE, Steady.UNSURE)
    assert "only if you are quite flexible. You said" not in text
    assert "1. Hold on to the second chair." in text


def test_with_nothing_at_hand_kind_advice_is_shown_at_once(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("guide")
    app.pills("hw-base-at_hand").set_value([AtHand.NOTHING]).run()
    text = texts(app)
    assert guide().base.nothing.text in text
    assert guide().setup.base.support in text
    assert not [p for p in app.pills if p.key == "hw-base-flexible"]
    text = answer(app, [AtHand.NOTHING, AtHand.BED], Flexible.EASY, Steady.STEADY)
    assert "Take the bed" in text


def test_answers_are_never_saved(open_page: OpenPage, known: Store) -> None:
    before = list(known.rows("SELECT * FROM profile", []))
    app = open_page("guide")
    answer(app, [AtHand.BED], Flexible.EASY, Steady.STEADY)
    assert list(known.rows("SELECT * FROM profile", [])) == before
    assert "Take the bed" not in texts(open_page("guide")), "a new visit asks again"


def test_answers_are_kept_while_another_page_is_visited(open_page: OpenPage, known: Store) -> None:
    app = open_page("guide")
    answer(app, [AtHand.SOFA, AtHand.BED], Flexible.EASY, Steady.STEADY)
    go_to(app, "history")
    go_to(app, "guide")
    assert app.pills("hw-base-at_hand").value == [AtHand.SOFA, AtHand.BED]
    assert "Take the bed" in texts(app)
    app.pills("hw-base-at_hand").set_value([]).run()
    assert "Take the bed" not in texts(app)


def test_the_timer_teaches_the_recommended_heel_base(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser()
    monkeypatch.setattr(timer, "_timer", browser)
    app = open_page("guide")
    answer(app, [AtHand.BED], Flexible.EASY, Steady.STEADY)
    go_to(app, "stretch")
    app.run()
    assert not app.exception
    assert browser.given["routine"]["holds"][0]["steps"][0]["title"] == "Take the bed"
