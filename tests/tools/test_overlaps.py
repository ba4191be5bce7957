"""Which parts of a drawing hide others, measured on the visible pixels of each part."""

from collections.abc import Sequence
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tests.tools.anatomy import BODIES, RAISED
from tools.illustrations import body_shapes, furniture, render
from tools.illustrations.contours import HEIGHT, WIDTH, Array, numbers, trace
from tools.illustrations.figure import Figure, Shape, still
from tools.illustrations.poses import POSES
from tools.illustrations.render import Painter
from tools.illustrations.skeleton import POSTPARTUM, PREGNANT, Body

SVG = "{http://www.w3.org/2000/svg}"
FINE = 2
"""Pixels for each user unit, for measuring what is visible of a part."""


def covered(outline: Array) -> NDArray[np.bool_]:
    """Return the pixels of the page that lie inside an outline."""
    page = Image.new("1", (WIDTH * FINE, HEIGHT * FINE))
    ImageDraw.Draw(page).polygon([(x * FINE, y * FINE) for x, y in outline], fill=1)
    return np.array(page)


def seen(shapes: Sequence[Shape], fill: str) -> list[NDArray[np.bool_]]:
    """Return, for each shape with a fill, the pixels that no later shape hides."""
    masks = [
        (f'fill="{furniture.colour(fill)}"' in shape.look, covered(shape.outline))
        for shape in shapes
        if shape.outline is not None and shape.shown and "fill-opacity" not in shape.look
    ]
    over = np.zeros((HEIGHT * FINE, WIDTH * FINE), dtype=bool)
    found = []
    for wanted, mask in reversed(masks):
        if wanted:
            found.append(mask & ~over)
        over |= mask
    return found


def pieces(mask: NDArray[np.bool_]) -> list[float]:
    """Return the sizes of the separate pieces of a mask, in square user units."""
    page = Image.fromarray((mask * 255).astype(np.uint8)).copy()
    found: list[float] = []
    while (left := np.array(page)).any():
        y, x = (int(place[0]) for place in np.nonzero(left))
        ImageDraw.floodfill(page, (x, y), 0)
        found.append((np.count_nonzero(left) - np.count_nonzero(np.array(page))) / FINE**2)
    return found


def on_page(figure: Figure) -> list[Shape]:
    """Return the shapes of a figure, including the arm that holds on to a second chair."""
    return [*figure.figure(), *(figure.near_arm() if figure.pose.support else ())]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", POSES)
def test_a_far_arm_is_seen_as_an_arm_or_not_at_all(name: str, body: Body) -> None:
    figure = Figure(POSES[name], body)
    for skin in seen(on_page(figure), "skin-far"):
        assert not [size for size in pieces(skin) if 4 < size < 90], "a scrap"


@pytest.mark.parametrize("name", ["side_reach", "hinge_forward"])
def test_the_bump_shows_in_both_stretches(name: str) -> None:
    pregnant, other = (Figure(POSES[name], body) for body in (PREGNANT, POSTPARTUM))
    (top,), (flat,) = (seen(on_page(each), "top")[-1:] for each in (pregnant, other))
    assert (top & ~flat).sum() / FINE**2 > 150, "square units that the bump adds to the trunk"
    (belly,) = trace(pregnant.stage, [(body_shapes.belly(pregnant.bones, PREGNANT),)], 0)
    assert (covered(belly) & top).sum() > 0.4 * covered(belly).sum(), "no arm hides it"


@pytest.mark.parametrize("name", RAISED)
def test_the_foot_on_the_seat_does_not_touch_the_chairs_back(name: str) -> None:
    painter = Painter(POSES[name], PREGNANT)
    (foot,) = trace(painter.stage, body_shapes.foot(painter.bones, "left"), 3)
    back = ElementTree.fromstring(f"<svg>{furniture.chair(painter.stage, seat=False)}</svg>")
    xs = [x for path in back.iter("path") for x in numbers(path.attrib["d"])[::2]]
    assert foot[:, 0].max() < min(xs) / 10
    scene = painter.scene()
    assert scene.index(painter.in_front()) > scene.index(still(painter.leg("left")))


def test_a_chair_without_a_heel_on_it_hides_the_foot_behind_it() -> None:
    painter = Painter(POSES["second_chair"], PREGNANT)
    chair = furniture.chair(painter.stage)
    assert painter.in_front() == chair
    assert chair not in painter.behind()


def test_the_drawings_of_right_and_wrong_hands_show_the_whole_upper_body() -> None:
    root = ElementTree.fromstring(render.draw("hand_right_wrong"))
    skin, face = (furniture.colour(name) for name in ("skin", "face"))
    fills = [path.get("fill") for path in root.iter(f"{SVG}path")]
    strokes = [path.get("stroke") for path in root.iter(f"{SVG}path")]
    assert skin in fills
    assert face in strokes, "with a whole upper body, head and all"
