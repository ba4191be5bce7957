"""Joints, angles and distances that the tests of the drawings measure."""

from math import atan2, cos, degrees, hypot, radians, sin

import numpy as np
import pytest

from tools.illustrations import body_shapes
from tools.illustrations.contours import Array
from tools.illustrations.geometry import Vec
from tools.illustrations.panels import PANELS
from tools.illustrations.poses import POSES
from tools.illustrations.skeleton import LENGTHS, POSTPARTUM, PREGNANT, Body, Skeleton, skeleton

BODIES = [pytest.param(PREGNANT, id="pregnant"), pytest.param(POSTPARTUM, id="postpartum")]
ON_THE_FLOOR = ("stand_facing_base", "side_reach_out", "hinge_forward_out", "rest")
WITH_A_HOLD = ("second_chair", "lower_base")
RAISED = [name for name in POSES if name not in (*ON_THE_FLOOR, *WITH_A_HOLD)]
LIFTED = [*WITH_A_HOLD, *RAISED]
TURNED = [name for name in RAISED if name not in ("heel_on_base", "chair_at_wall")]
HINGED = ("pelvis_back", "hinge_forward", "hinge_forward_pull")
ALL = [*PANELS, *POSES]
BONES = [
    ("{}_hip", "{}_knee", LENGTHS.thigh),
    ("{}_knee", "{}_ankle", LENGTHS.shin),
    ("{}_shoulder", "{}_elbow", LENGTHS.upper_arm),
    ("{}_elbow", "{}_wrist", LENGTHS.forearm),
    ("{}_wrist", "{}_fingers", LENGTHS.palm + LENGTHS.fingers),
    ("{}_ankle", "{}_heel", hypot(LENGTHS.heel_drop, LENGTHS.heel_back)),
    ("chest", "{}_shoulder", LENGTHS.collar),
    ("pelvis", "{}_hip", LENGTHS.hip_half),
    ("pelvis", "waist", LENGTHS.lower_spine),
    ("waist", "chest", LENGTHS.upper_spine),
    ("chest", "head", LENGTHS.neck + LENGTHS.skull),
]


def joints(name: str) -> dict[str, Vec]:
    return skeleton(POSES[name]).at


def heading(direction: Vec) -> float:
    """Return a direction's heading in degrees: 0 points to the base, 90 to the viewer."""
    return degrees(atan2(direction.z, direction.x))


def to_bone(point: Vec, start: Vec, end: Vec) -> float:
    bone = end - start
    share = max(0.0, min(1.0, (point - start).dot(bone) / bone.dot(bone)))
    return (point - (start + bone * share)).length()


def thigh_share(at: dict[str, Vec], side: str) -> float:
    """Return where a side's palm is along the raised thigh: 0 at the hip, 1 at the knee."""
    thigh = at["left_knee"] - at["left_hip"]
    return (at[f"{side}_palm"] - at["left_hip"]).dot(thigh) / thigh.dot(thigh)


def flexion(at: dict[str, Vec], side: str) -> float:
    thigh = (at[f"{side}_knee"] - at[f"{side}_hip"]).unit
    shin = (at[f"{side}_ankle"] - at[f"{side}_knee"]).unit
    return degrees(np.arccos(thigh.dot(shin)))


def trunk_lean(at: dict[str, Vec]) -> float:
    """Return how far the trunk, from the hips to the neck, leans towards the base, in degrees."""
    trunk = at["chest"] - at["pelvis"]
    return degrees(atan2(trunk.x, trunk.y))


def belly_skin(posed: Skeleton, body: Body) -> list[Vec]:
    """Return points all over the belly's surface."""
    shape, skin = body_shapes.belly(posed, body), []
    for i in range(0, 181, 6):
        for j in range(0, 360, 6):
            a, b = radians(i), radians(j)
            point = shape.centre
            for axis, weight in zip(
                shape.axes, (cos(a), sin(a) * cos(b), sin(a) * sin(b)), strict=True
            ):
                point = point + axis * weight
            skin.append(point)
    return skin


def inside(loop: Array, x: float, y: float) -> bool:
    """Return whether a point lies inside a closed outline (even-odd rule)."""
    x0, y0 = loop.T
    x1, y1 = np.roll(loop, -1, axis=0).T
    across = (y0 > y) != (y1 > y)
    cut = x0[across] + (y - y0[across]) * (x1 - x0)[across] / (y1 - y0)[across]
    return bool((cut > x).sum() % 2)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
