"""Drawings other than poses: bases, right and wrong ways, and where a stretch pulls."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.tools.anatomy import (
    BODIES,
    flexion,
    heading,
    inside,
    joints,
    thigh_share,
    to_bone,
    trunk_lean,
)
from tools.illustrations import body_shapes, furniture, panels, render
from tools.illustrations.contours import Projection, numbers, trace
from tools.illustrations.figure import Figure
from tools.illustrations.geometry import UP
from tools.illustrations.poses import LOW_STEP, POSES
from tools.illustrations.skeleton import (
    BACK_HEIGHT,
    CHAIR,
    HEEL_RADIUS,
    SUPPORT,
    THIGH_RADIUS,
    Body,
    skeleton,
)

SVG = "{http://www.w3.org/2000/svg}"


TICK, CROSS = 1, 2
"""The number of lines in each sign."""


def lines_of_marks(drawing: ElementTree.Element) -> list[int]:
    """Return the number of lines of each mark, by which its shape is known."""
    signs = [mark.find(f"{SVG}path") for mark in marks_in(drawing)]
    return [sign.attrib["d"].count("M") for sign in signs if sign is not None]


def marks_in(drawing: ElementTree.Element) -> list[ElementTree.Element]:
    groups = drawing.iter(f"{SVG}g")
    return [group for group in groups if group.get("transform", "").startswith("translate")]


def test_there_are_three_low_bases_and_a_high_one_only_for_some() -> None:
    root = ElementTree.fromstring(render.draw("base_heights"))
    # Each picture has exactly one mark, so that its meaning is clear.
    assert len(root.findall(f".//{SVG}rect")) == 5
    assert lines_of_marks(root) == [TICK] * 4 + [CROSS]
    assert max(place.base.height for place in panels.PLACES) < 75 < panels.CHAIR_BACK.height


def test_the_chairs_back_suits_only_those_who_can_stand_tall_in_front_of_it() -> None:
    easy, strained = (
        skeleton(pose, panels.CHAIR_BACK).at for pose in (panels.EASY, panels.STRAINED)
    )
    for at in (easy, strained):
        assert at["left_heel"].y - HEEL_RADIUS == pytest.approx(panels.CHAIR_BACK.height)
    assert flexion(easy, "left") <= 15 < 40 < flexion(strained, "left"), "the raised knee"
    assert abs(trunk_lean(easy)) < 8 < 15 < -trunk_lean(strained), "the body leans back"
    turned = [heading(at["right_toe"] - at["right_heel"]) for at in (easy, strained)]
    assert abs(turned[0]) < 5 < 45 < turned[1], "the standing foot turns"


@pytest.mark.parametrize("body", BODIES)
def test_the_inset_of_the_hinge_has_its_arrow_between_belly_and_thigh(body: Body) -> None:
    pose = POSES["hinge_forward"]
    drawn = ElementTree.fromstring(f"<svg>{panels.belly_space(pose, body)}</svg>")
    figure = Figure(pose, body)
    x, low, high = panels.belly_gap(figure.stage, figure.bones, body)
    (tint,) = trace(figure.stage, body_shapes.free_space(figure.bones, body), 4)
    assert high - low > 15, "an open space, in user units"
    assert inside(tint, x, (low + high) / 2), "the tinted one"
    fills = [path.get("fill") for path in drawn.iter("path")]
    heads = [fill for fill in fills if fill == furniture.colour("arrow")]
    assert len(heads) == 2, "an arrow to each side"
    assert furniture.colour("space") in fills
    assert furniture.colour("skin") not in fills, "no arm before it"


def test_a_right_and_a_wrong_way_differ_by_the_shape_of_their_mark() -> None:
    for name, wrong in (("heel_right_wrong", 2), ("hand_right_wrong", 1)):
        root = ElementTree.fromstring(render.draw(name))
        assert lines_of_marks(root) == [TICK, *[CROSS] * wrong]


def test_the_right_heel_lies_on_the_stool_and_the_wrong_one_hangs_behind_it() -> None:
    bones = skeleton(POSES["heel_on_base"])
    right, wrong = panels.stools(bones)
    heel, calf, tendon = (bones.at[f"left_{joint}"] for joint in ("heel", "calf", "tendon"))
    assert right.edge < heel.x < right.edge + right.depth
    assert heel.y - HEEL_RADIUS == pytest.approx(right.height)
    end = wrong.edge + wrong.depth
    assert calf.x < end < tendon.x < heel.x, "the edge is between calf and tendon"
    assert heel.y - HEEL_RADIUS < wrong.height - 20, "the heel hangs"


def test_a_base_that_is_too_high_turns_the_standing_foot_and_is_never_offered() -> None:
    high = panels.TABLE
    at = skeleton(panels.TOO_HIGH, high).at
    assert at["left_heel"].y - HEEL_RADIUS == pytest.approx(high.height)
    assert high.height > max(place.base.height for place in panels.PLACES), "none that is offered"
    assert heading(at["right_toe"] - at["right_heel"]) > 45, "the foot has turned"
    low = joints("heel_on_base")
    assert abs(heading(low["right_toe"] - low["right_heel"])) < 5, "and does not, on a low base"


@pytest.mark.parametrize("body", BODIES)
def test_a_larger_body_has_its_heel_on_a_low_step_and_a_hand_on_the_second_chair(
    body: Body,
) -> None:
    pose, at = POSES["lower_base"], joints("lower_base")
    figure, slim = Figure(pose, body), Figure(replace(pose, larger=False), body)
    assert pose.step == LOW_STEP
    assert LOW_STEP.height < 0.6 * CHAIR.height
    assert at["left_heel"].y - HEEL_RADIUS == pytest.approx(LOW_STEP.height)
    assert LOW_STEP.edge < at["left_heel"].x < LOW_STEP.edge + LOW_STEP.depth
    assert at["left_calf"].x < at["left_tendon"].x < LOW_STEP.edge + 5
    assert 4 < flexion(at, "left") <= 15
    assert at["right_palm"].y - (SUPPORT.height + BACK_HEIGHT) == pytest.approx(3.5, abs=1.5)
    stance = at["right_ankle"].z - at["left_ankle"].z
    assert stance > 1.3 * (joints("heel_on_base")["right_ankle"].z * 2), "a wider stance"
    for part in (body_shapes.pelvis, lambda bones: body_shapes.leg(bones, "right")):
        wide, narrow = (
            np.ptp(trace(each.stage, part(each.bones), 9)[0][:, 0]) for each in (figure, slim)
        )
        assert wide > 1.2 * narrow


def test_the_right_hand_lies_on_the_thigh_and_the_wrong_one_on_the_knee() -> None:
    right, wrong = (
        thigh_share(skeleton(pose).at, "left") for pose in panels.hands(POSES["side_reach"])
    )
    assert 0.5 <= right <= 0.6
    assert 0.9 < wrong < 1.1


def test_feet_from_above_are_as_far_apart_as_in_the_pose() -> None:
    pose = POSES["stand_facing_base"]
    assert pose.inset
    root = ElementTree.fromstring(f"<svg>{panels.feet_from_above(pose)}</svg>")
    ink = furniture.colour("arrow")
    shafts = [
        numbers(path.attrib["d"])
        for path in root.iter("path")
        if path.get("stroke") == ink and path.get("fill") == "none"
    ]
    assert all(shaft[1] == shaft[-1] for shaft in shafts), "both point straight at the base"
    low, high = (shaft[1] for shaft in shafts)
    scale = Projection(0, 0, 0, scale=panels.ABOVE, tilt=90)
    at = joints("stand_facing_base")
    apart = at["right_toe"] - at["left_toe"]
    assert low - high == pytest.approx(10 * scale.flat(apart)[1], abs=2)


@pytest.mark.parametrize(
    ("name", "bands"),
    [("side_reach", ("side",)), ("hinge_forward", ("lower_back", "raised_leg"))],
)
def test_the_place_where_it_pulls_is_shaded_on_the_same_pose(
    name: str, bands: tuple[str, ...]
) -> None:
    pose, pulled = POSES[name], POSES[f"{name}_pull"]
    assert pulled.pulls == bands
    assert skeleton(pose) == skeleton(pulled)


def test_the_side_band_runs_along_the_standing_side() -> None:
    posed = skeleton(POSES["side_reach_pull"])
    spots = [part.centre for hull in body_shapes.side_pull(posed) for part in hull]
    right, left = (
        (posed.at[f"{side}_hip"], posed.at[f"{side}_shoulder"]) for side in ("right", "left")
    )
    assert all(to_bone(spot, *right) < to_bone(spot, *left) for spot in spots)
    assert (spots[0] - right[0]).length() < 20
    assert (spots[-1] - right[1]).length() < 25


def test_the_leg_band_lies_behind_the_raised_leg() -> None:
    posed = skeleton(POSES["hinge_forward_pull"])
    at = posed.at
    for hull in body_shapes.raised_leg_pull(posed):
        for part in hull:
            bone = [("left_hip", "left_knee"), ("left_knee", "left_ankle")]
            assert min(to_bone(part.centre, at[a], at[b]) for a, b in bone) < THIGH_RADIUS
            middle = (at["left_hip"] + at["left_ankle"]) * 0.5
            line = (at["left_ankle"] - at["left_hip"]).unit
            assert (part.centre - middle).dot(UP.square_to(line)) < 0, "below the bones"


def test_lower_back_band_lies_on_the_back() -> None:
    posed = skeleton(POSES["hinge_forward_pull"])
    ((low, *_, high),) = body_shapes.lower_back_pull(posed)
    for part in (low, high):
        assert posed.frames["waist"].seen(part.centre - posed.at["waist"]).x < 0
    assert posed.at["pelvis"].y < low.centre.y < high.centre.y < posed.at["chest"].y
