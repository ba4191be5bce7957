"""History: each kind of entry is added, edited, deleted and restored separately."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from holdwell.domain.models import (
    CrampLeg,
    HoldOutcome,
    LeftOutReason,
    Moment,
    PainEntry,
    SessionState,
)
from holdwell.store.history import Filter
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, edit_saved, texts
from tests.conftest import TODAY, MakeSession

# -- pain and cramps as entries of their own ------------------------------------------------------


def test_entries_of_all_kinds_are_in_one_list_newest_first(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = replace(make_session(TODAY, 12), note="mark session")
    for entry in (
        PainEntry(TODAY, 1, at=Moment(session.started.utc + timedelta(hours=1), 60)),
        PainEntry(TODAY, 2, at=Moment(session.started.utc - timedelta(hours=1), 60)),
        PainEntry(TODAY - timedelta(1), 3),
    ):
        known.save(entry, now)
    known.save(session, now)
    known.save_cramp(TODAY - timedelta(1), CrampLeg.LEFT, now)
    app = open_page("history")
    marks = ["1 of 10", "mark session", "2 of 10", "Cramps: left leg", "3 of 10"]
    shown = [str(e.value) for e in app.text]
    assert [line for line in shown if line in marks] == marks


def test_a_session_without_a_finished_hold_says_that_it_does_not_count(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY, 12, held=2, state=SessionState.STOPPED), now)
    known.save(make_session(TODAY, 13), now)
    text = texts(open_page("history"))
    assert text.count("4 s · stopped early · saved; it counts from one finished hold on") == 1
    assert text.count("2 holds") == 1


def test_a_session_after_midnight_says_which_day_it_counts_for_if_its_time_is_known(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    late = replace(make_session(TODAY, 1), local_day=TODAY - timedelta(1))
    known.save(late, now)
    assert "counts for Mon 23 Nov" in texts(open_page("history"))
    # Entered at that hour without a time, only the day is known.
    known.save(replace(late, time_known=False), now)
    text = texts(open_page("history"))
    assert "Mon 23 Nov" in text and "counts for" not in text


def test_pain_after_midnight_says_which_day_it_counts_for(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    at_two = Moment.of(now.local.replace(hour=2))
    known.save_all([PainEntry(TODAY - timedelta(1), 7, at_two), PainEntry(TODAY, 6, now)], now)
    text = texts(open_page("history"))
    assert "7 of 10 · counts for Mon 23 Nov" in text and text.count("counts for") == 1


def test_days_are_left_out_of_the_trend_and_included_again(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("history")
    app.date_input("left-out-from").set_value(TODAY - timedelta(2))
    app.date_input("left-out-to").set_value(TODAY - timedelta(1))
    app.pills("left-out-why").set_value(LeftOutReason.FALL)
    app.button("left-out-add").click().run()
    days = [TODAY - timedelta(2), TODAY - timedelta(1)]
    assert [(left_out.day, left_out.reason) for left_out in known.left_out_days()] == [
        (day, LeftOutReason.FALL) for day in days
    ]
    text = texts(app)
    assert "Sun 22 Nov, a fall" in text and "Left out of the trend: 2 days." in text
    app.button("hw-undo-tap").click().run()
    assert not known.left_out_days()
    app.button("left-out-add").click().run()
    app.button(f"take-in-{days[0]}").click().run()
    assert [left_out.day for left_out in known.left_out_days()] == days[1:]
    assert "Sunday 22 November counts in the trend again." in texts(app)
    app.date_input("left-out-from").set_value(TODAY + timedelta(1))
    app.button("left-out-add").click().run()
    assert "not after today" in app.warning[0].value


def test_history_edit_and_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12, before=6)
    app = edit_saved(open_page, known, session, now)
    key = "form-session-0"
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


def test_undo_keeps_what_another_window_saved_since(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12, before=6)
    known.save(session, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    app.text_area("form-session-0-note").set_value("slept badly")
    app.button("form-session-0-save").click().run()
    newer = replace(session, note="slept badly, then well")
    known.save(newer, now)
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == newer
    assert "Not undone, because it was changed again later." in texts(app)


def test_history_delete_and_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    app = edit_saved(open_page, known, session, now)
    app.button("hw-delete").click().run()
    assert known.session(session.id) is None
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session


def test_history_brings_back_what_was_deleted_long_ago(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    known.save(session, now)
    known.delete("session", session.id, now)
    app = open_page("history")
    app.button(f"restore-{session.id}").click().run()
    assert known.session(session.id) == session


def test_notes_are_never_read_as_markup(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    note = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) :red[y] $x$"
    known.save(replace(make_session(TODAY, 12), note=note), now)
    app = open_page("history")
    assert note in [element.value for element in app.text]
    assert not [element for element in app.markdown if "script" in str(element.value)]


def test_all_deleted_sessions_can_be_reached(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    sessions = [make_session(TODAY - timedelta(n), 12) for n in range(17)]
    known.save_all(sessions, now)
    for session in sessions:
        known.delete("session", session.id, now)
    app = open_page("history")
    app.button("hw-deleted-more").click().run()
    assert len([b for b in app.button if str(b.key).startswith("restore-")]) == 17


# -- months, days, filters, and the address -------------------------------------------------------


def test_a_month_is_chosen_and_a_day_of_it(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    old, older = date(2026, 3, 5), date(2026, 1, 7)
    for day in (TODAY, old, older):
        known.save(replace(make_session(day), note=f"on {day}"), now)
    app = open_page("history")
    assert [str(e.value) for e in app.header] == ["November 2026", "March 2026", "January 2026"]
    app.selectbox("hw-month").set_value(date(2026, 3, 1)).run()
    assert app.query_params["month"] == "2026-03"
    assert "on 2026-11-24" not in texts(app)
    assert "on 2026-03-05" in texts(app) and "on 2026-01-07" in texts(app)
    days = app.pills("hw-day-2026-03-01")
    assert [label for label in days.options if "•" in label] == ["**5** •"]
    days.set_value(old).run()
    assert app.query_params["day"] == "2026-03-05"
    assert "on 2026-03-05" in texts(app) and "on 2026-01-07" not in texts(app)
    # An entry added while a day is chosen gets that day, and the day stays chosen.
    app.button("hw-add-cramp").click().run()
    assert app.date_input("form-cramp-0-night").value == old
    app.pills("form-cramp-0-leg").set_value(CrampLeg.LEFT)
    app.button("form-cramp-0-save").click().run()
    assert "Night of Thursday 5 March" in texts(app)
    app.button("hw-month-earlier").click().run()
    assert app.query_params["month"] == "2026-02" and "day" not in app.query_params
    app.button("hw-month-earlier").click().run()
    assert app.button("hw-month-earlier").disabled
    assert "on 2026-01-07" in texts(app)


def test_after_adding_an_old_entry_its_month_is_shown(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add-pain").click().run()
    app.date_input("form-pain-0-day").set_value(date(2026, 4, 1))
    app.pills("form-pain-0-score").set_value(6)
    app.button("form-pain-0-save").click().run()
    assert "**Wed 1 Apr** · Pain" in texts(app)
    assert app.selectbox("hw-month").value == date(2026, 4, 1)


def test_notes_are_searched_and_kinds_are_filtered(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    long_ago = replace(make_session(date(2026, 2, 1)), note="in the old House")
    known.save(long_ago, now)
    known.save(make_session(TODAY), now)
    known.save_cramp(TODAY, CrampLeg.LEFT, now)
    app = open_page("history")
    app.pills("hw-show").set_value(Filter.CRAMPS).run()
    assert [b.key for b in app.button if str(b.key).startswith("edit-")] == [f"edit-{TODAY}"]
    assert app.query_params["show"] == "cramps"
    app.pills("hw-show").set_value(Filter.ALL).run()
    app.text_input("hw-words").set_value("house").run()
    assert [b.key for b in app.button if str(b.key).startswith("edit-")] == [f"edit-{long_ago.id}"]
    assert "house" not in str(app.query_params), "words of a note stay out of the address"
    app.text_input("hw-words").set_value("castle").run()
    assert "Nothing found." in texts(app)


def test_the_address_names_the_form_and_faulty_addresses_do_no_harm(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    gone = make_session(TODAY, 13)
    known.save(session, now)
    known.save(gone, now)
    known.delete("session", gone.id, now)
    app = open_page("history")
    app.query_params["edit"] = f"session.{session.id}"
    assert "Edit this session" in texts(app.run())
    nights = ("cramp.2026-13-01", "cramp.2026-11-20")
    for given in (f"session.{gone.id}", "session.x", "goal.1", "pain.", *nights):
        app.query_params.update({"edit": given, "day": "x", "month": "2026-99", "show": "?"})
        app.run()
        assert not app.exception and app.title[0].value == "History", given


@pytest.mark.parametrize("note", ["long " * 200 + "end", "long\n" * 40 + "end"])
def test_a_long_note_is_shown_in_part(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession, note: str
) -> None:
    known.save(replace(make_session(TODAY, 12), note=note), now)
    app = open_page("history")
    lines = [str(e.value) for e in app.text if str(e.value).startswith("long")]
    assert len(lines[0]) < 300 and lines[0].count("\n") < 4 and lines[1] == note
