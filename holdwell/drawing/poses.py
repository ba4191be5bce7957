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

TUCKED_LEFT = Arm(Aim(175, 22), Aim(95, 62), Aim(100, 80), palm=Aim(180, 90))

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
    guides=((Vec(40, 0, 14), Vec(112, 0, 14)), (Vec(40, 0, -14), Vec(112, 0, -14))),
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

TURNED = replace(
    HEEL,
    alt="{person} with the {raised} heel on a low seat. The standing {standing} foot turns "
    "outwards until it is parallel with the front edge of the seat, and the hips open part of "
    "the way.",
    right_foot=Standing(0, 14, 90),
    ghost_foot=Standing(0, 14, 0),
    left_arm=TUCKED_LEFT,
    pelvis=Vec(0, 156.3, 1),
    left_foot=Raised(14.5, -12, Aim(0, 152)),
    hips=36,
    chest=32,
    looking=15,
    arrows=(Arrow("right_heel", (56, 2), (46, 26), (8, 32)),),
    guides=(
        (Vec(0, 0, -60), Vec(0, 0, 92)),
        (Vec(CHAIR.edge, 0, -60), Vec(CHAIR.edge, 0, 92)),
    ),
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
    arrows=(Arrow("pelvis", (-78, 0), (-60, 0), (-36, 0)),),
    guides=(),
    ghost_foot=None,
)

REACH = replace(
    FORWARD,
    alt="Side reach: {person} with the {raised} heel on a low seat, the {standing} foot turned "
    "out. The {standing} arm goes up to the ceiling and over towards the raised foot, and the body "
    "bends sideways with it; the other hand rests on the raised thigh.",
    hips=48,
    chest=62,
    looking=40,
    lower_spine=Aim(10, 168),
    upper_spine=Aim(0, 146),
    neck=Aim(0, 140),
    right_arm=Arm(Aim(-10, 142), Aim(0, 116), Aim(0, 104), shrug=24, palm=Aim(0, 0)),
    left_arm=OnThigh(0.86, 0, Aim(-60, 100), shrug=-8),
    left_arm_layer=1,
    arrows=(Arrow("right_elbow", (-47, 15), (-32, -23), (20, -24)),),
)

BACK = replace(
    TURNED,
    alt="{person} with the {raised} heel on a low seat, the {standing} foot turned out. Pelvis and "
    "buttocks go back, the upper body leans forward with a long flat back to balance, and there is "
    "open space below the belly.",
    pelvis=Vec(-8, 152, -2),
    left_foot=Raised(5.5, -12, Aim(0, 152)),
    hips=10,
    chest=8,
    looking=12,
    lower_spine=Aim(6, 150),
    upper_spine=Aim(6, 147),
    neck=Aim(6, 147),
    right_arm=Touch("pelvis", Vec(-6, 18, 27), Aim(10, 60), Aim(-90, 90), Aim(150, 110)),
    left_arm=Touch("pelvis", Vec(-6, 18, -27), Aim(10, 60), Aim(90, 90), Aim(-150, 110)),
    arrows=(Arrow("buttocks", (-14, 2), (-30, 2), (-60, 2)),),
    guides=(),
    ghost_foot=None,
)

HINGE = replace(
    BACK,
    alt="Hinge forward: {person} with the {raised} heel on a low seat, the {standing} foot turned "
    "out, hips pushed back. The body leans gently forward with a long back, both hands resting on "
    "the raised thigh, the head in line with the spine and the belly hanging free.",
    lower_spine=Aim(6, 144),
    upper_spine=Aim(6, 135),
    neck=Aim(6, 135),
    right_arm=OnThigh(0.88, 4, Aim(90, 60)),
    left_arm=OnThigh(0.95, -3, Aim(-90, 60)),
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
        "heel_on_base": HEEL,
        "foot_turned_out": TURNED,
        "pelvis_forward": FORWARD,
        "side_reach": REACH,
        "pelvis_back": BACK,
        "hinge_forward": HINGE,
        "rest": REST,
    }
)
