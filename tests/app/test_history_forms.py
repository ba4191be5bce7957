"""The forms of History: adding, editing and deleting entries."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from holdwell.domain.models import (
    CrampLeg,
    CrampNight,
    DayPart,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    SessionState,
)
from holdwell.store.history import EntryKind
from holdwell.store.repository import Store
from holdwell.ui.common import undo_bar
from holdwell.ui.history.address import FormAddress
from tests.app.conftest import OpenPage, edit_saved, texts
from tests.conftest import TODAY, MakeSession


def test_history_adds_a_backdated_session(open_page: OpenPage, known: Store, now: Moment) -> None:
    known.save_cramp(date(2026, 11, 19), CrampLeg.BOTH, now)
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-session-0-day").set_value(date(2026, 11, 20))
    app.time_input("form-session-0-time").set_value(time(7, 30)).run()
    app.pills("form-session-0-before").set_value(7)
    app.pills("form-session-0-after").set_value(5)
    app.pills("form-session-0-places").set_value([PainPlace.LOWER_BACK])
    app.pills("form-session-0-side").set_value(PainSide.RIGHT)
    for number in (0, 2, 3):
        app.number_input(f"form-session-0-hold-{number}").set_value(35)
    app.text_area("form-session-0-note").set_value("at my mother's")
    app.button("form-session-0-save").click().run()
    (session,) = known.sessions(limit=5)
    assert session.state is SessionState.LOGGED
    assert (session.local_day, session.time_known) == (date(2026, 11, 20), True)
    assert session.started.local.time() == time(7, 30)
    assert (session.part, session.pain_before, session.pain_after) == (DayPart.MORNING, 7, 5)
    assert session.pain_places == {PainPlace.LOWER_BACK}
    assert session.pain_side is PainSide.RIGHT
    assert [h.held_s for h in session.holds] == [35.0, 35.0, 35.0]
    assert session.note == "at my mother's"
    text = texts(app)
    assert "at my mother's" in text and "Pain 7 → 5, lower back, right" in text
    assert [(c.night, c.leg) for c in known.find(CrampNight)] == [
        (date(2026, 11, 19), CrampLeg.BOTH)
    ], "adding a session changes no cramp night"


def test_the_form_is_empty_and_one_tap_fills_in_the_usual_routine(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    assert [field.value for field in app.number_input] == [0, 0, 0, 0]
    assert app.time_input("form-session-0-time").value is None
    assert app.date_input("form-session-0-day").value is None
    app.button("form-session-0-save").click().run()
    assert "choose the day" in app.warning[0].value
    app.date_input("form-session-0-day").set_value(TODAY).run()
    app.button("form-session-0-save").click().run()
    assert "Nothing to save yet" in app.warning[0].value
    app.button("form-session-0-fill").click().run()
    assert [field.value for field in app.number_input] == [35, 35, 35, 35]
    app.button("form-session-0-save").click().run()
    (session,) = known.sessions(limit=5)
    assert len(session.holds) == 4


def test_a_time_that_was_not_given_is_not_invented(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-session-0-day").set_value(date(2026, 11, 20)).run()
    app.pills("form-session-0-before").set_value(7)
    app.button("form-session-0-save").click().run()
    (session,) = known.sessions(limit=5)
    assert (session.local_day, session.time_known) == (date(2026, 11, 20), False)
    assert session.part is DayPart.OTHER
    assert "**Fri 20 Nov** · Another time" in texts(app)
    # Editing only the note does not invent a time either.
    app.button(f"edit-{session.id}").click().run()
    app.text_area("form-session-1-note").set_value("x")
    app.button("form-session-1-save").click().run()
    assert known.session(session.id) == replace(session, note="x")


def test_the_part_of_day_follows_the_time_until_it_is_chosen(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    when, part = app.time_input("form-session-0-time"), app.pills("form-session-0-part")
    for at, expected in (
        (time(7, 30), DayPart.MORNING),
        (time(20, 30), DayPart.BEDTIME),
        (time(13, 0), DayPart.OTHER),
    ):
        when.set_value(at).run()
        assert app.pills("form-session-0-part").value is expected
    part.set_value(DayPart.BEDTIME).run()
    when.set_value(time(8, 0)).run()
    assert app.pills("form-session-0-part").value is DayPart.BEDTIME


def test_an_edited_time_stays_on_the_sessions_own_offset(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """A session held in the morning in Tokyo is corrected in Berlin."""
    tokyo = timezone(timedelta(hours=9))
    started = Moment.of(datetime(2026, 11, 24, 9, tzinfo=tokyo))
    session = replace(make_session(TODAY), started=started, part=DayPart.MORNING, ended=None)
    app = edit_saved(open_page, known, session, now)
    app.time_input("form-session-0-time").set_value(time(9, 5)).run()
    app.button("form-session-0-save").click().run()
    edited = known.session(session.id)
    assert edited is not None
    assert edited.started == Moment.of(datetime(2026, 11, 24, 9, 5, tzinfo=tokyo))


def test_history_adds_edits_and_deletes_a_pain_entry(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add-pain").click().run()
    app.date_input("form-pain-0-day").set_value(date(2026, 11, 20))
    app.button("form-pain-0-save").click().run()
    assert "how much it hurt" in app.warning[0].value
    app.pills("form-pain-0-score").set_value(8)
    app.pills("form-pain-0-places").set_value([PainPlace.PELVIS])
    app.text_area("form-pain-0-note").set_value("on the stairs")
    app.button("form-pain-0-save").click().run()
    (entry,) = known.pains(limit=5)
    expected = PainEntry(
        date(2026, 11, 20), 8, None, frozenset({PainPlace.PELVIS}), None, "on the stairs", entry.id
    )
    assert entry == expected
    text = texts(app)
    assert "**Fri 20 Nov** · Pain" in text and "8 of 10, pelvis" in text and "on the stairs" in text
    assert known.session_count() == 0 and known.find(CrampNight) == []
    app.button(f"edit-{entry.id}").click().run()
    app.time_input("form-pain-1-time").set_value(time(6, 40))
    app.pills("form-pain-1-score").set_value(3)
    app.button("form-pain-1-save").click().run()
    (edited,) = known.pains(limit=5)
    assert edited.at is not None and edited.at.local.time() == time(6, 40)
    assert (edited.id, edited.score, edited.local_day) == (entry.id, 3, date(2026, 11, 20))
    app.button(f"edit-{entry.id}").click().run()
    app.button("hw-delete").click().run()
    assert known.pains(limit=5) == []
    app.button("hw-undo-tap").click().run()
    assert known.pains(limit=5) == [edited]


def test_an_edited_pain_entry_stays_on_its_own_offset(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    """An entry made in Tokyo has its note and its time corrected in Berlin."""
    tokyo = timezone(timedelta(hours=9))
    entry = PainEntry(TODAY, 4, at=Moment.of(datetime(2026, 11, 24, 9, tzinfo=tokyo)))
    known.save(entry, now)
    app = open_page("history")
    app.button(f"edit-{entry.id}").click().run()
    app.text_area("form-pain-0-note").set_value("x")
    app.button("form-pain-0-save").click().run()
    assert known.get(PainEntry, entry.id) == replace(entry, note="x")
    app.button(f"edit-{entry.id}").click().run()
    app.time_input("form-pain-1-time").set_value(time(9, 5))
    app.button("form-pain-1-save").click().run()
    later = Moment.of(datetime(2026, 11, 24, 9, 5, tzinfo=tokyo))
    assert known.get(PainEntry, entry.id) == replace(entry, note="x", at=later)


def test_an_edit_of_an_entry_that_another_window_deleted_is_saved(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session, pain = make_session(TODAY, 12), PainEntry(TODAY, 4, at=now)
    known.save_all([session, pain], now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    # The other window first changed it; that change is kept too.
    known.save(replace(session, pain_after=9), now)
    known.delete("session", session.id, now)
    app.text_area("form-session-0-note").set_value("typed here")
    app.button("form-session-0-save").click().run()
    assert known.session(session.id) == replace(session, pain_after=9, note="typed here")
    assert "had been deleted" in texts(app)
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) is None
    app.button(f"edit-{pain.id}").click().run()
    known.delete("pain", pain.id, now)
    app.text_area("form-pain-1-note").set_value("typed here")
    app.button("form-pain-1-save").click().run()
    assert known.get(PainEntry, pain.id) == replace(pain, note="typed here")


def test_a_second_tap_on_delete_keeps_the_undo_of_the_first(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 12)
    app = edit_saved(open_page, known, session, now)
    form = {**app.query_params}
    app.button("hw-delete").click().run()
    # The second tap's run starts on the form, before the first tap's run has shown the list.
    app.session_state["hw-form-shown"] = FormAddress(EntryKind.SESSION, session.id)
    app.session_state["hw-form-number"] = 0
    app.query_params.update(form)
    app.run()
    app.button("hw-delete").click().run()
    app.button("hw-undo-tap").click().run()
    assert known.session(session.id) == session


def test_history_adds_edits_and_deletes_a_cramp_night(open_page: OpenPage, known: Store) -> None:
    night = date(2026, 11, 20)
    app = open_page("history")
    app.button("hw-add-cramp").click().run()
    app.button("form-cramp-0-save").click().run()
    assert "choose the night" in app.warning[0].value
    app.date_input("form-cramp-0-night").set_value(TODAY + timedelta(1))
    app.pills("form-cramp-0-leg").set_value(CrampLeg.LEFT)
    app.button("form-cramp-0-save").click().run()
    assert "has not come yet" in app.warning[0].value
    app.date_input("form-cramp-0-night").set_value(night)
    app.button("form-cramp-0-save").click().run()
    assert [(c.night, c.leg) for c in known.find(CrampNight)] == [(night, CrampLeg.LEFT)]
    assert known.session_count() == 0
    text = texts(app)
    assert "Night of Friday 20 November" in text and "Cramps: left leg" in text
    # A night with an answer can only be edited; adding another answer does not overwrite it.
    app.button("hw-add-cramp").click().run()
    app.date_input("form-cramp-1-night").set_value(night)
    app.pills("form-cramp-1-leg").set_value(CrampLeg.RIGHT)
    app.button("form-cramp-1-save").click().run()
    assert "has an answer already" in app.warning[0].value
    app.button("form-cramp-1-cancel").click().run()
    app.button(f"edit-{night}").click().run()
    app.pills("form-cramp-2-leg").set_value(CrampLeg.NONE)
    app.button("form-cramp-2-save").click().run()
    assert "Cramps: no cramp" in texts(app)
    app.button(f"edit-{night}").click().run()
    app.button("hw-delete").click().run()
    assert known.find(CrampNight) == []
    app.button("hw-undo-tap").click().run()
    assert [(c.night, c.leg) for c in known.find(CrampNight)] == [(night, CrampLeg.NONE)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": date(2026, 11, 25)}, "has not come yet"),
        ({"day": date(1976, 11, 24)}, "more than 10 years ago"),
        ({"day": None}, "choose the day"),
        ({"hold-0": -5}, "from 0 to 3,600"),
        ({"hold-0": 99999}, "from 0 to 3,600"),
        ({"note": "x" * 2001}, "2,001 characters"),
        ({}, "Nothing to save yet"),
    ],
)
def test_bad_input_is_explained_and_stays_in_the_form(
    open_page: OpenPage, known: Store, changes: dict[str, object], sentence: str
) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    for name, value in {"day": TODAY, **changes}.items():
        key = f"form-session-0-{name}"
        kind = {"day": app.date_input, "note": app.text_area}.get(name, app.number_input)
        kind(key).set_value(value)
    app.button("form-session-0-save").click().run()
    assert sentence in app.warning[0].value
    assert known.session_count() == 0
    if "note" in changes:
        assert app.text_area("form-session-0-note").value == changes["note"]


def test_the_id_of_a_stretch_from_a_file_is_not_read_as_markdown(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 8)
    gone = replace(session.holds[0], stretch="**gone**")
    app = edit_saved(open_page, known, replace(session, holds=(gone,)), now)
    (field,) = [one for one in app.number_input if "gone" in one.label]
    assert field.label.startswith("\\*\\*gone\\*\\*")
    field.set_value(99_999)
    app.button("form-session-0-save").click().run()
    assert "\\*\\*gone\\*\\*" in app.warning[0].value


def test_a_session_added_on_history_can_be_undone(open_page: OpenPage, known: Store) -> None:
    app = open_page("history")
    app.button("hw-add").click().run()
    app.date_input("form-session-0-day").set_value(TODAY)
    app.pills("form-session-0-before").set_value(3)
    app.button("form-session-0-save").click().run()
    assert known.session_count() == 1
    app.button("hw-undo-tap").click().run()
    assert known.session_count() == 0
    assert "Deleted sessions" in [e.label for e in app.expander]


def test_a_form_sent_twice_saves_one_entry(open_page: OpenPage, known: Store) -> None:
    """This happens after going back to a saved form, or if the server was restarted meanwhile."""
    app = open_page("history")
    for kind, button in (("session", "hw-add"), ("pain", "hw-add-pain")):
        app.button(button).click().run()
        address = str(app.query_params["edit"])
        for _ in range(2):
            app.query_params["edit"] = address
            app.run()
            key = next(b.key for b in app.button if str(b.key).endswith("-save"))
            assert key is not None
            form = key.removesuffix("-save")
            app.date_input(f"{form}-day").set_value(TODAY)
            score = "before" if kind == "session" else "score"
            app.pills(f"{form}-{score}").set_value(3)
            app.button(key).click().run()
    assert (known.session_count(), len(known.pains(limit=9))) == (1, 1)


def test_saving_without_a_change_offers_no_undo(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 7)
    app = edit_saved(open_page, known, session, now)
    app.button("form-session-0-save").click().run()
    assert "Saved." in texts(app)
    assert not [b for b in app.button if b.key == "hw-undo-tap"]
    assert undo_bar.KEY + "history" not in app.session_state
    assert known.session(session.id) == session


def test_a_form_opened_earlier_keeps_later_changes_of_another_window(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(TODAY, 7)
    known.save(session, now)
    score = PainEntry(TODAY, 6, at=session.started)
    known.save(score, now)
    app = open_page("history")
    app.button(f"edit-{session.id}").click().run()
    rated = replace(session, pain_after=2, pain_places=frozenset({PainPlace.HIP}))
    known.save(rated, now)
    app.text_area("form-session-0-note").set_value("slept well")
    app.button("form-session-0-save").click().run()
    assert known.session(session.id) == replace(rated, note="slept well")
    app.button(f"edit-{score.id}").click().run()
    placed = replace(score, places=frozenset({PainPlace.PELVIS}), note="on the stairs")
    known.save(placed, now)
    app.pills("form-pain-1-score").set_value(8)
    app.button("form-pain-1-save").click().run()
    assert known.get(PainEntry, score.id) == replace(placed, score=8)
