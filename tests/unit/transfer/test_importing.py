"""An export is imported exactly, all or nothing."""

import io
import json
import random
import sqlite3
import zipfile
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from holdwell.domain.models import CrampLeg, Moment, Session, new_id
from holdwell.store import database, sqlcipher, table_info
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer import exporting, importing, validation, zip_reader
from holdwell.transfer.zip_reader import ExportProblem, InvalidExportError
from tests.conftest import MakeSession
from tests.support.effort import attempts
from tests.support.exports import (
    damaged,
    databases,
    dump,
    empty,
    fill,
    packed,
    unpacked,
    with_fixed_ids,
)
from tests.unit.transfer.conftest import DAY, NOW, changed

BROUGHT_IN = 100
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=databases())
def test_an_export_into_an_empty_database_is_the_same_database(
    store: Store, other: Store, rows: dict[str, list[Row]]
) -> None:
    empty(store)
    empty(other)
    fill(store, rows)
    archive = validation.read(exporting.export(store, NOW))
    done = importing.insert(other, archive, NOW)
    assert done.new.total() == sum(map(len, rows.values()))
    for table in table_info.TABLES:
        by_first = (
            f"SELECT * FROM {table} WHERE {'key' if table == 'meta' else 'id'} <> 'last_import' "
            "ORDER BY 1"
        )
        ours, theirs = store.db.execute(by_first), other.db.execute(by_first)
        assert [d[0] for d in ours.description] == [d[0] for d in theirs.description]
        found = theirs.fetchall()
        wanted = ours.fetchall()
        assert found == wanted
        assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in wanted]
    before = dump(other)
    again = importing.insert(other, archive, NOW)
    assert (again.new.total(), again.existing) == (0, done.new)
    assert dump(other) == before
    assert other.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_entries_come_back_as_the_app_reads_them(full: Store, other: Store) -> None:
    importing.insert(other, validation.read(exporting.export(full, NOW)), NOW)
    assert other.sessions(limit=9) == full.sessions(limit=9)
    assert other.deleted_sessions(9) == full.deleted_sessions(9)
    assert other.profile() == full.profile()
    assert other.pregnancy() == full.pregnancy()
    assert other.routines() == full.routines()
    assert other.cramp(DAY - timedelta(5)) == full.cramp(DAY - timedelta(5))
    assert other.meta("demo") is None


def test_the_json_alone_is_read_also_with_a_byte_order_mark(full: Store) -> None:
    pack = exporting.export(full, NOW)
    alone = zipfile.ZipFile(io.BytesIO(pack)).read("holdwell.json")
    assert (
        validation.read(alone) == validation.read(pack) == validation.read(b"\xef\xbb\xbf" + alone)
    )


def test_a_folder_that_was_packed_again_is_read(full: Store) -> None:
    content = unpacked(exporting.export(full, NOW))
    made = io.BytesIO(packed(content, "holdwell-export/holdwell.json"))
    with zipfile.ZipFile(made, "a") as pack:
        pack.writestr("__MACOSX/holdwell-export/holdwell.json", "x")
    assert validation.read(made.getvalue())["session"] == content["tables"]["session"]


def test_a_preview_says_what_an_import_then_does(
    full: Store, other: Store, now: Moment, make_session: MakeSession
) -> None:
    archive = validation.read(exporting.export(full, NOW))
    known = full.sessions(limit=1)[0]
    other.save(replace(known, note="edited", holds=known.holds[:1]), now)
    before = dump(other)
    seen = importing.preview(other, archive)
    assert dump(other) == before
    for table, counts in (("session", (2, 1, 1)), ("hold", (4, 2, 0))):
        assert (seen.new[table], seen.existing[table], seen.deleted[table]) == counts
    assert (seen.first_day, seen.last_day) == (DAY - timedelta(5), DAY)
    full.save_cramp(DAY - timedelta(5), None, NOW)
    without = importing.preview(other, validation.read(exporting.export(full, NOW)))
    assert without.first_day == DAY - timedelta(2), "a deleted night is on no page"
    assert importing.insert(other, archive, NOW) == seen
    kept = other.session(known.id)
    assert kept is not None
    assert (kept.note, kept.holds) == ("edited", known.holds[:1])


def test_the_users_own_profile_stays_and_owns_all_new_rows(
    full: Store, other: Store, now: Moment
) -> None:
    own = replace(other.profile(), id=new_id(), goal_per_week=3)
    other.save_profile(own, now)
    done = importing.insert(other, validation.read(exporting.export(full, NOW)), NOW)
    assert (done.new["profile"], done.existing["profile"]) == (0, 1)
    assert other.profile() == own
    assert other.sessions(limit=9) == full.sessions(limit=9)
    assert other.pregnancy() == full.pregnancy()
    assert other.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_night_that_has_an_answer_keeps_it(full: Store, other: Store, now: Moment) -> None:
    night = DAY - timedelta(5)
    other.save_cramp(night, CrampLeg.BOTH, now)
    done = importing.insert(other, validation.read(exporting.export(full, NOW)), NOW)
    assert (done.new["cramp"], done.existing["cramp"]) == (1, 1)
    known = other.cramp(night)
    assert known is not None
    assert known.leg is CrampLeg.BOTH


def test_two_profiles_with_an_answer_for_one_night_become_one(full: Store, other: Store) -> None:
    def double(content: Any) -> None:
        rows = content["tables"]
        rows["profile"].append(rows["profile"][0] | {"id": "second"})
        live = next(row for row in rows["cramp"] if not row["deleted_at"])
        rows["cramp"].append(live | {"id": new_id(), "profile_id": "second"})

    archive = validation.read(changed(full, double))
    other.save_profile(replace(other.profile(), id=new_id()), NOW)
    assert importing.insert(other, archive, NOW).new["cramp"] == 2
    assert importing.insert(other, archive, NOW).new.total() == 0


@pytest.mark.parametrize("version", range(1, database.SCHEMA_VERSION + 1))
def test_an_export_of_an_earlier_version_is_brought_up_to_date(
    tmp_path: Path, other: Store, version: int
) -> None:
    path = tmp_path / "old.db"
    path.write_bytes((FIXTURES / f"schema-{version}.db").read_bytes())
    with closing(sqlite3.connect(path)) as conn:
        conn.row_factory = sqlite3.Row
        rows = {
            table: [dict(row) for row in conn.execute(f"SELECT * FROM {table}")]
            for table in table_info.columns(version)
        }
    assert rows["session"]
    header = {"format": "holdwell-export", "format_version": 1, "schema_version": version}
    made = {"made_at": NOW.iso, "utc_offset": 0}
    archive = validation.read(json.dumps(header | made | {"tables": rows}).encode())
    importing.insert(other, archive, NOW)
    migrated = Store(path)
    assert exporting.read_tables(other) == exporting.read_tables(migrated)
    migrated.close()


def test_an_import_that_fails_half_way_changes_nothing(full: Store, other: Store) -> None:
    archive = validation.read(exporting.export(full, NOW))
    other.db.execute(
        "CREATE TRIGGER stop BEFORE INSERT ON hold WHEN NEW.position = 1 "
        "BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    before = dump(other)
    with pytest.raises(InvalidExportError) as caught:
        importing.insert(other, archive, NOW)
    assert caught.value.detail == "no more"
    assert dump(other) == before
    other.db.execute("DROP TRIGGER stop")
    assert importing.insert(other, archive, NOW).new.total() > 0


def test_a_database_in_use_is_a_store_error(
    full: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = validation.read(exporting.export(full, NOW))
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    with closing(other.file.connect()) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            importing.insert(other, archive, NOW)
        assert caught.value.problem is StoreProblem.LOCKED
        assert importing.preview(other, archive).new.total() > 0
    assert other.session_count() == 0


def test_broken_files_are_refused_or_read(
    full: Store, other: Store, now: Moment, make_session: MakeSession
) -> None:
    importing.insert(other, validation.read(with_fixed_ids(exporting.export(full, NOW))), NOW)
    whole = exporting.export(other, NOW)
    empty(other)
    kept: Session = make_session(DAY - timedelta(40))
    other.save(kept, now)
    template = sqlcipher.in_memory()
    other.db.conn.backup(template)
    before = dump(other)
    outcomes: Counter[str] = Counter()
    files = attempts(1_500, 10_000)
    for seed in range(files):
        data = damaged(whole, random.Random(seed))
        try:
            archive = validation.read(data)
        except InvalidExportError as error:
            outcomes[error.problem] += 1
            assert 0 < len(error.detail) <= zip_reader.DETAIL_MAX, f"seed {seed}"
            continue
        except Exception as error:
            pytest.fail(f"seed {seed}: {error!r}")
        outcomes["read"] += 1
        if outcomes["read"] > BROUGHT_IN:
            continue
        # Whatever can be read can be imported, shown, and exported again.
        done = importing.insert(other, archive, NOW)
        assert importing.insert(other, archive, NOW).new.total() == 0, f"seed {seed}"
        assert other.db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert len(other.sessions(limit=99)) <= 1 + done.new["session"]
        assert other.profile() and (other.pregnancy(), other.routines(), other.deleted_sessions(9))
        assert validation.read(exporting.export(other, NOW))["session"]
        template.backup(other.db.conn)
    template.close()
    assert dump(other) == before
    assert outcomes["read"] > BROUGHT_IN
    assert outcomes.total() == files
    # The damage caused every problem that a few bytes can cause, and sometimes none.
    assert set(outcomes) >= set(ExportProblem) - {ExportProblem.TOO_LARGE}, outcomes
