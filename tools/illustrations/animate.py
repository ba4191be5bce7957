"""Draws the moving drawings: a step's pose and how to get there from the pose before, as an SVG
that animates itself (SMIL). A page shows the still drawing instead if the user prefers reduced
motion, because an image cannot be sure to know that.

One round: the pose before, a slow move, a long rest in the step's pose, and a fade back.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import asin, sin

import numpy as np

from tools.illustrations.contours import numbers, scaled
from tools.illustrations.figure import Shape
from tools.illustrations.interpolate import Waypoint, waypoints
from tools.illustrations.outline_morph import keys, lines, paths
from tools.illustrations.poses import way_to
from tools.illustrations.render import Painter, framed
from tools.illustrations.skeleton import PREGNANT, Body

ROUND_S = 8.0
BEFORE_S = 1.0
"""How long the pose before is shown, in seconds."""
FADE_S = 0.4
MOVE_S = 2.0
LONG_MOVE_S = 3.0
WAY_OUT_S = 5.0
ARROW_FROM = 0.7
STILL = 0.4
"""MOVE_S: how long a move takes, in seconds; LONG_MOVE_S if it passes through other poses, and
WAY_OUT_S if it leads out of a stretch.
ARROW_FROM: the part of the move's time after which the arrow begins to appear.
STILL: a shape that moves less than this, in user units, is drawn as not moving."""


def _when(share: float) -> float:
    """Return the part of a move's time after which a share of its way is done."""
    return 0.5 - sin(asin(1 - 2 * share) / 3)


def _spline(first: float, last: float) -> str:
    """Return the pace between two shares of the way as a key spline.

    The spline is exactly a piece of the cubic t²(3 - 2t), whose inverse is `_when`.
    """
    a, b = _when(first), _when(last)
    stretch = (b - a) / (last - first)
    start, end = (6 * t * (1 - t) * stretch / 3 for t in (a, b))
    return f".33 {_short(min(start, 1))} .67 {_short(1 - min(end, 1))}"


def _short(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith("0.") else text


class MoveClock:
    """Writes the animations of one move that takes `move_s` seconds."""

    def __init__(self, move_s: float) -> None:
        self.move_s = move_s
        self.arrived = (BEFORE_S + move_s) / ROUND_S

    def time(self, share: float) -> float:
        """Return the part of a round after which a share of the way is done."""
        return (BEFORE_S + self.move_s * _when(share)) / ROUND_S

    def along(self, name: str, shares: Sequence[float], values: Sequence[str]) -> str:
        """Return an animation of an attribute through values at shares of the way."""
        times = ["0", *(_short(self.time(share)) for share in shares), "1"]
        flat = "0 0 1 1"
        paces = [flat, *(_spline(a, b) for a, b in pairwise(shares)), flat]
        return _animate(
            name,
            [values[0], *values, values[-1]],
            times,
            f' calcMode="spline" keySplines="{";".join(paces)}"',
        )

    def steps(self, shares: Sequence[float], shown: Sequence[bool]) -> str:
        """Return an animation that shows or hides a shape at shares of the way."""
        values, times = [str(int(shown[0]))], ["0"]
        for share, now, before in zip(shares[1:], shown[1:], shown, strict=False):
            if now != before:
                values.append(str(int(now)))
                times.append(_short(self.time(share)))
        return _animate("opacity", values, times, ' calcMode="discrete"')

    def fade(self) -> str:
        """Return an animation that fades the figure in when a round starts and out at its end."""
        fade = FADE_S / ROUND_S
        times = ["0", _short(fade), _short(1 - fade), "1"]
        return _animate("opacity", ["0", "1", "1", "0"], times)

    def arrow(self) -> str:
        """Return an animation that shows an arrow only after the body has begun to move."""
        start = _short((BEFORE_S + self.move_s * ARROW_FROM) / ROUND_S)
        return _animate("opacity", ["0", "0", "1", "1"], ["0", start, _short(self.arrived), "1"])


def _animate(name: str, values: Sequence[str], times: Sequence[str], more: str = "") -> str:
    return (
        f'<animate attributeName="{name}" dur="{ROUND_S:g}s" repeatCount="indefinite" '
        f'keyTimes="{";".join(times)}" values="{";".join(values)}"{more}/>'
    )


def _shape(clock: MoveClock, shares: Sequence[float], stages: Sequence[Shape]) -> str:
    """Return one shape through all frames, as an animated path."""
    last = stages[-1]
    shown = [stage.shown for stage in stages]
    if not any(shown):
        return ""
    if last.late:
        return f"<g>{clock.arrow()}{last.svg()}</g>"
    seen = clock.steps(shares, shown) if len(set(shown)) > 1 else ""
    if last.outline is None:
        ends = [np.array(numbers(stage.data)).reshape(-1, 2) / 10 for stage in stages]
        picked = keys(shares, ends)
        data = [stages[k].data for k in picked]
    else:
        matched = lines([stage.outline for stage in stages if stage.outline is not None])
        ends = [line.matched for line in matched]
        picked = keys(shares, ends)
        data = paths([matched[k] for k in picked])
    if max(float(np.abs(end - ends[-1]).max()) for end in ends) < STILL:
        data, picked = data[-1:], picked[-1:]
    moved = clock.along("d", [shares[k] for k in picked], data) if len(picked) > 1 else ""
    if not moved and not seen:
        return last.svg()
    # A path that moves gets its data from the animation from the start, and needs no other.
    shape = "" if moved else f' d="{data[-1]}"'
    return f"<path {last.look}{shape}>{moved}{seen}</path>"


def draw_moving(pose: str, *, body: Body = PREGNANT) -> str:
    """Return the SVG of one moving drawing."""
    way = way_to(pose)
    clock = MoveClock(MOVE_S if len(way) == 2 else LONG_MOVE_S if len(way) < 5 else WAY_OUT_S)
    on_the_way: list[Waypoint] = waypoints(way)
    shares = [frame.share for frame in on_the_way]
    painters = [Painter(frame.pose, body) for frame in on_the_way]
    stages = zip(*(painter.figure() for painter in painters), strict=True)
    moving = "".join(_shape(clock, shares, shapes) for shapes in stages)
    end = painters[-1]
    figure = f"<g>{clock.fade()}{moving}</g>"
    arrows = f"<g>{clock.fade()}<g>{clock.arrow()}{end.arrows()}</g></g>"
    return framed(f"<g>{scaled(end.behind() + figure + end.in_front() + arrows)}</g>")
