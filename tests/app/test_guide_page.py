"""The guide where she is now, the evidence, and the check-in before a session."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import BirthKind, Condition, Moment, Tracking
from holdwell.guide import For, Verdict, guide
from holdwell.store.repository import Store
from holdwell.ui.stretch import check_in
from tests.app.conftest import OpenPage, texts

TODAY = date(2026, 11, 24)
ANSWERS = {answer.id: answer for answer in guide().check_in.answers}


def open_now(open_page: OpenPage) -> AppTest:
    """The part of the guide that is about where she is."""
    app = open_page("guide")
    app.button_group("hw-guide-part").set_value("now").run()
    return app


def gave_birth(store: Store, days_ago: int, now: Moment) -> None:
    """The pregnancy of the store has ended in a birth."""
    pregnancy = store.pregnancy()
    assert pregnancy is not None
    born = replace(pregnancy, due_date=None, birth_date=TODAY - timedelta(days=days_ago))
    store.save_pregnancy(born, now)


def rows(store: Store) -> list[tuple[str, bool]]:
    """Every answer kept, and whether it was taken back."""
    found = store.rows("SELECT answer, deleted_at FROM check_in ORDER BY created_at, id")
    return [(row["answer"], row["deleted_at"] is not None) for row in found]


def test_the_guide_says_what_applies_now_with_sources(open_page: OpenPage, known: Store) -> None:
    app = open_page("guide")
    assert app.button("hw-now").label == "For you now: From 14 to 27 weeks"
    said = texts(open_now(open_page))
    one = next(s for s in guide().situations if s.id == "second_trimester")
    for line in one.lines:
        assert line.text in said
        assert all(source.short in said for source in line.sources)
    assert "From 28 to 36 weeks" not in said


def test_conditions_and_the_birth_are_asked_and_kept(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    gave_birth(known, 5, now)
    app = open_now(open_page)
    assert "after a caesarean" not in texts(app)
    app.button_group("hw-birth-kind").set_value(BirthKind.CAESAREAN).run()
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    assert pregnancy.birth_kind is BirthKind.CAESAREAN
    assert "The first two weeks after a caesarean" in texts(app)
    assert "Leave both stretches out for now" in texts(app)
    app.button_group("hw-conditions").set_value([Condition.PELVIC_GIRDLE_PAIN]).run()
    assert known.profile().conditions == {Condition.PELVIC_GIRDLE_PAIN}
    said = texts(app)
    assert said.index("With pelvic girdle pain") < said.index("after a caesarean")
    app.button_group("hw-conditions").set_value([]).run()
    assert known.profile().conditions == frozenset()


def test_a_pregnancy_that_ended_or_is_paused_is_not_spoken_of(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_profile(replace(known.profile(), tracking=Tracking.PAUSED), now)
    assert "weeks" not in texts(open_now(open_page))
    known.save_profile(replace(known.profile(), tracking=Tracking.ON), now)
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    app = open_now(open_page)
    assert "Nothing here for you yet" in texts(app)
    assert "weeks" not in texts(app)


def test_the_evidence_says_how_sure_it_is(open_page: OpenPage, known: Store) -> None:
    said = texts(open_page("evidence"))
    for finding in guide().evidence.findings:
        assert finding.question in said
        assert finding.answer in said
        assert all(source.line in said for source in finding.sources)
    assert said.count("How sure:") == len(guide().evidence.findings)
    assert guide().evidence.limits.text in said


def test_someone_fine_is_asked_nothing_more(open_page: OpenPage, known: Store) -> None:
    app = open_page("stretch")
    assert "Please call now" not in texts(app)
    assert rows(known) == []


@pytest.mark.parametrize("stage", [For.PREGNANT, For.POSTPARTUM])
def test_at_most_ten_answers_and_every_one_says_what_to_do(stage: For) -> None:
    answers = guide().check_in.answers_for(stage)
    assert 5 <= len(answers) <= 10
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
    app.button_group(check_in.KEY).set_value([answer]).run()
    said = texts(app)
    assert "Please call now" in said
    assert ANSWERS[answer].text in said
    assert not app.get("component_instance") and "hw-routine" not in {
        b.key for b in app.button_group
    }
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
