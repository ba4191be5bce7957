"""Which base for the heel, and how to find the distance: three answers in, a choice out.

The rules are those of Michelle Ishio, Pregnancy Stretches for Lower Back Pain and Leg Cramping
Relief (PostPregnancyRehab.com): a low base, a chair's back only for the quite flexible, and a
second chair to hold on to for whoever is unsure of her flexibility or her balance.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class AtHand(StrEnum):
    """What is near her."""

    CHAIR = "chair"
    SOFA = "sofa"
    BED = "bed"
    NOTHING = "nothing"


class Flexible(StrEnum):
    """How easily her straight leg lifts in front of her."""

    STIFF = "stiff"
    """Or she is not sure."""
    EASY = "easy"
    QUITE = "quite"


class Steady(StrEnum):
    """How she stands on one leg."""

    STEADY = "steady"
    UNSURE = "unsure"


class Base(StrEnum):
    """Where a heel may rest, from low to high as they usually are."""

    SEAT = "seat"
    BED = "bed"
    SOFA_ARM = "sofa_arm"
    CHAIR_BACK = "chair_back"


class Find(StrEnum):
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
    """Where to put the heel. `base` is the lowest there is, None where nothing is at hand.

    `others` would do as well, from low to high; `distance` is how to find it, in order.
    """

    base: Base | None
    others: tuple[Base, ...]
    second_chair: bool
    distance: tuple[Find, ...]


def choose(at_hand: Collection[AtHand], flexible: Flexible, steady: Steady) -> BaseChoice:
    """The base for three answers. "Nothing" beside something else is not meant."""
    unsure = flexible is Flexible.STIFF or steady is Steady.UNSURE
    high = flexible is Flexible.QUITE and steady is Steady.STEADY
    there = {base for thing in at_hand for base in _BASES.get(thing, ())}
    fit = [base for base in Base if base in there and (base is not Base.CHAIR_BACK or high)]
    return BaseChoice(
        base=fit[0] if fit else None,
        others=tuple(fit[1:]),
        second_chair=unsure,
        distance=tuple(step for step in Find if unsure or step is not Find.HOLD_ON),
    )
