"""The Stretch page: an unfinished session, and the ratings after a session."""

from dataclasses import replace
from datetime import timedelta

from streamlit.testing.v1 import AppTest

from holdwell.domain.models import (
    Moment,
    PainPlace,
    PainSide,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
)
from holdwell.guide.load import guide
from holdwell.sessions import plan
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, has_timer, texts
from tests.conftest import TODAY, MakeSession


def unfinished(session: Session, started: Moment) -> Session:
    """Return a session as it is after its first holds of both stretches, and not ended."""
    everything = tuple(RoutineStretch(s.id) for s in guide().stretches)
    planned = plan.plan(Routine("r", "Mine", everything), guide().stretches, 10)
    return replace(
        session,
        id=planned.id,
        state=SessionState.OPEN,
        started=started,
        plan=planned.to_json(),
        ended=None,
    )


def test_an_unfinished_session_is_offered_and_kept(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    begun = unfinished(make_session(TODAY), Moment(now.utc - timedelta(hours=20), 60))
    known.save(begun, now)
    app = open_page("today")
    assert "Holds saved: 2 of 4." in texts(app)
    assert app.button("hw-resume").label == "Keep it or delete it"
    app.button("hw-resume").click().run()
    assert "not finished" in texts(app)
    assert not [b for b in app.button if b.key == "hw-go-on"], "too old to go on with"
    app.button("hw-keep").click().run()
    kept = known.session(begun.id)
    assert kept is not None
    assert kept.state is SessionState.STOPPED
    assert kept.holds == begun.holds
    assert "You stopped early" in texts(app)


def test_of_a_hold_that_was_not_finished_its_time_is_said_and_from_when_on_a_session_counts(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    short = make_session(TODAY, held=6, state=SessionState.STOPPED)
    known.save(short, now)
    text = texts(open_ratings(open_page, short))
    assert (
        "You held for 12 s, and that is saved. A session counts from one finished hold on" in text
    )
    assert "2 holds" not in text
    nothing = replace(short, id="none", holds=())
    known.save(nothing, now)
    app = open_ratings(open_page, nothing)
    assert "There was no hold this time" in texts(app)
    # Nothing was held that could have been comfortable; pain can be rated all the same.
    asked = {pills.key for pills in app.pills}
    assert "rate-none-after" in asked and "rate-none-comfort" not in asked


def test_one_tap_on_today_goes_on_with_an_unfinished_session(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(unfinished(make_session(TODAY), now), now)
    app = open_page("today")
    assert app.button("hw-resume").label == "Go on where you were"
    app.button("hw-resume").click().run()
    assert has_timer(app)
    assert "not finished" not in texts(app)


def open_ratings(open_page: OpenPage, session: Session) -> AppTest:
    """Open the Stretch page as it is after a session has ended."""
    app = open_page("stretch")
    app.query_params["session"] = session.id
    return app.run()


def test_rating_saves_and_goes_home(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save(session, now)
    app = open_ratings(open_page, session)
    assert "Held: 2 holds, 1 min 10 s" in texts(app)
    key = f"rate-{session.id}"
    app.pills(f"{key}-after").set_value(3)
    app.pills(f"{key}-comfort").set_value(4)
    app.pills(f"{key}-places").set_value([PainPlace.PELVIS])
    app.pills(f"{key}-side").set_value(PainSide.LEFT)
    app.button(f"{key}-save").click().run()
    rated = known.session(session.id)
    assert rated is not None
    assert (rated.pain_after, rated.comfort, rated.pain_before) == (3, 4, None)
    assert rated.pain_places == {PainPlace.PELVIS} and rated.pain_side is PainSide.LEFT
    assert "Saved." in texts(app)


def test_skipping_saves_what_was_entered(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save(session, now)
    app = open_ratings(open_page, session)
    key = f"rate-{session.id}"
    app.pills(f"{key}-before").set_value(6)
    app.text_area(f"{key}-note").set_value("after the bus")
    app.button(f"{key}-skip").click().run()
    rated = known.session(session.id)
    assert rated is not None
    assert (rated.pain_before, rated.pain_after, rated.note) == (6, None, "after the bus")
    assert "Saved." in texts(app)


def test_skipping_an_empty_form_changes_nothing(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save(session, now)
    app = open_ratings(open_page, session)
    app.button(f"rate-{session.id}-skip").click().run()
    assert known.session(session.id) == session
    assert "Saved." not in texts(app) and "Good evening" in texts(app)


def test_save_is_below_the_last_field_and_pain_above_begin(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    app = open_page("stretch")
    order = [getattr(node, "key", None) for node in app.main]
    assert order.index("hw-pain-now") < order.index("hw-routine")
    session = make_session(TODAY)
    known.save(session, now)
    app.query_params["session"] = session.id
    app.run()
    order = [getattr(node, "key", None) for node in app.main]
    key = f"rate-{session.id}"
    assert order.index(f"{key}-note") < order.index(f"{key}-save")


def test_the_time_to_get_ready_can_be_set_on_the_stretch_page_too(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("stretch")
    app.slider("hw-ready-here").set_value(25).run()
    assert known.profile().get_ready_seconds == 25
    assert app.slider("hw-ready-here").value == 25


def test_the_lines_to_read_are_open_above_begin_until_confirmed(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("stretch")
    (box,) = (e for e in app.expander if e.label.startswith("Before you begin"))
    assert box.proto.expanded
    assert "new complication" in " ".join(text.value for text in box.text)
    order = [getattr(node, "key", None) for node in app.main]
    assert order.index("hw-lines-read") < order.index("hw-routine")
    app.button("hw-lines-read").click().run()
    (box,) = (e for e in app.expander if e.label.startswith("Before you begin"))
    assert not box.proto.expanded

    # Another stage has other lines to read, so they are open again.
    pregnancy = known.pregnancy()
    assert pregnancy is not None
    known.save_pregnancy(replace(pregnancy, due_date=TODAY + timedelta(days=20)), clock.now())
    app = open_page("stretch")
    (box,) = (e for e in app.expander if e.label.startswith("Before you begin"))
    assert box.proto.expanded


def test_the_short_version_says_how_long_its_holds_are(open_page: OpenPage, known: Store) -> None:
    app = open_page("stretch")
    assert "Otherwise it lasts 30 to 40 s" not in texts(app)
    app.pills("hw-routine").set_value("short").run()
    assert "Each hold lasts 20 s here" in texts(app)
    assert "Otherwise it lasts 30 to 40 s" in texts(app)


def test_ratings_opened_earlier_keep_later_changes_of_another_window(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save(session, now)
    app = open_ratings(open_page, session)
    elsewhere = replace(
        session,
        pain_places=frozenset({PainPlace.HIP}),
        pain_side=PainSide.BOTH,
        pain_before=6,
        note="from the phone",
    )
    known.save(elsewhere, now)
    key = f"rate-{session.id}"
    app.pills(f"{key}-after").set_value(3)
    app.button(f"{key}-save").click().run()
    assert known.session(session.id) == replace(elsewhere, pain_after=3)
    assert "Saved." in texts(app)
