"""The body in the drawings: its proportions and joints, and its outlines on the page."""

from math import degrees

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tools.anatomy import BODIES, BONES, HINGED, belly_skin, flexion, joints
from tools.illustrations import body_shapes
from tools.illustrations.contours import Projection, ball, path, trace
from tools.illustrations.geometry import Aim, Frame, Vec, bend
from tools.illustrations.poses import POSES
from tools.illustrations.skeleton import (
    ANKLE_HEIGHT,
    HEEL_RADIUS,
    LENGTHS,
    POSTPARTUM,
    PREGNANT,
    Body,
    skeleton,
)


@pytest.mark.parametrize("name", POSES)
@pytest.mark.parametrize("side", ["right", "left"])
def test_bones_keep_their_length_in_every_pose(name: str, side: str) -> None:
    at = joints(name)
    for start, end, length in BONES:
        assert (at[end.format(side)] - at[start.format(side)]).length() == pytest.approx(length)


@pytest.mark.parametrize("name", POSES)
def test_joints_bend_like_human_joints(name: str) -> None:
    at, frames = joints(name), skeleton(POSES[name]).frames
    for side in ("right", "left"):
        lifting = (side, name) == ("left", "second_chair")
        most = 80 if lifting else 35
        assert 3 < flexion(at, side) < most, "knees relaxed: neither locked nor deeply bent"
        foot = frames[f"{side}_foot"].front
        hip, knee, ankle = (at[f"{side}_{j}"] for j in ("hip", "knee", "ankle"))
        assert (knee - (hip + ankle) * 0.5).dot(foot) > 0, "a knee bends the way its toes point"
        upper = (at[f"{side}_elbow"] - at[f"{side}_shoulder"]).unit
        fore = (at[f"{side}_wrist"] - at[f"{side}_elbow"]).unit
        assert degrees(np.arccos(np.clip(upper.dot(fore), -1, 1))) < 130
    turn = abs(POSES[name].chest - POSES[name].hips)
    assert turn < 30, "the spine twists little"
    neck, spine = POSES[name].neck.unit, POSES[name].upper_spine.unit
    assert degrees(np.arccos(min(1.0, neck.dot(spine)))) < 20, "the head goes on from the spine"


def test_proportions_are_human() -> None:
    at = joints("stand_facing_base")
    tall = at["crown"].y
    assert 0.48 < at["right_hip"].y / tall < 0.56
    assert 0.25 < at["right_knee"].y / tall < 0.31
    assert 6.5 < tall / (2 * body_shapes.SKULL_UP + 4) < 8
    reach = LENGTHS.upper_arm + LENGTHS.forearm + LENGTHS.palm + LENGTHS.fingers
    assert 0.38 < reach / tall < 0.45


@pytest.mark.parametrize("name", POSES)
def test_the_standing_foot_is_flat_on_the_floor_under_the_hips(name: str) -> None:
    at = joints(name)
    assert at["right_heel"].y == pytest.approx(HEEL_RADIUS)
    assert at["right_ankle"].y == pytest.approx(ANKLE_HEIGHT)
    assert abs(at["right_hip"].x - at["right_ankle"].x) < 16
    sole = body_shapes.foot(skeleton(POSES[name]), "right")
    lowest = min(
        part.centre.y - sum(axis.y**2 for axis in part.axes) ** 0.5
        for hull in sole
        for part in hull
    )
    assert lowest == pytest.approx(0, abs=0.5)


def test_the_belly_is_further_forward_in_pregnancy() -> None:
    at = skeleton(POSES["stand_facing_base"])
    fronts = [
        (body_shapes.belly(at, body).centre.x + body.belly.half_depth) - at.at["waist"].x
        for body in (PREGNANT, POSTPARTUM)
    ]
    assert fronts[0] > 38 > fronts[1] + 12


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", POSES)
def test_the_belly_is_at_the_height_of_the_navel(name: str, body: Body) -> None:
    posed = skeleton(POSES[name])
    hips, trunk = posed.at["pelvis"], posed.at["chest"] - posed.at["pelvis"]
    front = posed.frames["waist"].front
    foremost = max(belly_skin(posed, body), key=lambda point: (point - hips).dot(front))
    share = (foremost - hips).dot(trunk) / trunk.dot(trunk)
    # When the body leans forward, the belly hangs a little further from the legs.
    assert 0.25 < share < (0.63 if name in HINGED else 0.45)


@pytest.mark.parametrize("body", BODIES)
def test_in_profile_there_is_a_bust_above_and_a_round_belly_below(body: Body) -> None:
    posed, stage = skeleton(POSES["stand_facing_base"]), Projection(200, 0)
    (outline,) = trace(stage, body_shapes.top(posed, body), 12)
    spine, hips = stage.spot(posed.at["pelvis"])
    high = (outline[:, 1] - hips) / (stage.spot(posed.at["chest"])[1] - hips)

    def front(low: float, top: float) -> tuple[float, float]:
        """Return the foremost point between two heights (0 hips, 1 neck): its height and depth."""
        between = outline[(high > low) & (high < top)]
        point = between[between[:, 0].argmax()]
        return float(high[outline[:, 0] == point[0]][0]), float(point[0] - spine)

    share, belly = front(0, 1)
    _, bust = front(0.68, 0.85)
    _, ribs = front(0.93, 0.97)
    _, groin = front(-0.02, 0.03)
    assert 0.3 < share < 0.5, "foremost at about the navel"
    assert belly > bust > ribs + 5, "the bust stands out, the belly more"
    assert belly > groin + 6, "and it rounds off above the legs"
    if body is PREGNANT:
        assert belly > bust + 15


@given(
    st.floats(20, 90),
    st.floats(20, 90),
    st.floats(0.3, 0.99),
    st.floats(0, 360),
    st.floats(5, 175),
)
def test_a_bent_joint_keeps_both_bones(
    first: float, second: float, share: float, turn: float, rise: float
) -> None:
    span = abs(first - second) + (first + second - abs(first - second)) * share
    end = Aim(turn, rise).unit * span
    pole = Aim(turn + 40, 178 - rise / 2).unit
    assume(pole.cross(end.unit).length() > 0.05)
    middle = bend(Vec(0, 0, 0), end, first, second, pole)
    assert middle.length() == pytest.approx(first)
    assert (end - middle).length() == pytest.approx(second)
    assert middle.dot(pole.square_to(end.unit)) >= 0


def test_bones_that_cannot_reach_are_an_error() -> None:
    with pytest.raises(ValueError, match="cannot span"):
        bend(Vec(0, 0, 0), Vec(150, 0, 0), 74, 70, Vec(0, 1, 0))


@given(st.floats(0, 360), st.floats(5, 175), st.floats(0, 360))
def test_frames_are_square(turn: float, rise: float, towards: float) -> None:
    up, face = Aim(turn, rise).unit, Aim(towards, 90).unit
    assume(up.cross(face).length() > 0.05)
    frame = Frame.of(Vec(0, 0, 0), up, face)
    for a, b in ((frame.up, frame.front), (frame.front, frame.right), (frame.right, frame.up)):
        assert a.dot(b) == pytest.approx(0, abs=1e-9)
    assert frame.front.cross(frame.up).dot(frame.right) == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(st.floats(8, 40), st.floats(-60, 60), st.floats(20, 120))
def test_a_traced_sphere_is_a_circle_of_its_size(radius: float, x: float, y: float) -> None:
    stage = Projection(200)
    (loop,) = trace(stage, [(ball(Vec(x, y, 0), radius),)], 0)
    cx, cy = stage.spot(Vec(x, y, 0))
    # The projection is orthographic, so a sphere stays a circle from any angle.
    away = np.hypot(loop[:, 0] - cx, loop[:, 1] - cy)
    assert np.abs(away - radius).max() < 0.25


def test_a_crop_cuts_an_outline_at_the_box() -> None:
    (loop,) = trace(Projection(200), [(ball(Vec(0, 100, 0), 40),)], 0, (200, 0, 400, 360))
    assert loop[:, 0].min() >= 199.9
    assert path([loop]).startswith("M")
