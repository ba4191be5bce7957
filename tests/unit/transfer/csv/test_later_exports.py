"""A later export of a tracker adds only new rows, even if it has data in more columns."""

from dataclasses import replace
from datetime import timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from holdwell.domain.models import Moment, PainEntry, PainPlace, PainSide, Session
from holdwell.i18n.languages import content_folder
from holdwell.store.repository import Store
from holdwell.transfer import import_undo
from holdwell.transfer.csv import formats, reader, saving
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.table import Table
from tests.unit.transfer.csv.conftest import BERLIN
from tests.unit.transfer.csv.test_samples import NOW, SAMPLES, data_of, told

TOLD = (Role.NOTE, Role.PLACE)


def bring(
    store: Store,
    found: Table | bytes,
    mapping: ColumnMapping | None = None,
    zone: tzinfo = BERLIN,
) -> tuple[int, int, int, int]:
    """Import a table; return how many entries are new, gain a note, differ, and are known."""
    found = reader.read(found) if isinstance(found, bytes) else found
    mapping = mapping or formats.propose_with_memory(store, found, content_folder())
    mapping = replace(mapping, scale=mapping.scales(found).known or Scale.TEN)
    _, made = saving.read(store, found, mapping, NOW, zone)
    come = saving.compare(store, made, found.header)
    saving.save(store, come, NOW)
    formats.remember(store, found, mapping)
    return len(come.new), len(come.completed), len(come.differing), come.unchanged


def kept(store: Store) -> set[Session | PainEntry]:
    return {*store.sessions(limit=999), *store.pains(limit=999)}


def notes(store: Store) -> set[str]:
    return {item.note for item in kept(store)}


def empty(store: Store) -> None:
    store.db.execute("DELETE FROM session")
    store.db.execute("DELETE FROM pain")


@cache
def tables() -> list[tuple[str, Table, ColumnMapping]]:
    """Return the name, table and mapping of each sample that can be read."""
    found = []
    for sample in SAMPLES:
        if not sample["wanted"].strip().startswith(("ERR", "ASK")):
            table = reader.read(data_of(sample))
            mapping, _, made = told(table)
            if made.entries and Role.ID not in mapping.roles:
                found.append((sample["name"], table, mapping))
    return found


def test_a_note_that_was_left_out_is_added_by_the_same_file(store: Store) -> None:
    added = 0
    for name, table, mapping in tables():
        roles = tuple(Role.LEAVE if role in TOLD else role for role in mapping.roles)
        without = replace(mapping, roles=roles)
        if roles == mapping.roles or without.problem:
            continue
        empty(store)
        count = bring(store, table, without)[0]
        before = kept(store)
        new, noted, differing, there = bring(store, table, mapping)
        assert (new, noted + there, differing) == (0, count, 0), name
        assert bring(store, table, mapping) == (0, 0, 0, count), name
        if noted:
            import_undo.undo(store, NOW)
            assert kept(store) == before, name
        added += noted
    assert added > 50


def test_first_data_in_another_column_of_notes_duplicates_no_row(store: Store) -> None:
    """This also holds if the entries of the first file were deleted."""
    tried = 0
    for name, table, mapping in tables():
        # Only the last row, which is new in the later file, has a cell in the new column.
        rows = [row for row in table.rows if len(row.cells) <= len(table.header)]
        if len(rows) < 2:
            continue
        last = rows.pop()
        cells = (*last.cells, *[""] * (len(table.header) - len(last.cells)), "slept badly")
        more = replace(mapping, roles=(*mapping.roles, Role.NOTE))
        first, later, alone = (
            replace(table, header=(*table.header, "Sleep"), rows=tuple(some), outside=())
            for some in (rows, [*rows, replace(last, cells=cells)], [replace(last, cells=cells)])
        )
        counts = [
            len(saving.read(store, file, more, NOW, BERLIN)[1]) for file in (first, later, alone)
        ]
        if not counts[0] or counts[0] + counts[2] != counts[1]:
            continue
        for deleted in (False, True):
            empty(store)
            bring(store, first, more)
            for item in kept(store) if deleted else ():
                store.delete("pain" if isinstance(item, PainEntry) else "session", item.id, NOW)
            new, noted, differing, there = bring(store, later, more)
            assert (new, noted + there, differing) == (counts[2], counts[0], 0), (name, deleted)
            assert bring(store, first, more) == (0, 0, 0, counts[0]), (name, deleted)
        tried += 1
    assert tried > 50


DAYLIO = b"full_date,date,weekday,time,mood,activities,note_title,note\r\n"
STRAVA = b"Activity ID,Activity Date,Activity Name,Activity Type,Activity Description\n"
YOGA = b'1,"Nov 20, 2026, 7:05:11 PM",Evening yoga,Yoga,\n'
HEVY = b"title,start_time,end_time,exercise_title,exercise_notes,set_index,description\n"
SETS = b"Evening,2026-11-22 08:00,2026-11-22 08:05,%s stretch,%s,0,%s\n"
OLD = {
    "a name of a column": (
        STRAVA + YOGA,
        "5765e55a-f68d-54f6-b33d-dd9fd593a43f",
        "Yoga\nEvening yoga",
        STRAVA + YOGA + b'2,"Nov 22, 2026, 7:05:11 PM",Yoga,Yoga,was good\n',
    ),
    "no name of a column": (
        STRAVA + YOGA,
        "336928ff-45cd-5dd2-8c02-581ac15121ec",
        "Yoga\nActivity Name: Evening yoga",
        STRAVA + YOGA + b'2,"Nov 22, 2026, 7:05:11 PM",Yoga,Yoga,\n',
    ),
    "other line ends": (
        DAYLIO + b'2026-11-24,November 24,Tuesday,22:15,good,stretching,Good,"a\r\nb"\r\n',
        "c13dd82d-8d71-5f16-b57b-70e4e8a27164",
        "stretching\nGood\na\r\nb",
        DAYLIO + b'2026-11-24,November 24,Tuesday,22:15,good,stretching,Good,"a\nb"\n'
        b"2026-11-25,November 25,Tuesday,22:15,good,stretching,,\n",
    ),
    "line ends beside a place": (
        b'Date,Time,Pain,Place,Note\r\n2026-11-20,21:05,6,left hip,"a\r\nb"\r\n',
        "04635904-4b26-59ce-b863-c8de3b326598",
        "a\r\nb",
        b"Date,Time,Pain,Place,Note\n2026-11-20,21:05,6,left hip,\"a\nb\"\n2026-11-21,9:05,6,,\n",
    ),
    "a description of workouts": (
        HEVY + SETS % (b"Hip", b"tight", b"") + SETS % (b"Calf", b"", b""),
        "7c0e6892-fb96-55a0-8316-6daccdd049fc",
        "Calf stretch, Hip stretch\ntight",
        HEVY + SETS % (b"Hip", b"tight", b"") + SETS % (b"Calf", b"", b"")
        + SETS.replace(b"22", b"23") % (b"Calf", b"", b"slept well"),
    ),
    "a second pain": (
        b"Date,Morning pain,Evening pain\n2026-11-20,6,\n",
        "fde72c28-ebfa-5e0a-86d0-1e883be6a05f",
        "",
        b"Date,Morning pain,Evening pain\n2026-11-20,6,\n2026-11-21,,5\n",
    ),
    "a second stretch": (
        b"Date,Stretch AM,Stretch PM\n2026-11-20,x,\n",
        "768a14a2-5922-57eb-bb19-f4d70d51f702",
        "",
        b"Date,Stretch AM,Stretch PM\n2026-11-20,x,\n2026-11-21,,x\n",
    ),
    "the afternoon": (
        b"Date,Time,Stretched,Note\n2026-11-20,afternoon,yes,easy\n",
        "f3d2e47c-0c40-5320-ac7f-60df432bbd84",
        "easy",
        b"Date,Time,Stretched,Note\n2026-11-20,afternoon,yes,easy\n2026-11-21,noon,yes,\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("since", ["as it came", "edited", "deleted"])
@pytest.mark.parametrize("case", OLD)
def test_rows_of_an_earlier_version_are_not_imported_twice(
    store: Store, case: str, since: str
) -> None:
    first, old_id, old_note, later = OLD[case]
    table = reader.read(first)
    mapping = replace(formats.propose_with_memory(store, table, content_folder()), scale=Scale.TEN)
    _, (item,) = saving.read(store, table, mapping, NOW, BERLIN)
    # With the id and note that the version of 28 November 2026 made.
    saving.save(store, saving.Comparison((replace(item, id=old_id, note=old_note),)), NOW)
    later_on = replace(NOW, utc=NOW.utc + timedelta(minutes=5))
    if since == "edited":
        (entry,) = kept(store)
        store.save(replace(entry, note="mine"), later_on)
    elif since == "deleted":
        store.delete("pain" if isinstance(item, PainEntry) else "session", old_id, later_on)
    assert bring(store, first) == (0, 0, 0, 1)
    new, noted, differing, there = bring(store, later)
    assert (new, noted + there, differing) == (1, 1, 0)
    assert noted == (since == "as it came" and "second" in case)
    assert bring(store, later) == (0, 0, 0, 2)
    assert bring(store, first) == (0, 0, 0, 1)


DAY = b"2026-11-24,November 24,Tuesday,22:15,good,"


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (
            b"date,weekday,time of day,category,rating/amount,detail,notes\n"
            b"24th Nov 2026,Tuesday,9:05,Symptom,7,Back pain (Mild),\n",
            b"25th Nov 2026,Wednesday,9:05,Symptom,8,Back pain (Severe),\n",
        ),
        (
            b"FeatureName,Timestamp,Value,Note\nBack pain,2026-11-20T21:30:41.432+01:00,7.0,\n",
            b"Stretch,2026-11-21T21:35:41.432+01:00,1.0,\n",
        ),
        (DAYLIO + DAY + b"stretching,,\r\n", DAY.replace(b"24", b"25") + b"yoga | walk,,\r\n"),
        (HEVY + SETS % (b"Hip", b"", b""), SETS.replace(b"22", b"23") % (b"Calf", b"", b"")),
        (
            b"HabitName,HabitDescription,HabitCategory,CalendarDate,Value,CommentText\n"
            b"Stretch,,Health,2026-11-18,1,\n",
            b"Back pain,,Health,2026-11-19,7,\n",
        ),
    ],
)
def test_a_name_that_is_new_in_a_later_file_is_proposed(
    store: Store, first: bytes, later: bytes
) -> None:
    assert bring(store, first) == (1, 0, 0, 0)
    assert bring(store, first + later) == (1, 0, 0, 1)
    assert bring(store, first + later) == (0, 0, 0, 2)


def test_a_name_that_the_user_declined_is_not_proposed_again(store: Store) -> None:
    first = b"FeatureName,Timestamp,Value\nBack pain,2026-11-20,7\nHip pain,2026-11-20,6\n"
    table = reader.read(first)
    proposal = formats.propose_with_memory(store, table, content_folder())
    assert proposal.pain_names == {"Back pain", "Hip pain"}
    bring(store, table, replace(proposal, pain_names=frozenset(["Back pain"])))
    later = reader.read(first + b"Leg pain,2026-11-21,5\nYoga,2026-11-21,1\nMood,2026-11-21,5\n")
    for _ in range(2):
        proposal = formats.propose_with_memory(store, later, content_folder())
        assert sorted(proposal.pain_names) == ["Back pain", "Leg pain"]
        assert list(proposal.done_names) == ["Yoga"]
        formats.remember(store, later, proposal)
    # Once chosen, it stays chosen.
    chosen = replace(proposal, pain_names=proposal.pain_names | {"Hip pain"})
    formats.remember(store, later, chosen)
    assert formats.propose_with_memory(store, later, content_folder()) == replace(
        chosen, declined=frozenset()
    )


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_other_line_ends_in_a_note_make_no_new_entry(store: Store, end: str) -> None:
    diary = 'Date,Pain,Note\n2026-11-20,3,"a \n b"\n'
    assert bring(store, diary.encode()) == (1, 0, 0, 0)
    other = diary.replace("\n", end).encode()
    assert reader.read(other) == reader.read(diary.encode())
    assert bring(store, other) == (0, 0, 0, 1)
    assert notes(store) == {"a \n b"}


def import_then_add_column(store: Store, text: bytes, role: Role) -> None:
    """Import date, pain and one column of a role, and then again with a second column of it.

    The second import must add to the entry of the first.
    """
    table = reader.read(text)
    mapping = ColumnMapping((Role.DATE, Role.PAIN, role, Role.LEAVE))
    assert bring(store, table, mapping) == (1, 0, 0, 0)
    mapping = replace(mapping, roles=(Role.DATE, Role.PAIN, role, role))
    assert bring(store, table, mapping) == (0, 1, 0, 0)


def test_a_column_of_notes_that_was_left_out_is_added_beside_the_other(store: Store) -> None:
    text = b"Date,Pain,Symptoms,Sleep\n2026-11-20,6,tired,bad\n"
    import_then_add_column(store, text, Role.NOTE)
    assert notes(store) == {"Symptoms: tired\nSleep: bad"}


def test_a_side_that_was_left_out_is_added(store: Store) -> None:
    text = b"Date,Pain,Where,Side\n2026-11-20,6,hip,left\n"
    import_then_add_column(store, text, Role.PLACE)
    (entry,) = store.pains(limit=9)
    assert (list(entry.places), entry.side) == ([PainPlace.HIP], PainSide.LEFT)


@pytest.mark.parametrize("second", [("Hip stretch", "Child's pose"), ("Child's pose",)])
def test_other_exercises_chosen_of_a_workout_make_no_second_session(
    store: Store, second: tuple[str, ...]
) -> None:
    table = reader.read(
        HEVY + SETS % (b"Hip", b"tight", b"") + SETS.replace(b"%s stretch", b"%s") % (
            b"Child's pose", b"", b"late"
        )
    )  # fmt: skip
    mapping = formats.propose_with_memory(store, table, content_folder())
    assert bring(store, table, mapping) == (1, 0, 0, 0)
    before = kept(store)
    assert notes(store) == {"Hip stretch\nexercise_notes: tight"}
    mapping = replace(mapping, done_names=frozenset(second))
    assert bring(store, table, mapping) == (0, 1, 0, 0)
    (session,) = store.sessions(limit=9)
    for said in ("Hip stretch", "Child's pose", "tight", "late"):
        assert session.note.count(said) == 1
    for names in (("Hip stretch",), second, ("Child's pose", "Hip stretch")):
        again = replace(mapping, done_names=frozenset(names))
        assert bring(store, table, again) == (0, 0, 0, 1), names
    import_undo.undo(store, NOW)
    assert kept(store) == before


def test_a_note_of_a_workout_that_is_too_long_for_other_exercises_is_not_cut(store: Store) -> None:
    table = reader.read(
        HEVY + b"".join(SETS % (name, name * 400, b"") for name in (b"Hip", b"Calf"))
    )
    mapping = formats.propose_with_memory(store, table, content_folder())
    names = (frozenset({"Hip stretch"}), frozenset({"Calf stretch"}))
    first, second = (replace(mapping, done_names=chosen) for chosen in names)
    assert bring(store, table, first) == (1, 0, 0, 0)
    before = kept(store)
    assert bring(store, table, second) == (0, 0, 1, 0)
    assert kept(store) == before


def test_an_equal_entry_is_matched_before_a_longer_one(store: Store) -> None:
    both = b'Date,Pain,Note\n2026-11-20,6,a\n2026-11-20,6,"a\nb"\n'
    bring(store, b'Date,Pain,Note\n2026-11-20,6,"a\nb"\n')
    store.db.execute("UPDATE pain SET id = 'by hand'")
    assert bring(store, both) == (1, 0, 0, 1)
    assert notes(store) == {"a", "a\nb"}


def test_a_file_without_offsets_is_matched_by_local_time_in_another_zone(store: Store) -> None:
    rows = b"Date,Time,Pain,Note\n2026-11-20,21:05,7,\n2026-11-19,8:15,6,\n2026-11-18,9:00,5,\n"
    assert bring(store, rows)[0] == 3
    later = rows.replace(b"21:05,7,", b"21:05,7,sofa").replace(b"8:15,6", b"8:15,3")
    assert bring(store, later, zone=ZoneInfo("Asia/Tokyo")) == (0, 1, 1, 1)
    assert notes(store) == {"", "sofa"}


def test_a_file_with_offsets_is_matched_by_instant_in_another_zone(store: Store) -> None:
    rows = b"Date,Pain,Note\n2026-11-20T21:05+01:00,7,\n2026-11-19T21:05+01:00,6,\n"
    assert bring(store, rows)[0] == 2
    later = b"Date,Pain,Note\n2026-11-20T15:05-05:00,7,sofa\n2026-11-19T15:05-05:00,6,\n"
    assert bring(store, later, zone=ZoneInfo("America/New_York")) == (0, 1, 0, 1)


def test_two_equal_scores_of_a_row_are_not_taken_for_the_one_of_an_earlier_file(
    store: Store,
) -> None:
    rows = b"Date,Time,Pain\n2026-11-20,21:05,7\n"
    assert bring(store, rows)[0] == 1
    (known,) = store.pains(limit=9)
    store.save(replace(known, note="sofa"), Moment(NOW.utc + timedelta(minutes=1), NOW.utc_offset))
    later = b"Date,Time,Pain,Pain again\n2026-11-20,21:05,7,7\n"
    assert bring(store, later) == (1, 0, 0, 1)
    assert bring(store, later) == (0, 0, 0, 2)


def test_days_written_as_midnight_elsewhere_are_the_same_days(store: Store) -> None:
    days = [1, 2, 3]
    here = "".join(f"2026-05-0{n}T00:00+02:00,{n + 3}\n" for n in days)
    away = "".join(
        f"2026-{day}T23:00+01:00,{n + 3}\n" for n, day in enumerate(("04-30", "05-01", "05-02"), 1)
    )
    assert bring(store, f"Date,Pain\n{here}".encode()) == (3, 0, 0, 0)
    assert bring(store, f"Date,Pain\n{away}".encode()) == (0, 0, 0, 3)
    assert {item.local_day.day for item in kept(store)} == {*days}
    for zone in map(ZoneInfo, ("America/New_York", "Asia/Tokyo")):
        empty(store)
        assert bring(store, f"Date,Pain\n{away}".encode()) == (3, 0, 0, 0)
        assert bring(store, f"Date,Pain\n{away}".encode(), zone=zone) == (0, 0, 0, 3)
