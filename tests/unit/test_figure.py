"""The drawings: anatomy in numbers, what each pose must show, and what an SVG of ours may hold."""

from __future__ import annotations

import re
from math import atan2, cos, degrees, hypot, radians, sin
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from holdwell.drawing import figure, flesh, furniture
from holdwell.drawing.body import (
    ANKLE_HEIGHT,
    BACK_HEIGHT,
    CHAIR,
    HEEL_RADIUS,
    LENGTHS,
    POSTPARTUM,
    PREGNANT,
    SUPPORT,
    THIGH_RADIUS,
    Aim,
    Body,
    Frame,
    Raised,
    Skeleton,
    Vec,
    bend,
    skeleton,
)
from holdwell.drawing.outline import HEIGHT, WIDTH, Array, Stage, ball, path, trace
from holdwell.drawing.poses import POSES

BODIES = [pytest.param(PREGNANT, id="pregnant"), pytest.param(POSTPARTUM, id="postpartum")]
RAISED = [name for name in POSES if name not in ("stand_facing_base", "second_chair", "rest")]
LIFTED = ["second_chair", *RAISED]
TURNED = ["foot_turned_out", "pelvis_forward", "side_reach", "pelvis_back", "hinge_forward"]
ALL = [figure.BASES, *POSES]
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
    """Degrees: 0 to the base, 90 to the viewer."""
    return degrees(atan2(direction.z, direction.x))


def to_bone(point: Vec, start: Vec, end: Vec) -> float:
    bone = end - start
    share = max(0.0, min(1.0, (point - start).dot(bone) / bone.dot(bone)))
    return (point - (start + bone * share)).length()


def flexion(at: dict[str, Vec], side: str) -> float:
    thigh = (at[f"{side}_knee"] - at[f"{side}_hip"]).unit
    shin = (at[f"{side}_ankle"] - at[f"{side}_knee"]).unit
    return degrees(np.arccos(thigh.dot(shin)))


def trunk_lean(at: dict[str, Vec]) -> float:
    """How far the line from the hips to the neck leans towards the base, in degrees."""
    trunk = at["chest"] - at["pelvis"]
    return degrees(atan2(trunk.x, trunk.y))


# ---- The body -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POSES)
@pytest.mark.parametrize("side", ["right", "left"])
def test_bones_keep_their_length_in_every_pose(name: str, side: str) -> None:
    at = joints(name)
    for start, end, length in BONES:
        assert (at[end.format(side)] - at[start.format(side)]).length() == pytest.approx(length)


@pytest.mark.parametrize("name", POSES)
def test_joints_bend_as_joints_do(name: str) -> None:
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
    assert 6.5 < tall / (2 * flesh.SKULL_UP + 4) < 8
    reach = LENGTHS.upper_arm + LENGTHS.forearm + LENGTHS.palm + LENGTHS.fingers
    assert 0.38 < reach / tall < 0.45


@pytest.mark.parametrize("name", POSES)
def test_the_standing_foot_is_flat_on_the_floor_under_the_hips(name: str) -> None:
    at = joints(name)
    assert at["right_heel"].y == pytest.approx(HEEL_RADIUS)
    assert at["right_ankle"].y == pytest.approx(ANKLE_HEIGHT)
    assert abs(at["right_hip"].x - at["right_ankle"].x) < 16
    sole = flesh.foot(skeleton(POSES[name]), "right")
    lowest = min(
        part.centre.y - sum(axis.y**2 for axis in part.axes) ** 0.5
        for hull in sole
        for part in hull
    )
    assert lowest == pytest.approx(0, abs=0.5)


def belly_skin(posed: Skeleton, body: Body) -> list[Vec]:
    """Points all over the belly."""
    shape, skin = flesh.belly(posed, body), []
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


def test_pregnant_belly_is_the_bigger_and_nothing_else_differs() -> None:
    at = skeleton(POSES["stand_facing_base"])
    fronts = [
        (flesh.belly(at, body).centre.x + body.belly.half_depth) - at.at["waist"].x
        for body in (PREGNANT, POSTPARTUM)
    ]
    assert fronts[0] > 38 > fronts[1] + 12
    for part in ("foot", "leg", "arm", "sleeve"):
        assert getattr(flesh, part)(at, "right")


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", POSES)
def test_the_belly_is_where_bellies_are(name: str, body: Body) -> None:
    posed = skeleton(POSES[name])
    hips, trunk = posed.at["pelvis"], posed.at["chest"] - posed.at["pelvis"]
    front = posed.frames["waist"].front
    foremost = max(belly_skin(posed, body), key=lambda point: (point - hips).dot(front))
    share = (foremost - hips).dot(trunk) / trunk.dot(trunk)
    # It hangs a little further from the legs when the body leans forward.
    assert 0.25 < share < (0.6 if name in ("pelvis_back", "hinge_forward") else 0.45)


@pytest.mark.parametrize("body", BODIES)
def test_in_profile_there_is_a_bust_above_and_a_round_belly_below(body: Body) -> None:
    posed, stage = skeleton(POSES["stand_facing_base"]), Stage(200, 0)
    (outline,) = trace(stage, flesh.top(posed, body), 12)
    spine, hips = stage.spot(posed.at["pelvis"])
    high = (outline[:, 1] - hips) / (stage.spot(posed.at["chest"])[1] - hips)

    def front(low: float, top: float) -> tuple[float, float]:
        """The foremost point between two shares of hips..shoulders: its share and how far out."""
        there = outline[(high > low) & (high < top)]
        point = there[there[:, 0].argmax()]
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


# ---- What each pose must show -------------------------------------------------------------------


def test_stand_facing_base_has_both_feet_hip_distance_apart_and_at_the_base() -> None:
    at = joints("stand_facing_base")
    apart = at["right_ankle"].z - at["left_ankle"].z
    assert apart == pytest.approx(2 * LENGTHS.hip_half, rel=0.15)
    for side in ("right", "left"):
        assert abs(heading(at[f"{side}_toe"] - at[f"{side}_heel"])) < 5
        assert at[f"{side}_heel"].y == pytest.approx(HEEL_RADIUS)
        assert at[f"{side}_toe"].x < CHAIR.edge - 40
    for before, after in zip(
        *(POSES["stand_facing_base"].guides), strict=True
    ):  # the guides run on from the feet
        assert before.x == after.x
        assert {before.z, after.z} == {at["right_ankle"].z, at["left_ankle"].z}


@pytest.mark.parametrize("name", RAISED)
def test_only_the_heel_is_on_the_base(name: str) -> None:
    at = joints(name)
    heel = at["left_heel"]
    assert heel.y - HEEL_RADIUS == pytest.approx(CHAIR.height), "the heel touches the seat"
    assert CHAIR.edge + 4 < heel.x < CHAIR.edge + CHAIR.depth / 2
    assert abs(heel.z) < CHAIR.half_width
    # The skin of tendon and calf is in the air: above the seat, or before its edge.
    assert at["left_tendon"].y > CHAIR.height + 8
    assert at["left_tendon"].x < heel.x - 8
    assert at["left_calf"].x < CHAIR.edge - 5
    assert at["left_toe"].y > heel.y + 20, "toes up"
    assert flexion(at, "left") < 32, "the raised leg is relaxed and extended"


def test_heel_on_base_keeps_the_standing_foot_at_the_base() -> None:
    at = joints("heel_on_base")
    assert abs(heading(at["right_toe"] - at["right_heel"])) < 5


@pytest.mark.parametrize("name", TURNED)
def test_turned_out_foot_is_parallel_with_the_edge_of_the_base(name: str) -> None:
    at = joints(name)
    # The base's front edge runs along z; turned out, a right foot points to the viewer.
    assert heading(at["right_toe"] - at["right_heel"]) == pytest.approx(90, abs=4)


def test_foot_turned_out_shows_what_the_foot_is_parallel_with() -> None:
    pose, at = POSES["foot_turned_out"], joints("foot_turned_out")
    assert 20 <= pose.hips <= 60, "the hips open part of the way"
    assert [start.x for start, _ in pose.guides] == [at["right_ankle"].x, CHAIR.edge]
    for start, end in pose.guides:
        assert start.x == end.x
        assert start.y == end.y == 0


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
def test_the_belly_is_clear_of_the_thigh(name: str, body: Body) -> None:
    posed = skeleton(POSES[name])
    hip, knee = posed.at["left_hip"], posed.at["left_knee"]
    clearance = min(to_bone(p, hip, knee) for p in belly_skin(posed, body)) - THIGH_RADIUS
    # Upright, the belly ends right above the legs; in the hinge it has open space below it.
    assert clearance > {"pelvis_back": 8, "hinge_forward": 11}.get(name, 3)


@pytest.mark.parametrize("body", BODIES)
def test_hinge_forward_shows_open_space_below_the_belly(body: Body) -> None:
    pose = POSES["hinge_forward"]
    posed, stage = skeleton(pose), Stage(pose.origin, pose.camera)
    (thigh,) = trace(stage, flesh.leg(posed, "left"), 9)
    (belly,) = trace(stage, [(flesh.belly(posed, body),)], 0)
    gaps = np.hypot(*(belly[:, None] - thigh[None]).T)
    assert gaps.min() > 4
    # The whole top, which hides the hip, and both arms leave a hole between belly and thigh.
    drawn = [(flesh.top(posed, body), 12)]
    drawn += [(flesh.leg(posed, side), 9) for side in ("right", "left")]
    drawn += [(flesh.arm(posed, side), 4) for side in ("right", "left")]
    painted = [loop for shape, blend in drawn for loop in trace(stage, shape, blend)]
    left, right = stage.spot(posed.at["left_hip"])[0], stage.spot(posed.at["right_wrist"])[0]
    low, high = belly[:, 1].max() - 12, stage.spot(posed.at["right_fingers"])[1]
    seen = sum(
        not any(inside(loop, x, y) for loop in painted)
        for x in np.arange(left, right)
        for y in np.arange(low, high)
        if y < thigh[np.abs(thigh[:, 0] - x) < 2, 1].min()
    )
    assert seen > 120, "square units of the page below the belly"


def inside(loop: Array, x: float, y: float) -> bool:
    """Whether a point lies inside a closed outline (even-odd)."""
    x0, y0 = loop.T
    x1, y1 = np.roll(loop, -1, axis=0).T
    across = (y0 > y) != (y1 > y)
    cut = x0[across] + (y - y0[across]) * (x1 - x0)[across] / (y1 - y0)[across]
    return bool((cut > x).sum() % 2)


def test_second_chair_is_held_on_to_while_the_heel_goes_up() -> None:
    pose, at = POSES["second_chair"], joints("second_chair")
    assert pose.support is not None
    back = SUPPORT.height + BACK_HEIGHT
    assert at["right_palm"].y - back == pytest.approx(3.5, abs=1.5), "the palm lies on the back"
    # The back is a rail of 5 across and twice half_width along; the palm is 10 long.
    assert abs(at["right_palm"].x - (pose.support.x - 2.5)) < 4
    assert abs(at["right_palm"].z - pose.support.z) < SUPPORT.half_width
    assert pose.support.z - SUPPORT.half_width > at["right_hip"].z + 15, "the chair is beside her"
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
        share = (palm - at["left_hip"]).dot((at["left_knee"] - at["left_hip"]).unit)
        assert 0.4 * LENGTHS.thigh < share < LENGTHS.thigh, "on the thigh, not on the knee"
    assert at["right_palm"].y > at["left_knee"].y
    assert trunk_lean(at) > trunk_lean(joints("pelvis_back"))


def test_rest_stands_on_two_feet_with_low_shoulders_and_no_base() -> None:
    at, pose = joints("rest"), POSES["rest"]
    assert at["left_heel"].y == at["right_heel"].y == pytest.approx(HEEL_RADIUS)
    assert not pose.base
    assert not pose.arrows
    assert abs(trunk_lean(at)) < 8


def test_arrows_are_there_exactly_where_something_moves() -> None:
    still = {name for name, pose in POSES.items() if not pose.arrows}
    assert still == {"stand_facing_base", "rest"}


@pytest.mark.parametrize(
    ("name", "sign"), [("pelvis_forward", 1), ("pelvis_back", -1), ("side_reach", 1)]
)
def test_arrows_point_where_the_body_goes(name: str, sign: int) -> None:
    (arrow,) = POSES[name].arrows
    assert (arrow.tip[0] - arrow.start[0]) * sign > 20


def test_bases_are_three_low_ones_and_one_to_be_careful_with() -> None:
    root = ElementTree.fromstring(figure.draw(figure.BASES))
    tag = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{tag}rect")) == 4
    marks = [circle.attrib["fill"] for circle in root.findall(f".//{tag}circle")]
    tick, some = furniture.colour("top-far"), furniture.colour("line")
    assert marks == [tick, tick, tick, some], "three ticks, and a sign that is no tick"
    low, high = figure.SCENES[:3], figure.SCENES[3]
    assert max(scene.base.height for scene in low) < 75 < high.base.height


# ---- Outlines -----------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.floats(8, 40), st.floats(-60, 60), st.floats(20, 120))
def test_a_traced_sphere_is_a_circle_of_its_size(radius: float, x: float, y: float) -> None:
    stage = Stage(200)
    (loop,) = trace(stage, [(ball(Vec(x, y, 0), radius),)], 0)
    cx, cy = stage.spot(Vec(x, y, 0))
    # Seen from above a sphere stays a circle; the projection is orthographic.
    away = np.hypot(loop[:, 0] - cx, loop[:, 1] - cy)
    assert np.abs(away - radius).max() < 0.25


def test_a_crop_cuts_an_outline_at_the_box() -> None:
    (loop,) = trace(Stage(200), [(ball(Vec(0, 100, 0), 40),)], 0, (200, 0, 400, 360))
    assert loop[:, 0].min() >= 199.9
    assert path([loop]).startswith("M")


# ---- The files ----------------------------------------------------------------------------------


def numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]


def points(shape: str) -> list[tuple[float, float]]:
    """The end points of path data, in the commands that the drawings use."""
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
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("name", ALL)
def test_svg_holds_only_what_may_be_inlined(name: str, mirrored: bool, body: Body) -> None:
    text = figure.draw(name, body=body, mirrored=mirrored)
    root = ElementTree.fromstring(text)
    assert root.attrib == {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img"}
    assert len(text.encode()) < 12_000
    children = [element.tag.split("}")[1] for element in root.iter()]
    assert set(children) <= {"svg", "title", "g", "path", "ellipse", "rect", "circle"}
    assert not re.search(
        r'\b(?:id|class|style|href|on\w+)=|url\(|<style|<script|"http[^"]*"', text[60:]
    )
    for named, fallback in re.findall(r"var\(--fig-([a-z-]+),(#[0-9A-F]{6})\)", text):
        assert figure.PALETTE[named] == fallback
    assert "#" not in re.sub(r"var\(--fig-[a-z-]+,#[0-9A-F]{6}\)", "", text), "all are themed"


@pytest.mark.parametrize("name", ALL)
def test_nothing_reaches_outside_the_page(name: str) -> None:
    for element in ElementTree.fromstring(figure.draw(name)).iter():
        if "d" in element.attrib:
            edge = float(element.get("stroke-width", 1.4)) / 2
            for x, y in points(element.attrib["d"]):
                assert edge <= x <= WIDTH - edge
                assert edge <= y <= HEIGHT - edge


@pytest.mark.parametrize("name", POSES)
def test_titles_say_the_pose_and_the_side(name: str) -> None:
    titles = {
        (body.said, mirrored): figure.title(POSES[name], body, mirrored)
        for body in (PREGNANT, POSTPARTUM)
        for mirrored in (False, True)
    }
    for title in titles.values():
        assert '"' not in title
        assert title.endswith(".")
        assert title[0].isupper()
        assert 40 < len(title) < 320
    if name in RAISED:
        plain, other = titles[PREGNANT.said, False], titles[PREGNANT.said, True]
        assert "left heel" in plain.lower() or "left leg" in plain
        assert "right heel" in other.lower() or "right leg" in other


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("page", ["#FBF7F2", "#17151B"])
@pytest.mark.parametrize("name", ["skin", "top", "legs", "legs-far", "hair", "base", "arrow"])
def test_fallback_colours_stand_out_on_light_and_dark_pages(page: str, name: str) -> None:
    a, b = sorted((luminance(page), luminance(figure.PALETTE[name])))
    assert (b + 0.05) / (a + 0.05) >= 2.1


def test_the_files_are_what_is_drawn_now() -> None:
    drawn = figure.drawings()
    assert {p.name for p in figure.ILLUSTRATIONS.glob("*.svg")} == set(drawn)
    for name, text in drawn.items():
        stored = (figure.ILLUSTRATIONS / name).read_text(encoding="utf-8")
        # Another machine's last binary digit may round a tenth of a unit the other way.
        assert re.sub(r"[-\d. ]+", " ", stored) == re.sub(r"[-\d. ]+", " ", text), name
        assert numbers(stored) == pytest.approx(numbers(text), abs=0.21), name


def test_main_writes_every_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure, "ILLUSTRATIONS", tmp_path)
    figure.main()
    assert {p.name for p in tmp_path.iterdir()} == {
        f"{name}{kind}.svg" for name in ALL for kind in ("", ".postpartum")
    }
