"""Undoing an import removes what it added, and nothing else."""

from dataclasses import replace
from datetime import timedelta

from holdwell.domain.models import Moment, PainEntry
from holdwell.store import undo as change_undo
from holdwell.store.repository import Store
from holdwell.transfer import exporting, import_undo, importing, validation
from holdwell.transfer.csv import saving
from tests.conftest import MakeSession
from tests.unit.transfer.conftest import DAY, NOW

LATER = Moment(NOW.utc + timedelta(hours=1), NOW.utc_offset)


def brought(full: Store, other: Store) -> int:
    return importing.insert(other, validation.read(exporting.export(full, NOW)), NOW).new.total()


def test_entries_logged_since_stay_and_the_file_can_be_imported_again(
    full: Store, other: Store, make_session: MakeSession
) -> None:
    mine = make_session(DAY)
    other.save(mine, NOW)
    before = exporting.read_tables(other)
    assert brought(full, other) > 0
    since = replace(make_session(DAY), note="on the phone")
    other.save(since, LATER)
    assert import_undo.undo(other, LATER) > 0
    assert {one.id for one in other.sessions(limit=9)} == {mine.id, since.id}
    other.db.execute("DELETE FROM session WHERE id = ?", [since.id])
    left = exporting.read_tables(other)
    assert {table: left[table] for table in left if table != "meta"} == {
        table: before[table] for table in before if table != "meta"
    }
    assert import_undo.last_import(other) is None
    assert import_undo.undo(other, LATER) == 0
    assert brought(full, other) > 0


def test_an_import_its_preview_and_its_undo_name_one_number(full: Store, other: Store) -> None:
    data = validation.read(exporting.export(full, NOW))
    previewed = importing.preview(other, data).entries
    assert importing.insert(other, data, NOW).entries == previewed
    last = import_undo.last_import(other)
    assert last is not None
    assert (last.count, import_undo.undo(other, LATER)) == (previewed, previewed)


def test_rows_that_the_user_edited_or_that_others_refer_to_stay(full: Store, other: Store) -> None:
    brought(full, other)
    edited, *others = other.sessions(limit=99)
    other.save(replace(edited, note="mine"), LATER)
    import_undo.undo(other, LATER)
    assert [one.note for one in other.sessions(limit=99)] == ["mine"]
    assert others
    assert other.profile(), "rows that stay keep the profile that they belong to"


def test_rows_from_a_clock_that_is_ahead_go_unless_the_user_edited_them(
    full: Store, other: Store
) -> None:
    full.db.execute("UPDATE session SET updated_at = '2027-01-01T00:00:00.000Z'")
    full.db.conn.commit()
    brought(full, other)
    edited, *others = other.sessions(limit=99)
    assert others
    other.save(replace(edited, note="mine"), LATER)
    import_undo.undo(other, LATER)
    assert [one.note for one in other.sessions(limit=99)] == ["mine"]


def test_a_note_that_an_import_added_is_removed(store: Store) -> None:
    known = PainEntry(DAY, 7)
    store.save(known, NOW)
    found = saving.Comparison(
        new=(PainEntry(DAY, 3),), completed=(replace(known, note="after work"),)
    )
    assert saving.save(store, found, LATER) == 2
    last = import_undo.last_import(store)
    assert last is not None
    assert (last.at, last.count) == (LATER, 1)
    assert import_undo.undo(store, LATER) == 1
    assert store.pains(limit=9) == [known]
    assert change_undo.change_count(store) >= 2


def test_an_import_without_new_rows_is_not_the_last_one(full: Store, other: Store) -> None:
    brought(full, other)
    last = import_undo.last_import(other)
    assert brought(full, other) == 0
    assert import_undo.last_import(other) == last


def test_the_last_import_is_not_exported(full: Store, other: Store) -> None:
    brought(full, other)
    assert import_undo.last_import(other) is not None
    keys = [row["key"] for row in exporting.read_tables(other)["meta"]]
    assert "last_import" not in keys
