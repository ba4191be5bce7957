"""The choice of a base: low bases first, and a chair's back only for steady users."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.guide.heel_base import AtHand, Base, Flexible, Steady, choose
from holdwell.guide.load import guide

SETS = [frozenset(c) for n in range(len(AtHand) + 1) for c in combinations(AtHand, n)]
ALL = list(product(SETS, Flexible, Steady))
THING = {
    Base.SEAT: AtHand.CHAIR,
    Base.BED: AtHand.BED,
    Base.SOFA_ARM: AtHand.SOFA,
    Base.CHAIR_BACK: AtHand.CHAIR,
}
Answers = tuple[frozenset[AtHand], Flexible, Steady]


def _id(answers: Answers) -> str:
    """Give a case the same name in every process, since pytest-xdist compares the names."""
    at_hand, flexible, steady = answers
    return "-".join([*sorted(at_hand), flexible, steady])


@pytest.mark.parametrize("answers", ALL, ids=_id)
def test_every_choice_follows_the_rules(answers: Answers) -> None:
    at_hand, flexible, steady = answers
    found = choose(at_hand, flexible, steady)
    offered = [*([found.base] if found.base else []), *found.others]
    order = list(Base)

    # Only bases at hand are offered, each once, the lowest first.
    assert all(THING[base] in at_hand for base in offered)
    assert offered == sorted(set(offered), key=order.index)
    # Every low base at hand is offered to everyone.
    low = {base for base in Base if base is not Base.CHAIR_BACK and THING[base] in at_hand}
    assert set(offered) - {Base.CHAIR_BACK} == low
    # A chair's back is never the first, and only for users who are quite flexible and steady.
    assert found.base is not Base.CHAIR_BACK
    flexible_and_steady = flexible is Flexible.QUITE and steady is Steady.STEADY
    assert (Base.CHAIR_BACK in offered) == (AtHand.CHAIR in at_hand and flexible_and_steady)
    # An unsure user has something to hold on to, and is told so first.
    unsure = flexible is Flexible.STIFF or steady is Steady.UNSURE
    assert found.second_chair == unsure
    distance = guide().base.distance
    steps = distance.steps(second_chair=found.second_chair)
    assert (steps[0] == distance.hold_on) == unsure
    assert steps[-3:] == (distance.lift, distance.length, distance.heel)


@given(
    st.sets(st.sampled_from([AtHand.CHAIR, AtHand.SOFA, AtHand.BED])),
    st.sampled_from(Flexible),
    st.sampled_from(Steady),
)
def test_nothing_beside_other_furniture_is_ignored(
    things: set[AtHand], flexible: Flexible, steady: Steady
) -> None:
    assert choose({*things, AtHand.NOTHING}, flexible, steady) == choose(things, flexible, steady)


@given(st.lists(st.sampled_from(AtHand)), st.sampled_from(Flexible), st.sampled_from(Steady))
def test_the_order_of_answers_changes_nothing(
    things: list[AtHand], flexible: Flexible, steady: Steady
) -> None:
    assert choose(things, flexible, steady) == choose(set(things), flexible, steady)


def test_without_anything_at_hand_there_is_no_base() -> None:
    found = choose({AtHand.NOTHING}, Flexible.QUITE, Steady.STEADY)
    assert (found.base, found.others) == (None, ())


def test_more_at_hand_never_leads_higher() -> None:
    order = list(Base)
    for at_hand, flexible, steady in ALL:
        for more in AtHand:
            before = choose(at_hand, flexible, steady).base
            after = choose(at_hand | {more}, flexible, steady).base
            if before is not None:
                assert after is not None
                assert order.index(after) <= order.index(before)


def test_the_texts_of_a_choice_state_the_facts() -> None:
    helper = guide().base
    assert "relaxed and fully extended" in helper.distance.length
    assert "length of your legs" in helper.distance.length
    assert "Only the heel rests" in helper.distance.heel
    assert "have to turn your standing foot" in helper.too_high.text
    assert "lower base" in helper.too_high.text
    assert "while you lift your heel" in helper.choice.second_chair
    for word in ("low", "steady", "will not slide"):
        assert word in helper.nothing.text
