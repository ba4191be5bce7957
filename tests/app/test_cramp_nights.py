"""Adding a session, in any way, changes no cramp night unless the user answers about that night."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from holdwell.cli.parser import main
from holdwell.domain.models import CrampLeg, CrampNight, Moment
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer import exporting, import_undo, importing, validation
from holdwell.ui.stretch import timer
from tests.app.conftest import OpenPage, cramps
from tests.app.test_csv_import import upload
from tests.app.test_timer_reports import Browser
from tests.conftest import TODAY, MakeSession

NIGHT = TODAY - timedelta(1)
ANSWERS = {
    TODAY: CrampLeg.RIGHT,
    NIGHT: CrampLeg.LEFT,
    TODAY - timedelta(2): CrampLeg.NONE,
    TODAY - timedelta(5): CrampLeg.BOTH,
}


@pytest.fixture
def answered(known: Store, now: Moment) -> Store:
    """Nights with every possible answer, one whose answer was taken back, and unanswered nights."""
    for night, leg in ANSWERS.items():
        known.save_cramp(night, leg, now)
    known.save_cramp(TODAY - timedelta(3), CrampLeg.LEFT, now)
    known.save_cramp(TODAY - timedelta(3), None, now)
    return known


def nights(store: Store) -> list[Row]:
    return store.rows("SELECT * FROM cramp ORDER BY id")


def test_the_timer_and_its_ratings_change_no_night(
    answered: Store, open_page: OpenPage, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, before = Browser(), nights(answered)
    monkeypatch.setattr(timer, "_timer", browser)
    for button in ("save", "skip"):
        app = open_page("stretch")
        browser.values = {"report": browser.report(now, "done", len(browser.plan.holds))}
        app.run()
        browser.values = {}
        (session,) = answered.sessions(limit=1)
        app.pills(f"rate-{session.id}-after").set_value(2)
        app.button(f"rate-{session.id}-{button}").click().run()
        assert not app.exception and answered.session_count() > 0
        assert nights(answered) == before


def test_ratings_without_a_cramp_answer_keep_the_answer_of_another_window(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    known.save(session, now)
    for before, meanwhile in ((None, CrampLeg.LEFT), (CrampLeg.LEFT, CrampLeg.RIGHT)):
        known.save_cramp(NIGHT, before, now)
        app = open_page("stretch")
        app.query_params["session"] = session.id
        app.run()
        known.save_cramp(NIGHT, meanwhile, now)
        app.pills(f"rate-{session.id}-after").set_value(2)
        app.button(f"rate-{session.id}-save").click().run()
        assert cramps(known, NIGHT) is meanwhile


def test_a_cramp_answer_in_the_ratings_changes_only_that_night(
    answered: Store, open_page: OpenPage, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY)
    answered.save(session, now)
    for leg in (CrampLeg.NONE, None, CrampLeg.RIGHT):
        app = open_page("stretch")
        app.query_params["session"] = session.id
        app.run()
        app.pills(f"rate-{session.id}-cramp").set_value(leg)
        app.button(f"rate-{session.id}-save").click().run()
        answers = {night: cramps(answered, night) for night in ANSWERS}
        assert answers == {**ANSWERS, NIGHT: leg}


def test_a_session_without_the_timer_and_its_undo_change_no_night(
    answered: Store, open_page: OpenPage
) -> None:
    before, app = nights(answered), open_page("today")
    for at in (None, time(8, 30), time(23, 30)):
        app.button("hw-done-open").click().run()
        if at is not None:
            app.time_input("hw-done-time").set_value(at).run()
        app.button("hw-done-save" if at else "hw-done-now").click().run()
        assert (answered.session_count(), nights(answered)) == (1, before)
        app.button("hw-undo-tap-done").click().run()
        assert (answered.session_count(), nights(answered)) == (0, before)


@pytest.mark.parametrize("back", [0, 1, 3, 4, 6])
def test_a_session_added_edited_and_deleted_on_history_changes_no_night(
    answered: Store, open_page: OpenPage, back: int
) -> None:
    before, app = nights(answered), open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-session-0-day").set_value(TODAY - timedelta(back))
    app.time_input("form-session-0-time").set_value(time(7, 30)).run()
    app.number_input("form-session-0-hold-0").set_value(35)
    app.button("form-session-0-save").click().run()
    (session,) = answered.sessions(limit=5)
    assert nights(answered) == before
    app.button(f"edit-{session.id}").click().run()
    app.text_area("form-session-1-note").set_value("slept badly")
    app.button("form-session-1-save").click().run()
    assert answered.session(session.id) != session and nights(answered) == before
    for button in (f"edit-{session.id}", "hw-delete", "hw-undo-tap"):
        app.button(button).click().run()
        assert nights(answered) == before
    assert answered.session_count() == 1


def test_a_session_logged_on_the_command_line_changes_no_night(
    answered: Store, folder: Path
) -> None:
    before = nights(answered)
    for at in (["--time", "07:30"], ["--time", "01:10"], []):
        for day in (NIGHT, TODAY - timedelta(3), TODAY - timedelta(4)):
            log = ["log", "--day", f"{day}", *at, "--before", "4", "--data", str(folder)]
            assert main(log) == 0
    assert answered.session_count() == 9
    assert nights(answered) == before


def test_an_import_and_its_undo_change_no_answered_night(
    answered: Store, tmp_path: Path, now: Moment, make_session: MakeSession
) -> None:
    before, new = nights(answered), date(2026, 10, 1)
    other = Store(tmp_path / "other.db")
    sessions = [make_session(day) for day in (TODAY, NIGHT, TODAY - timedelta(5))]
    others = {**dict.fromkeys(ANSWERS, CrampLeg.BOTH), new: CrampLeg.LEFT}
    other.save_all([*sessions, *(CrampNight(night, leg) for night, leg in others.items())], now)
    importing.insert(answered, validation.read(exporting.export(other, now)), now)
    other.close()
    assert answered.session_count() == 3
    brought = answered.cramp(new)
    assert brought is not None
    assert [row for row in nights(answered) if row["id"] != brought.id] == before
    import_undo.undo(answered, now)
    assert (answered.session_count(), nights(answered)) == (0, before)


def test_a_table_of_another_tracker_changes_no_night(answered: Store, open_page: OpenPage) -> None:
    before, app = nights(answered), open_page("record")
    rows = [f"{TODAY - timedelta(back)},07:30,{back + 1},2" for back in range(7)]
    text = "\n".join(["Date,Time,Pain before stretching,Pain after stretching", *rows])
    upload(app, text)
    app.button("hw-import-yes").click().run()
    assert answered.session_count() == 7
    assert nights(answered) == before
