"""Nothing doubled, nothing lost: a file is imported once, in whatever zone it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from holdwell.domain.models import (
    DayPart,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    Session,
    SessionState,
)
from holdwell.i18n.languages import content_folder
from holdwell.store import undo
from holdwell.store.repository import Store, opened
from holdwell.transfer import exporting, import_undo
from holdwell.transfer.csv import reader, saving, tracker
from holdwell.transfer.csv.cells import Refusal, Scale
from holdwell.transfer.csv.formats import propose
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.saving import Item
from tests.conftest import MakeSession
from tests.unit.transfer.csv.conftest import BERLIN, NOW, bring, drafted, drafted_with, items

DATE, TIME, NAME, PAIN, PLACE = Role.DATE, Role.TIME, Role.NAME, Role.PAIN, Role.PLACE
BEFORE, AFTER, DONE, NOTE, LEAVE = Role.BEFORE, Role.AFTER, Role.DONE, Role.NOTE, Role.LEAVE
DIARY = b"Date,Pain\n2026-11-20,7\n2026-11-20,7\n2026-11-21,6\n2026-11-22,mild\n"


def test_a_score_becomes_a_pain_entry_and_not_a_session(store: Store) -> None:
    (entry,) = items(b"Date,Time,Pain,Note\n2026-11-23,21:05,7,bath\n", DATE, TIME, PAIN, NOTE)
    assert isinstance(entry, PainEntry)
    assert entry.at is not None
    assert entry.at.local.replace(tzinfo=None) == datetime(2026, 11, 23, 21, 5)
    assert (entry.local_day, entry.score, entry.note) == (date(2026, 11, 23), 7, "bath")
    bring(store, [entry])
    assert (store.session_count(), store.pains(limit=9)) == (0, [entry])


def test_scores_before_and_after_become_a_session_added_by_hand() -> None:
    (session,) = items(b"Date,Time,Before\n2026-11-23,21:05,7\n", DATE, TIME, BEFORE)
    assert isinstance(session, Session)
    assert session.state is SessionState.LOGGED
    assert session.started.local.replace(tzinfo=None) == datetime(2026, 11, 23, 21, 5)
    assert (session.local_day, session.part) == (date(2026, 11, 23), DayPart.BEDTIME)
    assert (session.pain_before, session.pain_after, session.comfort) == (7, None, None)
    assert (session.holds, session.time_known) == ((), True)


def test_a_note_that_is_too_long_is_refused_with_the_number_of_characters() -> None:
    refused = [tracker.RefusedRow(2, (), Refusal.NOTE_LONG)]
    line = "Row 2: Its note, with what Holdwell adds to it, is longer than 2,000 characters."
    assert list(saving.refusal_lines(refused)) == [line]


def test_a_converted_score_is_kept_in_the_note() -> None:
    data = b"Date,Before,After,Note\n2026-11-23,44,20,bath\n"
    (session,) = items(data, DATE, BEFORE, AFTER, NOTE, scale=Scale.HUNDRED)
    assert isinstance(session, Session)
    assert (session.pain_before, session.pain_after) == (4, 2)
    assert session.note == (
        "bath\nPain before in the file: 44 of 100.\nPain after in the file: 20 of 100."
    )
    (entry,) = items(b"Date,Pain\n2026-11-23,3\n", DATE, PAIN, scale=Scale.FIVE)
    assert entry.note == "Pain in the file: 3 of 5."


@pytest.mark.parametrize(
    ("name", "places", "side", "note"),
    [
        ("Lower back pain", "lower_back", None, ""),
        ("Hip pain (left)", "hip", "left", ""),
        (
            "Pelvis and leg pain, both sides",
            "leg pelvis",
            "both",
            "Pelvis and leg pain, both sides",
        ),
        ("Back pain", "", None, "Back pain"),
        ("Kreuzschmerzen", "lower_back", None, ""),
        ("Dolor de cadera derecha", "hip", "right", "Dolor de cadera derecha"),
        ("Pain right now", "", None, "Pain right now"),
        ("10001", "", None, ""),
    ],
)
def test_a_name_gives_the_place_that_it_says_and_no_other(
    name: str, places: str, side: str | None, note: str
) -> None:
    data = f'Date,Name,Value\n2026-11-23,"{name}",7\n'.encode()
    mapping = ColumnMapping((DATE, NAME, PAIN), pain_names=frozenset([name]))
    made = drafted_with(reader.read(data), mapping, NOW, BERLIN)
    (entry,) = saving.items(made.entries, Scale.TEN, NOW, BERLIN)
    assert isinstance(entry, PainEntry)
    assert (" ".join(sorted(entry.places)), entry.side, entry.note) == (places, side, note)


def test_a_column_gives_the_place_too() -> None:
    data = b"Date,Pain,Where,Side\n2026-11-23,7,calf,left\n2026-11-22,6,neck,\n"
    calf, neck = items(data, DATE, PAIN, PLACE, PLACE)
    assert isinstance(calf, PainEntry)
    assert isinstance(neck, PainEntry)
    assert (calf.places, calf.side, calf.note) == (frozenset([PainPlace.LEG]), PainSide.LEFT, "")
    assert (neck.places, neck.side, neck.note) == (frozenset(), None, "Where: neck")
    (low,) = items(b"Date,Lower back pain\n2026-11-23,7\n", DATE, PAIN)
    assert isinstance(low, PainEntry)
    assert (low.places, low.note) == (frozenset([PainPlace.LOWER_BACK]), "")


def test_after_midnight_is_still_the_night_before() -> None:
    (entry,) = items(b"Date,Pain\n2026-11-23T23:30:00Z,7\n", DATE, PAIN)
    assert isinstance(entry, PainEntry)
    assert entry.at is not None
    assert entry.at.local.replace(tzinfo=None) == datetime(2026, 11, 24, 0, 30)
    assert entry.local_day == date(2026, 11, 23)
    made = drafted(b"Date,Pain\n2026-11-23T23:30:00Z,7\n", DATE, PAIN).entries
    (entry,) = saving.items(made, Scale.TEN, NOW, BERLIN, day_ends_at=0)
    assert entry.local_day == date(2026, 11, 24), "the hour at which a day ends is a setting"


def test_the_own_offset_of_a_row_decides_its_day() -> None:
    (entry,) = items(b"Date,Pain\n2026-07-01T23:30:00-04:00,7\n", DATE, PAIN)
    assert isinstance(entry, PainEntry)
    assert entry.local_day == date(2026, 7, 1)
    assert entry.at is not None
    assert entry.at.utc_offset == -240


def test_an_unknown_time_is_not_made_up() -> None:
    (entry,) = items(b"Date,Pain\n2026-11-20,4\n", DATE, PAIN)
    assert isinstance(entry, PainEntry)
    assert (entry.local_day, entry.at) == (date(2026, 11, 20), None)
    morning = Moment(NOW.utc - timedelta(hours=12), NOW.utc_offset)
    mapping = ColumnMapping((DATE, DONE))
    found = reader.read(b"Date,Stretched\n2026-11-24,yes\n")
    (early,), (late,) = (
        saving.items(drafted_with(found, mapping, now, BERLIN).entries, Scale.TEN, now, BERLIN)
        for now in (morning, NOW)
    )
    assert isinstance(early, Session)
    assert not early.time_known
    assert early.started == morning, "never ahead of now"
    assert early.id == late.id, "and coming again in the evening it is the same row"


def test_a_part_of_the_day_is_kept_without_a_time() -> None:
    (entry,) = items(b"Date,Time,Pain\n2026-11-20,am,4\n", DATE, TIME, PAIN)
    assert isinstance(entry, PainEntry)
    assert (entry.at, entry.note) == (None, "am")
    (session,) = items(b"Date,Time,Done\n2026-11-20,am,x\n", DATE, TIME, DONE)
    assert isinstance(session, Session)
    assert (session.part, session.local_day) == (DayPart.MORNING, date(2026, 11, 20))
    table = b"Date,Morning stretch,Night stretch\n2026-11-20,x,x\n"
    parts = [item.part for item in items(table, DATE, DONE, DONE) if isinstance(item, Session)]
    assert parts == [DayPart.MORNING, DayPart.BEDTIME]


def test_importing_a_file_twice_adds_nothing(store: Store) -> None:
    first = items(DIARY, DATE, PAIN)
    assert bring(store, first) == 3, "two rows that are alike are two rows"
    again = items(DIARY, DATE, PAIN)
    assert [s.id for s in again] == [s.id for s in first]
    assert saving.compare(store, again) == saving.Comparison(unchanged=3)
    longer = DIARY.replace(b"Pain\n", b"Pain\n2026-11-19,2\n") + b"2026-11-23,5\n"
    assert bring(store, items(longer, DATE, PAIN)) == 2
    assert len(store.pains(limit=99)) == 5
    assert undo.change_count(store) == 0


def test_rows_that_another_window_saved_meanwhile_are_neither_counted_nor_undone(
    store: Store,
) -> None:
    found = saving.compare(store, items(DIARY, DATE, PAIN))
    assert saving.save(store, found, NOW) == 3
    first = store.pains(limit=9)[0]
    later = Moment(NOW.utc + timedelta(minutes=1), NOW.utc_offset)
    store.save(replace(first, note="mine"), later)
    latest = Moment(NOW.utc + timedelta(minutes=2), NOW.utc_offset)
    assert saving.save(store, found, latest) == 0
    assert import_undo.undo(store, latest) == 2
    assert [entry.note for entry in store.pains(limit=9)] == ["mine"]


def test_the_rows_of_a_workout_in_another_order_are_the_same_session(store: Store) -> None:
    header = "Date,Workout Name,Exercise Name,Set Order,Reps,Notes,Workout Notes\n"
    rows = [
        f"2026-11-23 18:01:12,Evening,{name} stretch,1,0,{note},b\n"
        for name, note in (("Hip", "z"), ("Calf", "c"), ("Hip", ""))
    ]
    for order in (rows, rows[::-1], rows[1:] + rows[:1]):
        found = reader.read((header + "".join(order)).encode())
        mapping = propose(found, content_folder())
        made = drafted_with(found, mapping, NOW, BERLIN)
        (session,) = saving.items(made.entries, Scale.TEN, NOW, BERLIN)
        assert session.note == "Calf stretch, Hip stretch\nb\nc\nz"
        bring(store, [session])
    assert store.session_count() == 1


def test_edits_and_deletions_since_the_import_are_kept(store: Store) -> None:
    found = items(DIARY, DATE, PAIN)
    bring(store, found)
    store.delete("pain", found[0].id, NOW)
    assert isinstance(found[1], PainEntry)
    store.save(replace(found[1], score=1), NOW)
    assert bring(store, found) == 0
    assert [entry.score for entry in store.pains(limit=9)] == [6, 1]


def test_an_entry_logged_by_hand_is_matched_once(store: Store) -> None:
    twice = b"Date,Pain\n2026-11-20,7\n2026-11-20,7\n2026-11-21,6\n"
    found = items(twice, DATE, PAIN)
    assert isinstance(found[0], PainEntry)
    store.save(replace(found[0], id="mine", note="by hand"), NOW)
    assert saving.compare(store, found) == saving.Comparison(new=tuple(found[1:]), unchanged=1)


def test_another_note_is_another_entry_and_a_missing_one_is_added(store: Store) -> None:
    without = items(b"Date,Time,Pain\n2026-11-20,21:05,7\n", DATE, TIME, PAIN)
    bring(store, without)
    data = b"Date,Time,Pain,Note\n2026-11-20,21:05,7,left hip\n2026-11-20,21:05,7,after work\n"
    found = saving.compare(store, items(data, DATE, TIME, PAIN, NOTE))
    assert [(s.id, s.note) for s in found.completed] == [(without[0].id, "left hip")]
    assert [s.note for s in found.new] == ["after work"]
    assert saving.save(store, found, NOW) == 2
    again = saving.compare(store, items(data, DATE, TIME, PAIN, NOTE))
    assert (again.new, again.completed, again.unchanged) == ((), (), 2)


def test_a_changed_score_is_shown_as_different_and_chosen(store: Store) -> None:
    bring(store, items(b"Date,Time,Pain\n2026-11-20,21:05,7\n", DATE, TIME, PAIN))
    changed = items(b"Date,Time,Pain\n2026-11-20,21:05,4\n", DATE, TIME, PAIN)
    found = saving.compare(store, changed)
    assert (found.new, [s.score for s in found.differing if isinstance(s, PainEntry)]) == ((), [4])
    assert saving.save(store, found, NOW) == 0
    assert saving.save(store, found, NOW, replace_scores=True) == 1
    assert [entry.score for entry in store.pains(limit=9)] == [4]
    assert saving.compare(store, changed).unchanged == 1


@pytest.mark.parametrize(
    ("row", "roles"),
    [("21:05,7,,{}", (DATE, TIME, PAIN, LEAVE, NOTE)),
     ("21:05,6,3,{}", (DATE, TIME, BEFORE, AFTER, NOTE))],
)  # fmt: skip
def test_a_note_that_was_edited_in_the_tracker_makes_no_second_entry(
    store: Store, row: str, roles: Sequence[Role]
) -> None:
    def read(*notes: str) -> list[Item]:
        rows = "".join(f"2026-11-20,{row.format(note)}\n" for note in notes)
        return items(f"Date,Time,A,B,Note\n{rows}".encode(), *roles)

    bring(store, read("bad nihgt"))
    edited = read("bad night")
    found = saving.compare(store, edited)
    assert (found.new, [item.note for item in found.differing]) == ((), ["bad night"])
    assert saving.compare(store, read("bad nihgt", "bad night")).new == tuple(edited)
    assert saving.save(store, found, NOW, replace_scores=True) == 1
    assert saving.compare(store, edited) == saving.Comparison(unchanged=1)
    # At another minute it may be another entry.
    later = items(f"Date,Time,A,B,Note\n2026-11-20,{row[:4]}6{row[5:]}\n".encode(), *roles)
    assert saving.compare(store, later).new == tuple(later)


def test_a_note_in_other_bytes_is_the_same_note(store: Store) -> None:
    line = "Date,Time,Pain,Note\n2026-11-20,21:05,7,{}\n"
    roles = (DATE, TIME, PAIN, NOTE)
    bring(store, items(line.format("mañana  peor").encode(), *roles))
    for note in ("mañana peor", "man\u0303ana  peor"):
        found = saving.compare(store, items(line.format(note).encode(), *roles))
        assert found == saving.Comparison(unchanged=1)


def test_a_score_for_a_known_session_makes_no_second_session(store: Store) -> None:
    bring(store, items(b"Date,Time,Done\n2026-11-20,21:05,yes\n", DATE, TIME, DONE))
    scored = items(b"Date,Time,Before\n2026-11-20,21:05,6\n", DATE, TIME, BEFORE)
    found = saving.compare(store, scored)
    assert (found.new, len(found.differing)) == ((), 1)
    saving.save(store, found, NOW, replace_scores=True)
    assert [s.pain_before for s in store.sessions(limit=9)] == [6]
    assert saving.compare(store, scored) == saving.Comparison(unchanged=1)


def test_scores_that_the_file_lacks_do_not_differ(store: Store) -> None:
    both = b"Date,Time,Before,After\n2026-11-20,21:05,5,3\n2026-11-21,21:05,6,2\n"
    bring(store, items(both, DATE, TIME, BEFORE, AFTER))
    fewer = items(b"Date,Time,Before\n2026-11-20,21:05,4\n2026-11-21,21:05,6\n", DATE, TIME, BEFORE)
    found = saving.compare(store, fewer)
    assert (found.new, len(found.differing), found.unchanged) == ((), 1, 1)
    saving.save(store, found, NOW, replace_scores=True)
    scores = {(s.pain_before, s.pain_after) for s in store.sessions(limit=9)}
    assert scores == {(4, 3), (6, 2)}
    assert saving.compare(store, fewer) == saving.Comparison(unchanged=2)
    # A score that only the file has is a difference.
    after = items(b"Date,Time,After\n2026-11-21,21:05,1\n", DATE, TIME, AFTER)
    assert len(saving.compare(store, after).differing) == 1


def test_an_entry_with_equal_scores_is_matched_before_one_with_more(store: Store) -> None:
    both = b"Date,Time,Before,After\n2026-11-20,21:05,5,3\n"
    bring(store, items(both, DATE, TIME, BEFORE, AFTER))
    mine = items(b"Date,Time,Before\n2026-11-20,21:05,5\n", DATE, TIME, BEFORE)[0]
    assert isinstance(mine, Session)
    store.save(replace(mine, id="mine"), NOW)
    rows = b"Date,Time,Before,After,More\n2026-11-20,21:05,5,,\n2026-11-20,21:05,5,3,\n"
    given = items(rows, DATE, TIME, BEFORE, AFTER, LEAVE)
    given = [replace(item, id=f"other {n}") for n, item in enumerate(given)]
    assert saving.compare(store, given) == saving.Comparison(unchanged=2)


@pytest.fixture
def travelled(store: Store, now: Moment, make_session: MakeSession) -> Iterator[Store]:
    """Sessions in three zones, some of them without a time or deleted, and imported entries."""
    for number in range(60):
        offset = (60, -300, 540)[number % 3]
        session = make_session(
            date(2026, 9, 20) + timedelta(number), 7 + number % 15, before=6, after=4
        )
        moved = session.started.at_offset(offset)
        store.save(
            replace(session, started=moved, note=f"n {number % 4}", time_known=number % 5 > 0), now
        )
        if number % 7 == 0:
            store.delete("session", session.id, now)
    bring(store, items(DIARY, DATE, PAIN))
    yield store


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/New_York", "Asia/Tokyo", "UTC"])
def test_an_own_export_read_in_any_zone_brings_nothing_new(
    travelled: Store, zone: str, tmp_path: Path
) -> None:
    text = exporting.to_csv("session", exporting.read_tables(travelled)["session"])
    found = reader.read(text.encode())
    proposal = propose(found, content_folder())
    assert proposal.tracker == "Holdwell"
    made = drafted_with(found, proposal, NOW, ZoneInfo(zone))
    deleted = travelled.session_count(deleted=True)
    assert [row.reason for row in made.refused] == [Refusal.DELETED] * deleted
    given = saving.items(made.entries, Scale.TEN, NOW, ZoneInfo(zone))
    assert saving.compare(travelled, given) == saving.Comparison(unchanged=60 - deleted)
    with opened(tmp_path / "other" / "holdwell.db") as other:
        bring(other, given)
        brought = {session.id: session for session in other.sessions(limit=99)}
    for session in travelled.sessions(limit=99):
        known = brought.pop(session.id)
        assert known.time_known == session.time_known
        if session.time_known:
            assert known.started == session.started
        else:
            assert known.local_day == session.local_day
    assert not brought


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/New_York", "Asia/Tokyo"])
def test_own_pain_entries_read_in_any_zone_bring_nothing_new(store: Store, zone: str) -> None:
    pains = [
        PainEntry(date(2026, 11, 20), 7, places=frozenset([PainPlace.HIP]), side=PainSide.LEFT),
        PainEntry(date(2026, 11, 20), 7, note="=1+1"),
        PainEntry(date(2026, 11, 19), 4, NOW.at_offset(540), note="after work"),
        PainEntry(date(2026, 11, 18), 0, NOW.at_offset(-300), frozenset(PainPlace)),
    ]
    store.save_all(pains, NOW)
    store.delete("pain", pains[1].id, NOW)
    text = exporting.to_csv("pain", exporting.read_tables(store)["pain"])
    found = reader.read(text.encode())
    proposal = propose(found, content_folder())
    assert proposal.tracker == "Holdwell"
    made = drafted_with(found, proposal, NOW, ZoneInfo(zone))
    assert [row.reason for row in made.refused] == [Refusal.DELETED]
    given = saving.items(made.entries, Scale.TEN, NOW, ZoneInfo(zone))
    assert saving.compare(store, given) == saving.Comparison(unchanged=3)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_a_file_read_again_in_another_zone_brings_nothing_new(store: Store, zone: str) -> None:
    data = b"Date,Pain\n2026-11-20T21:05Z,7\n2026-11-20T21:05-05:00,6\n2026-11-19 08:00,5\n"
    bring(store, items(data, DATE, PAIN))
    made = drafted_with(reader.read(data), ColumnMapping((DATE, PAIN)), NOW, ZoneInfo(zone))
    given = saving.items(made.entries, Scale.TEN, NOW, ZoneInfo(zone))
    assert saving.compare(store, given) == saving.Comparison(unchanged=3)


def test_a_file_is_saved_whole_or_not_at_all(store: Store) -> None:
    store.db.execute(
        "CREATE TRIGGER stop BEFORE INSERT ON pain WHEN NEW.score = 6 "
        "BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    with pytest.raises(Exception, match="no more"):
        bring(store, items(DIARY, DATE, PAIN))
    assert store.pains(limit=9) == []
