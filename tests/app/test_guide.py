"""The guide: every step and tip, the drawings, and the advice that applies to the user now."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from holdwell.domain.models import (
    BirthKind,
    Condition,
    Moment,
    Tracking,
)
from holdwell.guide.load import guide
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, gave_birth, texts


def drawings(app: AppTest) -> str:
    return "".join(str(block.proto.body) for block in app.get("html"))


def open_now(open_page: OpenPage) -> AppTest:
    """Open the part of the guide with the advice that applies now."""
    app = open_page("guide")
    app.button_group("hw-part").set_value("now").run()
    return app


def test_the_guide_tells_every_step_and_tip(open_page: OpenPage, known: Store) -> None:
    text = texts(open_page("guide"))
    content = guide()
    steps = [*content.setup.steps, *(step for s in content.stretches for step in s.steps)]
    for step in steps:
        assert step.text in text
        assert [tip.text for tip in step.tips if tip.text not in text] == []


def test_only_someone_pregnant_sees_a_pregnant_figure(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    assert "A pregnant person" in drawings(open_page("guide"))
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    text = drawings(open_page("guide"))
    # The address of each drawing has pregnant=0 or pregnant=1.
    assert "pregnant=0" in text
    assert "pregnant" not in text.lower().replace("pregnant=0", "")


def test_the_guide_says_what_applies_now_with_sources(open_page: OpenPage, known: Store) -> None:
    app = open_page("guide")
    assert app.button("hw-now").label == "For you now: From 14 to 27 weeks"
    text = texts(open_now(open_page))
    situation = next(s for s in guide().situations if s.id == "second_trimester")
    for line in situation.lines:
        assert line.text in text
        assert all(source.short in text for source in line.sources)
    assert "From 28 to 36 weeks" not in text


def test_conditions_and_the_birth_are_asked_and_kept(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    gave_birth(known, 5, now)
    app = open_now(open_page)
    assert "after a caesarean" not in texts(app)
    app.button_group("hw-birth-kind").set_value(BirthKind.CAESAREAN).run()
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    assert pregnancy.birth_kind is BirthKind.CAESAREAN
    assert "The first two weeks after a caesarean" in texts(app)
    assert "Leave both stretches out for now" in texts(app)
    app.button_group("hw-conditions").set_value([Condition.PELVIC_GIRDLE_PAIN]).run()
    assert known.profile().conditions == {Condition.PELVIC_GIRDLE_PAIN}
    text = texts(app)
    assert text.index("With pelvic girdle pain") < text.index("after a caesarean")
    app.button_group("hw-conditions").set_value([]).run()
    assert known.profile().conditions == frozenset()


def test_an_ended_or_paused_pregnancy_is_not_mentioned(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_profile(replace(known.profile(), tracking=Tracking.PAUSED), now)
    assert "weeks" not in texts(open_now(open_page))
    known.save_profile(replace(known.profile(), tracking=Tracking.ON), now)
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, ended=True), now)
    app = open_now(open_page)
    assert "After a loss" in texts(app)
    assert "24w" not in texts(app)
    assert "your baby" not in texts(app)


def test_answers_shown_earlier_do_not_overwrite_those_of_another_window(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    gave_birth(known, 10, now)
    app = open_now(open_page)
    conditions = frozenset({Condition.PELVIC_GIRDLE_PAIN})
    known.save_profile(replace(known.profile(), conditions=conditions), now)
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    born = replace(pregnancy, birth_kind=BirthKind.CAESAREAN)
    known.save_pregnancy(born, now)
    app.run()
    assert not app.exception
    assert (known.profile().conditions, known.pregnancy()) == (conditions, born)
