"""The texts of the pages are kind, complete, and escaped for Streamlit's Markdown."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.dates import DateProblem
from holdwell.i18n.formats import (
    day_text,
    half_up,
    length_text,
    moment_text,
    number_text,
    sentence_day_text,
    sentence_moment_text,
)
from holdwell.i18n.languages import Language
from holdwell.i18n.messages import JOINER, plain, say, speaking, wording
from holdwell.i18n.toml_reader import ContentError
from holdwell.store.errors import StoreProblem


@pytest.mark.parametrize("problem", DateProblem)
def test_every_date_problem_has_a_sentence(problem: DateProblem) -> None:
    assert say(f"dates.{problem.value}").endswith(".")


@pytest.mark.parametrize("problem", StoreProblem)
def test_every_store_problem_has_a_sentence(problem: StoreProblem) -> None:
    assert say(f"errors.{problem.value}").endswith(".")


def test_tone_has_no_exclamation_and_no_blame() -> None:
    for key, text in wording().items():
        assert "!" not in text, key
        for word in ("missed", "failed", "should have", "forgot", "lazy", "broke your", "streak"):
            assert word not in text.lower(), key


def test_a_missing_text_is_named() -> None:
    with pytest.raises(ContentError, match=r"no\.such"):
        say("no.such")


@given(st.text())
def test_plain_text_keeps_its_characters(text: str) -> None:
    escaped = plain(text).replace(JOINER, "")
    text = text.replace(JOINER, "")
    assert re.sub(r"\\(.)", r"\1", escaped, flags=re.DOTALL) == text
    bare = re.sub(r"\\.", "", escaped, flags=re.DOTALL)
    assert not set(bare) & set("*_`[]<>$#:~|!")


@pytest.mark.parametrize(
    "text",
    [
        ":material/skull:",
        ":streamlit:",
        "a -- b",
        "->",
        "<->",
        ">=",
        "http://a.b",
        "Www.a.b",
        "a@b.c",
    ],
)
def test_characters_that_streamlit_would_replace_are_kept_apart(text: str) -> None:
    assert JOINER in plain(text)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (2.25, 1, "2.3"),
        (2.35, 1, "2.4"),
        (0.15, 1, "0.2"),
        (9 / 4, 1, "2.3"),
        (2.5, 0, "3"),
        (0.5, 0, "1"),
        (-0.25, 1, "-0.3"),
        (12, 1, "12"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: float, places: int, said: str) -> None:
    assert number_text(value, most=places) == said
    assert float(half_up(value, places)) == float(said)


def test_days_and_durations_are_written_in_words() -> None:
    day = date(2026, 11, 24)
    assert day_text(day, today=day) == "Tue 24 Nov"
    assert day_text(day) == "Tue, 24 Nov 2026"
    assert sentence_day_text(day, today=day) == "Tuesday 24 November"
    assert sentence_day_text(day) == "Tuesday 24 November 2026"
    with speaking(Language("es", "Español", "es")):
        assert sentence_day_text(day, today=day) == "martes 24 de noviembre"
    moment = datetime(2026, 11, 3, 7, 5)
    assert moment_text(moment, today=day) == "Tue 3 Nov, 07:05"
    assert sentence_moment_text(moment, today=day) == "Tuesday 3 November, 07:05"
    assert [length_text(s) for s in (0, 6.5, 35.4, 59.6, 140)] == [
        "0 s", "7 s", "35 s", "1 min 0 s", "2 min 20 s",
    ]  # fmt: skip


def test_a_time_that_ends_with_a_full_stop_gets_no_second_one() -> None:
    with speaking(Language("es", "Español", "es_MX")):
        assert say("today.pain_saved", time="10:21 a.m.") == "Anotado: 10:21 a.m."
        assert say("today.pain_saved", time="10:21") == "Anotado: 10:21."


@pytest.mark.parametrize(("locale", "whole"), [("en_GB", "1,234"), ("es", "1.234")])
def test_a_number_has_one_form_in_all_sentences(locale: str, whole: str) -> None:
    with speaking(Language(locale[:2], "", locale)):
        for sentence in (
            say("progress.changed_often", now=1234, earlier=1234),
            say("today.other_done", count=1234),
            say("units.sessions", count=1234),
            number_text(1234),
            say("cli.hold_range", text="", most=1234),
        ):
            assert re.findall(r"\d[\d.,]*\d", sentence) == [whole] * sentence.count(whole)
            assert whole in sentence
