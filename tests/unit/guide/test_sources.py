"""Every sentence of content/ that states something about health has a source."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from holdwell.guide import fields
from holdwell.guide.advice import Audience, LineKind
from holdwell.guide.load import guide, load
from holdwell.i18n.content_models import read
from holdwell.i18n.languages import SHIPPED
from holdwell.i18n.messages import wording
from holdwell.i18n.toml_reader import open_file

SOURCES = read(open_file(SHIPPED / "sources.toml"), fields.Sources).source
FILES = [
    path
    for path in sorted(SHIPPED.rglob("*.toml"))
    if path.parent.name not in ("wording", "trackers")
    and path.name not in ("sources.toml", "drawings.toml", "phone_numbers.toml")
]
CLAIM = re.compile(
    r"\b(prevent|reduc|increas|improv|strengthen|cures?\b|heals?\b|eases\b|to ease\b|ease your|"
    r"reliev|causes?\b|protect|harm|injur|risk|danger|safer?\b|safely|good for|bad for|"
    r"stops? (cramp|pain|spasm)|lower(s|ed) (your|the|blood|risk|pain)|percent|%|stud(y|ies)|"
    r"trials?|research|evidence|prove[ns]?|guidance|people treated|"
    r"(doctors|midwives) (say|recommend)|hormone|nerve|discs?\b|muscles?\b|blood|circulation|"
    r"cramps?|spasm|swell|dizz|faint|preterm|labour|miscarr|clots?\b|magnesium)",
    re.IGNORECASE,
)
"""Words that mark a sentence as a medical fact, such as an effect or a finding."""
IN_THE_PAGES = re.compile(
    r"\b(prevent|cures?\b|heals?\b|to ease|eases?\b|reliev|reduces? (pain|cramps)|"
    r"lowers? (your|pain|blood)|good for (you|your)|strengthens?|stud(y|ies)|guidance|"
    r"people treated|research|(doctors|midwives) (say|recommend)|magnesium|blood pressure|"
    r"miscarr|hormone|safe for|risk of)",
    re.IGNORECASE,
)
"""The same for wording/, where the user's own cramps, pain and percentages are mentioned, too."""
OWN = re.compile(r"\bour own\b", re.IGNORECASE)
"""How a sentence is marked as our own suggestion."""
NO_FACTS = {
    "check_in.toml lead": 1,
    "check_in.toml answer 1 text": 2,
    "evidence.toml lead": 1,
}
"""How many sentences without a source of their table or file are allowed: they state nothing."""
OF_THE_FILE = (
    "evidence.toml title",
    "safety.toml not_device",
    "side_reach.toml step 1 title",
    "where_now.toml situation 13 title",
)
"""Sentences with such a word that state nothing, or have the sources of their whole file."""
NAMES = ("title", "label", "question", "name", "helpline_name")
"""Keys of texts that are names, not sentences."""


@dataclass(frozen=True)
class Told:
    """An English sentence of content/ with its place. `own_source`: its table names sources;
    `source`: its table or its file does."""

    text: str
    place: str
    own_source: bool
    source: bool

    @property
    def key(self) -> str:
        return self.place.split()[-1]


def told(value: Any, place: str, *, own: bool = False, file: bool = False) -> Iterator[Told]:
    """Yield every English sentence of a table."""
    if isinstance(value, dict):
        named = bool(value.get("sources"))
        # The sources of a whole file are at its top.
        own, file = (own, named) if " " not in place else (own or named, file)
        for key, inner in value.items():
            if key == "en":
                for text in inner if isinstance(inner, list) else [inner]:
                    for sentence in re.split(r"(?<=[.?!:;]) ", text):
                        yield Told(sentence, place, own, own or file)
            elif key not in ("es", "sources"):
                yield from told(inner, f"{place} {key}", own=own, file=file)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from told(inner, f"{place} {number}", own=own, file=file)


def bare(name: str, text: str) -> list[str]:
    """Return the sentences of a file that state something and lack a source."""
    found, without = [], Counter[str]()
    for one in told(tomllib.loads(text), name):
        # A question states nothing, and a label is an answer of the user.
        if one.key in ("label", "question") or OWN.search(one.text):
            continue
        unsure = bool(CLAIM.search(one.text)) and one.place not in OF_THE_FILE
        if one.key not in NAMES and not one.source:
            without[one.place] += 1
        if (unsure and not one.own_source) or without[one.place] > NO_FACTS.get(one.place, 0):
            found.append(one.text)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_every_sentence_has_a_source_or_is_called_our_own(path: Path) -> None:
    text = path.read_text("utf-8")
    assert list(told(tomllib.loads(text), path.name))
    assert bare(path.name, text) == []


FACT = "Magnesium prevents cramps at night."


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("base.toml", 'lead.en = "', f"{FACT} "),
        ("setup.toml", 'text.en = "Feet hip-distance', f"{FACT} "),
        ("stretches/side_reach.toml", 'summary.en = "', f"{FACT} "),
        ("stretches/hinge_forward.toml", 'text.en = "Rest both hands', f"{FACT} "),
        ("check_in.toml", 'lead.en = "', f"{FACT} "),
        ("check_in.toml", 'text.en = "Good. ', "The moon is a remedy. "),
        ("evidence.toml", 'lead.en = "', f"{FACT} "),
        ("safety.toml", 'lead.en = "', f"{FACT} "),
        ("where_now.toml", 'title.en = "Up to 13 weeks', " (stretching prevents cramps)"),
        ("setup.toml", 'title.en = "Stand facing it', f" {FACT}"),
        ("why.toml", 'sources = ["ishio", "cuh_pgp"]', "\n#"),
        ("drawings.toml", 'alt.en = "Places for a heel. ', f"{FACT} "),
    ],
)
def test_a_fact_that_someone_adds_without_a_source_is_found(
    file: str, before: str, after: str
) -> None:
    path = SHIPPED / file
    text = path.read_text("utf-8")
    assert before in text
    worse = text.replace(before, "" if after.startswith("\n") else before + after, 1)
    assert len(bare(path.name, worse)) > len(bare(path.name, text))


def test_an_empty_list_of_sources_does_not_count() -> None:
    assert bare("a.toml", '[[line]]\nsources = []\ntext.en = "It is warm."') == ["It is warm."]


def test_the_text_of_a_drawing_says_what_is_seen_and_claims_nothing() -> None:
    alts = told(tomllib.loads((SHIPPED / "drawings.toml").read_text("utf-8")), "drawings.toml")
    assert [one.text for one in alts if one.key == "alt" and CLAIM.search(one.text)] == []


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!]) +", text)


def both(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each text of a table in English and in Spanish."""
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict) and isinstance(inner.get("en"), str):
            yield inner["en"], inner["es"]
        elif isinstance(inner, dict) and "en" in inner:
            yield from zip(inner["en"], inner["es"], strict=True)
        elif isinstance(inner, dict | list):
            yield from both(inner)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_the_spanish_texts_have_no_more_sentences_than_the_english(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    assert [es for en, es in both(table) if len(sentences(es)) > len(sentences(en))] == []


MOST_WORDS = 32
"""In a sentence of the guide. A colon or semicolon does not end it."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_no_sentence_is_too_long_for_a_tired_reader(path: Path) -> None:
    texts = [text for pair in both(tomllib.loads(path.read_text("utf-8"))) for text in pair]
    long = [one for text in texts for one in sentences(text) if len(one.split()) > MOST_WORDS]
    assert long == []


def test_a_claim_in_the_words_of_the_pages_has_a_source() -> None:
    known = {key for source in SOURCES for key in source.wording}
    assert known <= wording().keys()
    headings = {"today.cramp_eases", "guide.evidence"}
    claims = {key for key, text in wording().items() if IN_THE_PAGES.search(text)}
    assert claims - headings <= known


def test_every_source_is_used_and_can_be_found() -> None:
    text = "".join(path.read_text("utf-8") for path in SHIPPED.rglob("*.toml"))
    text = text.replace('id = "', "")
    unused = [s.id for s in SOURCES if f'"{s.id}"' not in text and not s.wording]
    assert unused == []
    for source in SOURCES:
        assert source.find.startswith("doi:10.") or re.match(r"[\w.-]+\.[a-z]{2,}/", source.find)


def test_every_source_was_read() -> None:
    assert [source.id for source in SOURCES if source.seen is None] == []


BABY = re.compile(r"\b(bab(y|ies)|bebés?)\b", re.IGNORECASE)


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_text_after_a_loss_mentions_a_baby(code: str) -> None:
    known = load(SHIPPED, code)
    shown = known.safety.groups_for(Audience.AFTER_LOSS)
    assert [group.stage for group in shown] == [Audience.ANY, Audience.POSTPARTUM]
    said = [text for group in shown for text in (group.title, group.whom, *group.signs)]
    answers = known.check_in.answers_for(Audience.AFTER_LOSS)
    said += [text for answer in answers for text in (answer.label, answer.text)]
    situation = next(one for one in known.situations if one.stage is Audience.AFTER_LOSS)
    said += [situation.title, *(line.text for line in situation.lines)]
    said += [source.short for source in known.safety.sources_for(Audience.AFTER_LOSS)]
    said += [source.short for line in situation.lines for source in line.sources]
    said += [known.safety.lead, known.safety.not_device, known.safety.stretch.text]
    assert [text for text in said if BABY.search(text)] == []
    assert any(BABY.search(sign) for group in known.safety.groups for sign in group.signs)


DIZZY = (
    ["bleeding", "belly pain", "headache", "blurred sight", "racing heart"],
    ["sangrado", "dolor de barriga", "dolor de cabeza", "vista borrosa", "corazón acelerado"],
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


@pytest.mark.parametrize(
    ("code", "words"),
    [("en", ["chest pain", "breath"]), ("es", ["pecho", "respirar", "llama al número de"])],
)
def test_chest_pain_and_trouble_breathing_are_an_emergency_in_all_places(
    code: str, words: list[str]
) -> None:
    known = load(SHIPPED, code)
    answers = {answer.id: answer.text for answer in known.check_in.answers}
    dizziness = next(s for s in known.situations if s.id == "dizziness")
    lines = " ".join(line.text for line in dizziness.lines)
    named = ("chest_or_breath", "one_leg", "dizzy_or_faint")
    for text in (known.safety.groups[0].whom, lines, *(answers[name] for name in named)):
        emergency = [one for one in sentences(text.lower()) if "emergenc" in one]
        assert any(all(word in one for word in words) for one in emergency), text


@pytest.mark.parametrize(("code", "words"), [("en", "on your side"), ("es", "de lado")])
def test_lying_down_is_on_the_side_in_all_places(code: str, words: str) -> None:
    known = load(SHIPPED, code)
    answer = next(a for a in known.check_in.answers if a.id == "dizzy_or_faint").text
    lines = next(s for s in known.situations if s.id == "dizziness").lines
    for text in (answer, known.safety.lead, " ".join(line.text for line in lines)):
        assert words in text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["chair beside the raised leg and hold it with that hand", "other on your thigh"]),
        ("es", ["silla junto a la pierna levantada y sujétala con esa mano", "otra en el muslo"]),
    ],
)
def test_a_chair_is_held_by_a_hand_that_the_stretch_leaves_free(
    code: str, words: list[str]
) -> None:
    """In the side reach the arm of the standing side goes overhead."""
    third = next(s for s in load(SHIPPED, code).situations if s.id == "third_trimester")
    text = " ".join(line.text for line in third.lines)
    for word in words:
        assert word in text


def test_the_signs_of_an_emergency_of_the_back_are_named() -> None:
    any_time, pregnant, after = guide().safety.groups
    told = " ".join(any_time.signs)
    for words in ("genitals or bottom", "leg that turns weak or numb", "urine or stool", "darker"):
        assert words in told
    assert "A fall" in " ".join(pregnant.signs)
    assert "numbness around your genitals or bottom" in any_time.whom
    assert "before 37 weeks" in " ".join(pregnant.signs)
    assert "by 24 weeks" in " ".join(pregnant.signs)
    assert "pad soaked within an hour" in " ".join(after.signs)
    harm = next(a for a in guide().check_in.answers if a.id == "self_harm")
    assert harm.stage is Audience.ANY
    assert "emergency number" in harm.text
    assert "helpline" in harm.text


@pytest.mark.parametrize(
    ("zone", "emergency", "helpline"),
    [
        ("Europe/Madrid", "112", "024"),
        ("America/Mexico_City", "911", "800 911 2000"),
        ("America/New_York", "911", "988"),
        ("America/Bogota", "123", ""),
        ("America/Costa_Rica", "911", ""),
        ("America/Santo_Domingo", "911", ""),
        ("Pacific/Galapagos", "911", ""),
        ("America/Panama", "911", ""),
        ("America/El_Salvador", "132", ""),
        ("America/Manaus", "192", ""),
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


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/La_Paz", "Nowhere/At_All", "", "UTC"])
def test_no_number_is_guessed(zone: str) -> None:
    assert guide().phone_numbers.of_time_zone(zone) is None
