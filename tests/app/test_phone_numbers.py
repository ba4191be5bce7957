"""Phone numbers, the region's and the user's own, are links wherever a page says to call."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import Moment
from holdwell.guide.advice import SELF_HARM
from holdwell.guide.load import guide
from holdwell.store.repository import Store
from holdwell.ui.guide.phone_numbers import UNIT_NUMBER
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, texts

FIELD = "hw-unit-number"


def links(app: AppTest) -> list[tuple[str, str]]:
    """Return the label and address of every link to outside the app."""
    return [(link.proto.label, link.proto.url) for link in app.get("link_button")]


def in_zone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the browser report a time zone."""
    monkeypatch.setattr(clock, "zone_name", lambda: name)


def test_no_number_is_guessed(open_page: OpenPage, known: Store) -> None:
    assert links(open_page("safety")) == []


def test_the_emergency_number_is_that_of_the_region(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_zone(monkeypatch, "Europe/London")
    app = open_page("safety")
    assert links(app) == [
        ("Call the emergency number: 999", "tel:999"),
        ("Call a helpline: 116 123", "tel:116123"),
    ]
    assert "Samaritans" in texts(app)


def test_the_number_of_the_unit_is_saved_and_shown_wherever_a_page_says_to_call(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_zone(monkeypatch, "Europe/Madrid")
    app = open_page("safety")
    app.text_input(FIELD).set_value(" +34 912  345 678 ").run()
    own = ("Call your maternity unit: +34 912 345 678", "tel:+34912345678")
    emergency = ("Call the emergency number: 112", "tel:112")
    assert links(app)[:2] == [own, emergency]
    assert open_page("settings").text_input(FIELD).value == "+34 912 345 678"
    app = open_page("stretch")
    app.button("hw-answer-contractions").click().run()
    assert links(app) == [own, emergency]
    app.button("hw-answer-self_harm").click().run()
    assert links(app) == [own, emergency, ("Call a helpline: 024", "tel:024")]


@pytest.mark.parametrize("wrong", ["call Ana", "<b>112</b>", "javascript:1234", "1" * 16])
def test_an_invalid_number_is_refused_in_words_and_not_saved(
    open_page: OpenPage, known: Store, wrong: str
) -> None:
    app = open_page("settings")
    app.text_input(FIELD).set_value("0117 946 0112").run()
    # With a limit, Streamlit's field would ignore a longer text that is pasted.
    assert not app.text_input(FIELD).max_chars
    app.text_input(FIELD).set_value(wrong).run()
    assert "not saved" in app.warning[0].value
    assert known.meta(UNIT_NUMBER) == "0117 946 0112"
    app.text_input(FIELD).set_value("").run()
    assert not known.meta(UNIT_NUMBER)
    assert links(open_page("safety")) == []


def test_an_invalid_number_from_an_imported_file_is_not_shown_as_a_link(
    open_page: OpenPage, known: Store
) -> None:
    known.set_meta(UNIT_NUMBER, "112](javascript:alert(1))")
    assert links(open_page("safety")) == []


def test_after_a_loss_the_number_is_called_that_of_the_team(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.set_meta(UNIT_NUMBER, "0117 946 0112")
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    app = open_page("safety")
    assert links(app) == [("Call the team that looks after you: 0117 946 0112", "tel:01179460112")]
    assert app.text_input(FIELD).label == "Phone number of the team that looks after you"


def test_the_answer_that_shows_a_helpline_exists_in_the_guide() -> None:
    assert SELF_HARM in {answer.id for answer in guide().check_in.answers}
