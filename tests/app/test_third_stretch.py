"""After adding one file to content/, every page knows the third stretch, with no change of code."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import Hold, HoldOutcome, Moment, Routine, RoutineStretch, Side, new_id
from holdwell.sessions import plan
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession
from tests.support.third_stretch import ID, NAME, content_with_third_stretch


@pytest.fixture(autouse=True)
def content(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = content_with_third_stretch(tmp_path_factory.mktemp("third"))
    monkeypatch.setenv("HOLDWELL_CONTENT", str(folder))
    return folder


def test_the_guide_teaches_the_third_stretch_after_the_shared_steps(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("guide")
    assert [tab.label for tab in app.tabs] == ["Side reach", "Hinge forward", NAME]
    text = "\n".join(str(e.value) for group in (app.text, app.markdown) for e in group)
    assert "**4. Turn your standing foot out**" in text
    assert "**5. Grow tall**" in text
    assert "Stay for about 20 to 30 seconds." in text
    assert "The raised leg stays relaxed." in text


def test_the_starting_routines_include_the_third_stretch(open_page: OpenPage, known: Store) -> None:
    assert f"Side reach, Hinge forward, {NAME}" in texts(open_page("routines"))
    assert not open_page("stretch").exception


def test_the_third_stretch_can_be_added_to_an_existing_routine(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    routine = Routine(plan.BEDTIME_ID, "Mine", (RoutineStretch("side_reach"),))
    known.save_routines([routine], now)
    app = open_page("routines")
    assert NAME not in texts(app)
    app.button(f"edit-{routine.id}").click().run()
    key = f"shape-{routine.id}"
    app.button(f"{key}-add-{ID}").click().run()
    assert known.routines()[0].stretches == (RoutineStretch("side_reach"), RoutineStretch(ID, 25))
    slider = app.slider(f"{key}-hold-{ID}")
    assert slider.label.replace("\\", "") == f"2. {NAME}: hold, in seconds"
    assert "About 20 to 30 seconds is usual." in texts(app)
    slider.set_value(30).run()
    app.button(f"{key}-earlier-{ID}").click().run()
    assert known.routines()[0].stretches == (RoutineStretch(ID, 30), RoutineStretch("side_reach"))


def hold_fields(app: AppTest) -> dict[str, int | float | None]:
    return {field.label: field.value for field in app.number_input}


def test_history_logs_the_third_stretch(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-session-0-day").set_value(TODAY)
    app.button("form-session-0-fill").click().run()
    assert hold_fields(app) == {
        "Side reach, left": 35,
        "Side reach, right": 35,
        "Hinge forward, left": 35,
        "Hinge forward, right": 35,
        f"{NAME}, left": 25,
        f"{NAME}, right": 25,
    }
    app.number_input("form-session-0-hold-5-usual").set_value(40)
    app.button("form-session-0-save").click().run()
    (session,) = known.sessions(limit=5)
    assert [(h.stretch, h.side, h.held_s) for h in session.holds[4:]] == [
        (ID, Side.LEFT, 25.0),
        (ID, Side.RIGHT, 40.0),
    ]
    assert "6 holds, 3 min 25 s" in texts(app)
    app.button(f"edit-{session.id}").click().run()
    assert app.number_input("form-session-1-hold-5").value == 40


def test_filling_in_uses_only_the_stretches_of_the_users_routine(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    routine = Routine(plan.BEDTIME_ID, "Mine", (RoutineStretch("hinge_forward", 60),))
    known.save_routines([routine], now)
    app = open_page("history")
    app.button("hw-add").click().run()
    app.button("form-session-0-fill").click().run()
    asked = {label: seconds for label, seconds in hold_fields(app).items() if seconds}
    assert asked == {"Hinge forward, left": 60, "Hinge forward, right": 60}


def fill(store: Store, now: Moment, make_session: MakeSession) -> None:
    """Save nine evenings of side reach with pain 3, and nine of the third stretch with pain 8."""
    for number in range(18):
        session = make_session(TODAY - timedelta(days=number), before=3 if number % 2 else 8)
        if number % 2 == 0:
            hold = Hold(new_id(), 0, ID, Side.LEFT, 25.0, 25.0, HoldOutcome.FINISHED, now)
            session = replace(session, holds=(hold,))
        store.save(session, now)


def test_progress_names_the_third_stretch(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    fill(known, now, make_session)
    app = open_page("progress")
    app.pills("hw-show").set_value("when").run()
    assert f"{NAME} – 8 (of 9 scores)" in texts(app)
    assert not app.exception


def test_sessions_stay_after_the_file_of_their_stretch_is_removed(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession, content: Path
) -> None:
    fill(known, now, make_session)
    known.save_routines(
        [Routine(plan.BEDTIME_ID, "Mine", (RoutineStretch(ID), RoutineStretch("side_reach")))],
        now,
    )
    # open_page starts a new window, which reads the changed folder.
    (content / "stretches" / f"{ID}.toml").unlink()
    app = open_page("progress")
    app.pills("hw-show").set_value("when").run()
    assert f"{ID} – 8 (of 9 scores)" in texts(app)
    for page in ("stretch", "history", "routines", "guide"):
        app = open_page(page)
        assert not app.exception, page
        assert "went wrong" not in texts(app), page
        assert "needs fixing" not in texts(app), page
