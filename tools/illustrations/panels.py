"""The drawings in panels: places for a heel, right and wrong ways, feet from above, breathing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tools.illustrations import body_shapes, furniture
from tools.illustrations.contours import Box, Point, Projection, number, pair, path, scaled, trace
from tools.illustrations.figure import Figure, still
from tools.illustrations.furniture import colour
from tools.illustrations.geometry import Aim, Vec
from tools.illustrations.poses import POSES
from tools.illustrations.skeleton import (
    BACK_HEIGHT,
    CALF_RADIUS,
    CHAIR,
    PREGNANT,
    Body,
    HeelBase,
    OnThigh,
    Pose,
    Raised,
    Skeleton,
    Standing,
    skeleton,
)

Layers = Sequence[tuple[str, str, body_shapes.Part, float]]
"""Parts of a body from back to front: fill, outline, hulls, and how much the hulls blend."""


@dataclass(frozen=True)
class Panel:
    """A rounded frame on the page, in user units; its content is cropped at its edges."""

    left: float
    top: float
    width: float
    height: float

    def ground(self) -> str:
        """Return the background of the frame."""
        return (
            f'<rect x="{number(self.left)}" y="{number(self.top)}" width="{number(self.width)}" '
            f'height="{number(self.height)}" rx="120" stroke="none" fill="{colour("floor")}" '
            f'fill-opacity=".2"/>'
        )

    def mark(self, sign: Callable[[float, float], str], *, left: bool = False) -> str:
        """Return a mark in the upper right corner, or in the upper left one if `left`."""
        return sign(self.left + (22 if left else self.width - 22), self.top + 22)

    def draw(self, stage: Projection, layers: Layers) -> str:
        """Return parts of a body, cropped to the frame."""
        return "".join(
            f'<path fill="{colour(fill)}" stroke="{colour(edge)}" d="{path(loops, turn=0.9)}"/>'
            for fill, edge, hulls, blend in layers
            if (loops := trace(stage, hulls, blend, self.inner))
        )

    @property
    def inner(self) -> Box:
        """The box to which the content of the frame is cropped."""
        right, bottom = self.left + self.width, self.top + self.height
        return self.left + 1, self.top + 1, right - 1, bottom - 1


def _leg(bones: Skeleton) -> Layers:
    return (
        ("skin", "skin-far", body_shapes.foot(bones, "left"), 3),
        ("legs", "legs-far", body_shapes.leg(bones, "left"), 9),
    )


# ---- Places for a heel --------------------------------------------------------------------------


@dataclass(frozen=True)
class HeelPlace:
    """A low place for a heel: its furniture, and how far on it the heel lies, in user units."""

    furnish: Callable[[Projection, HeelBase], str]
    base: HeelBase
    onto: float


# The leg has a fixed length, so the higher a base is, the further away it stands.
PLACES = (
    HeelPlace(furniture.chair, CHAIR, 11),
    HeelPlace(furniture.sofa, HeelBase(edge=118, height=64, half_width=34), 8),
    HeelPlace(furniture.bed, HeelBase(edge=112, height=55, half_width=44), 8),
)
CHAIR_BACK = HeelBase(edge=143.5, height=CHAIR.height + BACK_HEIGHT)
EASY = replace(POSES["heel_on_base"], left_foot=Raised(4, -12, Aim(0, 152)))
"""The heel on a chair's back, for a user who is flexible enough to stand tall in front of it."""
STRAINED = replace(
    EASY,
    pelvis=Vec(16, 150, 0),
    right_foot=Standing(2, 14, 60),
    hips=30,
    lower_spine=Aim(180, 152),
    upper_spine=Aim(180, 160),
    neck=Aim(0, 172),
)
"""The same for a user who is not: the raised knee bends, the body leans back, the foot turns."""
_SIGNS = (furniture.good, furniture.bad)
GAP = 4.0
HALF = 194.0
"""The space between panels, and the width of a panel of half the page, in user units."""


def base_heights(body: Body) -> str:
    """Return three low places for a heel, and a chair's back used by someone who can stand tall in
    front of it and by someone who cannot. A mirrored drawing does not mirror the marks."""
    pictures, marks = "", ""
    pose, scale = POSES["heel_on_base"], 0.58
    for k, place in enumerate(PLACES):
        panel = Panel(GAP + (128 + GAP) * k, GAP, 128, 138)
        stage = Projection(panel.left - 42 * scale, pose.camera, panel.top + 126, scale=scale)
        bones = skeleton(replace(pose, left_foot=Raised(place.onto, -12, Aim(0, 152))), place.base)
        pictures += panel.ground() + place.furnish(stage, place.base)
        pictures += panel.draw(stage, _leg(bones))
        marks += panel.mark(furniture.good)
    for k, (pose, sign) in enumerate(zip((EASY, STRAINED), _SIGNS, strict=True)):
        panel = Panel(GAP + (HALF + GAP) * k, 146, HALF, 210)
        stage = Projection(panel.left + 30, pose.camera, panel.top + 196, scale=scale)
        figure = Figure(pose, body, CHAIR_BACK, stage)
        pictures += panel.ground() + furniture.chair(stage, CHAIR_BACK, turned=True)
        pictures += still(figure.figure())
        marks += panel.mark(sign)
    return f"<g>{scaled(pictures)}</g>{marks}"


# ---- Right and wrong ----------------------------------------------------------------------------

_PAIR = tuple(Panel(GAP + (HALF + GAP) * k, 40, HALF, 280) for k in (0, 1))
_STACK = tuple(Panel(GAP, GAP + (174 + GAP) * k, HALF, 174) for k in (0, 1))
_BESIDE = Panel(GAP + HALF + GAP, GAP, HALF, 352)
ON_CALF = 30.0
"""Where the wrong leg lies on the stool: how far up the shin from the ankle, in user units."""


def stools(bones: Skeleton) -> tuple[HeelBase, HeelBase]:
    """Return a stool under the heel, and one on which a leg in the same pose lies with its calf."""
    at = bones.at
    shin = (at["left_knee"] - at["left_ankle"]).unit
    back = bones.frames["left_foot"].front.square_to(shin) * -1
    calf = at["left_ankle"] + shin * ON_CALF + back * (CALF_RADIUS - 2)
    low = HeelBase(edge=CHAIR.edge, height=CHAIR.height, depth=40, half_width=26)
    return low, replace(low, edge=calf.x - low.depth + 2, height=calf.y)


TABLE = HeelBase(edge=143.5, height=130, depth=62, half_width=34)
TOO_HIGH = replace(
    POSES["heel_on_base"],
    right_foot=Standing(0, 14, 72),
    left_foot=Raised(4, -12, Aim(0, 152)),
    hips=24,
    turned_from=0,
)
"""The heel on a table, so high that the standing foot turns for comfort."""


def heel_right_wrong(body: Body) -> str:
    """Return a heel on a stool with a tick; and with crosses, a calf on the stool's edge, and a
    base that is too high."""
    pose, scale = POSES["heel_on_base"], 0.92
    bones = skeleton(pose)
    pictures, marks = "", ""
    for panel, stool, sign in zip(_STACK, stools(bones), _SIGNS, strict=True):
        floor = panel.top + panel.height - 16
        stage = Projection(panel.left - 30 * scale, pose.camera, floor, scale=scale)
        pictures += panel.ground() + furniture.stool(stage, stool)
        pictures += panel.draw(stage, _leg(bones))
        marks += panel.mark(sign)
    pictures += _BESIDE.ground() + _too_high(body)
    return f"<g>{scaled(pictures)}</g>{marks}{_BESIDE.mark(furniture.bad)}"


def _too_high(body: Body) -> str:
    """Return the figure with its heel on a table, and an arrow at its turning foot."""
    scale = 0.74
    stage = Projection(_BESIDE.left + 30, TOO_HIGH.camera, 322, scale=scale)
    figure = Figure(TOO_HIGH, body, TABLE, stage)
    x, y = stage.spot(figure.bones.at["right_heel"])
    turn = furniture.arrow((x + 36, y + 6), (x + 32, y + 22), (x + 4, y + 22))
    shapes = figure.foot_before() + still(figure.figure())
    return furniture.stool(stage, TABLE) + shapes + turn


def hands(body_pose: Pose) -> tuple[Pose, Pose]:
    """Return a pose with a hand on the thigh, and the same pose with the hand on the knee."""
    arm = body_pose.left_arm
    assert isinstance(arm, OnThigh)
    return body_pose, replace(body_pose, left_arm=replace(arm, share=0.98))


def hand_right_wrong(body: Body) -> str:
    """Return a hand on the thigh with a tick, and a hand on the knee with a cross."""
    scale = 1.2
    pictures, marks = "", ""
    for panel, pose, sign in zip(_PAIR, hands(POSES["side_reach"]), _SIGNS, strict=True):
        stage = Projection(
            panel.left + 46 * scale, pose.camera, panel.top + 296 * scale, scale=scale
        )
        figure = Figure(pose, body, stage=stage, within=panel.inner)
        pictures += panel.ground() + still(figure.figure())
        marks += panel.mark(sign, left=True)
    return f"<g>{scaled(pictures)}</g>{marks}"


# ---- Feet from above ----------------------------------------------------------------------------

ABOVE = 1.3
"""The scale of the feet, compared with the other drawings."""
INSET = Panel(244, 6, 150, 136)
ABOVE_EDGE = 62.0
"""How far in front of the body's middle the edge of the base is, in user units."""


def feet_from_above(pose: Pose) -> str:
    """Return an inset: the feet from above, in front of the base's edge.

    They are as far apart as the hips and point at the base; or the standing foot has turned until
    it is parallel with the edge.
    """
    turned = pose.turned_from is not None
    scale = ABOVE
    stage = Projection(
        INSET.left + 36, 0, INSET.top + INSET.height / (3 if turned else 2), scale=scale, tilt=90
    )
    edge = stage.spot(Vec(ABOVE_EDGE, 0, 0))[0]
    right, top, bottom = INSET.left + INSET.width, INSET.top + 14, INSET.top + INSET.height - 14
    base = (
        f'<path fill="{colour("base")}" stroke="{colour("base-edge")}" '
        f'd="M{pair(edge, top)}L{pair(right - 2, top)}L{pair(right - 2, bottom)}'
        f'L{pair(edge, bottom)}z"/>'
    )
    return INSET.ground() + base + (_turned if turned else _at_the_base)(pose, stage)


def _feet(bones: Skeleton, *sides: str) -> Layers:
    return [("skin", "skin-far", body_shapes.foot(bones, side), 3.0) for side in sides]


def _at_the_base(pose: Pose, stage: Projection) -> str:
    """Return both feet under the hips, and an arrow from each to the base."""
    bones = skeleton(pose)
    hips = [("legs", "legs-far", body_shapes.pelvis(bones), 9.0)]
    arrows = ""
    for side in ("right", "left"):
        x, y = stage.spot(bones.at[f"{side}_toe"])
        edge = stage.spot(Vec(ABOVE_EDGE, 0, 0))[0]
        arrows += furniture.arrow((x + 11, y), (x + 12, y), (edge - 3, y))
    shown = INSET.draw(stage, _feet(bones, "right", "left"))
    return f'<g opacity=".45">{INSET.draw(stage, hips)}</g>{shown}{arrows}'


def _turned(pose: Pose, stage: Projection) -> str:
    """Return the standing foot before and after its turn, and lines along it and along the edge."""
    figure = Figure(pose, PREGNANT, stage=stage)
    middle, top, bottom = pose.right_foot.x, INSET.top + 14, INSET.top + INSET.height - 14
    lines = "".join(
        furniture.line((x, top), (x, bottom))
        for x in (stage.spot(Vec(middle, 0, 0))[0], stage.spot(Vec(ABOVE_EDGE, 0, 0))[0])
    )
    (x, y) = stage.spot(Vec(middle, 0, pose.right_foot.z))
    arrow = furniture.arrow((x + 44, y + 14), (x + 40, y + 42), (x + 13, y + 50))
    shown = INSET.draw(stage, _feet(figure.bones, "right"))
    return lines + figure.foot_before() + shown + arrow


# ---- The space below the belly ------------------------------------------------------------------

GAP_AT = 0.7
"""Where the space is measured, as a share of the way from hip to knee."""


def belly_space(pose: Pose, body: Body) -> str:
    """Return an inset: hip, belly and raised thigh, without the arms that hide the space between
    belly and thigh, and an arrow across that space."""
    stage = Projection(INSET.left + 38, pose.camera, INSET.top + 258, scale=1.18)
    figure = Figure(pose, body, stage=stage, within=INSET.inner)
    tint: Layers = [("space", "space", body_shapes.free_space(figure.bones, body), 4)]
    shapes = [*figure.leg("left"), *figure.leg("right"), *figure.torso()]
    x, low, high = belly_gap(stage, figure.bones, body)
    middle = x, (low + high) / 2
    ends = "".join(furniture.arrow(middle, middle, (x, end)) for end in (low, high))
    return f"{INSET.ground()}{INSET.draw(stage, tint)}{still(shapes)}{ends}"


def belly_gap(stage: Projection, bones: Skeleton, body: Body) -> tuple[float, float, float]:
    """Return where the space below the belly is measured on the page: x, and there the lowest y of
    the trunk and the highest of the raised thigh."""
    hip, knee = bones.at["left_hip"], bones.at["left_knee"]
    x, _ = stage.spot(hip + (knee - hip) * GAP_AT)
    edges = []
    for part, blend in ((body_shapes.top(bones, body), 12), (body_shapes.leg(bones, "left"), 9)):
        (outline,) = trace(stage, part, blend)
        edges.append([py for px, py in outline if abs(px - x) < 1.5])
    trunk, thigh = edges
    return x, max(trunk), min(thigh)


# ---- Breathing ----------------------------------------------------------------------------------


def breathing(body: Body) -> str:
    """Return a head and chest twice: with an arrow to the nose, and a long one from the mouth."""
    pose, scale = replace(POSES["stand_facing_base"], looking=0), 1.7
    bones = skeleton(pose)
    layers: Layers = (
        ("top", "top-far", body_shapes.top(bones, body), 12),
        ("skin", "skin-far", body_shapes.neck(bones), 5),
        ("hair", "hair", body_shapes.hair(bones), 2),
        ("skin", "skin", body_shapes.face(bones), 3),
        ("skin", "skin-far", body_shapes.ear(bones, "right"), 0),
        ("skin", "skin-far", body_shapes.arm(bones, "right"), 4),
        ("top", "top-far", body_shapes.sleeve(bones, "right"), 7),
        ("top", "top", body_shapes.seam(bones, "right"), 0),
    )
    pictures = ""
    for panel, inwards in zip(_PAIR, (True, False), strict=True):
        stage = Projection(panel.left + 68, 6, panel.top + 312 * scale, scale=scale)
        eye, brow, mouth = body_shapes.features(bones)[0]
        head = bones.frames["head"]
        nose = stage.spot(head.at(up=-7, front=24))
        lips = stage.spot(head.at(up=-13, front=20))
        lines = [[stage.spot(point) for point in stroke] for stroke in (eye, brow, mouth)]
        pictures += panel.ground() + panel.draw(stage, layers)
        for stroke, width in zip(lines, (body_shapes.EYE_WIDTH * scale, 1.4, 1.4), strict=True):
            a, b, c = (pair(*point) for point in stroke)
            pictures += (
                f'<path fill="none" stroke="{colour("face")}" stroke-width="{number(width)}" '
                f'd="M{a}Q{b} {c}"/>'
            )
        pictures += _breath(nose) if inwards else _breath(lips, out=True)
    return f"<g>{scaled(pictures)}</g>"


def _breath(at: Point, *, out: bool = False) -> str:
    x, y = at
    if out:
        return furniture.arrow((x + 4, y + 3), (x + 34, y + 14), (x + 52, y + 62))
    return furniture.arrow((x + 62, y - 34), (x + 44, y + 2), (x + 5, y + 2))


PANELS: dict[str, Callable[[Body], str]] = {
    "base_heights": base_heights,
    "heel_right_wrong": heel_right_wrong,
    "hand_right_wrong": hand_right_wrong,
    "breathing": breathing,
}
"""The drawings in panels, by name."""
