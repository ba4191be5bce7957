"""Every sentence of content/ that states something about health stands on a source."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from holdwell.guide import fields, guide, load
from holdwell.guide.advice import For, LineKind
from holdwell.i18n.languages import SHIPPED
from holdwell.i18n.messages import wording
from holdwell.i18n.toml_reader import open_file

SOURCES = open_file(SHIPPED / "sources.toml").read(fields.Sources).source
FILES = [
    path
    for path in sorted(SHIPPED.rglob("*.toml"))
    if path.parent.name not in ("wording", "trackers")
    and path.name not in ("sources.toml", "drawings.toml", "phone_numbers.toml")
]
HEALTH = re.compile(
    r"\b(pain|hurts?|ache|cramps?|bleed|blood|dizz|faint|swell|swollen|sore|fever|wound|scar|heal|"
    r"stitches|infected|contraction|labour|baby|birth|caesarean|pregnan|postpartum|hormones?|joints?|"
    r"ligaments?|pelvi[cs]|balance|sway|falls?|midwife|doctor|physiotherapist|emergency|guidance|"
    r"stud(y|ies)|trials?|review|exercise|risk|mood|grief|tired|breath|supple|injur)",
    re.IGNORECASE,
)
CLAIM = re.compile(
    r"\b(to ease|eases?|relieves?|stud(y|ies)|guidance|people treated)\b", re.IGNORECASE
)


NAMES = ("title", "label", "question", "name", "helpline_name")
"""Keys of texts that name something and state nothing."""


def sentences(value: Any, sourced: bool, place: str) -> Iterator[tuple[str, str, bool]]:
    """Every English sentence of a table, its place, and whether its table or file has sources."""
    if isinstance(value, dict):
        sourced = sourced or "sources" in value
        for key, inner in value.items():
            if key == "en":
                said = inner if isinstance(inner, list) else [inner]
                for text in said:
                    for sentence in re.split(r"(?<=[.?!:]) ", text):
                        yield sentence, place, sourced
            elif key not in ("es", "sources", *NAMES):
                yield from sentences(inner, sourced, f"{place} {key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from sentences(inner, sourced, f"{place} {number}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_sentence_on_health_has_a_source(path: Any) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    told = list(sentences(table, False, path.name))
    bare = [
        (place, sentence)
        for sentence, place, sourced in told
        if HEALTH.search(sentence) and not sourced and "our own" not in sentence.lower()
    ]
    assert told
    assert bare == []


def test_the_rule_finds_a_sentence_without_a_source() -> None:
    table = {"step": [{"text": {"en": "Sit down. A scar heals in a week.", "es": "x"}}]}
    found = [one for one in sentences(table, False, "a") if HEALTH.search(one[0]) and not one[2]]
    assert found == [("A scar heals in a week.", "a step 1 text", False)]


def test_a_claim_in_the_words_of_the_pages_has_a_source() -> None:
    known = {key for source in SOURCES for key in source.wording}
    assert known <= wording().keys()
    texts = {key: text for key, text in wording().items() if text.endswith(".")}
    assert {key for key, text in texts.items() if CLAIM.search(text)} <= known


def test_every_source_is_used_and_can_be_found() -> None:
    text = "".join(path.read_text("utf-8") for path in SHIPPED.rglob("*.toml"))
    text = text.replace('id = "', "")
    unused = [s.id for s in SOURCES if f'"{s.id}"' not in text and not s.wording]
    assert unused == []
    for source in SOURCES:
        assert source.find.startswith("doi:10.") or re.match(r"[\w.-]+\.[a-z]{2,}/", source.find)


NOT_READ = {
    "canada2025", "nhs_dvt", "nhs_after_birth", "elht_pgp", "partnership_pgp", "canada_911",
}  # fmt: skip
"""Sources of which no copy could be read on 28 November 2026, only their addresses looked up."""


def test_every_source_was_read_but_for_a_few() -> None:
    assert {source.id for source in SOURCES if source.seen is None} == NOT_READ


BABY = re.compile(r"\b(bab(y|ies)|bebés?)\b", re.IGNORECASE)


@pytest.mark.parametrize("code", ["en", "es"])
def test_nobody_reads_of_a_baby_after_a_loss(code: str) -> None:
    known = load(SHIPPED, code)
    shown = known.safety.groups_for(For.AFTER_LOSS)
    assert [group.stage for group in shown] == [For.ANY, For.POSTPARTUM]
    said = [text for group in shown for text in (group.title, group.whom, *group.signs)]
    answers = known.check_in.answers_for(For.AFTER_LOSS)
    said += [text for answer in answers for text in (answer.label, answer.text)]
    situation = next(one for one in known.situations if one.stage is For.AFTER_LOSS)
    said += [situation.title, *(line.text for line in situation.lines)]
    said += [source.short for source in known.safety.sources_for(For.AFTER_LOSS)]
    said += [source.short for line in situation.lines for source in line.sources]
    said += [known.safety.lead, known.safety.not_device, known.safety.stretch.text]
    assert [text for text in said if BABY.search(text)] == []
    assert any(BABY.search(sign) for group in known.safety.groups for sign in group.signs)


DIZZY = (
    ["bleeding", "belly or chest", "headache", "blurred sight", "racing heart", "breath"],
    ["sangrado", "barriga o de pecho", "dolor de cabeza", "vista borrosa", "acelerado", "aire"],
)


@pytest.mark.parametrize(("code", "words"), [("en", DIZZY[0]), ("es", DIZZY[1])])
def test_dizziness_has_one_answer_in_all_places(code: str, words: list[str]) -> None:
    known = load(SHIPPED, code)
    answer = next(a for a in known.check_in.answers if a.id == "dizzy_or_faint").text
    situation = next(s for s in known.situations if s.id == "dizziness")
    line = next(line.text for line in situation.lines if line.kind is LineKind.ASK_FIRST)
    for word in words:
        assert word in answer
        assert word in line


def test_the_back_pain_that_is_an_emergency_is_told() -> None:
    any_time, pregnant, after = guide().safety.groups
    told = " ".join(any_time.signs)
    for words in ("genitals or bottom", "leg that turns weak or numb", "urine or stool", "darker"):
        assert words in told
    assert "numbness down below" in any_time.whom
    assert "before 37 weeks" in " ".join(pregnant.signs)
    assert "by 24 weeks" in " ".join(pregnant.signs)
    assert "pad soaked within an hour" in " ".join(after.signs)
    harm = next(a for a in guide().check_in.answers if a.id == "self_harm")
    assert harm.stage is For.ANY
    assert "emergency number" in harm.text
    assert "helpline" in harm.text


@pytest.mark.parametrize(
    ("zone", "emergency", "helpline"),
    [
        ("Europe/Madrid", "112", "024"),
        ("America/Mexico_City", "911", "800 911 2000"),
        ("America/New_York", "911", "1-833-852-6262"),
        ("Europe/London", "999", "116 123"),
        ("Europe/Dublin", "112", "116 123"),
        ("America/Toronto", "911", "988"),
        ("Pacific/Auckland", "111", "1737"),
        ("Australia/Sydney", "000", "13 11 14"),
        ("Europe/Berlin", "112", ""),
    ],
)
def test_numbers_to_call_follow_the_time_zone(zone: str, emergency: str, helpline: str) -> None:
    region = guide().phone_numbers.of_time_zone(zone)
    assert region is not None
    assert (region.emergency, region.helpline) == (emergency, helpline)
    assert bool(region.helpline_name) == bool(helpline)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Nowhere/At_All", "", "UTC"])
def test_no_number_is_guessed(zone: str) -> None:
    assert guide().phone_numbers.of_time_zone(zone) is None
