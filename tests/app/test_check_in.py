"""The question before a session: what each answer leads to, and what is saved."""

import pytest

from holdwell.domain.models import Moment
from holdwell.guide import For, Verdict, guide
from holdwell.store.repository import Store
from holdwell.ui.stretch import check_in
from tests.app.conftest import OpenPage, gave_birth, has_timer, texts

ANSWERS = {answer.id: answer for answer in guide().check_in.answers}


def rows(store: Store) -> list[tuple[str, bool]]:
    """Every answer kept, and whether it was taken back."""
    found = store.rows("SELECT answer, deleted_at FROM check_in ORDER BY created_at, id")
    return [(row["answer"], row["deleted_at"] is not None) for row in found]


def test_a_user_who_is_fine_is_asked_nothing_more(open_page: OpenPage, known: Store) -> None:
    app = open_page("stretch")
    assert "Please call now" not in texts(app)
    assert rows(known) == []


@pytest.mark.parametrize("stage", [For.PREGNANT, For.POSTPARTUM])
def test_at_most_eleven_answers_and_every_one_says_what_to_do(stage: For) -> None:
    answers = guide().check_in.answers_for(stage)
    assert 5 <= len(answers) <= 11
    assert [a.verdict for a in answers].count(Verdict.GO) == 1
    for answer in answers:
        assert answer.text
        assert answer.verdict is Verdict.GO or answer.sources
        if answer.verdict is Verdict.CALL_NOW:
            assert "call" in answer.text.lower()


@pytest.mark.parametrize("answer", ["bleeding_or_fluid", "contractions", "one_leg"])
def test_a_stop_sign_says_call_and_takes_the_timer_away(
    open_page: OpenPage, known: Store, answer: str
) -> None:
    app = open_page("stretch")
    assert has_timer(app)
    app.button_group(check_in.KEY).set_value([answer]).run()
    said = texts(app)
    assert "Please call now" in said
    assert ANSWERS[answer].text in said
    assert not has_timer(app) and "hw-routine" not in {b.key for b in app.button_group}
    assert rows(known) == [(answer, False)]
    app.button("hw-all-signs").click().run()
    assert "At any time" in texts(app)


def test_dizzy_says_not_today_and_a_wrong_tap_is_taken_back(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("stretch")
    app.button_group(check_in.KEY).set_value(["dizzy_or_faint"]).run()
    assert "Not today" in texts(app)
    app.button("hw-wrong-tap").click().run()
    assert "Not today" not in texts(app)
    assert "hw-routine" in {b.key for b in app.button_group}
    assert rows(known) == [("dizzy_or_faint", True)]


def test_tired_goes_gently_and_the_worst_answer_counts(open_page: OpenPage, known: Store) -> None:
    app = open_page("stretch")
    app.button_group(check_in.KEY).set_value(["tired_or_sore"]).run()
    assert ANSWERS["tired_or_sore"].text in app.info[0].value
    assert "hw-routine" in {b.key for b in app.button_group}
    app.button_group(check_in.KEY).set_value(["tired_or_sore", "dizzy_or_faint", "one_leg"]).run()
    said = texts(app)
    assert "Please call now" in said
    assert said.index(ANSWERS["one_leg"].text) < said.index(ANSWERS["dizzy_or_faint"].text)
    assert {answer for answer, gone in rows(known) if not gone} == {
        "tired_or_sore", "dizzy_or_faint", "one_leg",
    }  # fmt: skip


def test_after_a_birth_the_answers_are_others(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    gave_birth(known, 20, now)
    options = str(open_page("stretch").button_group(check_in.KEY).proto)
    assert "Wound or stitches" in options
    assert "Baby moving less" not in options
