"""Moves a body from one pose to the next: poses on the way, turned joint by joint.

Joints turn and bones keep their lengths, so that a pose on the way is a pose like any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from math import ceil
from typing import Any, TypeVar, cast

from tools.illustrations.geometry import Aim, Vec, turned
from tools.illustrations.skeleton import (
    ANKLE_HEIGHT,
    CHAIR,
    HEEL_RADIUS,
    LENGTHS,
    Limb,
    OnThigh,
    Pose,
    Raised,
    Skeleton,
    Standing,
    Swing,
    Touch,
    skeleton,
)

T = TypeVar("T")

STRIDE, LONG_STRIDE = 12.0, 18.0
"""How far a joint may move between two drawn frames, in user units; the long stride is for ways
through several poses, whose files would otherwise be large."""


@dataclass(frozen=True)
class Waypoint:
    """A pose on the way; `share` is the part of the way that is done, from 0 to 1."""

    share: float
    pose: Pose


def _mixed(a: T, b: T, share: float) -> T:
    """Return the value at `share` of the way from `a` to `b`: a number, Vec, Aim, or dataclass."""
    first: Any = a
    last: Any = b
    if isinstance(first, int | float | Vec):
        return cast(T, first + (last - first) * share)
    if isinstance(first, Aim):
        return cast(T, Aim.along(turned(first.unit, last.unit, share)))
    if isinstance(first, str):
        return b
    return cast(T, replace(last, **_mixed_fields(a, b, share, (f.name for f in fields(first)))))


def _mixed_fields(a: object, b: object, share: float, names: Iterable[str]) -> dict[str, Any]:
    return {name: _mixed(getattr(a, name), getattr(b, name), share) for name in names}


def _lifted(foot: Standing | Raised) -> Raised:
    """Return a foot on the floor as a raised one."""
    if isinstance(foot, Raised):
        return foot
    toes = Aim(foot.heading, 90)
    heel = Vec(foot.x, ANKLE_HEIGHT - LENGTHS.heel_drop, foot.z) - toes.unit * LENGTHS.heel_back
    return Raised(heel.x - CHAIR.edge, heel.z, toes, heel.y - HEEL_RADIUS - CHAIR.height)


def _foot(a: Standing | Raised, b: Standing | Raised, share: float) -> Standing | Raised:
    if isinstance(a, Standing) and isinstance(b, Standing):
        return _mixed(a, b, share)
    return _mixed(_lifted(a), _lifted(b), share)


def _swing(posed: Skeleton, side: str, limb: Limb) -> Swing:
    """Return an arm of any kind as directions relative to its chest."""
    at, chest, hand = posed.at, posed.frames["chest"], posed.frames[f"{side}_hand"]
    shoulder, elbow, wrist = (at[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist"))
    upper, forearm, palm, front = (
        chest.seen(way)
        for way in ((elbow - shoulder).unit, (wrist - elbow).unit, hand.up, hand.front)
    )
    forward = limb.forward if isinstance(limb, OnThigh | Swing) else 0
    return Swing(upper, forearm, palm, front, limb.shrug, forward)


def _limb(poses: tuple[Pose, Pose], side: str, share: float) -> Limb:
    a, b = (pose.right_arm if side == "right" else pose.left_arm for pose in poses)
    if isinstance(a, Touch) and isinstance(b, Touch) and a.part == b.part:
        return _mixed(a, b, share)
    first, last = (
        _swing(skeleton(pose), side, arm) for pose, arm in zip(poses, (a, b), strict=True)
    )
    return Swing(
        turned(first.upper, last.upper, share),
        turned(first.forearm, last.forearm, share),
        turned(first.hand, last.hand, share),
        turned(first.palm, last.palm, share),
        _mixed(first.shrug, last.shrug, share),
        _mixed(first.forward, last.forward, share),
    )


_TURNED = ("pelvis", "hips", "chest", "looking", "lower_spine", "upper_spine", "neck")


def between(a: Pose, b: Pose, share: float) -> Pose:
    """Return the pose `share` of the way from one pose to another, with the view of the other."""
    right = _foot(a.right_foot, b.right_foot, share)
    assert isinstance(right, Standing), "the right leg stands"
    return replace(
        b,
        **_mixed_fields(a, b, share, _TURNED),
        right_foot=right,
        left_foot=_foot(a.left_foot, b.left_foot, share),
        right_arm=_limb((a, b), "right", share),
        left_arm=_limb((a, b), "left", share),
    )


_SEEN = (
    *("arrows", "left_arm_layer", "base", "guides", "turned_from", "camera", "origin"),
    *("support", "free_space", "pulls", "wall", "inset"),
)


def seen_like(pose: Pose, other: Pose) -> Pose:
    """Return a pose with the view, surroundings and arrows of another pose."""
    return replace(pose, **{name: getattr(other, name) for name in _SEEN})


def travel(a: Pose, b: Pose) -> float:
    """Return how far the joint that moves furthest moves, in user units."""
    first, last = skeleton(a).at, skeleton(b).at
    return max((last[joint] - first[joint]).length() for joint in first)


def waypoints(way: Sequence[Pose]) -> list[Waypoint]:
    """Return waypoints from the first pose of a way to its last, all with the view of the last.

    They are near enough to each other for a smooth motion.
    """
    stops = [seen_like(pose, way[-1]) for pose in way]
    found = [stops[0]]
    stride = STRIDE if len(way) < 5 else LONG_STRIDE
    for a, b in pairwise(stops):
        # Joints move along arcs, so measure by way of the middle.
        middle = between(a, b, 0.5)
        count = max(1, ceil((travel(a, middle) + travel(middle, b)) / stride))
        found += [between(a, b, k / count) for k in range(1, count)] + [b]
    gone = [0.0]
    for a, b in pairwise(found):
        gone.append(gone[-1] + travel(a, b))
    return [Waypoint(far / gone[-1], pose) for far, pose in zip(gone, found, strict=True)]
