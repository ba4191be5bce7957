"""Turns rounded solids in the world into smooth outlines on the page.

A part of the body is a few convex hulls of ellipsoids. On the page each hull has an exact distance
field (from its support function). The fields are blended, and the line where the result is zero is
traced and written as Bezier curves. So limbs have no seams, however they bend.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from tools.illustrations.geometry import Vec

Array = NDArray[np.float64]
Point = tuple[float, float]
"""A point on the page, in user units."""
Box = tuple[float, float, float, float]
"""A box on the page: left, top, right and bottom, in user units."""

WIDTH, HEIGHT = 400, 360
FLOOR = 323.0
"""Where the floor (y = 0, z = 0) is on the page, in user units from the top."""
CAMERA_TILT = 11.0
"""How far the viewer looks down, in degrees."""
LINE = 1.4
"""The width of an outline, in user units."""
STEP = 1.5
DIRECTIONS = 96
_ANGLES = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
_U, _V = np.cos(_ANGLES), np.sin(_ANGLES)


@dataclass(frozen=True)
class Ball:
    """An ellipsoid: its centre and three half-axes, in user units of the world."""

    centre: Vec
    axes: tuple[Vec, ...]


def ball(centre: Vec, radius: float) -> Ball:
    """Return a sphere; its radius is in user units."""
    return Ball(centre, (Vec(radius, 0, 0), Vec(0, radius, 0), Vec(0, 0, radius)))


Hull = tuple[Ball, ...]
"""The convex hull of some ellipsoids."""


@dataclass(frozen=True)
class Projection:
    """Maps the world onto the page.

    `origin` is where x = 0 is, in user units from the left. In degrees, `turn` is how far round to
    the base's side the viewer stands, and `tilt` how far down the viewer looks (90: from above).
    """

    origin: float
    turn: float = 16.0
    floor: float = FLOOR
    scale: float = 1.0
    tilt: float = CAMERA_TILT

    def depth(self, point: Vec) -> float:
        """Return how near to the viewer a point is, in user units."""
        a = radians(self.turn)
        return point.x * sin(a) + point.z * cos(a)

    def flat(self, point: Vec) -> Point:
        """Return a direction or offset as it appears on the page, in user units."""
        a, tilt = radians(self.turn), radians(self.tilt)
        across = point.x * cos(a) - point.z * sin(a)
        down = self.depth(point) * sin(tilt) - point.y * cos(tilt)
        return across * self.scale, down * self.scale

    def spot(self, point: Vec) -> Point:
        """Return where a point is on the page, in user units."""
        x, y = self.flat(point)
        return self.origin + x, self.floor + y

    def support(self, hull: Hull) -> Array:
        """Return how far the hull reaches in each of the fixed directions, in page units."""
        reach = np.full(DIRECTIONS, -np.inf)
        for part in hull:
            x, y = self.spot(part.centre)
            thick = np.zeros(DIRECTIONS)
            for axis in part.axes:
                ax, ay = self.flat(axis)
                thick += (ax * _U + ay * _V) ** 2
            reach = np.maximum(reach, x * _U + y * _V + np.sqrt(thick))
        return reach


def _melt(a: Array, b: Array, blend: float) -> Array:
    """Return the smaller of two fields, rounded where they meet (cubic smooth minimum)."""
    if blend <= 0:
        return np.minimum(a, b)
    h = np.maximum(blend - np.abs(a - b), 0) / blend
    return np.minimum(a, b) - h * h * h * (blend / 6)


def trace(
    stage: Projection,
    hulls: Sequence[Hull],
    blend: float,
    within: Box | None = None,
) -> list[Array]:
    """Return the closed outlines of blended hulls, as dense points on the page.

    `within` crops them to a box on the page (left, top, right, bottom). All is in user units.
    """
    supports = [stage.support(hull) for hull in hulls]
    pad = 4 * STEP + blend / 6
    reach = np.max(supports, axis=0)
    quarter = DIRECTIONS // 4
    left, right = -reach[2 * quarter] - pad, reach[0] + pad
    top, bottom = -reach[3 * quarter] - pad, reach[quarter] + pad
    xs = np.arange(np.floor(left / STEP), np.ceil(right / STEP) + 1) * STEP
    ys = np.arange(np.floor(top / STEP), np.ceil(bottom / STEP) + 1) * STEP
    # Directions are the first axis: taking the maximum of whole planes is faster.
    plane = xs[None, None, :] * _U[:, None, None] + ys[None, :, None] * _V[:, None, None]
    field = np.full((len(ys), len(xs)), np.inf)
    for support in supports:
        one: Array = (plane - support[:, None, None]).max(axis=0)
        field = one if not np.isfinite(field[0, 0]) else _melt(field, one, blend)
    if within is not None:
        x0, y0, x1, y1 = within
        gx, gy = np.meshgrid(xs, ys)
        box = np.maximum(np.maximum(x0 - gx, gx - x1), np.maximum(y0 - gy, gy - y1))
        field = -_melt(-field, -box, 3)
    return _march(field, xs, ys)


# For each corner pattern (top left 1, top right 2, bottom right 4, bottom left 8; set when inside):
# the cell edges that the outline connects, directed so that the inside is always on the same side.
_CELLS: dict[int, tuple[tuple[str, str], ...]] = {
    1: (("l", "t"),),
    2: (("t", "r"),),
    3: (("l", "r"),),
    4: (("r", "b"),),
    5: (("l", "t"), ("r", "b")),
    6: (("t", "b"),),
    7: (("l", "b"),),
    8: (("b", "l"),),
    9: (("b", "t"),),
    10: (("t", "r"), ("b", "l")),
    11: (("b", "r"),),
    12: (("r", "l"),),
    13: (("r", "t"),),
    14: (("t", "l"),),
}


_Edge = tuple[str, int, int]
"""A grid line between two neighbours: horizontal or vertical, and its row and column."""


def _march(field: Array, xs: Array, ys: Array) -> list[Array]:
    """Return the closed lines on which the field is zero, by marching squares."""
    inside = field < 0
    code = inside[:-1, :-1] * 1 + inside[:-1, 1:] * 2 + inside[1:, 1:] * 4 + inside[1:, :-1] * 8
    follow: dict[_Edge, _Edge] = {}
    for j, i in np.argwhere((code > 0) & (code < 15)):
        edges = {"t": ("h", j, i), "b": ("h", j + 1, i), "l": ("v", j, i), "r": ("v", j, i + 1)}
        for enter, leave in _CELLS[int(code[j, i])]:
            follow[edges[enter]] = edges[leave]

    def crossing(edge: _Edge) -> Point:
        kind, j, i = edge
        j2, i2 = (j, i + 1) if kind == "h" else (j + 1, i)
        share = float(field[j, i] / (field[j, i] - field[j2, i2]))
        return (
            float(xs[i] + (xs[i2] - xs[i]) * share),
            float(ys[j] + (ys[j2] - ys[j]) * share),
        )

    loops = []
    while follow:
        first: _Edge = next(iter(follow))
        edge = first
        loop = []
        while edge in follow:
            loop.append(crossing(edge))
            edge = follow.pop(edge)
        assert edge == first, "an outline must close"
        if len(loop) >= 6:
            loops.append(np.array(loop))
    return loops


def path(loops: Sequence[Array], turn: float = 0.7, span: float = 60.0) -> str:
    """Return path data of traced outlines, with a curve for each `turn` radians or `span` units."""
    return "".join(_curve(loop, turn, span) for loop in loops)


def _curve(loop: Array, turn: float, span: float) -> str:
    points = even(loop)
    ahead = np.roll(points, -2, axis=0) - np.roll(points, 2, axis=0)
    tangents = ahead / np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    after = np.roll(tangents, -1, axis=0)
    bent = np.abs(
        np.arctan2(
            tangents[:, 0] * after[:, 1] - tangents[:, 1] * after[:, 0],
            (tangents * after).sum(axis=1),
        )
    )
    stride = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    cost = np.concatenate([[0.0], np.cumsum(stride / span + bent / turn)])
    count = max(5, ceil(cost[-1]))
    picks = [int(np.searchsorted(cost, cost[-1] * k / count)) for k in range(count)]
    return write(points, np.array(sorted({pick % len(points) for pick in picks}), dtype=float))


def write(points: Array, at: Array) -> str:
    """Return path data of a closed line of dense points, in tenths of a user unit.

    `at` are the places where the curves join, as indexes of points, which may have fractions.
    """
    count = len(points)
    ahead = np.roll(points, -2, axis=0) - np.roll(points, 2, axis=0)
    tangents = ahead / np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    stride = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    travelled = np.concatenate([[0.0], np.cumsum(stride)])
    low = np.floor(at).astype(int)
    part = at - low
    laps = low // count * travelled[-1]
    far = laps + travelled[low % count] + part * stride[low % count]
    spots = points[low % count] * (1 - part)[:, None] + points[(low + 1) % count] * part[:, None]
    ways = tangents[low % count] * (1 - part)[:, None] + tangents[(low + 1) % count] * part[:, None]
    here = np.round(spots[0], 1)
    text = f"M{pair(*here)}c"
    pieces = []
    arcs = np.diff(far, append=far[0] + travelled[-1])
    for start, arc in enumerate(arcs):
        end = (start + 1) % len(at)
        goal = np.round(spots[end], 1)
        first = spots[start] + ways[start] * (arc / 3) - here
        second = spots[end] - ways[end] * (arc / 3) - here
        pieces.append(join(*first, *second, *(goal - here)))
        here = goal
    text += pieces[0]
    for piece in pieces[1:]:
        text += piece if piece.startswith("-") else f" {piece}"
    return text + "z"


def even(loop: Array, gap: float = 1.0) -> Array:
    """Return the same line, smoothed, as evenly spaced points about `gap` user units apart."""
    closed = np.vstack([loop, loop[:1]])
    stride = np.hypot(*np.diff(closed, axis=0).T)
    travelled = np.concatenate([[0.0], np.cumsum(stride)])
    at = np.linspace(0, travelled[-1], max(12, int(travelled[-1] / gap)), endpoint=False)
    even = np.stack([np.interp(at, travelled, closed[:, k]) for k in (0, 1)], axis=1)
    smooth: Array = (np.roll(even, 1, axis=0) + even * 2 + np.roll(even, -1, axis=0)) / 4
    return smooth


def number(value: float) -> str:
    """Return a length in user units as the files have it: in whole tenths, which are shorter than
    decimals. `scaled` converts tenths back to user units."""
    return str(int(f"{value:.1f}".replace(".", "")))


def scaled(picture: str) -> str:
    """Return a picture, whose numbers are tenths of a user unit, at its size on the page."""
    return f'<g transform="scale(.1)" stroke-width="{number(LINE)}">{picture}</g>'


def join(*values: float) -> str:
    """Return numbers with as few separators between them as possible."""
    text = ""
    for value in values:
        piece = number(float(value))
        text += piece if not text or piece.startswith("-") else f" {piece}"
    return text


def pair(x: float, y: float) -> str:
    """Return a point in user units as path data."""
    return join(x, y)


def numbers(text: str) -> list[float]:
    """Return the numbers in path data unchanged, whatever separates them."""
    return [float(found) for found in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
