"""The body in the drawings: joints and bone lengths, posed by angles.

World axes and units are those of geometry.py. The right leg stands, and the left heel goes up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

from tools.illustrations.geometry import DOWN, UP, Aim, Frame, Vec, bend


@dataclass(frozen=True)
class Lengths:
    """The lengths of the body's bones, from joint to joint, in user units."""

    thigh: float = 74
    shin: float = 70
    heel_drop: float = 6
    heel_back: float = 7
    ball: float = 20
    toe: float = 29
    hip_half: float = 13
    lower_spine: float = 45
    upper_spine: float = 45
    collar: float = 24
    neck: float = 17
    skull: float = 17
    upper_arm: float = 54
    forearm: float = 46
    palm: float = 10
    fingers: float = 13


@dataclass(frozen=True)
class Belly:
    """The belly, in user units: its centre, from the waist joint; its half-axes; and how far its
    weight moves it away from the spine (`give`) and along it (`slide`) when the body is level."""

    below: float
    front: float
    half_height: float
    half_depth: float
    half_width: float
    give: float
    slide: float


@dataclass(frozen=True)
class Body:
    """One kind of body. The bones are the same for all; `girth` is how many times thicker limbs and
    trunk are than those of the slim figure."""

    belly: Belly
    bust: float
    waist_depth: float
    girth: float = 1.0

    def larger(self) -> Body:
        """Return a larger body."""
        belly = replace(
            self.belly,
            front=self.belly.front + 2,
            half_height=self.belly.half_height + 4,
            half_depth=self.belly.half_depth + 3,
            half_width=self.belly.half_width + 9,
        )
        return Body(belly, self.bust + 2.5, self.waist_depth + 6, 1.32)


PREGNANT = Body(Belly(9, 14.5, 23.5, 25.5, 24, 0, 54), 11.5, 17)
POSTPARTUM = Body(Belly(11, 7.5, 20, 16, 20, 2, 26), 11.5, 15)
LENGTHS = Lengths()

HEEL_RADIUS = 7.0
ANKLE_HEIGHT = LENGTHS.heel_drop + HEEL_RADIUS
"""How high the ankle joint is above the ground under the foot."""
THIGH_RADIUS = 13.6
CALF_RADIUS = 9.6
ANKLE_RADIUS = 5.6


# ---- Poses --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A foot on the floor: the x and z of its ankle, and the heading of its toes in degrees."""

    x: float
    z: float
    heading: float


@dataclass(frozen=True)
class Raised:
    """A heel on the base: how far it is from the base's front edge, its z, the aim of the toes, and
    how far `above` the base it is on its way there (negative if below)."""

    onto: float
    z: float
    toes: Aim
    above: float = 0


@dataclass(frozen=True)
class Arm:
    """An arm given by the aims of its bones; `shrug` lifts the shoulder, in degrees."""

    upper: Aim
    forearm: Aim
    hand: Aim
    shrug: float = 0
    palm: Aim = DOWN


@dataclass(frozen=True)
class OnThigh:
    """A hand that rests on the raised thigh.

    The palm lies `share` of the way from hip to knee, and `over` user units to the right of the
    bone. The fingers point along the thigh, turned right by `turn` degrees. The elbow points
    towards `elbow`, and `forward` moves the shoulder forward, in degrees.
    """

    share: float
    over: float
    elbow: Aim
    shrug: float = 0
    forward: float = 0
    turn: float = 0


@dataclass(frozen=True)
class Touch:
    """A hand on a part of the body, or on a thing in the "world": the wrist's place in that part's
    frame, in user units; where hand and palm point; and where the elbow points to."""

    part: str
    wrist: Vec
    hand: Aim
    palm: Aim
    elbow: Aim
    shrug: float = 0


@dataclass(frozen=True)
class Swing:
    """An arm in motion, as unit directions in the chest's frame: x forward, y up, z right."""

    upper: Vec
    forearm: Vec
    hand: Vec
    palm: Vec
    shrug: float = 0
    forward: float = 0


Limb = Arm | OnThigh | Touch | Swing


@dataclass(frozen=True)
class Arrow:
    """A curved arrow: start, control point and tip, as offsets on the page from a joint."""

    joint: str
    start: tuple[float, float]
    bend: tuple[float, float]
    tip: tuple[float, float]


@dataclass(frozen=True)
class Pose:
    """One drawing of the body.

    `pelvis` is the world position of the middle between the hip joints. `hips`, `chest` and
    `looking` are headings in degrees. `left_arm_layer` is 0 behind the left leg, 1 behind the
    torso, 2 in front of it. `guides` are parallel lines in the world. `turned_from` is where the
    standing foot pointed before, in degrees, and `lifted_from` where the raised foot was on its
    way; both are shown pale. `camera` is how far round to the base's side the viewer stands, in
    degrees, and `origin` is where x = 0 is on the page, in user units from the left. `support` is
    the place on the floor of the middle of a second chair's back. `free_space` tints the space
    below the belly and adds an inset that shows it without the arms. `pulls` names the bands where
    the stretch pulls (body_shapes.PULLS), `wall` is a wall behind the chair, `inset` shows the feet
    from above, and `before` is a pose that a still drawing shows pale behind this one. `step` is
    the heel base if that is not a chair, and `larger` draws a larger body.
    """

    pelvis: Vec
    right_foot: Standing
    left_foot: Standing | Raised
    hips: float
    chest: float
    looking: float
    lower_spine: Aim
    upper_spine: Aim
    neck: Aim
    right_arm: Limb
    left_arm: Limb
    arrows: tuple[Arrow, ...] = ()
    left_arm_layer: int = 1
    base: bool = True
    guides: tuple[tuple[Vec, Vec], ...] = ()
    turned_from: float | None = None
    lifted_from: Raised | None = None
    camera: float = 16
    origin: float = 140
    support: Vec | None = None
    free_space: bool = False
    pulls: tuple[str, ...] = ()
    wall: bool = False
    inset: bool = False
    before: Pose | None = None
    step: HeelBase | None = None
    larger: bool = False


@dataclass(frozen=True)
class HeelBase:
    """A low base, in user units: the x of its near edge, the height of its top, and its size."""

    edge: float = 104
    height: float = 48
    depth: float = 72
    half_width: float = 28
    slab: float = 9


CHAIR = HeelBase()
BACK_HEIGHT = 78.0
"""How far a chair's back rises above its seat, in user units."""
SUPPORT = HeelBase(edge=-60, height=76, depth=60, half_width=26)
"""A chair of usual height to hold on to, with x = 0 at its back."""


@dataclass(frozen=True)
class Skeleton:
    """A posed body: its joints in user units of the world, the frames to which shapes are attached,
    and the body's girth."""

    at: dict[str, Vec]
    frames: dict[str, Frame]
    girth: float = 1.0


def skeleton(pose: Pose, base: HeelBase | None = None) -> Skeleton:
    """Return every joint and landmark of the posed body, in user units of the world.

    The heel lies on `base`, or by default on the pose's own base.
    """
    base = base or pose.step or CHAIR
    at: dict[str, Vec] = {}
    frames: dict[str, Frame] = {}
    low, high, neck = pose.lower_spine.unit, pose.upper_spine.unit, pose.neck.unit
    # The pelvis tips forward and back with the spine, but a little less, and the hips stay level.
    ahead = Aim(pose.hips, 90).unit
    pelvis = Frame.of(pose.pelvis, (UP * (low.y + 0.25) + ahead * low.dot(ahead)).unit, ahead)
    at["pelvis"] = pose.pelvis
    at["waist"] = waist = pose.pelvis + low * LENGTHS.lower_spine
    at["chest"] = top = waist + high * LENGTHS.upper_spine
    middle = (pose.hips + pose.chest) / 2
    chest = Frame.of(top, high, Aim(pose.chest, 90).unit)
    head = Frame.of(top + neck * (LENGTHS.neck + LENGTHS.skull), neck, Aim(pose.looking, 90).unit)
    at["head"] = head.origin
    at["crown"] = head.at(up=20)
    at["buttocks"] = pelvis.at(front=-22)
    frames |= {
        "world": Frame(Vec(0, 0, 0), UP, Vec(1, 0, 0), Vec(0, 0, 1)),
        "pelvis": pelvis,
        "chest": chest,
        "head": head,
        "waist": Frame.of(waist, (low + high).unit, Aim(middle, 90).unit),
    }
    for side, sign, foot in (("right", 1, pose.right_foot), ("left", -1, pose.left_foot)):
        _leg(at, frames, side, pelvis.at(right=sign * LENGTHS.hip_half), foot, base)
    for side, sign, arm in (("right", 1, pose.right_arm), ("left", -1, pose.left_arm)):
        lift = radians(arm.shrug)
        ahead_by = radians(arm.forward if isinstance(arm, OnThigh | Swing) else 0)
        out = LENGTHS.collar * cos(lift)
        shoulder = chest.at(
            up=LENGTHS.collar * sin(lift),
            front=out * sin(ahead_by),
            right=sign * out * cos(ahead_by),
        )
        _arm(at, frames, side, shoulder, arm)
    return Skeleton(at, frames)


def _leg(
    at: dict[str, Vec],
    frames: dict[str, Frame],
    side: str,
    hip: Vec,
    foot: Standing | Raised,
    base: HeelBase,
) -> None:
    """Add one leg's joints, and points on the skin at the back of the calf and the tendon."""
    if isinstance(foot, Standing):
        toes, sole = Aim(foot.heading, 90).unit, UP * -1
        ankle = Vec(foot.x, ANKLE_HEIGHT, foot.z)
    else:
        toes, high = foot.toes.unit, base.height + HEEL_RADIUS + foot.above
        heel = Vec(base.edge + foot.onto, high, foot.z)
        sole = (heel - hip).square_to(toes)
        ankle = heel - sole * LENGTHS.heel_drop + toes * LENGTHS.heel_back
    # A knee bends in the direction of its toes.
    knee = bend(hip, ankle, LENGTHS.thigh, LENGTHS.shin, toes + Vec(0.5, 0, 0))
    shin = (ankle - knee).unit
    back = toes.square_to(shin) * -1
    frame = Frame.of(ankle, sole * -1, toes)
    frames[f"{side}_foot"] = frame
    at |= {
        f"{side}_hip": hip,
        f"{side}_knee": knee,
        f"{side}_ankle": ankle,
        f"{side}_heel": frame.at(up=-LENGTHS.heel_drop, front=-LENGTHS.heel_back),
        f"{side}_ball": frame.at(up=4.5 - ANKLE_HEIGHT, front=LENGTHS.ball),
        f"{side}_toe": frame.at(up=3.2 - ANKLE_HEIGHT, front=LENGTHS.toe),
        f"{side}_calf": knee + shin * (LENGTHS.shin * 0.3) + back * (CALF_RADIUS + 2.5),
        f"{side}_tendon": ankle - shin * 12 + back * ANKLE_RADIUS,
    }


def _arm(
    at: dict[str, Vec],
    frames: dict[str, Frame],
    side: str,
    shoulder: Vec,
    arm: Limb,
) -> None:
    """Add one arm's joints; a hand that rests on the raised thigh lies on its skin."""
    if isinstance(arm, Arm):
        elbow = shoulder + arm.upper.unit * LENGTHS.upper_arm
        wrist = elbow + arm.forearm.unit * LENGTHS.forearm
        hand, palm = arm.hand.unit, arm.palm.unit
    elif isinstance(arm, Swing):
        upper, fore, hand, palm = (
            frames["chest"].along(way) for way in (arm.upper, arm.forearm, arm.hand, arm.palm)
        )
        elbow = shoulder + upper * LENGTHS.upper_arm
        wrist = elbow + fore * LENGTHS.forearm
    elif isinstance(arm, Touch):
        wrist = frames[arm.part].at(up=arm.wrist.y, front=arm.wrist.x, right=arm.wrist.z)
        hand, palm = arm.hand.unit, arm.palm.unit
        elbow = bend(shoulder, wrist, LENGTHS.upper_arm, LENGTHS.forearm, arm.elbow.unit)
    else:
        hip, knee = at["left_hip"], at["left_knee"]
        thigh = (knee - hip).unit
        top = UP.square_to(thigh)
        palm = top * -1
        across = thigh.cross(top)
        spot = hip + (knee - hip) * arm.share + across * arm.over
        turn = radians(arm.turn)
        hand = thigh * cos(turn) + across * sin(turn)
        wrist = spot + top * (THIGH_RADIUS + 3) - hand * LENGTHS.palm
        elbow = bend(shoulder, wrist, LENGTHS.upper_arm, LENGTHS.forearm, arm.elbow.unit)
    frames[f"{side}_hand"] = Frame.of(wrist, hand, palm)
    at |= {
        f"{side}_shoulder": shoulder,
        f"{side}_elbow": elbow,
        f"{side}_wrist": wrist,
        f"{side}_palm": wrist + hand * LENGTHS.palm,
        f"{side}_fingers": wrist + hand * (LENGTHS.palm + LENGTHS.fingers),
    }
