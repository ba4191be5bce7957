"""The body as shapes on the page, painted part by part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, cos, sin

from tools.illustrations import body_shapes
from tools.illustrations.contours import Array, Box, Projection, number, pair, path, trace
from tools.illustrations.furniture import colour
from tools.illustrations.skeleton import Body, HeelBase, Pose, skeleton


@dataclass(frozen=True)
class Shape:
    """One shape of the figure.

    `look` are its attributes. It has either a traced outline, or path data whose commands are the
    same in every pose. It is not `shown` if a turned body hides it, and `late` if it is first shown
    when the pose is reached.
    """

    look: str
    outline: Array | None = None
    data: str = ""
    shown: bool = True
    late: bool = False

    def svg(self) -> str:
        """Return the path, or nothing if the shape is hidden."""
        data = self.data if self.outline is None else path([self.outline])
        return f'<path {self.look} d="{data}"/>' if self.shown else ""


class Figure:
    """Paints the body in one pose, in page units.

    `base` and `stage` replace those of the pose; `within` is a box on the page to which it is
    cropped.
    """

    def __init__(
        self,
        pose: Pose,
        body: Body,
        base: HeelBase | None = None,
        stage: Projection | None = None,
        within: Box | None = None,
    ) -> None:
        self.pose, self.body = pose, body.larger() if pose.larger else body
        self.bones = replace(skeleton(pose, base), girth=self.body.girth)
        self.stage = stage or Projection(pose.origin, pose.camera)
        self.within = within

    def part(self, fill: str, edge: str, hulls: body_shapes.Part, blend: float = 7) -> Shape:
        look = f'fill="{colour(fill)}" stroke="{colour(edge)}"'
        if outlines := trace(self.stage, hulls, blend, self.within):
            return Shape(look, outlines[0])
        return Shape(look, shown=False)

    def leg(self, side: str) -> list[Shape]:
        far = "-far" if side == "left" else ""
        hulls = body_shapes.leg(self.bones, side)
        if side == "right":
            hulls = hulls + body_shapes.pelvis(self.bones)
        return [
            self.part(f"skin{far}", "skin-far", body_shapes.foot(self.bones, side), 3),
            self.toes(side),
            self.part(f"legs{far}", "legs-far", hulls, 9),
        ]

    def toes(self, side: str) -> Shape:
        """Return the lines between the toes, shown only on a foot that points to the viewer."""
        gaps = body_shapes.toe_gaps(self.bones, side)
        lines = [[self.stage.spot(end) for end in gap] for gap in gaps]
        seen = self.stage.depth(self.bones.frames[f"{side}_foot"].front) >= 0.5
        if self.within is not None:
            left, top, right, bottom = self.within
            seen &= all(left < x < right and top < y < bottom for gap in lines for x, y in gap)
        return Shape(
            f'fill="none" stroke="{colour("skin-far")}" stroke-width="9"',
            data="".join(f"M{pair(*a)}L{pair(*b)}" for a, b in lines),
            shown=seen,
        )

    def arm(self, side: str) -> list[Shape]:
        far = "-far" if side == "left" else ""
        return [
            self.part(f"skin{far}", "skin-far", body_shapes.arm(self.bones, side), 4),
            self.part(f"top{far}", "top-far", body_shapes.sleeve(self.bones, side)),
        ]

    def torso(self) -> list[Shape]:
        shape = self.part("top", "top-far", body_shapes.top(self.bones, self.body), 12)
        return [shape, self.belly_shade()]

    def belly_shade(self) -> Shape:
        """Return a crescent under the belly, so that it also looks round from the front."""
        (shape,) = (body_shapes.belly(self.bones, self.body),)
        x, y = self.stage.spot(shape.centre)
        flat = [self.stage.flat(axis) for axis in shape.axes]

        def rim(angle: float, grow: float) -> tuple[float, float]:
            u, v = cos(angle), sin(angle)
            dots = [a * u + b * v for a, b in flat]
            reach = sum(d * d for d in dots) ** 0.5
            return (
                x + grow * sum(d * a for d, (a, _) in zip(dots, flat, strict=True)) / reach,
                y + grow * sum(d * b for d, (_, b) in zip(dots, flat, strict=True)) / reach,
            )

        px, py = self.stage.spot(self.bones.frames["pelvis"].at(up=-20))
        middle = atan2(py - y, px - x)
        outer = [rim(middle + s, 0.94) for s in (-1.25, -0.62, 0, 0.62, 1.25)]
        inner = [rim(middle + s, g) for s, g in ((0.62, 0.86), (0, 0.8), (-0.62, 0.86))]
        return self.curve("top-far", [*outer, *inner])

    def curve(self, fill: str, points: Sequence[tuple[float, float]]) -> Shape:
        first, *rest = points
        mids = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(rest)]
        text = f"M{pair(*first)}"
        for control, end in zip(rest, [*mids, first], strict=False):
            text += f"Q{pair(*control)} {pair(*end)}"
        return Shape(f'fill="{colour(fill)}" stroke="none"', data=f"{text}z")

    def seam(self, side: str) -> Shape:
        (outline,) = trace(self.stage, body_shapes.seam(self.bones, side), 0)
        return Shape(f'fill="{colour("top")}" stroke="none"', outline)

    def head(self) -> list[Shape]:
        return [
            self.part("skin", "skin-far", body_shapes.neck(self.bones), 5),
            self.part("hair", "hair", body_shapes.hair(self.bones), 2),
            self.part("skin", "skin", body_shapes.face(self.bones), 3),
            self.part("skin", "skin-far", body_shapes.ear(self.bones, "right"), 0),
            *self.features(),
        ]

    def features(self) -> list[Shape]:
        """Return eyes, brows and smile; the far half is shown only if the face is turned enough."""
        facing = self.stage.depth(self.bones.frames["head"].front) > 0.7
        found = []
        for side, shown in zip(body_shapes.features(self.bones), (True, facing), strict=True):
            strokes = []
            for stroke in side:
                a, b, c = (pair(*self.stage.spot(point)) for point in stroke)
                strokes.append(f"M{a}Q{b} {c}")
            ink = f'fill="none" stroke="{colour("face")}"'
            width = number(body_shapes.EYE_WIDTH * self.stage.scale)
            eye = f'{ink} stroke-width="{width}"'
            found.append(Shape(eye, data=strokes[0], shown=shown))
            found.append(Shape(ink, data="".join(strokes[1:]), shown=shown))
        return found

    def figure(self) -> list[Shape]:
        """Return the whole body from back to front, except an arm over a support."""
        left_arm: list[list[Shape]] = [[], [], []]
        left_arm[self.pose.left_arm_layer] = self.arm("left")
        return [
            *([self.free_space()] if self.pose.free_space else ()),
            *left_arm[0],
            *self.leg("left"),
            *left_arm[1],
            *self.leg("right"),
            *self.torso(),
            *(self.pull(band) for band in self.pose.pulls),
            *left_arm[2],
            *self.head(),
            *(self.near_arm() if self.pose.support is None else ()),
        ]

    def foot_before(self) -> str:
        """Return the standing foot, pale, as it was before it turned."""
        if self.pose.turned_from is None:
            return ""
        was = replace(self.pose.right_foot, heading=self.pose.turned_from)
        bones = skeleton(replace(self.pose, right_foot=was))
        (outline,) = trace(self.stage, body_shapes.foot(bones, "right"), 3)
        return (
            f'<path fill="{colour("skin")}" fill-opacity=".4" stroke="{colour("skin-far")}" '
            f'stroke-opacity=".6" stroke-dasharray="40 30" d="{path([outline])}"/>'
        )

    def free_space(self) -> Shape:
        """Return a tint of the space below the belly; the body covers the rest of its shape."""
        (outline,) = trace(self.stage, body_shapes.free_space(self.bones, self.body), 4)
        return Shape(f'fill="{colour("space")}" stroke="none"', outline, late=True)

    def pull(self, band: str) -> Shape:
        """Return a shaded band where the stretch pulls."""
        (outline,) = trace(self.stage, body_shapes.PULLS[band](self.bones), 8)
        look = f'fill="{colour("pull")}" fill-opacity=".9" stroke="{colour("line")}"'
        return Shape(f'{look} stroke-width="16" stroke-dasharray="50 40"', outline)

    def near_arm(self) -> list[Shape]:
        return [*self.arm("right"), self.seam("right")]


def still(shapes: Iterable[Shape]) -> str:
    """Return the shapes as SVG."""
    return "".join(shape.svg() for shape in shapes)
