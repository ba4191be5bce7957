"""What the SVG files may contain, and that they are what the code draws now."""

import re
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.support.effort import thorough
from tests.tools.anatomy import ALL, BODIES, luminance
from tools.illustrations import __main__, furniture
from tools.illustrations.contours import HEIGHT, WIDTH, numbers
from tools.illustrations.poses import POSES, WAYS
from tools.illustrations.skeleton import PREGNANT, Body

DRAWINGS = __main__.drawings()


@pytest.fixture(scope="module")
def stored() -> dict[str, str]:
    """The files by name; `test_the_file_is_what_is_drawn_now` compares them with new drawings."""
    return {p.name: p.read_text(encoding="utf-8") for p in __main__.ILLUSTRATIONS.glob("*.svg")}


def points(shape: str) -> list[tuple[float, float]]:
    """Return the end points of path data, in tenths of a user unit; knows the commands in use."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    start = (0.0, 0.0)
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", shape):
        values = numbers(rest)
        width = {"c": 6, "Q": 4, "h": 1, "v": 1}.get(command, 2)
        assert command in "McLQlhvmz", command
        assert len(values) % width == 0, shape
        if command == "z":
            x, y = start
        for k in range(0, len(values), width):
            step = values[k : k + width]
            if command == "h":
                x += step[0]
            elif command == "v":
                y += step[0]
            elif command.islower():
                x, y = x + step[-2], y + step[-1]
            else:
                x, y = step[-2], step[-1]
            if command in "Mm":
                start = (x, y)
            found.append((x, y))
    return found


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", ALL)
def test_svg_holds_only_what_may_be_inlined(name: str, body: Body, stored: dict[str, str]) -> None:
    text = stored[f"{name}{'' if body == PREGNANT else '.postpartum'}.svg"]
    root = ElementTree.fromstring(text)
    assert root.attrib == {"viewBox": f"0 0 {WIDTH} {HEIGHT}"}
    before = name in POSES and POSES[name].before is not None
    # The drawing of the bases has five pictures, two of them of the whole body.
    most = 22_000 if name == "base_heights" else 15_000 if before else 12_000
    assert len(text.encode()) < most
    children = [element.tag.split("}")[1] for element in root.iter()]
    assert set(children) <= {"svg", "g", "path", "ellipse", "rect", "circle"}
    assert not re.search(
        r'\b(?:id|class|style|href|on\w+)=|url\(|<style|<script|"http[^"]*"', text[60:]
    )
    for named, fallback in re.findall(r"var\(--fig-([a-z-]+),(#[0-9A-F]{6})\)", text):
        assert furniture.PALETTE[named] == fallback
    assert "#" not in re.sub(r"var\(--fig-[a-z-]+,#[0-9A-F]{6}\)", "", text), "all are themed"


def test_nothing_reaches_outside_the_page(stored: dict[str, str]) -> None:
    for name, text in stored.items():
        # Leave out marks: they are placed by a translation, and far from every edge.
        unmarked = re.sub(r'<g transform="translate.*?</g>', "", text)
        for element in ElementTree.fromstring(unmarked).iter():
            shapes = [element.attrib.get("d", "")]
            if element.attrib.get("attributeName") == "d":
                shapes = element.attrib["values"].split(";")
            edge = float(element.get("stroke-width", 14)) / 2
            for x, y in (point for shape in shapes for point in points(shape)):
                assert edge <= x <= 10 * WIDTH - edge, name
                assert edge <= y <= 10 * HEIGHT - edge, name


@pytest.mark.parametrize("page", ["#FBF7F2", "#17151B"])
@pytest.mark.parametrize("name", ["skin", "top", "legs", "legs-far", "hair", "base", "arrow"])
def test_fallback_colours_stand_out_on_light_and_dark_pages(page: str, name: str) -> None:
    a, b = sorted((luminance(page), luminance(furniture.PALETTE[name])))
    assert (b + 0.05) / (a + 0.05) >= 2.1


def test_every_drawing_has_its_file_and_every_file_its_drawing(stored: dict[str, str]) -> None:
    assert set(stored) == set(DRAWINGS)
    stills = {f"{name}{kind}.svg" for name in ALL for kind in ("", ".postpartum")}
    moves = {f"{name}{kind}.move.svg" for name in WAYS for kind in ("", ".postpartum")}
    assert set(DRAWINGS) == stills | moves


def test_sources_and_files_are_those_of_the_last_drawing() -> None:
    recorded = __main__.DRAWN.read_text(encoding="utf-8")
    assert recorded == __main__.checksums(), "run python -m tools.illustrations, and look at them"


MOVES = [name for name in DRAWINGS if ".move." in name]
"""Drawing one takes two seconds, so usually only the first is drawn; checksums cover the others."""


@pytest.mark.parametrize(
    "name", [name for name in DRAWINGS if name not in MOVES or name in MOVES[:1] or thorough()]
)
def test_the_file_is_what_is_drawn_now(name: str, stored: dict[str, str]) -> None:
    drawn = DRAWINGS[name]()
    # On another machine, rounding can differ in the last binary digit, by a tenth of a unit.
    assert re.sub(r"[-\d. ]+", " ", stored[name]) == re.sub(r"[-\d. ]+", " ", drawn)
    assert np.allclose(numbers(stored[name]), numbers(drawn), rtol=0, atol=2.1)


def test_main_writes_every_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(__main__, "ROOT", Path("/"))
    monkeypatch.setattr(__main__, "ILLUSTRATIONS", tmp_path)
    monkeypatch.setattr(__main__, "DRAWN", tmp_path / "DRAWN.sha256")
    monkeypatch.setattr(__main__, "drawings", lambda: {"a.svg": lambda: "A", "b.svg": lambda: "B"})
    __main__.main()
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.glob("*.svg")} == {
        "a.svg": "A",
        "b.svg": "B",
    }
    recorded = (tmp_path / "DRAWN.sha256").read_text(encoding="utf-8")
    assert f"{sha256(b'B').hexdigest()}  {(tmp_path / 'b.svg').as_posix()[1:]}\n" in recorded


def test_no_drawing_holds_words(stored: dict[str, str]) -> None:
    for name, text in stored.items():
        for element in ElementTree.fromstring(text).iter():
            kind = element.tag.split("}")[1]
            assert kind not in ("text", "tspan", "title", "desc", "foreignObject"), name
            assert not (element.text or "").strip(), name


def test_a_moving_drawing_is_a_small_file_with_nothing_but_its_animation(
    stored: dict[str, str],
) -> None:
    for name, text in stored.items():
        if ".move." in name:
            assert len(text.encode()) < (58_000 if "_out." in name else 40_000), name
            kinds = {element.tag.split("}")[1] for element in ElementTree.fromstring(text).iter()}
            assert kinds <= {"svg", "g", "path", "ellipse", "rect", "animate"}
            assert not re.search(r"\b(?:id|href|on\w+)=|url\(|<script", text)
