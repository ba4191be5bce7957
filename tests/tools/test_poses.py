"""What each pose must show, measured on its joints."""

from dataclasses import replace
from math import atan2, cos, degrees, radians
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.tools.anatomy import (
    BODIES,
    HINGED,
    LIFTED,
    RAISED,
    TURNED,
    belly_skin,
    flexion,
    heading,
    inside,
    joints,
    thigh_share,
    to_bone,
    trunk_lean,
)
from tools.illustrations import body_shapes, furniture
from tools.illustrations.contours import Projection, numbers, trace
from tools.illustrations.geometry import Vec
from tools.illustrations.interpolate import waypoints
from tools.illustrations.poses import POSES, WAYS, way_to
from tools.illustrations.render import Painter
from tools.illustrations.skeleton import (
    BACK_HEIGHT,
    CHAIR,
    HEEL_RADIUS,
    LENGTHS,
    PREGNANT,
    SUPPORT,
    THIGH_RADIUS,
    Body,
    Raised,
    skeleton,
)


def test_stand_facing_base_has_both_feet_hip_distance_apart_and_at_the_base() -> None:
    at = joints("stand_facing_base")
    apart = at["right_ankle"].z - at["left_ankle"].z
    assert apart == pytest.approx(2 * LENGTHS.hip_half, rel=0.15)
    for side in ("right", "left"):
        assert abs(heading(at[f"{side}_toe"] - at[f"{side}_heel"])) < 5
        assert at[f"{side}_heel"].y == pytest.approx(HEEL_RADIUS)
        assert at[f"{side}_toe"].x < CHAIR.edge - 40


@pytest.mark.parametrize("name", RAISED)
def test_only_the_heel_is_on_the_base(name: str) -> None:
    at = joints(name)
    heel = at["left_heel"]
    assert heel.y - HEEL_RADIUS == pytest.approx(CHAIR.height), "the heel touches the seat"
    assert CHAIR.edge + 4 < heel.x < CHAIR.edge + CHAIR.depth / 2
    assert abs(heel.z) < CHAIR.half_width
    # The skin of tendon and calf touches nothing: it is above the seat or before its edge.
    assert at["left_tendon"].y > CHAIR.height + 8
    assert at["left_tendon"].x < heel.x - 8
    assert at["left_calf"].x < CHAIR.edge - 5
    assert at["left_toe"].y > heel.y + 20, "toes up"
    assert 4 < flexion(at, "left") <= 15, "the raised leg is relaxed and extended"


def test_heel_on_base_keeps_the_standing_foot_at_the_base() -> None:
    at = joints("heel_on_base")
    assert abs(heading(at["right_toe"] - at["right_heel"])) < 5


@pytest.mark.parametrize("name", WAYS)
def test_the_raised_leg_stays_extended_while_the_body_moves(name: str) -> None:
    for waypoint in waypoints(way_to(name)):
        if isinstance(foot := waypoint.pose.left_foot, Raised) and foot.above == 0:
            assert flexion(skeleton(waypoint.pose).at, "left") <= 15


@pytest.mark.parametrize("name", ["side_reach", "hinge_forward"])
def test_the_poses_beside_the_timer_show_that_the_foot_is_parallel_to_the_edge(name: str) -> None:
    pose = POSES[name]
    assert pose.guides == POSES["foot_turned_out"].guides
    stage = Projection(pose.origin, pose.camera)
    lines = [np.subtract(stage.spot(end), stage.spot(start)) for start, end in pose.guides]
    assert all(np.hypot(*line) > 20 for line in lines), "long enough to be seen"


def test_hinge_forward_shows_both_hands() -> None:
    pose = POSES["hinge_forward"]
    posed, stage = skeleton(pose), Projection(pose.origin, pose.camera)
    (near,) = trace(stage, body_shapes.arm(posed, "right"), 4)
    (far,) = trace(stage, body_shapes.hand(posed, "left"), 4)
    (low, high) = far.min(axis=0), far.max(axis=0)
    spots = [(x, y) for x in np.arange(low[0], high[0]) for y in np.arange(low[1], high[1])]
    hand = [spot for spot in spots if inside(far, *spot)]
    assert sum(not inside(near, *spot) for spot in hand) > 0.4 * len(hand)


@pytest.mark.parametrize("name", POSES)
def test_eyes_are_open(name: str) -> None:
    pose = POSES[name]
    head = skeleton(pose).frames["head"]
    for eye, brow, _ in body_shapes.features(skeleton(pose)):
        top, _, bottom = (head.seen(point - head.origin) for point in eye)
        assert top.y - bottom.y + body_shapes.EYE_WIDTH > 4, "the eye is taller than a closed lid"
        assert abs(top.z - bottom.z) < 1
        assert head.seen(brow[1] - head.origin).y > top.y + 3, "the brow is above it"


@pytest.mark.parametrize("name", TURNED)
def test_turned_out_foot_is_parallel_with_the_edge_of_the_base(name: str) -> None:
    at = joints(name)
    # The front edge of the base runs along z, so a right foot that is turned out points to the
    # viewer.
    assert heading(at["right_toe"] - at["right_heel"]) == pytest.approx(90, abs=4)


def test_foot_turned_out_shows_what_the_foot_is_parallel_with() -> None:
    pose, at = POSES["foot_turned_out"], joints("foot_turned_out")
    assert 20 <= pose.hips <= 60, "the hips open part of the way"
    assert [start.x for start, _ in pose.guides] == [at["right_ankle"].x, CHAIR.edge]
    for start, end in pose.guides:
        assert start.x == end.x
    assert [(start.y, end.y) for start, end in pose.guides] == [(0, 0), (CHAIR.height,) * 2]
    before = joints("heel_on_base")
    assert pose.turned_from == heading(before["right_toe"] - before["right_heel"])


def test_pelvis_forward_is_a_small_move_forward() -> None:
    before, after = joints("foot_turned_out")["pelvis"], joints("pelvis_forward")["pelvis"]
    assert 5 < (after - before).x < 16
    assert abs((after - before).y) < 3
    assert abs(trunk_lean(joints("pelvis_forward"))) < 8, "the body stays tall"


def test_side_reach_bends_over_to_the_raised_foot() -> None:
    at = joints("side_reach")
    shoulder, elbow, hand = (at[f"right_{j}"] for j in ("shoulder", "elbow", "fingers"))
    assert hand.y > at["crown"].y + 15, "the standing side's hand is above the head"
    assert shoulder.x < elbow.x < hand.x, "and over to the raised foot"
    assert hand.x > at["head"].x > at["right_hip"].x
    spine = at["chest"] - at["pelvis"]
    assert 12 < degrees(atan2(spine.x, spine.y)) < 40, "the torso leans to the raised leg"
    across = (at["right_shoulder"] - at["left_shoulder"]).unit
    assert across.y > 0.3, "as a side bend: the standing side's shoulder is the higher"
    assert abs(across.z) < 0.6
    assert to_bone(at["left_palm"], at["left_hip"], at["left_knee"]) < THIGH_RADIUS + 6
    assert 0.5 <= thigh_share(at, "left") <= 0.6, "the other hand is on the thigh"
    assert at["pelvis"].x == joints("pelvis_forward")["pelvis"].x


@pytest.mark.parametrize("name", ["pelvis_back", "hinge_forward"])
def test_hips_go_back_and_the_long_back_leans_forward(name: str) -> None:
    before, at = joints("foot_turned_out"), joints(name)
    assert at["pelvis"].x < before["pelvis"].x - 4
    assert at["buttocks"].x < before["buttocks"].x - 8
    assert 25 < trunk_lean(at) < 50, "a gentle hinge"
    low, high, neck = (
        getattr(POSES[name], part).unit for part in ("lower_spine", "upper_spine", "neck")
    )
    assert low.dot(high) > cos(radians(12)), "the back is flat"
    assert high.dot(neck) > cos(radians(8)), "the head is in line with the spine"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", LIFTED)
def test_the_belly_does_not_touch_the_thigh(name: str, body: Body) -> None:
    posed = skeleton(POSES[name])
    hip, knee = posed.at["left_hip"], posed.at["left_knee"]
    clearance = min(to_bone(p, hip, knee) for p in belly_skin(posed, body)) - THIGH_RADIUS
    # Upright, the belly ends just above the legs; in the hinge there is open space below it.
    assert clearance > (8 if name == "pelvis_back" else 11 if name in HINGED else 3)


@pytest.mark.parametrize("body", BODIES)
def test_hinge_forward_shows_open_space_below_the_belly(body: Body) -> None:
    pose = POSES["hinge_forward"]
    posed, stage = skeleton(pose), Projection(pose.origin, pose.camera)
    assert pose.free_space, "and tints it"
    # The top, which hides the hip, and both arms leave a gap between belly and thigh.
    drawn = [(body_shapes.top(posed, body), 12)]
    drawn += [(body_shapes.leg(posed, side), 9) for side in ("right", "left")]
    drawn += [(body_shapes.arm(posed, side), 4) for side in ("right", "left")]
    drawn += [(body_shapes.sleeve(posed, side), 7) for side in ("right", "left")]
    painted = [loop for shape, blend in drawn for loop in trace(stage, shape, blend)]
    (tint,) = trace(stage, body_shapes.free_space(posed, body), 4)
    xs, ys = (np.arange(*limits) for limits in zip(tint.min(axis=0), tint.max(axis=0), strict=True))
    seen = [
        (x, y)
        for x in xs
        for y in ys
        if inside(tint, x, y) and not any(inside(loop, x, y) for loop in painted)
    ]
    assert len(seen) > 270, "square units of the page"
    middle = np.mean(seen, axis=0)
    (belly,) = trace(stage, [(body_shapes.belly(posed, body),)], 0)
    thigh = stage.spot((posed.at["left_hip"] + posed.at["left_knee"]) * 0.5)
    assert belly[:, 1].mean() < middle[1] < thigh[1], "between belly and thigh"


def test_a_hand_holds_the_second_chair_while_the_heel_goes_up() -> None:
    pose, at = POSES["second_chair"], joints("second_chair")
    assert pose.support is not None
    back = SUPPORT.height + BACK_HEIGHT
    assert at["right_palm"].y - back == pytest.approx(3.5, abs=1.5), "the palm lies on the back"
    # The back is a rail, 5 wide and twice half_width long; the palm is 10 long.
    assert abs(at["right_palm"].x - (pose.support.x - 2.5)) < 4
    assert abs(at["right_palm"].z - pose.support.z) < SUPPORT.half_width
    assert pose.support.z - SUPPORT.half_width > at["right_hip"].z + 15, (
        "the chair is beside the figure"
    )
    assert isinstance(pose.left_foot, Raised)
    assert 10 < at["left_heel"].y - HEEL_RADIUS < CHAIR.height, "the heel is on its way"
    assert at["left_toe"].x < CHAIR.edge, "and still before the base"
    assert abs(heading(at["right_toe"] - at["right_heel"])) < 5
    assert flexion(at, "left") > 30, "the knee bends as the foot leaves the floor"


def test_hinge_forward_rests_both_hands_on_the_raised_thigh() -> None:
    at = joints("hinge_forward")
    for side in ("right", "left"):
        palm = at[f"{side}_palm"]
        distance = to_bone(palm, at["left_hip"], at["left_knee"])
        assert THIGH_RADIUS - 1 < distance < THIGH_RADIUS + 6
        assert 0.55 <= thigh_share(at, side) <= 0.65, "on the thigh, not on the knee"
    assert at["right_palm"].y > at["left_knee"].y
    assert trunk_lean(at) > trunk_lean(joints("pelvis_back"))


def test_rest_stands_on_two_feet_and_holds_a_chair_that_is_not_a_base() -> None:
    at, pose = joints("rest"), POSES["rest"]
    assert at["right_palm"].y - (SUPPORT.height + BACK_HEIGHT) == pytest.approx(3.5, abs=1.5)
    assert at["left_heel"].y == at["right_heel"].y == pytest.approx(HEEL_RADIUS)
    assert not pose.base
    assert not pose.arrows
    assert abs(trunk_lean(at)) < 8


def test_exactly_the_poses_with_a_movement_have_arrows() -> None:
    still = {name for name, pose in POSES.items() if not pose.arrows}
    shown = {"side_reach_pull", "hinge_forward_pull", "chair_at_wall", "lower_base"}
    assert still == {"stand_facing_base", "rest", *shown}


@pytest.mark.parametrize(
    ("name", "sign"), [("pelvis_forward", 1), ("pelvis_back", -1), ("side_reach", 1)]
)
def test_arrows_point_where_the_body_goes(name: str, sign: int) -> None:
    (arrow,) = POSES[name].arrows
    assert (arrow.tip[0] - arrow.start[0]) * sign > 20


@pytest.mark.parametrize("name", ["heel_on_base", "second_chair"])
def test_the_arrow_begins_at_the_foot_that_is_lifted(name: str) -> None:
    pose = POSES[name]
    stage, at = Projection(pose.origin, pose.camera), skeleton(pose).at
    ((start, tip),) = (
        [np.add(stage.spot(at[arrow.joint]), end) for end in (arrow.start, arrow.tip)]
        for arrow in pose.arrows
    )
    lifted = skeleton(replace(pose, left_foot=pose.lifted_from or pose.left_foot)).at
    toe, standing = (np.array(stage.spot(joint)) for joint in (lifted["left_toe"], at["right_toe"]))
    assert np.hypot(*(start - toe)) < 18 < 25 < np.hypot(*(start - standing))
    seat = np.array(stage.spot(Vec(CHAIR.edge, CHAIR.height, lifted["left_toe"].z)))
    assert tip[1] < start[1] - 15, "up"
    assert np.hypot(*(tip - seat)) < 40, "and to the seat"
    assert lifted["left_heel"].y - HEEL_RADIUS > 15, "off the floor"


def test_the_lifted_leg_is_shown_pale_on_its_way() -> None:
    pose = POSES["heel_on_base"]
    pale = Painter(pose, PREGNANT).ghost()
    assert pale.startswith('<g opacity="')
    assert "legs-far" in pale
    assert not Painter(replace(pose, lifted_from=None), PREGNANT).ghost()
    foot = pose.lifted_from
    assert foot is not None
    assert foot.onto < 0, "before the base"
    assert flexion(skeleton(replace(pose, left_foot=foot)).at, "left") > 30, "with a bent knee"


# ---- Right and wrong, where it pulls, and coming out --------------------------------------------


@pytest.mark.parametrize("name", ["side_reach", "hinge_forward"])
def test_the_way_out_ends_on_both_feet_and_shows_the_stretch_before(name: str) -> None:
    pose, at = POSES[f"{name}_out"], joints(f"{name}_out")
    assert pose.before == POSES[name]
    assert WAYS[f"{name}_out"][0] == name
    assert at["left_heel"].y == at["right_heel"].y == pytest.approx(HEEL_RADIUS)
    assert abs(trunk_lean(at)) < 3
    assert len(pose.arrows) == 2, "one for the body, one for the heel"


def test_the_chair_stands_with_its_back_against_the_wall() -> None:
    wall = ElementTree.fromstring(f"<svg>{furniture.wall(Projection(0, 0))}</svg>")
    xs = {x for path in wall.iter("path") for x in numbers(path.attrib["d"])[::2]}
    assert max(xs) / 10 - (CHAIR.edge + CHAIR.depth) <= 1
    assert POSES["chair_at_wall"].wall
