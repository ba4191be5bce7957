"""Choose a base for the heel from three answers.

The rules are those of Michelle Ishio, Pregnancy Stretches for Lower Back Pain and Leg Cramping
Relief (PostPregnancyRehab.com): a low base, a chair's back only for the quite flexible, and a
second chair to hold on to for people who are unsure of their flexibility or balance.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class AtHand(StrEnum):
    """The furniture that the user has at hand."""

    CHAIR = "chair"
    SOFA = "sofa"
    BED = "bed"
    NOTHING = "nothing"


class Flexible(StrEnum):
    """How easily the user lifts a straight leg in front of the body."""

    STIFF = "stiff"
    """This is also the answer of users who are not sure."""
    EASY = "easy"
    QUITE = "quite"


class Steady(StrEnum):
    """How steadily the user stands on one leg."""

    STEADY = "steady"
    UNSURE = "unsure"


class Base(StrEnum):
    """A place for the heel, in the usual order of their heights, the lowest first."""

    SEAT = "seat"
    BED = "bed"
    SOFA_ARM = "sofa_arm"
    CHAIR_BACK = "chair_back"


_BASES = {
    AtHand.CHAIR: (Base.SEAT, Base.CHAIR_BACK),
    AtHand.BED: (Base.BED,),
    AtHand.SOFA: (Base.SOFA_ARM,),
}


@dataclass(frozen=True, slots=True)
class BaseChoice:
    """The place for the heel, and whether to hold on to a second chair.

    `base` is the lowest suitable one at hand, or None. `others` are suitable too, lowest first.
    """

    base: Base | None
    others: tuple[Base, ...]
    second_chair: bool


def choose(at_hand: Collection[AtHand], flexible: Flexible, steady: Steady) -> BaseChoice:
    """Return the choice for three answers; "nothing" beside other furniture is ignored."""
    high = flexible is Flexible.QUITE and steady is Steady.STEADY
    bases = {base for thing in at_hand for base in _BASES.get(thing, ())}
    fit = [base for base in Base if base in bases and (base is not Base.CHAIR_BACK or high)]
    unsure = flexible is Flexible.STIFF or steady is Steady.UNSURE
    return BaseChoice(fit[0] if fit else None, tuple(fit[1:]), unsure)
