"""Things around the body in the drawings: heel bases, arrows and marks."""

from collections.abc import Iterable, Mapping
from math import atan2, cos, sin
from types import MappingProxyType

from tools.illustrations.contours import Point, Projection, pair
from tools.illustrations.geometry import Vec
from tools.illustrations.skeleton import BACK_HEIGHT, CHAIR, HeelBase

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "skin": "#BD825A",
        "skin-far": "#A46D48",
        "top": "#3A9490",
        "top-far": "#2C7A78",
        "legs": "#6C74AE",
        "legs-far": "#565E96",
        "hair": "#7A4532",
        "face": "#3B211A",
        "base": "#C2A683",
        "base-edge": "#977B5B",
        "arrow": "#E0633A",
        "space": "#8FC7EA",
        "pull": "#E9B44C",
        "wrong": "#B3402E",
        "wall": "#CBB8A4",
        "floor": "#A08D78",
        "line": "#FBF3E8",
    }
)
"""Fallback colours; a page replaces them with the custom properties --fig-<name>. All are of medium
lightness, because the drawings are shown on light and on dark pages."""

_WOOD = ("base-edge", "base-edge", "base-edge")
_SEAT = ("base-edge", "base-edge", "base")
_RAIL = ("base-edge", "base", "base-edge")
_BACK = ("base", "base-edge", "base-edge")


def colour(name: str) -> str:
    """Return a themed colour as the value of an attribute."""
    return f"var(--fig-{name},{PALETTE[name]})"


def box(stage: Projection, low: Vec, high: Vec, shades: tuple[str, str, str] = _SEAT) -> str:
    """Return a box between two corners in the world.

    `shades` are the colours of its near side, its far end and its top.
    """
    x0, y0, z0, x1, y1, z1 = low.x, low.y, low.z, high.x, high.y, high.z
    faces = (
        ((x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)),
        ((x1, y0, z1), (x1, y0, z0), (x1, y1, z0), (x1, y1, z1)),
        ((x0, y1, z1), (x1, y1, z1), (x1, y1, z0), (x0, y1, z0)),
    )
    text, before = "", ""
    for shade, face in zip(shades, faces, strict=True):
        shape = "M" + "L".join(pair(*stage.spot(Vec(*corner))) for corner in face) + "z"
        if shade == before:
            text = text.removesuffix('"/>') + f'{shape}"/>'
        else:
            # _piece already fills with the dark shade.
            fill = "" if shade == "base-edge" else f' fill="{colour(shade)}"'
            text += f'<path{fill} d="{shape}"/>'
        before = shade
    return text


def _piece(parts: Iterable[str]) -> str:
    ink = colour("base-edge")
    return f'<g fill="{ink}" stroke="{ink}">{"".join(parts)}</g>'


def chair(
    stage: Projection,
    base: HeelBase = CHAIR,
    *,
    turned: bool = False,
    seat: bool = True,
    back: bool = True,
) -> str:
    """Return a chair whose seat is the base, or the top of its back if it is `turned`.

    What is on the seat hides the `seat` and is hidden by the `back`, so each can be left out.
    """
    front, near = base.edge, base.half_width
    end = front + base.depth
    high = base.height - (BACK_HEIGHT if turned else 0)
    low, top = high - base.slab, high + BACK_HEIGHT
    post = front if turned else end - 5
    legs = [
        box(stage, Vec(x, 0, z), Vec(x + 6, low, z + 6), _WOOD)
        for z in (-near, near - 6)
        for x in (front + 2, end - 6)
    ]
    slab = [box(stage, Vec(front, low, -near), Vec(end, high, near))]
    rails = [
        box(stage, Vec(post, high + y, -near), Vec(post + 5, high + y + h, near), _RAIL)
        for y, h in ((30, 12), (54, 24))
    ]
    far_post = box(stage, Vec(post, low, -near), Vec(post + 5, top, 6 - near), _WOOD)
    near_post = box(stage, Vec(post, low, near - 6), Vec(post + 5, top, near), _WOOD)
    # Paint from the far side to the near one: either the back hides the seat or the seat the back.
    behind = [far_post, *rails, near_post]
    if turned:
        return _piece([*legs, *behind, *slab, near_post])
    return _piece([*([*legs, far_post, *slab] if seat else []), *(behind if back else [])])


def stool(stage: Projection, base: HeelBase) -> str:
    """Return a stool whose top is the base."""
    front, end, near = base.edge, base.edge + base.depth, base.half_width
    low = base.height - base.slab
    legs = [
        box(stage, Vec(x, 0, z), Vec(x + 6, low, z + 6), _WOOD)
        for z in (-near, near - 6)
        for x in (front + 2, end - 8)
    ]
    return _piece([*legs, box(stage, Vec(front, low, -near), Vec(end, base.height, near))])


def step(stage: Projection, base: HeelBase) -> str:
    """Return the foot of a staircase, whose first step is the base."""
    front, near, rise = base.edge, base.half_width, base.height
    treads = [
        box(stage, Vec(x, 0, -near), Vec(x + base.depth, y, near))
        for x, y in ((front + base.depth, 2 * rise), (front, rise))
    ]
    return _piece(treads)


def wall(stage: Projection, base: HeelBase = CHAIR) -> str:
    """Return a brick wall behind the chair's back."""
    x, far, near, row, rows = base.edge + base.depth + 1, -196.0, 46.0, 23.0, 8
    corners = ((0, far), (rows * row, far), (rows * row, near), (0, near))
    face = "L".join(pair(*stage.spot(Vec(x, y, z))) for y, z in corners)

    def line(y: float, z: float, y2: float, z2: float) -> str:
        return f"M{pair(*stage.spot(Vec(x, y, z)))}L{pair(*stage.spot(Vec(x, y2, z2)))}"

    joints = "".join(line(k * row, far, k * row, near) for k in range(1, rows))
    for k in range(rows):
        spots = range(-150 if k % 2 else -104, int(near), 92)
        joints += "".join(line(k * row, z, (k + 1) * row, z) for z in spots)
    ink = colour("base-edge")
    return (
        f'<path fill="{colour("wall")}" stroke="{ink}" d="M{face}z"/>'
        f'<path fill="none" stroke="{ink}" stroke-opacity=".6" d="{joints}"/>'
    )


def sofa(stage: Projection, base: HeelBase) -> str:
    """Return a sofa seen from the front, whose nearer arm is the base."""
    near, first, end = base.half_width, base.edge + 18, base.edge + 120
    middle = (first + end - 14) / 2
    cushion = ("base", "base", "base")
    return _piece(
        [
            box(stage, Vec(base.edge + 4, 8, -near - 12), Vec(end, base.height + 26, -near), _BACK),
            box(stage, Vec(first, 8, -near), Vec(end, 20, near), _WOOD),
            *(
                box(stage, Vec(x, 20, -near), Vec(x + 42, 36, near), cushion)
                for x in (first + 1, middle)
            ),
            box(stage, Vec(end - 14, 8, -near), Vec(end, base.height, near)),
            box(stage, Vec(base.edge, 8, -near), Vec(first, base.height, near)),
        ]
    )


def bed(stage: Projection, base: HeelBase) -> str:
    """Return a bed seen from its foot, whose mattress is the base."""
    near, end = base.half_width, base.edge + 120
    sheet = ("base", "base", "line")
    return _piece(
        [
            box(stage, Vec(end, 0, -near), Vec(end + 5, base.height + 40, near), _RAIL),
            *(
                box(stage, Vec(x, 0, near - 8), Vec(x + 7, 20, near - 1), _WOOD)
                for x in (base.edge + 4, end - 11)
            ),
            box(stage, Vec(base.edge + 2, 14, -near), Vec(end, 30, near), _WOOD),
            box(stage, Vec(base.edge, 30, -near), Vec(end, base.height, near), sheet),
            box(
                stage,
                Vec(end - 38, base.height, 8 - near),
                Vec(end - 8, base.height + 9, near - 8),
                ("base", "base", "line"),
            ),
        ]
    )


def line(start: Point, end: Point) -> str:
    """Return a straight line with a halo, visible on any background; points are in page units."""
    shape = f"M{pair(*start)}L{pair(*end)}"
    return (
        f'<path fill="none" stroke="{colour("line")}" stroke-width="60" d="{shape}"/>'
        f'<path fill="none" stroke="{colour("arrow")}" stroke-width="32" d="{shape}"/>'
    )


def arrow(start: Point, bend: Point, tip: Point) -> str:
    """Return a movement arrow with a halo, visible on any background; points are in page units."""
    along = atan2(tip[1] - bend[1], tip[0] - bend[0])
    neck = tip[0] - 10 * cos(along), tip[1] - 10 * sin(along)
    wings = [(tip[0] - 17 * cos(along + s), tip[1] - 17 * sin(along + s)) for s in (0.55, -0.55)]
    head = "L".join(pair(*p) for p in (tip, *wings))
    shaft = f"M{pair(*start)}Q{pair(*bend)} {pair(*neck)}"
    halo, ink = colour("line"), colour("arrow")
    return (
        f'<path fill="none" stroke="{halo}" stroke-width="90" d="{shaft}"/>'
        f'<path fill="{halo}" stroke="{halo}" stroke-width="50" d="M{head}z"/>'
        f'<path fill="none" stroke="{ink}" stroke-width="55" d="{shaft}"/>'
        f'<path fill="{ink}" stroke="{ink}" stroke-width="15" d="M{head}z"/>'
    )


def good(x: float, y: float) -> str:
    """Return a tick in a disc, centred at a point of the page."""
    ring = f'fill="{colour("top-far")}" stroke="{colour("line")}" stroke-width="2"'
    ink = f'stroke="{colour("line")}" stroke-width="4"'
    return _mark(x, y, f'<circle r="14" {ring}/>', ink, "M-6.5.5l4.5 5 8.5-10")


def bad(x: float, y: float) -> str:
    """Return a cross in a ring, centred at a point of the page."""
    ring = f'fill="{colour("line")}" stroke="{colour("wrong")}" stroke-width="3"'
    ink = f'stroke="{colour("wrong")}" stroke-width="4.5"'
    return _mark(x, y, f'<circle r="13" {ring}/>', ink, "M-5.5-5.5L5.5 5.5M5.5-5.5L-5.5 5.5")


def _mark(x: float, y: float, ground: str, ink: str, sign: str) -> str:
    """Return a sign on its background, in user units.

    A translation places it, so that a page that mirrors the drawing can leave the sign unmirrored.
    """
    return f'<g transform="translate({x:g} {y:g})">{ground}<path fill="none" {ink} d="{sign}"/></g>'
