"""The poses, as data: every drawing of the body, in the words of body.Pose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from holdwell.drawing.body import (
    CHAIR,
    Aim,
    Arm,
    Arrow,
    OnThigh,
    Pose,
    Raised,
    Standing,
    Touch,
    Vec,
)

HANGING_RIGHT = Arm(Aim(120, 10), Aim(40, 14), Aim(20, 8), palm=Aim(180, 90))

STAND = Pose(
    alt="{person} stands facing a low chair, feet hip-distance apart, knees relaxed, "
    "both feet pointing at the chair.",
    pelvis=Vec(4, 156.7, 0),
    right_foot=Standing(0, 14, 0),
    left_foot=Standing(0, -14, 0),
    hips=0,
    chest=0,
    looking=10,
    lower_spine=Aim(0, 176),
    upper_spine=Aim(180, 175),
    neck=Aim(0, 170),
    right_arm=HANGING_RIGHT,
    left_arm=Arm(Aim(180, 7), Aim(0, 7), Aim(0, 6), palm=Aim(90, 90)),
    left_arm_layer=0,
    guides=((Vec(40, 0, 14), Vec(102, 0, 14)), (Vec(40, 0, -14), Vec(102, 0, -14))),
    camera=32,
    origin=160,
)

HEEL = replace(
    STAND,
    alt="{person} stands on the {standing} leg facing a low chair. The {raised} leg is long and "
    "relaxed, only its heel on the seat, toes up. The standing foot points at the chair.",
    pelvis=Vec(1, 156.3, 0),
    hips=10,
    guides=(),
    camera=16,
    origin=140,
    left_foot=Raised(11, -12, Aim(0, 152)),
    arrows=(Arrow("left_heel", (-92, 66), (-36, 62), (-28, 14)),),
)

# The second chair's back is this far to the right, and the hand lies on top of it.
BESIDE = Vec(-12, 0, 76)

SECOND = replace(
    HEEL,
    alt="{person} faces a low chair and begins to lift the {raised} heel towards its seat. A "
    "second chair stands beside the {standing} leg, and the {standing} hand holds on to its back.",
    pelvis=Vec(2, 156.3, 0),
    left_foot=Raised(-76, -13, Aim(0, 100), above=-24),
    right_arm=Touch("world", Vec(-23.5, 160.5, 57), Aim(24, 76), Aim(0, 0), Aim(150, 60)),
    left_arm=Touch("pelvis", Vec(-12, 18, -22), Aim(170, 60), Aim(90, 90), Aim(-110, 110)),
    arrows=(Arrow("left_heel", (6, 24), (52, 28), (66, -12)),),
    support=BESIDE,
    camera=34,
    origin=176,
)

TURNED = replace(
    HEEL,
    alt="{person} with the {raised} heel on a low seat. The standing {standing} foot turns "
    "outwards until it is parallel with the front edge of the seat, and the hips open part of "
    "the way.",
    right_foot=Standing(0, 14, 90),
    left_arm=Touch("pelvis", Vec(-16, 16, -24), Aim(170, 60), Aim(90, 90), Aim(-120, 110)),
    pelvis=Vec(0, 156.3, 1),
    left_foot=Raised(14.5, -12, Aim(0, 152)),
    hips=36,
    chest=32,
    looking=15,
    arrows=(Arrow("right_heel", (48, -8), (50, 20), (4, 24)),),
    guides=(
        (Vec(0, 0, 50), Vec(0, 0, 118)),
        (Vec(CHAIR.edge, 0, 40), Vec(CHAIR.edge, 0, 108)),
    ),
    camera=32,
    origin=160,
)

FORWARD = replace(
    TURNED,
    alt="{person} with the {raised} heel on a low seat and the standing {standing} foot turned "
    "out. The pelvis moves slightly forward; the upper body stays tall.",
    pelvis=Vec(10, 156, 2),
    left_foot=Raised(21, -12, Aim(0, 152)),
    hips=42,
    chest=40,
    lower_spine=Aim(190, 174),
    upper_spine=Aim(180, 176),
    arrows=(Arrow("pelvis", (-82, 0), (-64, 0), (-39, 0)),),
    guides=(),
    camera=16,
    origin=140,
)

REACH = replace(
    FORWARD,
    alt="Side reach: {person} with the {raised} heel on a low seat, the {standing} foot turned "
    "out. The {standing} arm goes up to the ceiling and over towards the raised foot, and the body "
    "bends sideways with it; the other hand rests on the raised thigh.",
    hips=44,
    chest=58,
    looking=40,
    lower_spine=Aim(10, 168),
    upper_spine=Aim(0, 146),
    neck=Aim(0, 140),
    right_arm=Arm(Aim(-10, 140), Aim(0, 113), Aim(0, 102), shrug=24, palm=Aim(0, 0)),
    left_arm=OnThigh(0.86, 0, Aim(-60, 100), shrug=-8),
    left_arm_layer=1,
    camera=4,
    arrows=(Arrow("right_elbow", (-48, 24), (-36, -12), (8, -17)),),
)

BACK = replace(
    TURNED,
    alt="{person} with the {raised} heel on a low seat, the {standing} foot turned out. Pelvis and "
    "buttocks go back, the upper body leans forward with a long flat back to balance, and there is "
    "open space below the belly.",
    pelvis=Vec(-8, 155, -2),
    left_foot=Raised(4.4, -9, Aim(0, 152)),
    hips=14,
    chest=2,
    looking=8,
    lower_spine=Aim(4, 155),
    upper_spine=Aim(4, 150),
    neck=Aim(4, 148),
    right_arm=Touch("pelvis", Vec(-6, 18, 27), Aim(10, 60), Aim(-90, 90), Aim(150, 110)),
    left_arm=Touch("pelvis", Vec(-15, 18, -26), Aim(10, 60), Aim(90, 90), Aim(-150, 110)),
    arrows=(Arrow("buttocks", (-14, 2), (-30, 2), (-60, 2)),),
    guides=(),
    camera=7,
    origin=140,
)

HINGE = replace(
    BACK,
    alt="Hinge forward: {person} with the {raised} heel on a low seat, the {standing} foot turned "
    "out, hips pushed back. The body leans gently forward with a long back, both hands resting on "
    "the raised thigh, the head in line with the spine and the belly hanging free.",
    chest=-12,
    lower_spine=Aim(4, 147),
    upper_spine=Aim(4, 136),
    neck=Aim(4, 135),
    right_arm=OnThigh(0.97, 5, Aim(90, 80), shrug=-6, forward=42),
    left_arm=OnThigh(0.98, -4, Aim(-90, 80), shrug=-6, forward=36),
    left_arm_layer=1,
    arrows=(Arrow("chest", (-62, 10), (-28, -30), (22, -84)),),
)

REST = replace(
    STAND,
    alt="{person} stands at ease on both feet, shoulders low, one hand resting below the belly.",
    pelvis=Vec(4, 156.3, 2),
    hips=45,
    chest=45,
    looking=40,
    right_foot=Standing(-10, 11, 55),
    left_foot=Standing(10, -11, 35),
    right_arm=Touch("waist", Vec(26, -22, 21), Aim(-32, 84), Aim(180, 130), Aim(150, 50)),
    left_arm=Arm(Aim(-40, 13), Aim(10, 12), Aim(20, 8), palm=Aim(135, 90)),
    left_arm_layer=1,
    base=False,
    guides=(),
    camera=16,
    origin=196,
)

POSES: Mapping[str, Pose] = MappingProxyType(
    {
        "stand_facing_base": STAND,
        "second_chair": SECOND,
        "heel_on_base": HEEL,
        "foot_turned_out": TURNED,
        "pelvis_forward": FORWARD,
        "side_reach": REACH,
        "pelvis_back": BACK,
        "hinge_forward": HINGE,
        "rest": REST,
    }
)
