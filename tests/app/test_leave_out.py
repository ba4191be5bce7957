"""Stretch and Today omit what the guide leaves out; after a loss no page mentions a baby."""

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import BirthKind, Condition, Moment, SessionState
from holdwell.guide.load import guide
from holdwell.guide.situations import left_out
from holdwell.sessions import plan
from holdwell.sessions.defaults import offered_routines
from holdwell.store.repository import Store
from holdwell.ui.runtime.navigation import PAGES
from tests.app.conftest import OpenPage, everything, gave_birth, go_to, has_timer, texts
from tests.conftest import TODAY, MakeSession

BABY = re.compile(r"\b(baby|babies|newborn|beb(é|\\303\\251)s?|reci(é|\\303\\251)n nacid)\b", re.I)


def baby_mentions(app: AppTest) -> list[str]:
    """Return every mention of a baby on a page with its context, except in addresses."""
    text = re.sub(r"www\.[^\s;]+", "", everything(app))
    return [text[max(0, m.start() - 80) : m.end() + 40] for m in BABY.finditer(text)]


def caesarean(store: Store, days_ago: int, now: Moment) -> None:
    gave_birth(store, days_ago, now)
    pregnancy = store.pregnancy()
    assert pregnancy is not None
    store.save_pregnancy(replace(pregnancy, birth_kind=BirthKind.CAESAREAN), now)


def with_condition(store: Store, condition: Condition, now: Moment) -> None:
    store.save_profile(replace(store.profile(), conditions=frozenset({condition})), now)


def end_pregnancy(store: Store, now: Moment) -> None:
    pregnancy = store.pregnancy()
    assert pregnancy is not None
    store.save_pregnancy(replace(pregnancy, ended=True), now)


def line_of(situation: str, stretch: str) -> str:
    found = left_out(listed for listed in guide().situations if listed.id == situation)
    return found[stretch].line.text


def above_begin(app: AppTest, line: str) -> bool:
    """Return whether a line is shown above Begin, and not only in the section at the bottom."""
    return texts(app).count(line) == 2


def planned(app: AppTest) -> set[str]:
    """Return the stretches that the timer would run, or none if there is no timer."""
    if "hw-planned" not in app.session_state:
        return set()
    return {hold.stretch for hold in app.session_state["hw-planned"][1].holds}


def buttons(app: AppTest) -> dict[str, str]:
    return {button.key or "": button.label for button in app.button}


def test_five_days_after_a_caesarean_no_session_can_be_begun(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.choose_goal(14, now)
    assert "of 14" in everything(open_page("today"))
    caesarean(known, 5, now)
    app = open_page("today")
    text = texts(app)
    assert "can wait" in text
    assert "waiting for you" not in text
    assert "of 14" not in everything(app)
    assert "hw-start" not in buttons(app)
    app = go_to(app, "stretch")
    assert above_begin(app, line_of("first_caesarean_weeks", "side_reach"))
    assert not has_timer(app)
    assert planned(app) == set()
    assert not [key for key in buttons(app) if key.startswith("hw-asked-")]


def test_weeks_two_to_five_after_a_caesarean_offer_the_hinge_forward_once_asked(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    caesarean(known, 20, now)
    app = open_page("stretch")
    assert above_begin(app, line_of("caesarean_before_check", "hinge_forward"))
    assert planned(app) == set()
    (key,) = [key for key in buttons(app) if key.startswith("hw-asked-")]
    app.button(key).click().run()
    assert planned(app) == {"hinge_forward"}
    text = texts(app)
    assert not above_begin(app, line_of("caesarean_before_check", "hinge_forward"))
    assert above_begin(app, line_of("caesarean_before_check", "side_reach"))
    assert "You asked about this on" in text
    today = open_page("today")
    assert "hw-start" in buttons(today)
    # Nor does the session without the timer have the stretch that is left out.
    today.button("hw-done-open").click().run()
    today.button("hw-done-now").click().run()
    (session,) = known.sessions(limit=5)
    assert {hold.stretch for hold in session.holds} == {"hinge_forward"}
    app = open_page("stretch")
    app.button("hw-not-asked-caesarean_before_check").click().run()
    assert above_begin(app, line_of("caesarean_before_check", "hinge_forward"))


def test_pelvic_girdle_pain_is_asked_in_the_check_in_and_again_when_it_comes_back(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    both = {stretch.id for stretch in guide().stretches}
    app = open_page("stretch")
    assert planned(app) == both
    app.button_group("hw-conditions").set_value([Condition.PELVIC_GIRDLE_PAIN]).run()
    line = line_of("pelvic_girdle_pain", "side_reach")
    assert above_begin(app, line)
    assert not has_timer(app)
    (key,) = [key for key in buttons(app) if key.startswith("hw-asked-")]
    app.button(key).click().run()
    assert not above_begin(app, line)
    assert planned(app) == both
    app.button_group("hw-conditions").set_value([]).run()
    app.button_group("hw-conditions").set_value([Condition.PELVIC_GIRDLE_PAIN]).run()
    assert above_begin(app, line)
    gave_birth(known, 60, now)
    assert above_begin(open_page("stretch"), line)


def test_unsteady_on_one_leg_leaves_no_stretch_until_it_is_corrected(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    with_condition(known, Condition.NOT_ON_ONE_LEG, now)
    assert "hw-start" not in buttons(open_page("today"))
    assert "hw-start" not in buttons(open_page("progress"))
    app = open_page("stretch")
    assert above_begin(app, line_of("not_on_one_leg", "side_reach"))
    assert not has_timer(app)
    app.button_group("hw-conditions").set_value([]).run()
    assert has_timer(app)
    assert "hw-start" in buttons(open_page("today"))
    assert "hw-start" in buttons(open_page("progress"))


def test_the_kind_of_birth_is_asked_once_in_the_first_weeks(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    gave_birth(known, 5, now)
    app = open_page("stretch")
    app.button("hw-birth-not-said").click().run()
    assert "hw-birth-not-said" not in buttons(app)
    assert "hw-birth-not-said" not in buttons(open_page("stretch"))
    known.set_meta("birth_not_said", "")
    app = open_page("stretch")
    app.button_group("hw-birth-kind").set_value(BirthKind.CAESAREAN).run()
    assert above_begin(app, line_of("first_caesarean_weeks", "side_reach"))
    assert not has_timer(app)


def test_an_unfinished_session_with_left_out_stretches_cannot_be_resumed(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    routine = offered_routines(known)[0]
    planned_routine = plan.plan(routine, guide().stretches, 10)
    begun = replace(
        make_session(TODAY, state=SessionState.OPEN),
        id=planned_routine.id, started=now, plan=planned_routine.to_json(), ended=None,
    )  # fmt: skip
    known.save(begun, now)
    assert "hw-go-on" in buttons(open_page("stretch"))
    with_condition(known, Condition.NOT_ON_ONE_LEG, now)
    assert "hw-resume" not in buttons(open_page("today"))
    app = open_page("stretch")
    assert "hw-keep" in buttons(app)
    assert "hw-go-on" not in buttons(app)


@pytest.mark.parametrize("language", ["en", "es"])
def test_after_a_loss_no_page_mentions_a_baby(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession, language: str
) -> None:
    known.save_profile(replace(known.profile(), language=language), now)
    known.save(make_session(TODAY, before=4, after=3), now)
    assert baby_mentions(open_page("safety")), "the search finds them before"
    end_pregnancy(known, now)
    app = open_page("today")
    for info in PAGES:
        mentions = baby_mentions(go_to(app, info.name))
        assert not mentions, info.name
        if info.name == "guide":
            for part in ("now", "why"):
                app.button_group("hw-part").set_value(part).run()
                assert not baby_mentions(app), part


def test_after_a_loss_today_counts_nothing(open_page: OpenPage, known: Store, now: Moment) -> None:
    known.choose_goal(14, now)
    end_pregnancy(known, now)
    text = everything(open_page("today"))
    assert "waiting for you" not in text
    assert "of 14" not in text
