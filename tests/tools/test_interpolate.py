"""Movements from one pose to the next: bones and contacts on the way, and the moving outlines."""

import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from tests.tools.anatomy import BODIES, BONES, trunk_lean
from tools.illustrations import animate, body_shapes, outline_morph, render
from tools.illustrations.__main__ import ILLUSTRATIONS
from tools.illustrations.contours import Projection, ball, numbers, trace
from tools.illustrations.geometry import Aim, Vec
from tools.illustrations.interpolate import LONG_STRIDE, STRIDE, Waypoint, waypoints
from tools.illustrations.poses import POSES, WAYS, way_to
from tools.illustrations.skeleton import CHAIR, HEEL_RADIUS, PREGNANT, Body, Raised, skeleton

MOVES = list(WAYS)


@cache
def way(name: str) -> list[Waypoint]:
    return waypoints(way_to(name))


def close(a: Vec, b: Vec) -> bool:
    return (a - b).length() < 1e-6


@pytest.mark.parametrize("name", MOVES)
def test_a_move_begins_at_the_pose_before_and_ends_at_the_step(name: str) -> None:
    found = way(name)
    before = POSES[WAYS[name][0]]
    for pose, waypoint in ((before, found[0]), (POSES[name], found[-1])):
        expected, at = skeleton(pose).at, skeleton(waypoint.pose).at
        assert all(close(at[joint], expected[joint]) for joint in expected)
    assert found[-1].pose == POSES[name], "it rests in the very pose of the step"
    assert (found[0].share, found[-1].share) == (0, 1)


def test_each_step_is_reached_from_the_step_before() -> None:
    before = {name: start for name, (start, _) in WAYS.items()}
    assert before == {
        "heel_on_base": "stand_facing_base",
        "foot_turned_out": "heel_on_base",
        "pelvis_forward": "foot_turned_out",
        "side_reach": "pelvis_forward",
        "pelvis_back": "foot_turned_out",
        "hinge_forward": "pelvis_back",
        "side_reach_out": "side_reach",
        "hinge_forward_out": "hinge_forward",
    }


@pytest.mark.parametrize("name", MOVES)
def test_bones_keep_their_length_all_the_way(name: str) -> None:
    for waypoint in way(name):
        at = skeleton(waypoint.pose).at
        for side in ("right", "left"):
            for start, end, length in BONES:
                found = (at[end.format(side)] - at[start.format(side)]).length()
                assert found == pytest.approx(length)


@pytest.mark.parametrize("name", MOVES)
def test_feet_keep_contact_all_the_way(name: str) -> None:
    poses = [waypoint.pose for waypoint in way(name)]
    skeletons = [skeleton(pose).at for pose in poses]
    for at in skeletons:
        assert at["right_heel"].y == pytest.approx(HEEL_RADIUS), "the standing heel is down"
        assert close(at["right_ankle"], skeletons[0]["right_ankle"]), "and turns on the spot"
    if all(isinstance(pose.left_foot, Raised) and not pose.left_foot.above for pose in poses):
        for at in skeletons:
            assert at["left_heel"].y - HEEL_RADIUS == pytest.approx(CHAIR.height)


@pytest.mark.parametrize("name", ["heel_on_base", "side_reach_out", "hinge_forward_out"])
def test_the_heel_comes_onto_the_base_from_above_and_leaves_it_upwards(name: str) -> None:
    for waypoint in way(name):
        at = skeleton(waypoint.pose).at
        heel, toe, ball_ = (at[f"left_{joint}"] for joint in ("heel", "toe", "ball"))
        assert heel.y >= HEEL_RADIUS - 1e-6, "never through the floor"
        if heel.x > CHAIR.edge - HEEL_RADIUS:
            assert heel.y - HEEL_RADIUS > CHAIR.height - 0.5, "never through the seat"
        for front in (toe, ball_):
            assert front.x < CHAIR.edge - 3 or front.y > CHAIR.height + 2


@pytest.mark.parametrize("name", MOVES)
def test_no_joint_jumps_and_no_knee_bends_backwards(name: str) -> None:
    found = way(name)
    longest = LONG_STRIDE if name.endswith("_out") else STRIDE
    for a, b in pairwise(found):
        first, last = skeleton(a.pose).at, skeleton(b.pose).at
        assert max((last[joint] - first[joint]).length() for joint in first) < 2 * longest
        assert b.share > a.share
    for waypoint in found:
        posed = skeleton(waypoint.pose)
        for side in ("right", "left"):
            hip, knee, ankle = (posed.at[f"{side}_{j}"] for j in ("hip", "knee", "ankle"))
            assert (knee - (hip + ankle) * 0.5).dot(posed.frames[f"{side}_foot"].front) > 0


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", MOVES)
def test_arms_go_round_the_belly(name: str, body: Body) -> None:
    for waypoint in way(name):
        posed = skeleton(waypoint.pose)
        shape = body_shapes.belly(posed, body)
        for side in ("right", "left"):
            for joint in ("elbow", "wrist", "palm"):
                off = posed.at[f"{side}_{joint}"] - shape.centre
                depth = sum((off.dot(axis.unit) / axis.length()) ** 2 for axis in shape.axes)
                assert depth > 0.95, (round(waypoint.share, 2), side, joint)


def test_the_arm_goes_up_before_it_goes_over() -> None:
    found = [skeleton(waypoint.pose).at for waypoint in way("side_reach")]
    up = next(at for at in found if at["right_fingers"].y > at["crown"].y)
    assert trunk_lean(up) < trunk_lean(found[-1]) - 5


# ---- Outlines -----------------------------------------------------------------------------------


def fit(line: outline_morph.MatchedLine, data: str) -> float:
    """Return the largest distance of points on written curves from the traced outline."""
    (start, *steps) = re.findall(r"M([^c]*)c(.*)z", data)[0]
    x, y = (tenths / 10 for tenths in numbers(start))
    values, spots = [tenths / 10 for tenths in numbers(steps[0])], []
    t = np.array([[0.25], [0.5], [0.75], [1]])
    for k in range(0, len(values), 6):
        a, b, c = (np.array([x + values[k + i], y + values[k + i + 1]]) for i in (0, 2, 4))
        p = np.array([x, y])
        spots.append(
            p * (1 - t) ** 3 + 3 * a * t * (1 - t) ** 2 + 3 * b * t**2 * (1 - t) + c * t**3
        )
        x, y = x + values[k + 4], y + values[k + 5]
    off = np.concatenate(spots)[:, np.newaxis] - line.points
    return float(np.hypot(off[..., 0], off[..., 1]).min(axis=1).max())


@pytest.mark.parametrize("name", MOVES)
def test_outlines_are_written_exactly_and_with_the_same_commands(name: str) -> None:
    # The movement out of a stretch has longer strides between its frames.
    frames = way(name)[:: 2 if name.endswith("_out") else 4]
    painters = [render.Painter(waypoint.pose, PREGNANT) for waypoint in frames]
    for shapes in zip(*(painter.figure() for painter in painters), strict=True):
        loops = [shape.outline for shape in shapes if shape.outline is not None]
        if not loops:
            continue
        lines = outline_morph.lines(loops)
        written = outline_morph.paths(lines)
        assert len({len(numbers(data)) for data in written}) == 1
        for line, data in zip(lines, written, strict=True):
            assert fit(line, data) < (4 if name.endswith("_out") else 2.5)


def test_a_turning_outline_is_followed_point_by_point() -> None:
    # A long oval turns by 20 degrees: the point at its tip must stay at its tip.
    stage, low = Projection(200, 0), Vec(0, 100, 0)
    ovals = [(ball(low, 9), ball(low + Aim(0, rise).unit * 60, 5)) for rise in (70, 90)]
    loops = [trace(stage, [oval], 0)[0] for oval in ovals]
    first, last = outline_morph.lines(loops)
    tips = [int((line.matched[:, 0]).argmax()) for line in (first, last)]
    apart = abs(tips[0] - tips[1]) % len(first.at)
    assert min(apart, len(first.at) - apart) < len(first.at) * 0.04


def test_only_the_frames_that_interpolation_needs_are_kept() -> None:
    straight = [np.array([[float(k), 0.0]]) for k in range(5)]
    assert outline_morph.keys([0, 0.25, 0.5, 0.75, 1], straight) == [0, 4]
    bent = [np.array([[float(k), 10.0 * (k == 2)]]) for k in range(5)]
    assert 2 in outline_morph.keys([0, 0.25, 0.5, 0.75, 1], bent)


def values(text: str, name: str) -> list[tuple[list[float], list[str], str]]:
    found = []
    for element in re.findall(r"<animate [^>]*>", text):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', element))
        if attributes["attributeName"] == name:
            times = [float(t) for t in attributes["keyTimes"].split(";")]
            found.append((times, attributes["values"].split(";"), attributes.get("keySplines", "")))
    return found


@pytest.mark.parametrize("name", MOVES)
def test_animations_follow_the_specification(name: str) -> None:
    # Use the stored file, which test_illustration_files compares with what is drawn.
    text = (ILLUSTRATIONS / f"{name}.move.svg").read_text(encoding="utf-8")
    # The pose of a stretch needs a long rest; coming out is about the movement itself.
    rest_s = 1.9 if name.endswith("_out") else 3
    for kind in ("d", "opacity"):
        for times, shapes, splines in values(text, kind):
            assert times[0] == 0
            assert times == sorted(times)
            assert len(times) == len(shapes)
            assert all(0 <= n <= 1 for n in numbers(splines))
            if kind == "d":
                assert times[-1] == 1
                assert len(splines.split(";")) == len(times) - 1
                commands = {re.sub(r"[-\d. ]+", "", shape) for shape in shapes}
                assert len(commands) == 1, "a browser interpolates only the same commands"
                assert len({len(numbers(shape)) for shape in shapes}) == 1
                assert times[-1] - times[-2] > rest_s / animate.ROUND_S, "a long rest in the pose"
