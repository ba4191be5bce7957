"""Points, directions and frames in the world of the drawings.

World axes, in SVG user units: x runs towards the base, y up from the floor, z towards the viewer.
Angles are in degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, atan2, cos, degrees, radians, sin, sqrt


@dataclass(frozen=True)
class Vec:
    """A point or direction in the world, in user units."""

    x: float
    y: float
    z: float

    def __add__(self, other: Vec) -> Vec:
        return Vec(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other: Vec) -> Vec:
        return self + other * -1

    def __mul__(self, factor: float) -> Vec:
        return Vec(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other: Vec) -> float:
        return self.x * other.x + self.y * other.y + self.z * other.z

    def cross(self, other: Vec) -> Vec:
        return Vec(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )

    def length(self) -> float:
        return sqrt(self.dot(self))

    @property
    def unit(self) -> Vec:
        return self * (1 / self.length())

    def square_to(self, axis: Vec) -> Vec:
        """Return the nearest unit direction that is perpendicular to the unit vector `axis`."""
        return (self - axis * self.dot(axis)).unit


UP = Vec(0, 1, 0)


@dataclass(frozen=True)
class Aim:
    """The direction in which a bone points, in degrees.

    heading: 0 to the base, 90 to the viewer, 180 away from the base.
    rise: 0 straight down, 90 level, 180 straight up.
    """

    heading: float
    rise: float

    @classmethod
    def along(cls, way: Vec) -> Aim:
        """Return the aim of a unit direction."""
        return cls(degrees(atan2(way.z, way.x)), degrees(acos(max(-1.0, min(1.0, -way.y)))))

    @property
    def unit(self) -> Vec:
        h, r = radians(self.heading), radians(self.rise)
        return Vec(sin(r) * cos(h), -cos(r), sin(r) * sin(h))


DOWN = Aim(0, 0)


@dataclass(frozen=True)
class Frame:
    """A part of the body with its own up, front and right, as unit vectors."""

    origin: Vec
    up: Vec
    front: Vec
    right: Vec

    @classmethod
    def of(cls, origin: Vec, up: Vec, towards: Vec) -> Frame:
        """Return the frame whose up is `up` and which faces `towards` as nearly as possible."""
        front = towards.square_to(up)
        return cls(origin, up, front, front.cross(up))

    def at(self, up: float = 0, front: float = 0, right: float = 0) -> Vec:
        """Return a point given in user units from this part's origin, along its directions."""
        return self.origin + self.up * up + self.front * front + self.right * right

    def along(self, way: Vec) -> Vec:
        """Return a direction of this part (x forward, y up, z right) as one in the world."""
        return self.front * way.x + self.up * way.y + self.right * way.z

    def seen(self, way: Vec) -> Vec:
        """Return a direction in the world as x forward, y up and z right of this part."""
        return Vec(way.dot(self.front), way.dot(self.up), way.dot(self.right))


def turned(a: Vec, b: Vec, share: float) -> Vec:
    """Return the unit direction that is `share` of the shortest turn from `a` to `b`."""
    angle = acos(max(-1.0, min(1.0, a.dot(b))))
    if angle < 1e-6:
        return b
    return (a * sin((1 - share) * angle) + b * sin(share * angle)) * (1 / sin(angle))


def bend(start: Vec, end: Vec, first: float, second: float, pole: Vec) -> Vec:
    """Return the joint between two bones of these lengths, on the `pole` side of their line.

    Raises ValueError if the bones cannot reach from start to end.
    """
    line = end - start
    span = line.length()
    if not abs(first - second) < span <= first + second:
        raise ValueError(f"bones of {first} and {second} cannot span {span:.1f}")
    along = (first * first - second * second + span * span) / (2 * span)
    out = sqrt(max(0.0, first * first - along * along))
    return start + line.unit * along + pole.square_to(line.unit) * out
