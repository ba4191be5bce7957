"""The poses, as data: one `skeleton.Pose` for every drawing of the body."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from tools.illustrations.geometry import Aim, Vec
from tools.illustrations.interpolate import between
from tools.illustrations.skeleton import (
    CHAIR,
    Arm,
    Arrow,
    HeelBase,
    OnThigh,
    Pose,
    Raised,
    Standing,
    Touch,
)

HANGING_RIGHT = Arm(Aim(120, 10), Aim(40, 14), Aim(20, 8), palm=Aim(180, 90))

HANGING_LEFT = Arm(Aim(-40, 13), Aim(10, 12), Aim(20, 8), palm=Aim(135, 90))

STAND = Pose(
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
    inset=True,
    camera=32,
    origin=160,
)

HEEL = replace(
    STAND,
    pelvis=Vec(1, 156.3, 0),
    hips=10,
    left_arm=Arm(Aim(180, 16), Aim(180, 5), Aim(0, 6), palm=Aim(90, 90)),
    inset=False,
    camera=16,
    origin=140,
    left_foot=Raised(11, -12, Aim(0, 152)),
    lifted_from=Raised(-86, -13, Aim(0, 104), above=-27),
    arrows=(Arrow("left_heel", (-53, 29), (-24, 32), (-14, 6)),),
)

# The place of the second chair's back, to the right of the body; the hand lies on top of it.
BESIDE = Vec(-12, 0, 76)

SECOND = replace(
    HEEL,
    pelvis=Vec(2, 156.3, 0),
    left_foot=Raised(-72, -13, Aim(0, 110), above=-14),
    lifted_from=None,
    right_arm=Touch("world", Vec(-23.5, 160.5, 57), Aim(24, 76), Aim(0, 0), Aim(150, 60)),
    left_arm=Touch("pelvis", Vec(-12, 18, -22), Aim(170, 60), Aim(90, 90), Aim(-110, 110)),
    arrows=(Arrow("left_toe", (5, 4), (38, 8), (48, -20)),),
    support=BESIDE,
    camera=34,
    origin=176,
)

TURNED = replace(
    HEEL,
    right_foot=Standing(0, 14, 90),
    left_arm=HANGING_LEFT,
    left_arm_layer=1,
    pelvis=Vec(0, 156.3, 1),
    left_foot=Raised(15.4, -12, Aim(0, 152)),
    hips=36,
    chest=32,
    looking=15,
    arrows=(Arrow("right_heel", (48, -8), (50, 20), (4, 24)),),
    guides=(
        (Vec(0, 0, -30), Vec(0, 0, 90)),
        (Vec(CHAIR.edge, CHAIR.height, -60), Vec(CHAIR.edge, CHAIR.height, 60)),
    ),
    turned_from=0,
    lifted_from=None,
    inset=True,
    camera=32,
    origin=160,
)

FORWARD = replace(
    TURNED,
    pelvis=Vec(8, 156, 2),
    left_foot=Raised(24.2, -12, Aim(0, 152)),
    hips=42,
    chest=40,
    lower_spine=Aim(190, 174),
    upper_spine=Aim(180, 176),
    right_arm=Arm(Aim(40, 10), Aim(20, 26), Aim(10, 20), palm=Aim(180, 90)),
    arrows=(Arrow("pelvis", (-74, 4), (-56, 4), (-26, 4)),),
    turned_from=None,
    inset=False,
    camera=24,
    origin=150,
)

REACH = replace(
    FORWARD,
    hips=42,
    chest=47,
    looking=40,
    lower_spine=Aim(10, 168),
    upper_spine=Aim(0, 146),
    neck=Aim(0, 140),
    right_arm=Arm(Aim(-10, 140), Aim(0, 113), Aim(0, 102), shrug=24, palm=Aim(0, 0)),
    left_arm=OnThigh(0.59, 2, Aim(-60, 100), shrug=-8),
    left_arm_layer=1,
    camera=14,
    origin=146,
    arrows=(Arrow("right_elbow", (-48, 24), (-36, -12), (8, -17)),),
)

BACK = replace(
    TURNED,
    pelvis=Vec(-8, 155, -2),
    left_foot=Raised(4.4, -9, Aim(0, 152)),
    hips=14,
    chest=2,
    looking=8,
    lower_spine=Aim(4, 155),
    upper_spine=Aim(4, 150),
    neck=Aim(4, 148),
    right_arm=Touch("pelvis", Vec(-6, 18, 27), Aim(10, 60), Aim(-90, 90), Aim(150, 110)),
    left_arm=Touch("pelvis", Vec(-11, 18, -25), Aim(10, 60), Aim(90, 90), Aim(-100, 100)),
    turned_from=None,
    inset=False,
    arrows=(Arrow("buttocks", (-14, 2), (-30, 2), (-60, 2)),),
    camera=16,
    origin=146,
)

HINGE = replace(
    BACK,
    chest=-12,
    lower_spine=Aim(4, 148),
    upper_spine=Aim(4, 137),
    neck=Aim(4, 135),
    right_arm=OnThigh(0.552, 10, Aim(140, 75), shrug=-8, forward=30, turn=30),
    left_arm=OnThigh(0.648, -6, Aim(-70, 100), shrug=-8, forward=58),
    camera=16,
    origin=145,
    left_arm_layer=1,
    free_space=True,
    arrows=(Arrow("chest", (-62, 10), (-28, -30), (22, -84)),),
)

# Where the stretch is felt: the same poses without arrows and guides.
REACH_PULL = replace(REACH, arrows=(), guides=(), pulls=("side",))
HINGE_PULL = replace(
    HINGE, arrows=(), guides=(), free_space=False, pulls=("lower_back", "raised_leg")
)

# Back on both feet in front of the base, after the heel, and the arm or the body, have come down.
_DOWN = Arrow("left_heel", (106, -58), (70, -44), (40, -6))
REACH_OUT = replace(
    STAND,
    inset=False,
    camera=16,
    origin=140,
    arrows=(Arrow("chest", (112, -58), (106, 8), (66, 36)), _DOWN),
    before=REACH,
)
HINGE_OUT = replace(
    REACH_OUT, arrows=(Arrow("chest", (76, 22), (78, -26), (44, -50)), _DOWN), before=HINGE
)

# A larger figure and what suits it: feet wider apart, a low step, a hand on the second chair.
LOW_STEP = HeelBase(edge=76, height=25, depth=44, half_width=36)
LOWER = replace(
    SECOND,
    pelvis=Vec(0, 155.4, 1),
    right_foot=Standing(0, 20, 0),
    left_foot=Raised(15, -18, Aim(0, 150)),
    left_arm=STAND.left_arm,
    arrows=(),
    base=False,
    step=LOW_STEP,
    larger=True,
)

AT_WALL = replace(HEEL, arrows=(), lifted_from=None, wall=True, camera=26, origin=150)

# Both feet are on the floor again, and a hand is on the second chair.
REST = replace(
    SECOND,
    pelvis=Vec(2, 156.7, 0),
    hips=20,
    chest=20,
    looking=40,
    right_foot=Standing(0, 14, 30),
    left_foot=Standing(6, -14, 4),
    left_arm=HANGING_LEFT,
    arrows=(),
    left_arm_layer=1,
    base=False,
    origin=236,
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
        "side_reach_pull": REACH_PULL,
        "hinge_forward_pull": HINGE_PULL,
        "side_reach_out": REACH_OUT,
        "hinge_forward_out": HINGE_OUT,
        "lower_base": LOWER,
        "chair_at_wall": AT_WALL,
        "rest": REST,
    }
)

# ---- From pose to pose --------------------------------------------------------------------------

# The foot leaves the floor in front of the base and comes down on it from above.
_LIFTING = replace(between(STAND, HEEL, 0.35), left_foot=Raised(-68, -13, Aim(0, 104), above=-16))
_OVER = replace(between(STAND, HEEL, 0.75), left_foot=Raised(-14, -12, Aim(0, 140), above=9))

# The arm first goes up to the ceiling, with its elbow around the belly, and then over.
_ARM_AHEAD = replace(
    between(FORWARD, REACH, 0.12),
    right_arm=Arm(Aim(38, 80), Aim(12, 92), Aim(8, 94), shrug=4, palm=Aim(-60, 90)),
)
_ARM_UP = replace(
    between(FORWARD, REACH, 0.4),
    right_arm=Arm(Aim(14, 138), Aim(4, 116), Aim(0, 106), shrug=14, palm=Aim(0, 10)),
)

_FEET_DOWN = (TURNED, HEEL, _OVER, _LIFTING)

WAYS: Mapping[str, tuple[str, tuple[Pose, ...]]] = MappingProxyType(
    {
        "heel_on_base": ("stand_facing_base", (_LIFTING, _OVER)),
        "foot_turned_out": ("heel_on_base", ()),
        "pelvis_forward": ("foot_turned_out", ()),
        "side_reach": ("pelvis_forward", (_ARM_AHEAD, _ARM_UP)),
        "pelvis_back": ("foot_turned_out", ()),
        "hinge_forward": ("pelvis_back", ()),
        "side_reach_out": ("side_reach", (_ARM_UP, _ARM_AHEAD, FORWARD, *_FEET_DOWN)),
        "hinge_forward_out": ("hinge_forward", (BACK, *_FEET_DOWN)),
    }
)
"""How each pose is reached: the name of the pose before it, and poses to pass through."""


def way_to(name: str) -> tuple[Pose, ...]:
    """Return the poses on the way to the named pose, starting with the pose before it."""
    before, through = WAYS[name]
    return (POSES[before], *through, POSES[name])
