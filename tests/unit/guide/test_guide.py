"""content/ teaches every fact, and every fault is named with its file and what to do."""

import shutil
from pathlib import Path

import pytest

from holdwell.domain.models import Side
from holdwell.guide.advice import Audience
from holdwell.guide.load import guide, load
from holdwell.i18n.languages import content_folder
from holdwell.i18n.toml_reader import ContentError


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(content_folder(), tmp_path / "content"))


def told() -> str:
    """Return all that the guide teaches, as one text."""
    found = guide()
    base = found.setup.base
    parts = [found.why.source.text, base.title, base.text, base.support]
    helper = found.base
    parts += [*helper.choice.model_dump().values(), *helper.distance.model_dump().values()]
    parts += [helper.too_high.text]
    parts += [text for tip in found.why.points for text in (tip.title, tip.text)]
    steps = list(found.setup.steps)
    for stretch in found.stretches:
        parts += [stretch.name, stretch.summary, stretch.hold_text]
        parts += [*stretch.cue.values(), *stretch.spoken.values()]
        steps += stretch.steps
    for step in steps:
        parts += [step.title, step.text]
        parts += [text for tip in step.tips for text in (tip.title, tip.text)]
    return " ".join(parts).lower()


# Every fact of shared/stretches.md, as the words that express it.
FACTS = [
    ("hormones", "loosen", "joints", "ligaments"),
    ("more weight", "balance shifts"),
    ("after the birth", "differs from person to person", "one pregnancy to the next"),
    ("the back is one of the places that ache most often",),
    ("offset back and leg pain", "in pregnancy and after birth"),
    ("flexible", "range of motion", "strengthens the muscles that hold up bones and ligaments"),
    ("twice a day", "before going to bed", "relax and reset", "soon after waking", "kinks"),
    ("postpartum", "general routine", "relaxation", "circulation", "fewer aches"),
    ("seat of a chair", "arm of a sofa", "bed", "back of a chair is only", "quite flexible"),
    ("second chair", "hold on to it while you lift your heel"),
    ("hip-distance apart", "knees relaxed", "both feet pointing at the base"),
    ("length of your legs", "relaxed and fully extended", "heel resting comfortably"),
    ("only the heel rests there", "not the tendon above it", "not the calf"),
    ("have to turn your standing foot to stay comfortable", "too high", "lower one"),
    ("outwards until it lies parallel with the base",),
    ("pelvis slide slightly forward",),
    ("arm on the side of your standing leg to the ceiling", "over towards your raised foot"),
    ("only slightly forward", "only as far up and over"),
    ("30 to 40 seconds", "longer is fine", "other side"),
    ("starts like the side reach, on the same base",),
    ("as if you stuck your bottom out behind you",),
    ("pelvis and buttocks back as far as is comfortable", "leans forward to balance"),
    ("space opens below for your belly",),
    ("both hands gently on the thigh of your raised leg", "lean gently forward", "longer"),
    ("open space to move into",),
    ("hips only as far back", "upper body only as far forward"),
    ("michelle ishio", "postpregnancyrehab.com"),
]


@pytest.mark.parametrize("words", FACTS, ids=lambda words: words[0])
def test_every_fact_is_taught(words: tuple[str, ...]) -> None:
    text = told()
    assert [word for word in words if word not in text] == []


def test_stop_signs_have_sources_and_someone_to_call() -> None:
    safety = guide().safety
    assert [group.stage.value for group in safety.groups] == ["any", "pregnant", "postpartum"]
    for group in safety.groups:
        assert "all" in group.whom
        assert group.sources
        assert set(group.sources) <= set(safety.sources_for(Audience.ANY))
    calf = [s for s in safety.groups[0].signs if "calf" in s]
    assert calf
    assert all(word in calf[0] for word in ("swollen", "warm", "darker", "not a cramp"))


def test_cues_name_the_sides_of_the_raised_leg() -> None:
    reach = guide().stretch("side_reach")
    assert reach is not None
    assert "left arm" in reach.cue[Side.RIGHT]
    assert "right arm" in reach.cue[Side.LEFT]
    assert "Right heel on the base" in reach.spoken[Side.RIGHT]
    for stretch in guide().stretches:
        for side in Side:
            assert "{" not in stretch.cue[side] + stretch.spoken[side]


def test_an_unknown_stretch_is_none() -> None:
    assert guide().stretch("headstand") is None


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("stretches/side_reach.toml", "order = 1", "", ('"order" is missing', "order = 1")),
        ("stretches/side_reach.toml", "name.en =", "name.e =", ("line {}", '"name.en" is missing')),
        (
            "stretches/side_reach.toml",
            'name.en = "Side reach"\nname.es = "Inclinación lateral"',
            'name = "Side reach"',
            ("line {}", "say its language"),
        ),
        ("stretches/side_reach.toml", 'name.en = "Side reach"', "name.en = 3", ("text in quotes",)),
        ("stretches/side_reach.toml", "{standing} arm up", "{stand} arm up", ("{stand}", "Known")),
        ("stretches/side_reach.toml", "{standing} arm up", "{standing arm up", ("{standing",)),
        (
            "stretches/side_reach.toml",
            "order = 1",
            "summary.xx = 'a'\norder = 1",
            ("line {}", "xx"),
        ),
        ("stretches/side_reach.toml", "order = 1", 'order = "one"', ("whole number",)),
        ("stretches/side_reach.toml", "order = 1", "order = true", ("whole number",)),
        (
            "stretches/side_reach.toml",
            'id = "side_reach"',
            'id = "other"',
            ("file's name", "line {}"),
        ),
        ("stretches/side_reach.toml", "hold_max = 40", "hold_max = 10", ("hold_min",)),
        ("stretches/side_reach.toml", "order = 1", "order = 1\nordre = 1", ("ordre", "spelling")),
        (
            "stretches/side_reach.toml",
            '"pelvis_forward"',
            '"nothing"',
            ("no drawing", "[[step]] number 1", "line {}"),
        ),
        (
            "stretches/side_reach.toml",
            "[[step.tip]]",
            "[[step.tipp]]",
            ("tipp", "number 2", "line {}"),
        ),
        ("setup.toml", "[base]", "[bass]", ('"base" is missing',)),
        ("setup.toml", "[[step]]", "[[step", ("setup.toml cannot be read",)),
        ("safety.toml", '"acog804", "canada2019", "cdc", "rcog"', '"who"', ('"who"', "[[source]]")),
        ("safety.toml", 'stage = "any"', 'stage = "all"', ("line {}", "one of any, pregnant")),
        (
            "safety.toml",
            '"Fainting, or dizziness that does not pass when you sit down"',
            '" "',
            ("signs.en", "none of them empty"),
        ),
        (
            "where_now.toml",
            'leave_out = ["side_reach", "hinge_forward"]',
            'leave_out = ["headstand"]',
            ("line {}", '"headstand", which is no stretch', "Known: hinge_forward, side_reach"),
        ),
        (
            "where_now.toml",
            'kind = "leave_out"\nleave_out',
            'kind = "change"\nleave_out',
            ('"leave_out" needs kind', "[[line]] number"),
        ),
        ("sources.toml", "year = 2020", 'year = "2020"', ("year", "whole number")),
        ("sources.toml", "seen = 2026-11-25", 'seen = "2026"', ("line {}", "a date", "2026-11-28")),
        ("sources.toml", 'id = "cdc"', 'id = "acog804"', ("second source",)),
        (
            "why.toml",
            'title.en = "Twice a day"',
            'title.en = " "',
            ("title.en", "empty", "line {}"),
        ),
    ],
)
def test_a_fault_names_its_file_its_place_and_what_to_do(
    content: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    path = content / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ContentError) as caught:
        load(content)
    message = str(caught.value)
    wanted = [word.replace("line {}", f"line {line}") for word in (*words, path.name)]
    assert [word for word in wanted if word not in message] == []


def test_a_missing_file_is_named(content: Path) -> None:
    (content / "safety.toml").unlink()
    with pytest.raises(ContentError, match=r"safety\.toml is missing"):
        load(content)
    shutil.rmtree(content / "stretches")
    with pytest.raises(ContentError, match="no stretch"):
        load(content)
