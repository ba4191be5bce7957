"""The shapes of the body: each part as convex hulls of ellipsoids, in user units."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import cos, pi, sin
from types import MappingProxyType

from tools.illustrations.contours import Ball, Hull, ball
from tools.illustrations.geometry import UP, Frame, Vec
from tools.illustrations.skeleton import ANKLE_RADIUS, CALF_RADIUS, THIGH_RADIUS, Body, Skeleton

Part = list[Hull]


def oval(frame: Frame, centre: Vec, up: float, front: float, right: float) -> Ball:
    """Return an ellipsoid aligned with a frame; `up`, `front` and `right` are its half-axes."""
    return Ball(centre, (frame.up * up, frame.front * front, frame.right * right))


def foot(body: Skeleton, side: str) -> Part:
    """Return a bare foot and its ankle."""
    at, frame = body.at, body.frames[f"{side}_foot"]
    inner = -1 if side == "right" else 1
    ankle, shin = at[f"{side}_ankle"], (at[f"{side}_knee"] - at[f"{side}_ankle"]).unit
    low = frame.at(up=-13)
    heel = oval(frame, at[f"{side}_heel"], 7, 7, 6)
    front = oval(frame, frame.at(up=-8.6, front=19), 4.4, 6, 7.6)
    ankle_ball = ball(ankle, ANKLE_RADIUS)
    arch = oval(frame, frame.at(up=-5, front=7), 4.5, 5, 5.2)
    toes: Part = [(front, ball(frame.at(up=-9.6, front=29, right=inner * 4.3), 3.4))]
    for k in range(4):
        tip = low + frame.front * (28.5 - k * 1.9) + frame.up * 2.6
        toes.append((front, ball(tip + frame.right * (inner * (0.2 - k * 2.5)), 2.6 - k * 0.15)))
    return [
        (ball(ankle + shin * 16, ANKLE_RADIUS + 1), ankle_ball),
        (ankle_ball, heel),
        (ankle_ball, heel, arch),
        (arch, heel, front),
        *toes,
    ]


def toe_gaps(body: Skeleton, side: str) -> list[tuple[Vec, Vec]]:
    """Return the lines between the toes, each from its tip backwards."""
    frame = body.frames[f"{side}_foot"]
    inner = -1 if side == "right" else 1
    return [
        (
            frame.at(up=-9.4, front=31 - k * 1.9, right=inner * (1.6 - k * 2.5)),
            frame.at(up=-6.4, front=26.5 - k * 1.6, right=inner * (1.4 - k * 2.2)),
        )
        for k in range(4)
    ]


def leg(body: Skeleton, side: str) -> Part:
    """Return a leg in leggings, from the hip to the cuff above the ankle."""
    at = body.at
    hip, knee, ankle = at[f"{side}_hip"], at[f"{side}_knee"], at[f"{side}_ankle"]
    thigh, shin = (knee - hip).unit, (ankle - knee).unit
    back = body.frames[f"{side}_foot"].front.square_to(shin) * -1
    girth = body.girth
    knee_ball = ball(knee - back * 0.8, 9.8 * girth)
    top = ball(hip + thigh * 6, 14.2 * girth)
    middle = ball(hip + thigh * 30, THIGH_RADIUS * girth)
    calf = ball(knee + shin * 20 + back * 1.8, CALF_RADIUS * girth)
    slim = ball(knee + shin * 44 + back * 0.6, 6.9 * girth)
    cuff = ball(ankle - shin * 11, ANKLE_RADIUS + 1.2)
    return [(top, middle), (middle, knee_ball), (knee_ball, calf), (calf, slim), (slim, cuff)]


def pelvis(body: Skeleton) -> Part:
    """Return the hips and the buttocks."""
    frame, girth = body.frames["pelvis"], body.girth
    hips = oval(frame, frame.at(up=7), 13, 16 * girth, 25 * girth)
    seat = tuple(ball(frame.at(up=-2, front=-8, right=r), 13.5 * girth) for r in (-10, 10))
    return [(hips,), seat]


def top(body: Skeleton, flesh: Body) -> Part:
    """Return a tunic over hips, belly, chest and shoulders."""
    at, hips, waist, chest = body.at, *(body.frames[k] for k in ("pelvis", "waist", "chest"))
    girth = body.girth
    hem = oval(hips, hips.at(up=-6, front=-3.5), 1.5, 19.5 * girth, 26.5 * girth)
    girdle = oval(hips, hips.at(up=12, front=-1), 6, 18.5 * girth, 24.5 * girth)
    middle = oval(waist, waist.origin, 8, flesh.waist_depth, 20 * girth)
    ribs = oval(chest, chest.at(up=-25, front=0), 15, 15 * girth, 20.5 * girth)
    yoke = oval(chest, chest.at(up=-9, front=-1), 9, 11 * girth, 19 * girth)
    shoulders = tuple(ball(at[f"{side}_shoulder"], 8.6 * girth) for side in ("right", "left"))
    nape = ball(chest.at(up=1, front=-2), 8)
    bust = tuple(ball(chest.at(up=-23, front=11.5, right=r), flesh.bust) for r in (-8.5, 8.5))
    # Upright, the belly rounds into the groin; when the body tilts, the belly hangs free of it.
    hold = max(0.0, 1 - 2.2 * tilt(body))
    groin = oval(hips, hips.at(up=13, front=10 * hold), 8, 9, 16)
    return [
        (hem, girdle),
        (girdle, middle),
        (middle, ribs),
        (ribs, yoke),
        (yoke, *shoulders),
        (nape, yoke),
        bust,
        (belly(body, flesh), groin),
    ]


def free_space(body: Skeleton, flesh: Body) -> Part:
    """Return the open space between belly and raised thigh, for a body that leans forward."""
    shape = belly(body, flesh)
    hip, knee = body.at["left_hip"], body.at["left_knee"]
    low = shape.centre + UP * -shape.axes[0].length()
    thigh = hip + (knee - hip) * 0.42
    middle = (low + thigh) * 0.5
    ahead = middle + Vec(22, 8, 0)
    return [(ball(shape.centre, 14), ball(middle, 15), ball(ahead, 12), ball(thigh, 10))]


def tilt(body: Skeleton) -> float:
    """Return how far the waist leans forward: 0 is upright, 1 is level."""
    return max(0.0, -body.frames["waist"].front.dot(UP))


def belly(body: Skeleton, flesh: Body) -> Ball:
    """Return the belly. When the body leans forward, its weight pulls it away from the spine."""
    frame, shape = body.frames["waist"], flesh.belly
    level = tilt(body)
    centre = frame.at(
        up=level * level * shape.slide - shape.below,
        front=level * shape.give + shape.front,
    )
    long = 1 + level * 0.12
    return oval(frame, centre, shape.half_height / long, shape.half_depth * long, shape.half_width)


def sleeve(body: Skeleton, side: str) -> Part:
    """Return a short sleeve."""
    shoulder, elbow = body.at[f"{side}_shoulder"], body.at[f"{side}_elbow"]
    upper = shoulder + (elbow - shoulder) * 0.46
    return [(ball(shoulder, 9.2 * body.girth), ball(upper, 8.6 * body.girth))]


def seam(body: Skeleton, side: str) -> Part:
    """Return the seam of sleeve and shoulder, which is painted over the sleeve's upper edge."""
    shoulder, elbow = body.at[f"{side}_shoulder"], body.at[f"{side}_elbow"]
    chest = body.frames["chest"]
    out = 8 if side == "right" else -8
    return [(ball(shoulder + (elbow - shoulder) * 0.05, 8.2), ball(chest.at(up=-9, right=out), 8))]


WRIST_RADIUS = 4.1


def arm(body: Skeleton, side: str) -> Part:
    """Return an arm and its hand."""
    at = body.at
    shoulder, elbow, wrist = (at[f"{side}_{k}"] for k in ("shoulder", "elbow", "wrist"))
    fore = (wrist - elbow).unit
    girth = body.girth
    upper = ball(shoulder + (elbow - shoulder) * 0.5, 7.3 * girth)
    elbow_ball, fore_ball = ball(elbow, 5.9 * girth), ball(elbow + fore * 11, 6.2 * girth)
    return [
        (ball(shoulder, 8 * girth), upper),
        (upper, elbow_ball),
        (elbow_ball, fore_ball),
        (fore_ball, ball(wrist, WRIST_RADIUS)),
        *hand(body, side),
    ]


def hand(body: Skeleton, side: str) -> Part:
    """Return a hand, from the wrist to the tips of its fingers."""
    frame = body.frames[f"{side}_hand"]
    thumb = frame.right if side == "left" else frame.right * -1
    palm = oval(frame, frame.at(up=8), 5, 3.2, 5.6)
    knuckles = oval(frame, frame.at(up=13), 4, 3, 5.4)
    tips = oval(frame, frame.at(up=21.5), 3, 2.2, 3.4)
    thumb_root = ball(frame.at(up=6) + thumb * 3, 3)
    thumb_tip = ball(frame.at(up=14, front=1.5) + thumb * 7.5, 2.1)
    return [
        (ball(frame.origin, WRIST_RADIUS), palm),
        (palm, knuckles),
        (knuckles, tips),
        (thumb_root, thumb_tip),
    ]


Stroke = tuple[Vec, Vec, Vec]
"""A curve in the world: its start, control point and end."""


EYE_WIDTH = 3.2
"""The width of an open eye, in user units."""


def features(body: Skeleton) -> list[tuple[Stroke, Stroke, Stroke]]:
    """Return an open eye, a brow and half a smile for the right half of the face, then the left."""
    head = body.frames["head"]

    def on_face(up: float, right: float) -> Vec:
        u, r = up / SKULL_UP, right / SKULL_SIDE
        return head.at(up=up, front=SKULL_FRONT * (1 - u * u - r * r) ** 0.5, right=right)

    eyes = [
        (on_face(-1.2, s * 5.6), on_face(-2.2, s * 5.6), on_face(-3.2, s * 5.6)) for s in (1, -1)
    ]
    brows = [(on_face(4.4, s * 3), on_face(5.6, s * 5.6), on_face(3.4, s * 8.6)) for s in (1, -1)]
    mouths = [
        (
            head.at(up=-12.4, front=12.8, right=s * 4.4),
            head.at(up=-13.6, front=13.8, right=s * 2.6),
            head.at(up=-13.6, front=14, right=s * 0.4),
        )
        for s in (1, -1)
    ]
    return [*zip(eyes, brows, mouths, strict=True)]


# ---- Where a stretch pulls ----------------------------------------------------------------------


def side_pull(body: Skeleton) -> Part:
    """Return a band along the side of the standing leg, from the hip to the armpit."""
    pelvis, waist, chest = (body.frames[part] for part in ("pelvis", "waist", "chest"))
    spots = (
        pelvis.at(up=0, right=19),
        waist.at(right=13),
        chest.at(up=-26, right=15),
        chest.at(up=-9, right=19),
    )
    return [(ball(a, 6.5), ball(b, 6.5)) for a, b in pairwise(spots)]


def lower_back_pull(body: Skeleton) -> Part:
    """Return a band on the lower back."""
    pelvis, waist = body.frames["pelvis"], body.frames["waist"]
    spots = (pelvis.at(up=14, front=-8), waist.at(up=2, front=-8), waist.at(up=16, front=-6))
    return [tuple(ball(spot, 6.5) for spot in spots)]


def raised_leg_pull(body: Skeleton) -> Part:
    """Return a band along the back of the raised leg, from the thigh to the calf."""
    at = body.at
    hip, knee, ankle = (at[f"left_{joint}"] for joint in ("hip", "knee", "ankle"))
    thigh, shin = knee - hip, ankle - knee
    back = body.frames["left_foot"].front.square_to(shin.unit) * -1
    spots = (
        hip + thigh * 0.3 + back * 8,
        hip + thigh * 0.75 + back * 6,
        knee + back * 4,
        knee + shin * 0.55 + back * 4.5,
    )
    return [(ball(a, 4.6), ball(b, 4.6)) for a, b in pairwise(spots)]


PULLS: Mapping[str, Callable[[Skeleton], Part]] = MappingProxyType(
    {"side": side_pull, "lower_back": lower_back_pull, "raised_leg": raised_leg_pull}
)
"""Functions that return the bands where a stretch pulls, by name."""


# ---- The head -----------------------------------------------------------------------------------

SKULL_UP, SKULL_FRONT, SKULL_SIDE = 18.5, 17.0, 14.5


def neck(body: Skeleton) -> Part:
    """Return the neck, and the skin in the neckline."""
    head, chest = body.frames["head"], body.frames["chest"]
    collar = oval(chest, chest.at(up=0, front=2), 5, 9, 11)
    return [
        (ball(chest.at(up=3, front=-1), 7.8), ball(head.at(up=-9, front=-3), 7)),
        (collar,),
    ]


def hair(body: Skeleton) -> Part:
    """Return hair on the back of the head, and a bun."""
    head = body.frames["head"]
    cap = oval(head, head.at(up=2, front=-3), SKULL_UP + 0.2, SKULL_FRONT - 0.4, SKULL_SIDE + 1)
    nape = ball(head.at(up=-8, front=-8), 8)
    return [(cap, nape), (oval(head, head.at(up=17, front=-14), 8.5, 8.5, 8),)]


def face(body: Skeleton) -> Part:
    """Return the face: the front of the skull up to the hairline, the jaw and the nose."""
    head = body.frames["head"]
    bow = 0.62
    middle = head.front * cos(bow) - head.up * sin(bow)
    spots = []
    for ring in range(7):
        # Latitudes from the hairline to the pole of the face.
        rise = -0.02 + (pi / 2 + 0.02) * ring / 6
        for k in range(20):
            turn = 2 * pi * k / 20
            across = head.up.square_to(middle) * cos(turn) + head.right * sin(turn)
            u = middle * sin(rise) + across * cos(rise)
            spots.append(
                ball(
                    head.at(
                        up=SKULL_UP * 0.96 * u.dot(head.up),
                        front=SKULL_FRONT * u.dot(head.front),
                        right=SKULL_SIDE * u.dot(head.right),
                    ),
                    0,
                )
            )
    jaw = oval(head, head.at(up=-13, front=6.5), 6.5, 7.5, 8)
    cheek = oval(head, head.at(up=-4, front=4), 9, 9, 12.5)
    bridge, tip = ball(head.at(up=-1, front=14.5), 2.2), ball(head.at(up=-5.5, front=18.6), 2.2)
    under = ball(head.at(up=-8, front=14), 2.5)
    return [tuple(spots), (cheek, jaw), (bridge, tip, under)]


def ear(body: Skeleton, side: str) -> Part:
    """Return an ear."""
    head = body.frames["head"]
    out = SKULL_SIDE if side == "right" else -SKULL_SIDE
    return [(oval(head, head.at(up=-4, front=-3, right=out), 4.8, 3, 1.8),)]
