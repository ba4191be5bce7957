"""The page of changes: each with what undoing it does, and a button that does it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdwell.domain.models import CrampLeg, Moment
from holdwell.store import undo
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.ui.runtime.process_state import process_state
from tests.app.conftest import OpenPage, texts
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)


def test_changes_are_told_undone_and_the_undo_undone(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12, before=6, after=4)
    known.save_session(session, now)
    edited = replace(session, pain_after=3)
    known.save_session(edited, now)
    app = open_page("history")
    app.button("hw-changes").click().run()
    # AppTest does not follow st.switch_page to where it leads in one run.
    app = open_page("changes")
    said = texts(app)
    assert "Tue 24 Nov, 21:05" in said
    assert "Session of Tue 24 Nov, 12:00 changed" in said
    assert "pain after 4 → 3" in said
    assert "Undoing it sets pain after 3 → 4." in said
    step = undo.changes(known, limit=1)[0].id
    app.button(f"undo-{step}").click().run()
    assert known.session(session.id) == session
    said = texts(app)
    assert "Undone." in said
    assert "An undo" in said
    assert "It is as it was before this change." in said
    assert not [b for b in app.button if b.key == f"undo-{step}"]
    app.button(f"undo-{undo.changes(known, limit=1)[0].id}").click().run()
    assert known.session(session.id) == edited


def test_changes_come_in_pages(open_page: OpenPage, known: Store, now: Moment) -> None:
    for number in range(20):
        known.save_profile(replace(known.profile(), volume=number), now)
    app = open_page("changes")
    assert len([b for b in app.button if str(b.key).startswith("undo-")]) == 15
    app.button("hw-change-list-more").click().run()
    assert len([b for b in app.button if str(b.key).startswith("undo-")]) == 21
    assert not [b for b in app.button if b.key == "hw-change-list-more"]


def test_nothing_changed_is_said(open_page: OpenPage, saved: Store) -> None:
    assert "You have changed nothing in the last 30 days." in texts(open_page("changes"))


def test_notes_on_the_page_of_changes_are_never_markup(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    known.save_session(replace(session, note="**b** <b> :red[y]"), now)
    app = open_page("changes")
    assert any("“**b** <b> :red[y]”" in element.value for element in app.text)
    for element in (*app.markdown, *app.caption):
        assert "**b**" not in element.value
        assert "<b>" not in element.value


def test_an_edit_on_history_with_its_night_is_one_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    key = f"form-{session.id}-0"
    app.pills(f"{key}-after").set_value(2)
    app.pills(f"{key}-cramp").set_value(CrampLeg.BOTH)
    app.button(f"{key}-save").click().run()
    night = TODAY - timedelta(1)
    assert known.cramp(night) is not None
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session
    assert known.cramp(night) is None


def test_a_session_added_on_history_can_be_undone(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-add-0-day").set_value(date(2026, 11, 20))
    app.button("form-add-0-save").click().run()
    assert known.session_count() == 1
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 0
    assert "Deleted sessions" in [e.label for e in app.expander]


def test_saving_without_a_change_offers_no_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    app.button(f"form-{session.id}-0-save").click().run()
    assert not [b for b in app.button if b.key == "hw-undo-tap"]
    assert known.session(session.id) == session


def test_all_deleted_sessions_can_be_reached(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    made = [make_session(TODAY - timedelta(n), 12) for n in range(17)]
    known.save_all(made, [], now)
    for session in made:
        known.delete_session(session.id, now)
    app = open_page("history")
    app.button("hw-deleted-more").click().run()
    assert len([b for b in app.button if str(b.key).startswith("restore-")]) == 17


def test_once_a_day_old_changes_go_and_the_backups_are_swept(
    open_page: OpenPage, known: Store, folder: Path, now: Moment, make_session: MakeSession
) -> None:
    old = Moment(now.utc - timedelta(days=31), now.utc_offset)
    session = make_session(TODAY - timedelta(40))
    known.save_session(session, old)
    known.delete_session(session.id, old)
    left = folder / "backups" / "holdwell-2026-10-01.db.12.part"
    left.parent.mkdir()
    left.write_bytes(b"x")
    os.utime(left, (old.utc.timestamp(), old.utc.timestamp()))
    open_page("today")
    assert not left.exists()
    assert [s.at for s in undo.changes(known, limit=9)] == [now], "her dates, given today"
    assert known.deleted_sessions(9) == [session]


def test_tidying_that_cannot_be_done_stops_nobody(
    open_page: OpenPage, known: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError(StoreProblem.LOCKED, folder)

    monkeypatch.setattr(undo, "forget", refuse)
    assert "Good evening" in texts(open_page("today"))
    assert process_state().backup_failed == set()
