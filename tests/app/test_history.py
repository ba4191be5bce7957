"""History: add, edit, delete and bring back sessions; nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from holdwell.domain.models import (
    CrampLeg,
    DayPart,
    HoldOutcome,
    Moment,
    SessionState,
)
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession


def test_history_adds_a_backdated_session(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-add-0-day").set_value(date(2026, 11, 20))
    app.pills("form-add-0-part").set_value(DayPart.MORNING)
    app.pills("form-add-0-before").set_value(7)
    app.pills("form-add-0-after").set_value(5)
    app.number_input("form-add-0-hold-1").set_value(0)
    app.pills("form-add-0-cramp").set_value(CrampLeg.BOTH)
    app.text_area("form-add-0-note").set_value("at my mother's")
    app.button("form-add-0-save").click().run()
    (session,) = known.sessions(limit=5)
    assert session.state is SessionState.LOGGED
    assert session.local_day == date(2026, 11, 20)
    assert (session.part, session.pain_before, session.pain_after) == (DayPart.MORNING, 7, 5)
    assert [h.held_s for h in session.holds] == [35.0, 35.0, 35.0]
    assert session.note == "at my mother's"
    night = known.cramp(date(2026, 11, 19))
    assert night is not None
    assert night.leg is CrampLeg.BOTH
    assert known.cramp(TODAY - timedelta(1)) is None
    assert "at my mother's" in texts(app)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": date(2026, 11, 25)}, "has not come yet"),
        ({"day": date(1976, 11, 24)}, "more than 10 years ago"),
        ({"day": None}, "choose the day"),
        ({"hold-0": -5}, "from 0 to 3,600"),
        ({"hold-0": 99999}, "from 0 to 3,600"),
        ({"note": "x" * 2001}, "2,001 characters"),
        ({f"hold-{n}": 0 for n in range(4)}, "Nothing to save yet"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    open_page: OpenPage, known: Store, changes: dict[str, object], sentence: str
) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    for name, value in changes.items():
        key = f"form-add-0-{name}"
        kind = {"day": app.date_input, "note": app.text_area}.get(name, app.number_input)
        kind(key).set_value(value)
    app.button("form-add-0-save").click().run()
    assert sentence in app.warning[0].value
    assert known.session_count() == 0
    if "note" in changes:
        assert app.text_area("form-add-0-note").value == changes["note"]


def test_history_edit_and_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12, before=6)
    known.save_session(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    key = f"form-{session.id}-0"
    assert app.pills(f"{key}-before").value == 6
    app.pills(f"{key}-before").set_value(2)
    app.number_input(f"{key}-hold-0").set_value(10)
    app.button(f"{key}-save").click().run()
    edited = known.session(session.id)
    assert edited is not None
    assert edited.pain_before == 2
    assert edited.started == session.started
    assert edited.holds[0] == replace(session.holds[0], held_s=10.0, outcome=HoldOutcome.SHORTENED)
    assert edited.holds[1] == session.holds[1]
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session


def test_history_delete_and_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    app.button("hw-delete").click().run()
    assert known.session(session.id) is None
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session


def test_history_brings_back_what_was_deleted_long_ago(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save_session(session, now)
    known.delete_session(session.id, now)
    app = open_page("history")
    app.button(f"restore-{session.id}").click().run()
    assert known.session(session.id) == session


def test_notes_are_never_read_as_markup(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    note = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) :red[y] $x$"
    known.save_session(replace(make_session(TODAY, 12), note=note), now)
    app = open_page("history")
    assert note in [element.value for element in app.text]
    assert not [element for element in app.markdown if "script" in str(element.value)]


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
