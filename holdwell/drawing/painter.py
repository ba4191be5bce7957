"""The drawings: a posed body painted as SVG, with the base she stands at and the arrows.

`python -m holdwell.drawing.figure` writes every drawing to content/illustrations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, cos, sin
from pathlib import Path
from xml.sax.saxutils import escape

from holdwell.drawing import flesh, furniture
from holdwell.drawing.body import (
    BACK_HEIGHT,
    CHAIR,
    POSTPARTUM,
    PREGNANT,
    SUPPORT,
    Aim,
    Arrow,
    Base,
    Body,
    Pose,
    Raised,
    skeleton,
)
from holdwell.drawing.furniture import PALETTE, colour
from holdwell.drawing.outline import FLOOR, HEIGHT, WIDTH, Stage, number, pair, path, trace
from holdwell.drawing.poses import POSES

__all__ = ["PALETTE", "draw", "drawings", "main"]

ILLUSTRATIONS = Path(__file__).parents[2] / "content" / "illustrations"
BASES = "base_heights"
BASES_ALT = (
    "Four places for a heel. Ticked as good and low: a chair seat, the arm of a sofa, the end of a "
    "bed. Marked with a wave, as only for some: the high back of a chair, for the quite flexible. "
    "On each, a long relaxed leg rests by the heel alone."
)


class Painter:
    """Paints one pose's parts, in page units."""

    def __init__(self, pose: Pose, body: Body, base: Base = CHAIR) -> None:
        self.pose, self.body = pose, body
        self.bones = skeleton(pose, base)
        self.stage = Stage(pose.origin, pose.camera)

    def part(self, fill: str, edge: str, hulls: flesh.Part, blend: float = 7) -> str:
        shape = path(trace(self.stage, hulls, blend))
        return f'<path fill="{colour(fill)}" stroke="{colour(edge)}" d="{shape}"/>'

    def leg(self, side: str) -> str:
        far = "-far" if side == "left" else ""
        hulls = flesh.leg(self.bones, side)
        if side == "right":
            hulls = hulls + flesh.pelvis(self.bones)
        return (
            self.part(f"skin{far}", "skin-far", flesh.foot(self.bones, side), 3)
            + self.toes(side)
            + self.part(f"legs{far}", "legs-far", hulls, 9)
        )

    def toes(self, side: str) -> str:
        """Lines between the toes of a foot that points to the viewer."""
        if self.stage.depth(self.bones.frames[f"{side}_foot"].front) < 0.5:
            return ""
        lines = [
            f"M{pair(*self.stage.spot(a))}L{pair(*self.stage.spot(b))}"
            for a, b in flesh.toe_gaps(self.bones, side)
        ]
        ink = colour("skin-far")
        return f'<path fill="none" stroke="{ink}" stroke-width=".9" d="{"".join(lines)}"/>'

    def arm(self, side: str) -> str:
        far = "-far" if side == "left" else ""
        return self.part(f"skin{far}", "skin-far", flesh.arm(self.bones, side), 4) + self.part(
            f"top{far}", "top-far", flesh.sleeve(self.bones, side)
        )

    def torso(self) -> str:
        shape = self.part("top", "top-far", flesh.top(self.bones, self.body), 12)
        return shape + self.belly_shade()

    def belly_shade(self) -> str:
        """A crescent under the belly, so that it is seen as round from the front as well."""
        (shape,) = (flesh.belly(self.bones, self.body),)
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

    def curve(self, fill: str, points: Sequence[tuple[float, float]]) -> str:
        first, *rest = points
        mids = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(rest)]
        text = f"M{pair(*first)}"
        for control, end in zip(rest, [*mids, first], strict=False):
            text += f"Q{pair(*control)} {pair(*end)}"
        return f'<path fill="{colour(fill)}" stroke="none" d="{text}z"/>'

    def seam(self, side: str) -> str:
        shape = path(trace(self.stage, flesh.seam(self.bones, side), 0))
        return f'<path fill="{colour("top")}" stroke="none" d="{shape}"/>'

    def head(self) -> str:
        return (
            self.part("skin", "skin-far", flesh.neck(self.bones), 5)
            + self.part("hair", "hair", flesh.hair(self.bones), 2)
            + self.part("skin", "skin", flesh.face(self.bones), 3)
            + self.part("skin", "skin-far", flesh.ear(self.bones, "right"), 0)
            + self.features()
        )

    def features(self) -> str:
        """Lids and smile; of the far half only what a turned face would show."""
        sides = flesh.features(self.bones)
        seen = sides if self.stage.depth(self.bones.frames["head"].front) > 0.7 else sides[:1]
        text = ""
        for stroke in (stroke for side in seen for stroke in side):
            a, b, c = (pair(*self.stage.spot(point)) for point in stroke)
            text += f"M{a}Q{b} {c}"
        return f'<path fill="none" stroke="{colour("hair")}" d="{text}"/>'

    def figure(self) -> str:
        left_arm = ["", "", ""]
        left_arm[self.pose.left_arm_layer] = self.arm("left")
        return "".join(
            [
                left_arm[0],
                self.leg("left"),
                left_arm[1],
                self.leg("right"),
                self.torso(),
                left_arm[2],
                self.head(),
                *((self.arm("right"), self.seam("right")) if self.pose.support is None else ()),
            ]
        )

    def guides(self) -> str:
        """Dashed lines that show where the feet point, and what they are parallel with."""
        lines = ((self.stage.spot(a), self.stage.spot(b)) for a, b in self.pose.guides)
        shape = "".join(f"M{pair(*a)}L{pair(*b)}" for a, b in lines)
        return (
            f'<path fill="none" stroke="{colour("arrow")}" stroke-width="3.4" '
            f'stroke-dasharray="8.5 6.5" d="{shape}"/>'
            if shape
            else ""
        )

    def support(self) -> str:
        """The second chair, nearer to the viewer than the body; its hand goes over it."""
        if self.pose.support is None:
            return ""
        x, y = self.stage.spot(self.pose.support)
        chair = furniture.chair(replace(self.stage, origin=x, floor=y), SUPPORT)
        return chair + self.arm("right") + self.seam("right")

    def scene(self) -> str:
        """The whole drawing: floor, base, body and arrows."""
        parts = [
            f'<ellipse cx="200" cy="{number(FLOOR + 4)}" rx="186" ry="30" stroke="none" '
            f'fill="{colour("floor")}" fill-opacity=".28"/>'
        ]
        if self.pose.base:
            parts.append(furniture.chair(self.stage))
        parts += [self.guides(), self.figure(), self.support()]
        return "".join(parts + [self.arrow(arrow) for arrow in self.pose.arrows])

    def arrow(self, arrow: Arrow) -> str:
        x, y = self.stage.spot(self.bones.at[arrow.joint])
        return furniture.arrow(
            *[(x + dx, y + dy) for dx, dy in (arrow.start, arrow.bend, arrow.tip)]
        )


def _chair_back(stage: Stage, base: Base) -> str:
    return furniture.chair(stage, base, turned=True)


@dataclass(frozen=True)
class Scene:
    """One panel of the drawing of bases: what is there, how far on it the heel lies (user units),
    and the mark it gets."""

    furnish: Callable[[Stage, Base], str]
    base: Base
    onto: float
    mark: Callable[[float, float], str]


# Each base is as far away as the leg is long: the higher the base, the further.
SCENES = (
    Scene(furniture.chair, CHAIR, 11, furniture.good),
    Scene(furniture.sofa, Base(edge=118, height=64, half_width=34), 8, furniture.good),
    Scene(furniture.bed, Base(edge=112, height=55, half_width=44), 8, furniture.good),
    Scene(
        _chair_back,
        Base(edge=143.5, height=CHAIR.height + BACK_HEIGHT),
        4,
        furniture.some,
    ),
)
PANEL_WIDTH, PANEL_HEIGHT, PANEL_GAP, PANEL_SCALE = 194.0, 174.0, 4.0, 0.86


def base_heights(flip: str, mirrored: bool) -> str:
    """Bases with a heel on each; `flip` mirrors all but the marks."""
    pictures, marks = "", ""
    for k, scene in enumerate(SCENES):
        left = PANEL_GAP + (PANEL_WIDTH + PANEL_GAP) * (k % 2)
        top = PANEL_GAP + (PANEL_HEIGHT + PANEL_GAP) * (k // 2)
        pictures += _panel(scene, left, top)
        x = left + PANEL_WIDTH - 22
        marks += scene.mark(WIDTH - x if mirrored else x, top + 22)
    return f"<g{flip}>{pictures}</g>{marks}"


def _panel(scene: Scene, left: float, top: float) -> str:
    pose = POSES["heel_on_base"]
    stage = Stage(left - 24 * PANEL_SCALE, pose.camera, top + PANEL_HEIGHT - 18, scale=PANEL_SCALE)
    bones = skeleton(replace(pose, left_foot=Raised(scene.onto, -12, Aim(0, 152))), scene.base)
    text = (
        f'<rect x="{number(left)}" y="{number(top)}" width="{number(PANEL_WIDTH)}" '
        f'height="{number(PANEL_HEIGHT)}" rx="12" stroke="none" fill="{colour("floor")}" '
        f'fill-opacity=".2"/>'
    )
    text += scene.furnish(stage, scene.base)
    crop = (left + 1, top + 1, left + PANEL_WIDTH - 1, top + PANEL_HEIGHT - 1)
    for ink, hulls, blend in (
        ("skin", flesh.foot(bones, "left"), 3),
        ("legs", flesh.leg(bones, "left"), 9),
    ):
        shape = path(trace(stage, hulls, blend, crop), turn=0.9)
        text += f'<path fill="{colour(ink)}" stroke="{colour(ink + "-far")}" d="{shape}"/>'
    return text


def title(pose: Pose, body: Body, mirrored: bool) -> str:
    """The text alternative."""
    standing, raised = ("left", "right") if mirrored else ("right", "left")
    said = pose.alt.format(person=body.said, standing=standing, raised=raised)
    return said[0].upper() + said[1:]


def draw(pose: str, *, body: Body = PREGNANT, mirrored: bool = False) -> str:
    """The SVG of one drawing; `mirrored` swaps left and right, for the other side."""
    flip = f' transform="matrix(-1 0 0 1 {WIDTH} 0)"' if mirrored else ""
    if pose == BASES:
        picture, alt = base_heights(flip, mirrored), BASES_ALT
    else:
        picture = f"<g{flip}>{Painter(POSES[pose], body).scene()}</g>"
        alt = title(POSES[pose], body, mirrored)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{escape(alt)}</title>"
        f'<g stroke-width="1.4" stroke-linecap="round" '
        f'stroke-linejoin="round">{picture}</g></svg>\n'
    )


def drawings() -> dict[str, str]:
    """Every drawing by its file name."""
    named: dict[str, str] = {}
    for pose in (BASES, *POSES):
        named[f"{pose}.svg"] = draw(pose)
        named[f"{pose}.postpartum.svg"] = draw(pose, body=POSTPARTUM)
    return named


def main() -> None:
    """Writes every drawing."""
    for name, text in drawings().items():
        (ILLUSTRATIONS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
