"""The question before a session: what follows each answer, and what is saved."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import Moment, SessionState, Tracking
from holdwell.guide.advice import Audience, Verdict
from holdwell.guide.load import guide
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, gave_birth, has_timer, texts
from tests.conftest import TODAY, MakeSession

ANSWERS = {answer.id: answer for answer in guide().check_in.answers}


def rows(store: Store) -> list[tuple[str, bool]]:
    """Return every saved answer, and whether it was taken back."""
    found = store.rows("SELECT answer, deleted_at FROM check_in ORDER BY created_at, id")
    return [(row["answer"], row["deleted_at"] is not None) for row in found]


def tap(app: AppTest, *answers: str) -> None:
    for answer in answers:
        app.button(f"hw-answer-{answer}").click().run()


def wait(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    """Advance the pages' clock."""
    later = Moment(clock.now().utc + timedelta(**passed), clock.now().utc_offset)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_a_user_who_is_fine_is_asked_nothing_more(open_page: OpenPage, known: Store) -> None:
    app = open_page("stretch")
    assert "Please call now" not in texts(app)
    assert rows(known) == []


def test_only_a_pregnant_user_reads_of_contractions(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    asked = "Not so fine? Dizzy, bleeding, contractions or other signs"
    assert asked in {section.label for section in open_page("stretch").expander}
    gave_birth(known, 70, now)
    labels = " ".join(section.label for section in open_page("stretch").expander)
    assert "Not so fine? Dizzy, bleeding or other signs" in labels and "contractions" not in labels


@pytest.mark.parametrize("stage", [Audience.PREGNANT, Audience.POSTPARTUM])
def test_at_most_eleven_answers_and_every_one_says_what_to_do(stage: Audience) -> None:
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
    tap(app, answer)
    text = texts(app)
    assert "Please call now" in text
    assert ANSWERS[answer].text in text
    assert not has_timer(app) and "hw-routine" not in {b.key for b in app.button_group}
    assert rows(known) == [(answer, False)]
    app.button("hw-all-signs").click().run()
    assert "At any time" in texts(app)


def test_after_a_loss_the_advice_to_call_stays_without_words_about_the_pregnancy(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    tap(open_page("stretch"), "contractions")
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    for paused in (Tracking.ON, Tracking.PAUSED):
        known.save_profile(replace(known.profile(), tracking=paused), now)
        text = texts(open_page("today"))
        assert "Please call now" in text and ANSWERS["contractions"].text not in text
        answers = {b.key for b in open_page("stretch").button}
        assert "hw-answer-contractions" not in answers


def test_a_stop_sign_is_shown_even_if_it_cannot_be_saved(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: Store, *_: object) -> None:
        raise StoreError(StoreProblem.FULL, Path("holdwell.db"))

    app = open_page("stretch")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "save", full)
        tap(app, "bleeding_or_fluid")
        assert "Please call now" in texts(app) and "The disk is full" in texts(app)
        assert rows(known) == []
    app.run()
    assert "Please call now" in texts(app)
    assert rows(known) == [("bleeding_or_fluid", False)]


def test_an_answer_to_stop_comes_before_an_unfinished_session(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    tap(open_page("stretch"), "bleeding_or_fluid")
    open_one = make_session(TODAY, state=SessionState.OPEN)
    known.save(replace(open_one, ended=None), now)
    app = open_page("stretch")
    assert "Please call now" in texts(app)
    assert not {"hw-go-on", "hw-keep", "hw-discard"} & {b.key for b in app.button}
    kept = known.session(open_one.id)
    assert kept is not None and kept.state is SessionState.OPEN


def test_dizzy_says_not_today_and_a_wrong_tap_can_be_undone(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("stretch")
    tap(app, "dizzy_or_faint")
    assert "Not today" in texts(app)
    wait(monkeypatch, seconds=3)
    app.button("hw-wrong-tap").click().run()
    assert "Not today" not in texts(app)
    assert "hw-routine" in {b.key for b in app.button_group}
    assert rows(known) == [("dizzy_or_faint", True)]


def test_a_double_tap_does_not_take_a_stop_sign_back(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("stretch")
    tap(app, "contractions", "contractions")
    app.button("hw-wrong-tap").click().run()
    assert "Please call now" in texts(app)
    # A stop sign is taken back only by its own button.
    wait(monkeypatch, minutes=1)
    tap(app, "contractions")
    assert "Please call now" in texts(app)
    assert rows(known) == [("contractions", False)]


def test_the_answer_is_kept_for_the_day_and_for_hours_after_it_ended(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tap(open_page("stretch"), "contractions")
    assert "Please call now" in texts(open_page("stretch"))
    # From 21:05 to 5:05, an hour after the day has ended.
    wait(monkeypatch, hours=8)
    assert "Please call now" in texts(open_page("stretch"))
    wait(monkeypatch, hours=5)
    assert has_timer(open_page("stretch"))
    assert rows(known) == [("contractions", False)]


def test_tired_asks_to_go_gently_until_tapped_again_and_the_worst_answer_comes_first(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("stretch")
    tap(app, "tired_or_sore")
    assert ANSWERS["tired_or_sore"].text in app.info[0].value
    assert "hw-routine" in {b.key for b in app.button_group}
    wait(monkeypatch, seconds=3)
    tap(app, "tired_or_sore")
    assert not app.info and rows(known) == [("tired_or_sore", True)]
    tap(app, "dizzy_or_faint", "one_leg")
    text = texts(app)
    assert "Please call now" in text
    assert text.index(ANSWERS["one_leg"].text) < text.index(ANSWERS["dizzy_or_faint"].text)


def test_after_a_birth_other_answers_are_offered(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    gave_birth(known, 20, now)
    labels = " ".join(button.label for button in open_page("stretch").button)
    assert "Wound or stitches" in labels
    assert "Baby moving less" not in labels
