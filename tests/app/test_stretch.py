"""Stretch: a session that was not ended, and the ratings after one."""

from dataclasses import replace
from datetime import timedelta

from holdwell.domain.models import (
    Moment,
    Routine,
    RoutineStretch,
    SessionState,
)
from holdwell.guide import guide
from holdwell.sessions import plan
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_an_unfinished_session_is_offered_and_kept(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    everything = tuple(RoutineStretch(s.id) for s in guide().stretches)
    made = plan.plan(Routine("r", "Mine", everything), guide().stretches, 10)
    begun = replace(
        make_session(TODAY, state=SessionState.OPEN),
        id=made.id,
        started=Moment(now.utc - timedelta(hours=20), 60),
        plan=made.to_json(),
        ended=None,
    )
    known.save_session(begun, now)
    assert "2 of 4 holds are kept" in texts(open_page("today"))
    app = open_page("stretch")
    assert "not finished" in texts(app)
    assert not [b for b in app.button if b.key == "hw-go-on"], "too old to go on with"
    app.button("hw-keep").click().run()
    kept = known.session(begun.id)
    assert kept is not None
    assert kept.state is SessionState.STOPPED
    assert kept.holds == begun.holds
    assert "You stopped early" in texts(app)


def test_rating_saves_and_goes_home(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save_session(session, now)
    app = open_page("stretch")
    app.query_params["session"] = session.id
    app.run()
    assert "Held: 2 holds, 1 min 10 s" in texts(app)
    key = f"rate-{session.id}"
    app.pills(f"{key}-after").set_value(3)
    app.pills(f"{key}-comfort").set_value(4)
    app.button(f"{key}-save").click().run()
    rated = known.session(session.id)
    assert rated is not None
    assert (rated.pain_after, rated.comfort, rated.pain_before) == (3, 4, None)
    assert "Saved." in texts(app)


def test_the_time_to_get_ready_is_set_on_the_stretch_page_too(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("stretch")
    app.slider("hw-ready-here").set_value(25).run()
    assert known.profile().get_ready_seconds == 25
    assert app.slider("hw-ready-here").value == 25
