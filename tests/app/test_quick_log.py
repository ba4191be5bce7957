"""What can be logged on Today with a tap or two: pain, a cramp, a session without the timer."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.backup import erase
from holdwell.domain.models import (
    CrampLeg,
    CrampNight,
    DayPart,
    HoldOutcome,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    SessionState,
)
from holdwell.store import undo
from holdwell.store.repository import Store
from holdwell.transfer import exporting
from holdwell.ui.common import forms
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, cramps, go_to, set_clock, texts
from tests.conftest import TODAY

TONIGHT, LAST_NIGHT = f"hw-cramp-{TODAY}", f"hw-cramp-{TODAY - timedelta(1)}"

SCORE = "hw-pain-score"


def log_pain(app: AppTest, score: int) -> None:
    app.pills(SCORE).set_value(score).run()


def test_pain_now_takes_one_tap(open_page: OpenPage, known: Store, now: Moment) -> None:
    app = open_page("today")
    log_pain(app, 6)
    (entry,) = known.pains(limit=5)
    assert entry == PainEntry(TODAY, 6, at=now, id=entry.id)
    assert known.session_count() == 0, "no session is made of a score"
    assert "Noted at 21:05" in texts(app)
    assert "Pain: 6 at 21:05" in texts(app)


def test_a_tap_ten_minutes_later_is_a_new_score(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("today")
    log_pain(app, 6)
    set_clock(monkeypatch, datetime(2026, 11, 24, 21, 16))
    log_pain(app.run(), 3)
    assert sorted(entry.score for entry in known.pains(limit=5)) == [3, 6]


def test_another_tap_corrects_the_score_just_logged(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    log_pain(app, 0)
    app.pills(SCORE).set_value(10).run()
    assert [entry.score for entry in known.pains(limit=5)] == [10]


def test_the_place_of_the_pain_and_a_note_can_be_added_to_a_score(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("today")
    log_pain(app, 4)
    (entry,) = known.pains(limit=5)
    app.pills(f"hw-pain-{entry.id}-places").set_value([PainPlace.HIP, PainPlace.LEG]).run()
    app.pills(f"hw-pain-{entry.id}-side").set_value(PainSide.LEFT).run()
    app.text_area(f"hw-pain-note-{entry.id}").set_value("after the bus").run()
    app.button("hw-pain-close").click().run()
    (edited,) = known.pains(limit=5)
    assert edited == replace(
        entry,
        places=frozenset({PainPlace.HIP, PainPlace.LEG}),
        side=PainSide.LEFT,
        note="after the bus",
    )
    assert "Pain: 4 at 21:05, hip or buttock, leg, left" in texts(app)
    # The next score becomes a new entry.
    log_pain(app, 2)
    assert [entry.score for entry in known.pains(limit=5)] in ([2, 4], [4, 2])


def test_a_score_can_be_undone_where_it_was_logged(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    log_pain(app, 6)
    app.button("hw-undo-tap-pain").click().run()
    assert known.pains(limit=5) == []
    assert "Undone." in texts(app) and not app.exception
    assert app.pills(SCORE).value is None


def test_undo_deletes_a_score_with_the_note_of_this_window_but_not_of_another(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("today")
    log_pain(app, 6)
    (entry,) = known.pains(limit=5)
    app.text_area(f"hw-pain-note-{entry.id}").set_value("here").run()
    known.save(replace(entry, note="elsewhere"), now)
    app.button("hw-undo-tap-pain").click().run()
    assert [entry.note for entry in known.pains(limit=5)] == ["elsewhere"]
    (message,) = (info for info in app.info if "Not undone" in info.value)
    assert message.icon == ":material/info:", "it is not shown as a success"
    app.button("hw-pain-close").click().run()
    log_pain(app, 4)
    (latest,) = (entry for entry in known.pains(limit=5) if entry.score == 4)
    app.text_area(f"hw-pain-note-{latest.id}").set_value("here").run()
    app.button("hw-undo-tap-pain").click().run()
    assert [entry.score for entry in known.pains(limit=5)] == [6]


def test_leaving_the_page_keeps_the_score(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    log_pain(app, 6)
    go_to(app, "history")
    go_to(app, "today")
    assert [entry.score for entry in known.pains(limit=5)] == [6]
    assert not app.exception


def test_a_session_without_the_timer_takes_two_taps(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("today")
    app.button("hw-done-open").click().run()
    app.button("hw-done-now").click().run()
    (session,) = known.sessions(limit=5)
    assert (session.state, session.started, session.part) == (
        SessionState.LOGGED,
        now,
        DayPart.BEDTIME,
    )
    assert [(hold.held_s, hold.outcome) for hold in session.holds] == [
        (35, HoldOutcome.FINISHED)
    ] * 4
    assert (session.pain_before, session.pain_after, session.ended) == (None, None, None)
    assert known.cramp(TODAY - timedelta(1)) is None
    assert "Tonight: done" in texts(app)
    app.button("hw-undo-tap-done").click().run()
    assert known.session_count() == 0
    assert "Undone." in texts(app)


@pytest.mark.parametrize(
    ("at", "day", "part"),
    [
        (time(8, 30), TODAY, DayPart.MORNING),
        (time(12, 0), TODAY, DayPart.OTHER),
        (time(23, 0), TODAY - timedelta(1), DayPart.BEDTIME),
    ],
)
def test_a_session_without_the_timer_at_a_time(
    open_page: OpenPage, known: Store, at: time, day: date, part: DayPart
) -> None:
    """A time later than now is taken as yesterday's; the part of day follows from the time."""
    app = open_page("today")
    app.button("hw-done-open").click().run()
    app.time_input("hw-done-time").set_value(at).run()
    app.button("hw-done-save").click().run()
    (session,) = known.sessions(limit=5)
    assert session.started.local.replace(tzinfo=None) == datetime.combine(day, at)
    assert (session.local_day, session.part) == (day, part)


def test_pain_and_then_a_cramp_are_both_logged(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    log_pain(app, 6)
    app.pills(TONIGHT).set_value(CrampLeg.LEFT).run()
    assert not app.exception and "Something went wrong" not in texts(app)
    assert [entry.score for entry in known.pains(limit=5)] == [6]
    app.button("hw-undo-tap-cramp").click().run()
    assert known.cramp(TODAY) is None and len(known.pains(limit=5)) == 1


def test_a_note_written_long_after_the_score_is_kept(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch, now: Moment
) -> None:
    app = open_page("today")
    log_pain(app, 6)
    (entry,) = known.pains(limit=5)
    monkeypatch.setattr(clock, "now", lambda: Moment(now.utc + timedelta(hours=1), now.utc_offset))
    app.text_area(f"hw-pain-note-{entry.id}").set_value("while lifting").run()
    assert [entry.note for entry in known.pains(limit=5)] == ["while lifting"]
    log_pain(app, 4)
    assert sorted(entry.score for entry in known.pains(limit=5)) == [4, 6]


def test_a_cramp_takes_one_tap_and_can_be_undone(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    app.pills(TONIGHT).set_value(CrampLeg.LEFT).run()
    assert cramps(known, TODAY) is CrampLeg.LEFT
    assert known.session_count() == 0
    assert open_page("today").pills(TONIGHT).value is CrampLeg.LEFT, "it shows after a reload"
    app.button("hw-undo-tap-cramp").click().run()
    assert known.cramp(TODAY) is None
    assert app.pills(TONIGHT).value is None
    assert "Undone." in texts(app)


def test_left_and_then_right_in_the_same_night_make_both(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    app.pills(TONIGHT).set_value(CrampLeg.LEFT).run()
    app.pills(TONIGHT).set_value(CrampLeg.RIGHT).run()
    assert cramps(known, TODAY) is CrampLeg.BOTH
    assert app.pills(TONIGHT).value is CrampLeg.BOTH


def test_the_cramps_of_last_night_are_shown_and_corrected(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    night = TODAY - timedelta(1)
    known.save_cramp(night, CrampLeg.LEFT, now)
    app = open_page("today")
    assert app.pills(LAST_NIGHT).value is CrampLeg.LEFT
    for leg in (CrampLeg.RIGHT, CrampLeg.NONE, CrampLeg.BOTH):
        app.pills(LAST_NIGHT).set_value(leg).run()
        assert cramps(known, night) is leg
    assert known.cramp(TODAY) is None


def test_an_outdated_answer_from_the_browser_does_not_count_as_a_tap(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser sends the shown value with every event, even before it shows the new value."""
    night = TODAY - timedelta(1)
    # Long enough for any slow computer.
    monkeypatch.setattr(forms, "UNSEEN_S", 60.0)

    def saved(app: AppTest) -> CrampLeg | None:
        assert app.pills(LAST_NIGHT).value == cramps(known, night)
        return cramps(known, night)

    app = open_page("today")
    app.pills(LAST_NIGHT).set_value(CrampLeg.LEFT).run()
    known.save_cramp(night, CrampLeg.BOTH, now)
    assert saved(app.run()) is CrampLeg.BOTH
    assert saved(app.pills(LAST_NIGHT).set_value(CrampLeg.LEFT).run()) is CrampLeg.BOTH
    another = app.pills(LAST_NIGHT).set_value(CrampLeg.RIGHT).run()
    assert saved(another) is CrampLeg.RIGHT
    known.save_cramp(night, CrampLeg.BOTH, now)
    app.run()
    monkeypatch.setattr(forms, "UNSEEN_S", 0.0)
    assert saved(app.pills(LAST_NIGHT).set_value(CrampLeg.RIGHT).run()) is CrampLeg.RIGHT


def test_at_half_past_midnight_last_night_is_the_night_before(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, datetime(2026, 11, 25, 0, 40))
    app = open_page("today")
    app.pills(LAST_NIGHT).set_value(CrampLeg.LEFT).run()
    assert [(c.night, c.leg) for c in known.find(CrampNight)] == [
        (TODAY - timedelta(1), CrampLeg.LEFT)
    ]
    assert "24w 3d" in texts(app), "the day, and so the week, is still that of the evening"


def test_adding_to_a_score_keeps_later_changes_of_another_window(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("today")
    log_pain(app, 6)
    (entry,) = known.pains(limit=5)
    elsewhere = replace(entry, score=8, places=frozenset({PainPlace.HIP}), side=PainSide.LEFT)
    known.save(elsewhere, now)
    app.run()
    assert known.get(PainEntry, entry.id) == elsewhere, "nothing was said here"
    app.text_area(f"hw-pain-note-{entry.id}").set_value("after the bus").run()
    assert known.get(PainEntry, entry.id) == replace(elsewhere, note="after the bus")


def is_more_open(app: AppTest) -> bool:
    """Return whether the expander below the score is open."""
    (more,) = (section for section in app.expander if section.label.startswith("Where it hurts"))
    return bool(more.proto.expanded)


def test_a_reload_keeps_the_score_just_logged_and_its_details(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("today")
    log_pain(app, 6)
    assert texts(app).count("Noted at 21:05") == 1
    app = open_page("today")
    (entry,) = known.pains(limit=5)
    assert app.pills(SCORE).value == 6 and not is_more_open(app)
    assert "Noted at 21:05" in texts(app), "it is said what another tap would correct"
    app.text_area(f"hw-pain-note-{entry.id}").set_value("after the bus").run()
    app = open_page("today")
    assert is_more_open(app)
    note = app.text_area(f"hw-pain-note-{entry.id}")
    assert note.value == "after the bus"
    note.set_value("").run()
    assert is_more_open(app.run()), "it stays open for another note"
    app.text_area(f"hw-pain-note-{entry.id}").set_value("after the bus").run()
    log_pain(app, 5)
    assert [(entry.score, entry.note) for entry in known.pains(limit=5)] == [(5, "after the bus")]
    app.button("hw-pain-close").click().run()
    for closed in (app, open_page("today")):
        assert closed.pills(SCORE).value is None
    log_pain(app, 4)
    set_clock(monkeypatch, datetime(2026, 11, 24, 21, 16))
    assert open_page("today").pills(SCORE).value is None, "it is a new score by then"


def test_a_tap_corrects_nothing_that_was_not_tapped(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    """A form of History, the command line and an import save entries of this moment too."""
    elsewhere = PainEntry(TODAY, 6, at=now)
    known.save(elsewhere, now)
    app = open_page("today")
    assert app.pills(SCORE).value is None and "Noted at" not in texts(app)
    log_pain(app, 3)
    known.save(replace(elsewhere, id="newer"), now)
    app = open_page("today")
    assert app.pills(SCORE).value == 3
    log_pain(app, 4)
    assert sorted(entry.score for entry in known.pains(limit=5)) == [4, 6, 6]


def test_what_was_tapped_last_stays_with_the_file(open_page: OpenPage, known: Store) -> None:
    log_pain(open_page("today"), 6)
    (entry,) = known.pains(limit=5)
    rows = exporting.read_tables(known)
    assert entry.id in str(rows["pain"]) and entry.id not in str(rows["meta"])
    erase.erase(known.file, erase.Scope.EVERYTHING, TODAY)
    assert entry.id not in str(known.rows("SELECT * FROM meta"))


def test_a_note_typed_with_pauses_is_one_change_and_deleting_from_it_another(
    open_page: OpenPage, known: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("today")
    log_pain(app, 6)
    (entry,) = known.pains(limit=5)
    before = undo.change_count(known)

    def type_note(note: str) -> int:
        app.text_area(f"hw-pain-note-{entry.id}").set_value(note).run()
        return undo.change_count(known) - before

    assert [type_note(note) for note in ("after", "after the", "after the bus")] == [1, 1, 1]
    assert type_note("") == 2
    assert type_note("in bed") == 2
    set_clock(monkeypatch, datetime(2026, 11, 24, 21, 16))
    assert type_note("in bed, again") == 3
    last, earlier, first = (change.id for change in undo.changes(known, limit=3))
    for change_id, note in ((last, "in bed"), (earlier, "after the bus"), (first, "")):
        undo.undo(known, change_id, clock.now())
        assert [entry.note for entry in known.pains(limit=5)] == [note]


def test_a_note_replaced_by_a_longer_one_can_be_restored(open_page: OpenPage, known: Store) -> None:
    app = open_page("today")
    log_pain(app, 6)
    (entry,) = known.pains(limit=5)
    for note in ("after the bus", "only in the evening"):
        app.text_area(f"hw-pain-note-{entry.id}").set_value(note).run()
    (change,) = undo.changes(known, limit=1)
    undo.undo(known, change.id, clock.now())
    assert [entry.note for entry in known.pains(limit=5)] == ["after the bus"]
