"""Which situations of the guide apply to a user now."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain import dates
from holdwell.domain.dates import Stage, StageKind
from holdwell.domain.models import BirthKind, Condition, Pregnancy
from holdwell.guide import situations
from holdwell.guide.advice import Audience, Line, LineKind, Situation
from holdwell.guide.fields import Source
from holdwell.guide.load import guide, load
from holdwell.i18n.languages import codes, content_folder

DAY = date(2026, 11, 24)
SOURCE = Source(id="a", text="A leaflet")
LINE = Line(kind=LineKind.CHANGE, text="Hold on.", sources=(SOURCE,))

a_situation = st.builds(
    Situation.model_construct,
    id=st.uuids().map(str),
    title=st.just("t"),
    stage=st.sampled_from(Audience),
    from_week=st.integers(0, 42),
    to_week=st.none() | st.integers(0, 42),
    birth=st.none() | st.sampled_from(BirthKind),
    condition=st.none() | st.sampled_from(Condition),
    lines=st.just((LINE,)),
)
pregnancies = st.builds(
    Pregnancy,
    due_date=st.none() | st.dates(DAY - timedelta(400), DAY + timedelta(300)),
    birth_date=st.none() | st.dates(DAY - timedelta(400), DAY),
    ended=st.booleans(),
)


def stage_of(weeks: int, *, born: bool = False) -> Stage:
    """Return the stage in the middle of a week, of pregnancy or after the birth."""
    days = weeks * 7 + 3
    if born:
        return dates.stage(Pregnancy(birth_date=DAY - timedelta(days)), DAY)
    return dates.stage(Pregnancy(due_date=DAY + timedelta(280 - days)), DAY)


@given(st.lists(a_situation, max_size=8), pregnancies, st.sets(st.sampled_from(Condition)))
def test_nobody_is_shown_situations_of_others(
    known: list[Situation], pregnancy: Pregnancy, conditions: set[Condition]
) -> None:
    stage = dates.stage(pregnancy, DAY)
    found = situations.applying(known, stage, None, conditions)
    weeks = stage.age.weeks if stage.age else stage.weeks_after_birth
    for one in found:
        assert one.condition is None or one.condition in conditions
        assert one.birth is None or one.stage is Audience.ANY
        if one.stage is Audience.AFTER_LOSS:
            assert pregnancy.ended
        elif one.stage is not Audience.ANY:
            assert one.stage.value == stage.kind.value
            assert weeks is not None
            assert one.from_week <= weeks <= (one.to_week if one.to_week is not None else weeks)
    if pregnancy.ended:
        assert all(one.stage in (Audience.ANY, Audience.AFTER_LOSS) for one in found)


@pytest.mark.parametrize("code", codes(content_folder()))
@pytest.mark.parametrize("weeks", range(44))
def test_every_week_of_pregnancy_has_one_situation(weeks: int, code: str) -> None:
    known = load(content_folder(), code).situations
    found = situations.applying(known, stage_of(weeks), None, ())
    assert [one.condition for one in found] == [None], (weeks, [one.id for one in found])


@pytest.mark.parametrize("birth", [None, *BirthKind])
@pytest.mark.parametrize("weeks", [0, 1, 2, 5, 6, 7, 8, 11, 12, 13, 26, 52, 200])
def test_every_week_after_a_birth_has_a_situation(weeks: int, birth: BirthKind | None) -> None:
    assert situations.applying(guide().situations, stage_of(weeks, born=True), birth, ())


def test_a_caesarean_counts_only_if_the_user_said_so() -> None:
    early = stage_of(2, born=True)
    with_it = situations.applying(guide().situations, early, BirthKind.CAESAREAN, ())
    without = situations.applying(guide().situations, early, BirthKind.VAGINAL, ())
    assert any(one.birth is BirthKind.CAESAREAN for one in with_it)
    assert not any(one.birth is BirthKind.CAESAREAN for one in without)


@pytest.mark.parametrize("condition", Condition)
def test_a_condition_comes_first_at_every_stage(condition: Condition) -> None:
    for stage in (Stage(StageKind.UNSTATED), stage_of(30), stage_of(4, born=True)):
        found = situations.applying(guide().situations, stage, None, (condition,))
        assert found[0].condition is condition


def test_with_pelvic_girdle_pain_the_user_is_to_ask_before_standing_on_one_leg() -> None:
    """Guidance says to avoid standing on one leg, which these stretches need."""
    found = situations.applying(
        guide().situations, Stage(StageKind.UNSTATED), None, (Condition.PELVIC_GIRDLE_PAIN,)
    )
    grouped = situations.by_kind(found[0])
    assert next(iter(grouped)) is LineKind.ASK_FIRST
    assert "one leg" in " ".join(line.text for line in found[0].lines)


def test_every_line_has_a_source_that_can_be_found() -> None:
    for one in guide().situations:
        for line in one.lines:
            assert line.sources
            for source in line.sources:
                # A page without a year has an address.
                assert source.find if source.year is None else 1990 <= source.year <= 2026


@pytest.mark.parametrize("weeks", [28, 36, 37, 41])
def test_fewer_movements_are_to_be_read_first_until_the_birth(weeks: int) -> None:
    found = situations.applying(guide().situations, stage_of(weeks), None, ())
    lines = situations.must_read(found)[LineKind.ASK_FIRST]
    assert any("moves less" in line.text for line in lines)


def test_a_routine_leaves_out_what_the_guide_says_is_left_out() -> None:
    """Pages and routines read the same lines about what is left out."""
    both = {"side_reach", "hinge_forward"}
    for condition in (Condition.PELVIC_GIRDLE_PAIN, Condition.NOT_ON_ONE_LEG):
        found = situations.applying(guide().situations, stage_of(30), None, (condition,))
        assert situations.left_out(found).keys() == both
    for weeks, kept in ((1, True), (3, True), (6, False)):
        stage = stage_of(weeks, born=True)
        found = situations.applying(guide().situations, stage, BirthKind.CAESAREAN, ())
        assert (situations.left_out(found).keys() == both) == kept
    assert (
        situations.left_out(situations.applying(guide().situations, stage_of(30), None, ())) == {}
    )


def test_a_line_that_always_leaves_out_overrides_one_until_asked() -> None:
    found = situations.applying(guide().situations, stage_of(3, born=True), BirthKind.CAESAREAN, ())
    out = situations.left_out(found)
    assert not out["side_reach"].until_asked
    assert out["hinge_forward"].until_asked
    assert "6 weeks" in out["hinge_forward"].line.text
    for one in out.values():
        assert one.line.sources
        assert one.situation in found


def test_after_a_loss_the_guide_speaks_of_the_body_and_counts_no_weeks() -> None:
    stage = Stage(StageKind.ENDED)
    assert situations.audience(stage) is Audience.AFTER_LOSS
    (found,) = situations.applying(guide().situations, stage, None, ())
    assert found.id == "after_loss"


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("en", {Condition.PELVIC_GIRDLE_PAIN: "pelvis", Condition.DIZZINESS: "dizzy"}),
        ("es", {Condition.PELVIC_GIRDLE_PAIN: "pelvis", Condition.DIZZINESS: "mare"}),
    ],
)
def test_a_line_before_a_session_says_what_it_is_about(
    code: str, named: dict[Condition, str]
) -> None:
    """It stands there without the title of its situation: "if it does not ease" asks: what?"""
    for situation in load(content_folder(), code).situations:
        if situation.condition in named:
            for lines in situations.must_read([situation]).values():
                unnamed = [
                    a.text for a in lines if named[situation.condition] not in a.text.lower()
                ]
                assert unnamed == []
