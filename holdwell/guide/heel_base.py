"""Chooses a base for the heel, and how to find the distance, from three answers.

The rules are those of Michelle Ishio, Pregnancy Stretches for Lower Back Pain and Leg Cramping
Relief (PostPregnancyRehab.com): a low base, a chair's back only for the quite flexible, and a
second chair to hold on to for people who are unsure of their flexibility or balance.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class AtHand(StrEnum):
    """What is near the user."""

    CHAIR = "chair"
    SOFA = "sofa"
    BED = "bed"
    NOTHING = "nothing"


class Flexible(StrEnum):
    """How easily a straight leg lifts in front of the body."""

    STIFF = "stiff"
    """Also the answer of a user who is not sure."""
    EASY = "easy"
    QUITE = "quite"


class Steady(StrEnum):
    """How steady the user is on one leg."""

    STEADY = "steady"
    UNSURE = "unsure"


class Base(StrEnum):
    """A place for the heel, from low to high as they usually are."""

    SEAT = "seat"
    BED = "bed"
    SOFA_ARM = "sofa_arm"
    CHAIR_BACK = "chair_back"


class DistanceStep(StrEnum):
    """A step on the way to the right distance."""

    HOLD_ON = "hold_on"
    LIFT = "lift"
    LENGTH = "length"
    HEEL = "heel"


_BASES = {
    AtHand.CHAIR: (Base.SEAT, Base.CHAIR_BACK),
    AtHand.BED: (Base.BED,),
    AtHand.SOFA: (Base.SOFA_ARM,),
}


@dataclass(frozen=True, slots=True)
class BaseChoice:
    """A place for the heel, and how to find the distance.

    `base` is the lowest at hand, None where there is nothing. `others` can be used too, from low to
    high. `distance` are the steps to the right distance, in order.
    """

    base: Base | None
    others: tuple[Base, ...]
    second_chair: bool
    distance: tuple[DistanceStep, ...]


def choose(at_hand: Collection[AtHand], flexible: Flexible, steady: Steady) -> BaseChoice:
    """Return the base for three answers; "nothing" beside another answer is ignored."""
    unsure = flexible is Flexible.STIFF or steady is Steady.UNSURE
    high = flexible is Flexible.QUITE and steady is Steady.STEADY
    there = {base for thing in at_hand for base in _BASES.get(thing, ())}
    fit = [base for base in Base if base in there and (base is not Base.CHAIR_BACK or high)]
    return BaseChoice(
        base=fit[0] if fit else None,
        others=tuple(fit[1:]),
        second_chair=unsure,
        distance=tuple(step for step in DistanceStep if unsure or step is not DistanceStep.HOLD_ON),
    )
