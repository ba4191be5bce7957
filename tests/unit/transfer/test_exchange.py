"""What goes out comes back in, exactly; and what is broken changes nothing."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3.dump import _iterdump  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    Moment,
    Pregnancy,
    Routine,
    RoutineStretch,
    Session,
    new_id,
)
from holdwell.store import database, sqlcipher, table_info
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer import exporting, json_schema, zip_reader
from holdwell.transfer.exporting import ExchangeError, ExchangeProblem, TablePreview
from tests.conftest import MakeSession
from tests.support.exports import (
    JUNK,
    damaged,
    databases,
    empty,
    fill,
    packed,
    unpacked,
    with_fixed_ids,
)

DAY = date(2026, 11, 24)
BROUGHT_IN = 500
NOW = Moment.of(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A second database, to import into."""
    opened = Store(tmp_path / "other" / "holdwell.db")
    opened.db.execute("PRAGMA synchronous=OFF")
    yield opened
    opened.close()


@pytest.fixture
def full(store: Store, now: Moment, make_session: MakeSession) -> Store:
    """A store with a little of everything, and a tombstone of each kind."""
    store.save_profile(replace(store.profile(), goal_per_week=9), now)
    store.save_pregnancy(Pregnancy(due_date=DAY + timedelta(100)), now)
    sessions = [
        replace(make_session(DAY - timedelta(n), before=6, after=4), note="=1+1 ☂\r\n'x'")
        for n in range(3)
    ]
    nights = [(DAY, CrampLeg.LEFT), (DAY - timedelta(5), CrampLeg.NONE)]
    store.save_all(sessions, nights, now)
    store.delete_session(sessions[1].id, now)
    store.save_cramp(DAY, None, now)
    routines = [
        Routine(new_id(), name, (RoutineStretch("side_reach", 60),)) for name in ("Quick", "Long")
    ]
    store.save_routines(routines, now)
    store.save_routines(routines[:1], now)
    store.save_check_in(CheckInAnswer(now, DAY, "fine"), now)
    store.set_meta("seen", "yes")
    store.set_meta("demo", "1")
    return store


def dump(store: Store) -> list[str]:
    # Python's own, which this driver lacks.
    return list(_iterdump(store.db.conn))


def problem_of(data: bytes) -> tuple[ExchangeProblem, str]:
    with pytest.raises(ExchangeError) as caught:
        exporting.read(data)
    return caught.value.problem, caught.value.detail


def changed(full: Store, change: Callable[[Any], object]) -> bytes:
    """An export of which `change` altered the JSON."""
    content = unpacked(exporting.export(full, NOW))
    change(content)
    return packed(content)


# -- export -------------------------------------------------------------------------------------


def test_an_export_has_a_csv_a_table_the_json_its_schema_and_a_readme(full: Store) -> None:
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    assert pack.testzip() is None
    assert set(pack.namelist()) == {"README.txt", "holdwell.json", "schema.json"} | {
        f"{table}.csv" for table in full.db.table_names() if table not in table_info.LOCAL_TABLES
    }


def test_every_table_of_the_database_is_exported(store: Store) -> None:
    assert {*table_info.TABLES, *table_info.LOCAL_TABLES} == set(store.db.table_names())
    assert set(exporting.contents(store)) == set(table_info.TABLES)


def test_every_column_is_explained_and_every_check_understood(store: Store) -> None:
    for table, columns in table_info.columns().items():
        assert all(json_schema.about(table, column.name) for column in columns)
        for check in store.db.table(table).checks:
            assert table_info.bounds(check) is not None, check


def test_the_schema_is_a_schema_and_the_export_keeps_to_it(full: Store) -> None:
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    said = json.loads(pack.read("schema.json"))
    Draft202012Validator.check_schema(said)
    assert list(Draft202012Validator(said).iter_errors(unpacked(exporting.export(full, NOW)))) == []
    row = said["properties"]["tables"]["properties"]["session"]["items"]["properties"]
    assert (row["pain_before"]["minimum"], row["pain_before"]["maximum"]) == (0, 10)
    assert row["state"]["enum"] == ["open", "finished", "stopped", "logged"]
    assert row["local_day"]["format"] == "date"


def test_what_the_schema_refuses_an_import_refuses_too(full: Store) -> None:
    said = json_schema.json_schema()["properties"]["tables"]["properties"]
    good = unpacked(exporting.export(full, NOW))
    refused = 0
    for table in table_info.TABLES:
        validator = Draft202012Validator(said[table]["items"])
        for name in good["tables"][table][0]:
            for value in JUNK:
                if isinstance(value, bytes):
                    continue
                content = json.loads(json.dumps(good))
                content["tables"][table][0][name] = value
                if validator.is_valid(content["tables"][table][0]):
                    continue
                refused += 1
                with pytest.raises(ExchangeError):
                    exporting.read(json.dumps(content).encode())
    assert refused > 1000


def test_csv_is_the_same_again_and_no_formula(full: Store) -> None:
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    for table, rows in exporting.contents(full).items():
        text = pack.read(f"{table}.csv").decode()
        found = list(csv.reader(io.StringIO(text, newline="")))
        names = [column.name for column in table_info.columns()[table]]
        assert found[0] == names
        cells = [["" if row[n] is None else str(row[n]) for n in names] for row in rows]
        assert [[exporting.unguarded(cell) for cell in row] for row in found[1:]] == cells
    assert "\"'=1+1 ☂\r\n'x'\"" in pack.read("session.csv").decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "'", "＝"])
def test_a_text_that_begins_like_a_formula_is_guarded(start: str) -> None:
    text = exporting.to_csv("meta", [{"key": f"{start}1", "value": "a=1"}])
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row == [f"'{start}1", "a=1"]
    assert exporting.unguarded(row[0]) == f"{start}1"


def test_a_negative_number_stays_a_number() -> None:
    row = dict.fromkeys((column.name for column in table_info.columns()["cramp"]), -300)
    assert "'" not in exporting.to_csv("cramp", [row])


def test_the_same_content_makes_the_same_file(full: Store, other: Store) -> None:
    first = exporting.export(full, NOW)
    assert exporting.export(full, NOW) == first
    later = Moment.of(NOW.utc + timedelta(days=3))
    ours, theirs = unpacked(first), unpacked(exporting.export(full, later))
    assert ours.pop("made_at") != theirs.pop("made_at")
    assert ours == theirs
    exporting.bring_in(other, exporting.read(first))
    assert exporting.export(other, NOW) == first


def test_tombstones_go_along_and_what_belongs_to_the_file_does_not(full: Store) -> None:
    content = unpacked(exporting.export(full, NOW))["tables"]
    for table in ("session", "cramp", "routine"):
        assert any(row["deleted_at"] for row in content[table]), table
    assert content["meta"] == [{"key": "seen", "value": "yes"}]


def test_how_an_entry_was_before_stays_at_home(full: Store, now: Moment) -> None:
    session = full.sessions(limit=1)[0]
    full.save_session(replace(session, note="what she took out"), now)
    full.save_session(session, now)
    assert full.rows("SELECT 1 FROM change WHERE before LIKE '%took out%'")
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    assert not any(b"took out" in pack.read(name) for name in pack.namelist())


def test_an_empty_database_is_exported_and_imported(store: Store, other: Store) -> None:
    done = exporting.bring_in(other, exporting.read(exporting.export(store, NOW)))
    assert (done.new, done.already_there, done.first_day, done.last_day) == (0, 0, None, None)


# -- import -------------------------------------------------------------------------------------


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=databases())
def test_an_export_into_an_empty_database_is_the_same_database(
    store: Store, other: Store, rows: dict[str, list[Row]]
) -> None:
    empty(store)
    empty(other)
    fill(store, rows)
    archive = exporting.read(exporting.export(store, NOW))
    done = exporting.bring_in(other, archive)
    assert done.new == sum(map(len, rows.values()))
    for table in table_info.TABLES:
        by_first = (
            f"SELECT * FROM {table} WHERE {'key' if table == 'meta' else 'id'} <> 'x' ORDER BY 1"
        )
        ours, theirs = store.db.execute(by_first), other.db.execute(by_first)
        assert [d[0] for d in ours.description] == [d[0] for d in theirs.description]
        found = theirs.fetchall()
        wanted = ours.fetchall()
        assert found == wanted
        assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in wanted]
    before = dump(other)
    again = exporting.bring_in(other, archive)
    assert (again.new, again.already_there) == (0, done.new)
    assert dump(other) == before
    assert other.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_records_come_back_as_the_app_reads_them(full: Store, other: Store) -> None:
    exporting.bring_in(other, exporting.read(exporting.export(full, NOW)))
    assert other.sessions(limit=9) == full.sessions(limit=9)
    assert other.deleted_sessions(9) == full.deleted_sessions(9)
    assert other.profile() == full.profile()
    assert other.pregnancy() == full.pregnancy()
    assert other.routines() == full.routines()
    assert other.cramp(DAY - timedelta(5)) == full.cramp(DAY - timedelta(5))
    assert other.meta("demo") is None


def test_the_json_alone_will_do_also_with_a_byte_order_mark(full: Store) -> None:
    pack = exporting.export(full, NOW)
    alone = zipfile.ZipFile(io.BytesIO(pack)).read("holdwell.json")
    assert exporting.read(alone) == exporting.read(pack) == exporting.read(b"\xef\xbb\xbf" + alone)


def test_a_folder_that_was_packed_again_is_read(full: Store) -> None:
    content = unpacked(exporting.export(full, NOW))
    made = io.BytesIO(packed(content, "holdwell-export/holdwell.json"))
    with zipfile.ZipFile(made, "a") as pack:
        pack.writestr("__MACOSX/holdwell-export/holdwell.json", "x")
    assert exporting.read(made.getvalue()).made == NOW


def test_a_preview_says_what_an_import_then_does(
    full: Store, other: Store, now: Moment, make_session: MakeSession
) -> None:
    archive = exporting.read(exporting.export(full, NOW))
    known = full.sessions(limit=1)[0]
    other.save_session(replace(known, note="edited", holds=known.holds[:1]), now)
    before = dump(other)
    seen = exporting.preview(other, archive)
    assert dump(other) == before
    assert seen.tables["session"] == TablePreview("session", 2, 1, 1, DAY - timedelta(2), DAY)
    assert seen.tables["hold"] == TablePreview("hold", 4, 2)
    assert (seen.first_day, seen.last_day) == (DAY - timedelta(5), DAY)
    assert seen.made == NOW
    assert exporting.bring_in(other, archive) == seen
    kept = other.session(known.id)
    assert kept is not None
    assert (kept.note, kept.holds) == ("edited", known.holds[:1])


def test_her_own_profile_stays_and_takes_everything_in(
    full: Store, other: Store, now: Moment
) -> None:
    own = replace(other.profile(), id=new_id(), goal_per_week=3)
    other.save_profile(own, now)
    done = exporting.bring_in(other, exporting.read(exporting.export(full, NOW)))
    assert (done.tables["profile"].new, done.tables["profile"].already_there) == (0, 1)
    assert other.profile() == own
    assert other.sessions(limit=9) == full.sessions(limit=9)
    assert other.pregnancy() == full.pregnancy()
    assert other.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_night_that_has_an_answer_keeps_it(full: Store, other: Store, now: Moment) -> None:
    night = DAY - timedelta(5)
    other.save_cramp(night, CrampLeg.BOTH, now)
    done = exporting.bring_in(other, exporting.read(exporting.export(full, NOW)))
    assert (done.tables["cramp"].new, done.tables["cramp"].already_there) == (1, 1)
    known = other.cramp(night)
    assert known is not None
    assert known.leg is CrampLeg.BOTH


def test_two_profiles_with_an_answer_for_one_night_become_one(full: Store, other: Store) -> None:
    def double(content: Any) -> None:
        rows = content["tables"]
        rows["profile"].append(rows["profile"][0] | {"id": "second"})
        live = next(row for row in rows["cramp"] if not row["deleted_at"])
        rows["cramp"].append(live | {"id": new_id(), "profile_id": "second"})

    archive = exporting.read(changed(full, double))
    other.save_profile(replace(other.profile(), id=new_id()), NOW)
    assert exporting.bring_in(other, archive).tables["cramp"].new == 2
    assert exporting.bring_in(other, archive).new == 0


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
    archive = exporting.read(json.dumps(header | made | {"tables": rows}).encode())
    assert archive.schema_version == version
    exporting.bring_in(other, archive)
    migrated = Store(path)
    assert exporting.contents(other) == exporting.contents(migrated)
    migrated.close()


# -- what cannot be brought in ------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"PK", b"hello", b"[]", b"\x89PNG\r\n", b"SQLite format 3\0", b"{}",
     b'{"format": "other"}', packed("x", "notes.txt"), packed([])],
)  # fmt: skip
def test_something_else_is_not_ours(data: bytes) -> None:
    wanted = ExchangeProblem.DAMAGED if data == b"PK" else ExchangeProblem.NOT_OURS
    assert problem_of(data)[0] is wanted


def test_damage_is_called_damage(full: Store) -> None:
    pack = exporting.export(full, NOW)
    alone = zipfile.ZipFile(io.BytesIO(pack)).read("holdwell.json")
    twice = b'{"format": "holdwell-export", "format": "holdwell-export"}'
    for data in (pack[:-50], pack[: len(pack) // 2], alone[:-20], b"{" * 99_999, b"{\xff", twice,
                 b'{"a": NaN}', packed(b"\0"), packed(b"")):  # fmt: skip
        assert problem_of(data)[0] is ExchangeProblem.DAMAGED
    flipped = bytearray(pack)
    flipped[pack.index(b"holdwell.json") + 600] ^= 1
    assert problem_of(bytes(flipped))[0] is ExchangeProblem.DAMAGED


@pytest.mark.parametrize("name", ["format_version", "schema_version"])
def test_a_newer_version_is_called_newer(full: Store, name: str) -> None:
    data = changed(full, lambda content: content.update({name: 99, "more": 1}))
    assert problem_of(data) == (
        ExchangeProblem.NEWER,
        f"{name} is 99, not {unpacked(exporting.export(full, NOW))[name]} or less",
    )


def test_zip_bombs_are_too_large(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("holdwell.json", bytes(17 * 2**20))
    assert problem_of(made.getvalue())[0] is ExchangeProblem.TOO_LARGE
    with zipfile.ZipFile(made, "w") as pack:
        for number in range(zip_reader.ENTRIES_MAX + 1):
            pack.writestr(f"{number}", "")
    assert problem_of(made.getvalue())[0] is ExchangeProblem.TOO_LARGE
    many = b'{"format": [' + b"[]," * (zip_reader.BRACKETS_MAX + 1) + b"]}"
    assert problem_of(many)[0] is ExchangeProblem.TOO_LARGE
    pack_bytes = exporting.export(full, NOW)
    for name in ("FILE_BYTES_MAX", "JSON_BYTES_MAX", "UNPACKED_BYTES_MAX"):
        with monkeypatch.context() as patch:
            patch.setattr(zip_reader, name, 1000)
            assert problem_of(pack_bytes)[0] is ExchangeProblem.TOO_LARGE


def test_a_zip_that_lies_about_a_size_is_damaged(full: Store) -> None:
    pack = bytearray(exporting.export(full, NOW))
    at = pack.index(b"PK\x01\x02", pack.rindex(b"README.txt") + 1)
    assert pack[at + 46 : at + 59] == b"holdwell.json"
    pack[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert problem_of(bytes(pack))[0] is ExchangeProblem.DAMAGED


def test_an_encrypted_zip_is_damaged(full: Store) -> None:
    pack = bytearray(packed(unpacked(exporting.export(full, NOW))))
    pack[pack.index(b"PK\x01\x02") + 8] |= 1
    assert problem_of(bytes(pack))[0] is ExchangeProblem.DAMAGED


@pytest.mark.parametrize(
    ("table", "column", "value", "detail"),
    [
        ("session", "pain_before", 11, "session row 1, pain_before: 11 is more than 10"),
        ("session", "pain_after", "4", "session row 1, pain_after: '4' is not a whole number"),
        ("session", "pain_after", True, "session row 1, pain_after: True is not a whole number"),
        ("session", "comfort", 0, "session row 1, comfort: 0 is less than 1"),
        ("session", "state", "lost", "session row 1, state: 'lost' is none of open, finished, "
         "stopped, logged"),
        ("session", "local_day", "2026-02-30", "session row 1, local_day: '2026-02-30' is not in "
         "the calendar"),
        ("session", "started_at", "2026-11-24", "session row 1, started_at: '2026-11-24' is not a "
         "time as we write it"),
        ("session", "started_at", "1899-06-01T00:00:00.000Z", "session row 1: 'is not a day as we "
         "write it'"),
        ("session", "note", None, "session row 1, note: None is not text"),
        ("session", "note", "\ud800", r"session row 1, note: '\ud800' has half a character in it"),
        ("session", "plan", "{", "session row 1: "),
        ("session", "plan", '{"a": 1e999}', "session row 1: '1e999 is too large'"),
        ("hold", "held_s", -0.5, "hold row 1, held_s: -0.5 is less than 0"),
        ("hold", "held_s", 1e300, "hold row 1, held_s: 1e+300 is more than 604800"),
        ("pregnancy", "due_date", "9999-12-31", "pregnancy row 1, due_date: "),
        ("profile", "quiet_cues", "bell", "profile row 1: "),
        ("profile", "conditions", "hunger", "profile row 1: "),
        ("pregnancy", "birth_kind", "stork", "pregnancy row 1, birth_kind: "),
        ("check_in", "answer", "", "check_in row 1, answer: "),
        ("routine", "stretches", "[[", "routine row 1: CHECK constraint failed: "
         "json_valid(stretches)"),
        ("routine", "stretches", "{}", "routine row 1: 'stretches is not a list'"),
        ("routine", "stretches", '[{"stretch": "a", "hold_s": 5}]', "routine row 1: 'hold_s is "
         "not 20 to 90'"),
        ("routine", "name", "x" * 41, "routine row 1, name: "),
    ],
)  # fmt: skip
def test_a_bad_value_is_found_and_named(
    full: Store, table: str, column: str, value: object, detail: str
) -> None:
    data = changed(full, lambda content: content["tables"][table][0].update({column: value}))
    problem, found = problem_of(data)
    assert problem is ExchangeProblem.BAD_VALUE
    assert found.startswith(detail)


def test_a_whole_number_may_be_written_with_a_point(full: Store) -> None:
    data = changed(
        full, lambda content: content["tables"]["hold"][0].update(position=1.0, held_s=7)
    )
    row = exporting.read(data).tables["hold"][0]
    assert [type(row["position"]), type(row["held_s"])] == [int, float]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda c: c["tables"].pop("hold"), "tables lacks hold"),
        (lambda c: c["tables"].update(x=[]), "tables has an unknown 'x'"),
        (lambda c: c.update(x=1), "the file has an unknown 'x'"),
        (lambda c: c.pop("made_at"), "the file lacks made_at"),
        (lambda c: c.update(tables=[]), "tables is not an object"),
        (lambda c: c["tables"].update(hold={}), "hold is not a list"),
        (lambda c: c["tables"]["hold"].append(5), "hold row 7 is not an object"),
        (lambda c: c["tables"]["hold"][2].pop("side"), "hold row 3 lacks side"),
        (lambda c: c["tables"]["hold"][2].update(leg=1), "hold row 3 has an unknown 'leg'"),
    ],
)
def test_a_bad_shape_is_found_and_named(
    full: Store, change: Callable[[Any], object], detail: str
) -> None:
    assert problem_of(changed(full, change)) == (ExchangeProblem.BAD_SHAPE, detail)


@pytest.mark.parametrize("table", table_info.TABLES)
def test_a_doubled_row_is_a_duplicate(full: Store, table: str) -> None:
    data = changed(
        full, lambda content: content["tables"][table].append(content["tables"][table][0])
    )
    problem, detail = problem_of(data)
    assert problem is ExchangeProblem.DUPLICATE
    assert detail.startswith(f"{table} row ")


def test_two_answers_for_one_night_are_a_duplicate(full: Store) -> None:
    def double(content: Any) -> None:
        for row in content["tables"]["cramp"]:
            row |= {"deleted_at": None, "night": "2026-11-24"}

    assert problem_of(changed(full, double)) == (
        ExchangeProblem.DUPLICATE,
        "cramp row 2: UNIQUE constraint failed: cramp.profile_id, cramp.night",
    )


def test_a_row_that_belongs_to_nothing_is_dangling(full: Store) -> None:
    data = changed(full, lambda c: c["tables"]["hold"][4].update(session_id="gone"))
    assert problem_of(data) == (ExchangeProblem.DANGLING, "hold row 5: its session is missing")
    data = changed(full, lambda c: c["tables"]["profile"].clear())
    assert problem_of(data)[0] is ExchangeProblem.DANGLING


# -- all or nothing -----------------------------------------------------------------------------


def test_an_import_that_fails_half_way_changes_nothing(full: Store, other: Store) -> None:
    archive = exporting.read(exporting.export(full, NOW))
    other.db.execute(
        "CREATE TRIGGER stop BEFORE INSERT ON hold WHEN NEW.position = 1 "
        "BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    before = dump(other)
    with pytest.raises(ExchangeError) as caught:
        exporting.bring_in(other, archive)
    assert caught.value.detail == "no more"
    assert dump(other) == before
    other.db.execute("DROP TRIGGER stop")
    assert exporting.bring_in(other, archive).new > 0


def test_a_database_in_use_is_a_store_error(full: Store, other: Store) -> None:
    archive = exporting.read(exporting.export(full, NOW))
    other.db.execute("PRAGMA busy_timeout=10")
    with closing(sqlcipher.connect(other.path)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            exporting.bring_in(other, archive)
        assert caught.value.problem is StoreProblem.LOCKED
        assert exporting.preview(other, archive).new > 0
    assert other.session_count() == 0


def test_ten_thousand_broken_files_are_refused_or_read(
    full: Store, other: Store, now: Moment, make_session: MakeSession
) -> None:
    exporting.bring_in(other, exporting.read(with_fixed_ids(exporting.export(full, NOW))))
    whole = exporting.export(other, NOW)
    empty(other)
    kept: Session = make_session(DAY - timedelta(40))
    other.save_session(kept, now)
    template = sqlcipher.in_memory()
    other.db.conn.backup(template)
    before = dump(other)
    outcomes: Counter[str] = Counter()
    for seed in range(10_000):
        data = damaged(whole, random.Random(seed))
        try:
            archive = exporting.read(data)
        except ExchangeError as error:
            outcomes[error.problem] += 1
            assert 0 < len(error.detail) <= zip_reader.DETAIL_MAX, f"seed {seed}"
            continue
        except Exception as error:
            pytest.fail(f"seed {seed}: {error!r}")
        outcomes["read"] += 1
        if outcomes["read"] > BROUGHT_IN:
            continue
        # Anything that can be read can be brought in, and shown, and taken out again.
        done = exporting.bring_in(other, archive)
        assert exporting.bring_in(other, archive).new == 0, f"seed {seed}"
        assert other.db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert len(other.sessions(limit=99)) <= 1 + done.tables["session"].new
        assert other.profile() and (other.pregnancy(), other.routines(), other.deleted_sessions(9))
        assert exporting.read(exporting.export(other, NOW)).tables["session"]
        template.backup(other.db.conn)
    template.close()
    assert dump(other) == before
    assert outcomes["read"] > BROUGHT_IN
    assert outcomes.total() == 10_000
    # Every kind of trouble was met that a few bytes can make, and damage that does no harm.
    assert set(outcomes) >= set(ExchangeProblem) - {ExchangeProblem.TOO_LARGE}, outcomes
