"""The drawings for both sides, and their text alternatives in every language."""

import re
import shutil
from pathlib import Path

import pytest

from holdwell.domain.models import Side
from holdwell.guide import illustrations
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import speaking
from holdwell.i18n.toml_reader import ContentError
from tests.tools.anatomy import luminance
from tools.illustrations.contours import WIDTH
from tools.illustrations.furniture import PALETTE
from tools.illustrations.panels import PANELS
from tools.illustrations.poses import POSES, WAYS

BASES = "base_heights"
ALL = [*PANELS, *POSES]
RAISED = [name for name in POSES if name not in ("stand_facing_base", "rest")]
RAISED += ["heel_right_wrong", "hand_right_wrong"]
FOLDER = content_folder()


def alternative(name: str, *, pregnant: bool, raised: Side, language: str) -> str:
    """Return the text alternative of a drawing in a language."""
    spoken = next(one for one in languages(FOLDER) if one.code == language)
    with speaking(spoken):
        return illustrations.catalogue().alternative(name, pregnant=pregnant, raised=raised)


SIDES = {"en": ("left", "right"), "es": ("izquierd", "derech")}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ALL)
def test_every_drawing_has_an_alternative(name: str, language: str) -> None:
    for pregnant in (True, False):
        for raised in Side:
            text = alternative(name, pregnant=pregnant, raised=raised, language=language)
            assert "{" not in text
            assert text[0].isupper()
            assert text.endswith(".")
            assert 40 < len(text) < 400
            said = "pregnant" if language == "en" else "embarazada"
            assert (said in text) == pregnant


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", RAISED)
def test_the_mirrored_alternative_names_the_other_side(name: str, language: str) -> None:
    one, other = (
        alternative(name, pregnant=True, raised=raised, language=language) for raised in Side
    )
    left, right = SIDES[language]
    assert one != other
    swapped = one.replace(left, "#").replace(right, left).replace("#", right)
    assert swapped == other


def test_sides_agree_in_gender_in_spanish() -> None:
    text = alternative("second_chair", pregnant=False, raised=Side.LEFT, language="es")
    assert "talón izquierdo" in text
    assert "pierna derecha" in text
    assert "mano derecha" in text
    for name in ALL:
        for raised in Side:
            said = alternative(name, pregnant=True, raised=raised, language="es")
            assert not re.search(r"(pierna|mano) (izquierdo|derecho)", said)
            assert not re.search(r"(talón|pie|brazo) (izquierda|derecha)", said)


def test_every_pose_with_a_way_into_it_has_a_moving_drawing() -> None:
    assert [name for name in ALL if illustrations.moves(name)] == list(WAYS)
    assert "<animate" in illustrations.illustration("side_reach", pregnant=False, moving=True)
    assert "<animate" not in illustrations.illustration("side_reach", pregnant=False)


@pytest.mark.parametrize("name", ALL)
def test_the_other_side_is_the_same_drawing_mirrored(name: str) -> None:
    for moving in {False, illustrations.moves(name)}:
        left, right = (
            illustrations.illustration(name, pregnant=True, moving=moving, raised=side)
            for side in Side
        )
        assert right.count("matrix(-1 0 0 1 400 0)") == 1
        assert illustrations.mirrored(left) == right
    assert illustrations.WIDTH == WIDTH


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["side_reach", "heel_right_wrong"])
def test_a_skin_tone_colours_skin_and_hair_and_nothing_else(name: str) -> None:
    plain = illustrations.illustration(name, pregnant=True)
    for tone in illustrations.load(FOLDER).skins.values():
        for moving in {False, illustrations.moves(name)}:
            drawn = illustrations.illustration(name, pregnant=True, moving=moving)
            shown = illustrations.illustration(name, pregnant=True, moving=moving, skin=tone)
            assert tone.skin in shown
            assert len(shown) == len(drawn)
            pattern = r"var\(--fig-(?:skin|skin-far|hair),[^)]*\)"
            assert re.sub(pattern, "", shown) == re.sub(pattern, "", drawn)
            assert set(re.findall(r"--fig-skin,([^)]*)", shown)) == {tone.skin}
    tones = illustrations.load(FOLDER).skins
    assert list(tones) == ["light", "medium", "deep"]
    assert tones["medium"].colour(plain) == plain, "the files are drawn in this tone"


@pytest.mark.parametrize("page", ["#FBF7F2", "#17151B"])
@pytest.mark.parametrize("name", ["light", "medium", "deep"])
def test_each_skin_tone_stands_out_on_both_pages_and_shows_the_face(name: str, page: str) -> None:
    tone = illustrations.load(FOLDER).skins[name]
    assert contrast(tone.shade, page) >= 2.1, "the outline"
    assert contrast(tone.hair, page) >= 2.1
    assert contrast(tone.skin, PALETTE["face"]) >= 2.4


def test_marks_move_across_but_are_not_flipped() -> None:
    left, right = (illustrations.illustration(BASES, pregnant=True, raised=side) for side in Side)
    places = [re.findall(r"translate\(([\d.]+) ", svg) for svg in (left, right)]
    assert len(places[0]) == 5
    for a, b in zip(*places, strict=True):
        assert float(a) + float(b) == WIDTH
    flipped = right[right.index("matrix") :]
    assert flipped.index('</g><g transform="translate') > 0, "they lie outside the flipped group"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "rest"', 'nam = "rest"', ("line", "[[drawing]] number", '"name" is missing')),
        ('name = "rest"', 'name = "side_reach"', ("side_reach", "twice")),
        ('person.en = "a person"', "", ('"person.en" is missing',)),
        ("{person} stands at ease", "{persona} stands at ease", ("{persona}", "Known")),
        ("[[drawing]]", "[[drawing", ("cannot be read",)),
    ],
)
def test_a_fault_names_its_file_its_entry_and_what_to_do(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "content"))
    text = (folder / illustrations.FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / illustrations.FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        illustrations.load(folder)
    message = str(caught.value)
    assert [word for word in (*words, illustrations.FILE) if word not in message] == []


def test_a_missing_drawing_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "content"))
    (folder / illustrations.FILE).unlink()
    with pytest.raises(ContentError, match=r"drawings\.toml is missing"):
        illustrations.load(folder)
    with pytest.raises(ContentError, match=r'no \[\[drawing\]\] named "headstand"'):
        illustrations.catalogue().alternative("headstand", pregnant=True, raised=Side.LEFT)
    with pytest.raises(ContentError, match=r"headstand\.svg is missing"):
        illustrations.illustration("headstand", pregnant=True)
