"""The still drawings: a posed body with its heel base, its surroundings and the arrows."""

from dataclasses import replace

from tools.illustrations import furniture
from tools.illustrations.contours import FLOOR, HEIGHT, WIDTH, number, scaled
from tools.illustrations.figure import Figure, still
from tools.illustrations.furniture import colour
from tools.illustrations.interpolate import seen_like
from tools.illustrations.panels import PANELS, belly_space, feet_from_above
from tools.illustrations.poses import POSES
from tools.illustrations.skeleton import PREGNANT, SUPPORT, Arrow, Body, Raised


class Painter(Figure):
    """Paints one pose and its surroundings, in page units."""

    def guides(self) -> str:
        """Return parallel lines through the foot and along the base's edge."""
        spot = self.stage.spot
        return "".join(furniture.line(spot(a), spot(b)) for a, b in self.pose.guides)

    def support(self) -> str:
        """Return the second chair, which is in front of the body, and the arm that holds it."""
        if self.pose.support is None:
            return ""
        x, y = self.stage.spot(self.pose.support)
        chair = furniture.chair(replace(self.stage, origin=x, floor=y), SUPPORT)
        return chair + still(self.near_arm())

    def behind(self) -> str:
        """Return what is behind the body: floor, wall, base, guides, insets."""
        floor = (
            f'<ellipse cx="2000" cy="{number(FLOOR + 4)}" rx="1860" ry="300" stroke="none" '
            f'fill="{colour("floor")}" fill-opacity=".28"/>'
        )
        wall = furniture.wall(self.stage) if self.pose.wall else ""
        chair = furniture.chair(self.stage, back=False) if self.heel_on_chair else ""
        if self.pose.step is not None:
            chair = furniture.step(self.stage, self.pose.step)
        inset = feet_from_above(self.pose) if self.pose.inset else ""
        if self.pose.free_space:
            inset = belly_space(self.pose, self.body)
        return floor + wall + chair + self.guides() + self.foot_before() + inset

    @property
    def heel_on_chair(self) -> bool:
        """Whether a heel lies on the seat, or did before; if not, the chair hides the foot."""
        foot = (self.pose.before or self.pose).left_foot
        return self.pose.base and isinstance(foot, Raised) and foot.onto > 0

    def in_front(self) -> str:
        """Return what is in front of the body: the chair's back, or the whole chair."""
        return furniture.chair(self.stage, seat=not self.heel_on_chair) if self.pose.base else ""

    def ghost(self) -> str:
        """Return what was before, pale: the whole figure, or the raised leg on its way."""
        pose, shown = self.pose, ".4"
        if pose.before is not None:
            pale = Painter(seen_like(pose.before, pose), self.body).figure()
        elif pose.lifted_from is not None:
            # A leg alone is less to see, so it is less pale, to be visible on a dark page too.
            pale, shown = (
                Painter(replace(pose, left_foot=pose.lifted_from), self.body).leg("left"),
                ".55",
            )
        else:
            return ""
        return f'<g opacity="{shown}">{still(pale)}</g>'

    def arrows(self) -> str:
        return "".join(self.arrow(arrow) for arrow in self.pose.arrows)

    def scene(self) -> str:
        """Return the whole drawing: floor, base, body and arrows."""
        body = self.ghost() + still(self.figure()) + self.in_front() + self.support()
        return self.behind() + body + self.arrows()

    def arrow(self, arrow: Arrow) -> str:
        x, y = self.stage.spot(self.bones.at[arrow.joint])
        return furniture.arrow(
            *[(x + dx, y + dy) for dx, dy in (arrow.start, arrow.bend, arrow.tip)]
        )


def framed(picture: str) -> str:
    """Return a picture as the text of a file.

    A page mirrors the first plain <g> for the other side.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<g stroke-linecap="round" stroke-linejoin="round">{picture}</g></svg>\n'
    )


def draw(pose: str, *, body: Body = PREGNANT) -> str:
    """Return the SVG of one still drawing."""
    if pose in PANELS:
        return framed(PANELS[pose](body))
    return framed(f"<g>{scaled(Painter(POSES[pose], body).scene())}</g>")
