"""The content of an export, and that no spreadsheet runs any of it as a formula."""

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import speaking
from holdwell.store import table_info
from holdwell.store.repository import Store
from holdwell.transfer import exporting, importing, json_schema, validation
from holdwell.transfer.zip_reader import InvalidExportError
from tests.support.exports import (
    JUNK,
    unpacked,
)
from tests.unit.transfer.conftest import NOW


def test_an_export_has_a_csv_a_table_the_json_its_schema_and_a_readme(full: Store) -> None:
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    assert pack.testzip() is None
    assert set(pack.namelist()) == {"README.txt", "holdwell.json", "schema.json"} | {
        f"{table}.csv" for table in full.db.table_names() if table not in table_info.LOCAL_TABLES
    }


def test_every_table_of_the_database_is_exported(store: Store) -> None:
    assert {*table_info.TABLES, *table_info.LOCAL_TABLES} == set(store.db.table_names())
    assert set(exporting.read_tables(store)) == set(table_info.TABLES)


def test_every_column_is_explained_and_every_check_understood(store: Store) -> None:
    codes = [known.code for known in languages(content_folder())]
    for table, columns in table_info.columns().items():
        for code in codes:
            assert table in json_schema.texts(code)["tables"]
            assert all(json_schema.about(table, column, code) for column in columns)
        for check in store.db.table(table).checks:
            assert json_schema.bounds_of(check) is not None, check


def test_the_readme_is_in_the_language_of_the_page_and_the_schema_in_english(full: Store) -> None:
    (es,) = (known for known in languages(content_folder()) if known.code == "es")
    english = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    with speaking(es):
        spanish = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    assert english.read("README.txt").startswith(b"HOLDWELL: EVERYTHING YOU LOGGED")
    lines = spanish.read("README.txt").decode().splitlines()
    pains = len(exporting.read_tables(full)["pain"])
    rows = "1 fila" if pains == 1 else f"{pains} filas"
    assert f"  pain.csv: El dolor que registraste por separado ({rows})" in lines
    assert spanish.read("schema.json") == english.read("schema.json")
    assert json_schema.texts("xx") == json_schema.texts("en"), "for a language without a file"


def test_the_schema_is_valid_and_the_export_conforms_to_it(full: Store) -> None:
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    said = json.loads(pack.read("schema.json"))
    Draft202012Validator.check_schema(said)
    assert list(Draft202012Validator(said).iter_errors(unpacked(exporting.export(full, NOW)))) == []
    row = said["$defs"]["session"]["properties"]
    pain = {"type": "integer", "minimum": 0, "maximum": 10}
    assert row["pain_before"]["anyOf"] == [pain, {"type": "null"}]
    assert row["state"]["enum"] == ["open", "finished", "stopped", "logged"]
    assert row["local_day"]["format"] == "date"


def test_what_the_schema_refuses_an_import_refuses_too(full: Store) -> None:
    defined = json_schema.json_schema()["$defs"]
    good = unpacked(exporting.export(full, NOW))
    junk = [value for value in JUNK if not isinstance(value, bytes)]
    seen: Counter[str] = Counter()
    refused = 0
    for table in table_info.TABLES:
        validator = Draft202012Validator(defined[table])
        for name in good["tables"][table][0]:
            # The first column of each kind gets all values, the others of that kind a part.
            kind = json.dumps(defined[table]["properties"][name] | {"description": ""})
            seen[kind] += 1
            for value in junk if seen[kind] == 1 else junk[seen[kind] % 4 :: 4]:
                first, *rest = good["tables"][table]
                spoiled = first | {name: value}
                if validator.is_valid(spoiled):
                    continue
                refused += 1
                content = good | {"tables": good["tables"] | {table: [spoiled, *rest]}}
                with pytest.raises(InvalidExportError):
                    validation.read(json.dumps(content).encode())
    assert refused > 1000


def test_csv_has_the_same_values_and_no_formula(full: Store) -> None:
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    for table, rows in exporting.read_tables(full).items():
        text = pack.read(f"{table}.csv").decode("utf-8-sig")
        found = list(csv.reader(io.StringIO(text, newline="")))
        names = list(table_info.columns()[table])
        assert found[0][: len(names)] == names
        cells = [["" if row[n] is None else str(row[n]) for n in names] for row in rows]
        assert [
            [exporting.unguarded(cell) for cell in row[: len(names)]] for row in found[1:]
        ] == cells
    assert "\"'=1+1 ☂\r\n'x'\"" in pack.read("session.csv").decode()


def test_csv_opens_right_in_a_spreadsheet_of_the_region(full: Store) -> None:
    rows = exporting.read_tables(full)["session"][:1]
    rows[0] |= {"started_at": "2026-11-24T20:05:00.000Z", "utc_offset": 60, "held_s": 35.5}
    english, spanish = exporting.to_csv("session", rows), ""
    (es,) = (known for known in languages(content_folder()) if known.code == "es")
    with speaking(es):
        spanish = exporting.to_csv("session", rows)
    for text, delimiter, held in ((english, ",", "35.5"), (spanish, ";", "35,5")):
        assert text.startswith("\ufeff")
        table = csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=delimiter)
        (row,) = table
        assert (row["held_s"], row["started_local"]) == (held, "2026-11-24 21:05:00")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "'", "＝"])
def test_a_text_that_begins_like_a_formula_is_guarded(start: str) -> None:
    text = exporting.to_csv("meta", [{"key": f"{start}1", "value": "a=1"}])
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row == [f"'{start}1", "a=1"]
    assert exporting.unguarded(row[0]) == f"{start}1"


def test_a_negative_number_stays_a_number() -> None:
    row = dict.fromkeys(table_info.columns()["cramp"], -300)
    assert "'" not in exporting.to_csv("cramp", [row])


def test_the_same_content_makes_the_same_file(full: Store, other: Store) -> None:
    first = exporting.export(full, NOW)
    assert exporting.export(full, NOW) == first
    later = Moment.of(NOW.utc + timedelta(days=3))
    ours, theirs = unpacked(first), unpacked(exporting.export(full, later))
    assert ours.pop("made_at") != theirs.pop("made_at")
    assert ours == theirs
    importing.insert(other, validation.read(first), NOW)
    assert exporting.export(other, NOW) == first


def test_tombstones_are_exported_and_keys_about_the_file_are_not(full: Store) -> None:
    content = unpacked(exporting.export(full, NOW))["tables"]
    for table in ("session", "cramp", "routine"):
        assert any(row["deleted_at"] for row in content[table]), table
    assert content["meta"] == [{"key": "seen", "value": "yes"}]


def test_the_change_log_is_not_exported(full: Store, now: Moment) -> None:
    session = full.sessions(limit=1)[0]
    full.save(replace(session, note="what the user took out"), now)
    full.save(session, now)
    assert full.rows("SELECT 1 FROM change WHERE before LIKE '%took out%'")
    pack = zipfile.ZipFile(io.BytesIO(exporting.export(full, NOW)))
    assert not any(b"took out" in pack.read(name) for name in pack.namelist())


def test_an_empty_database_is_exported_and_imported(store: Store, other: Store) -> None:
    done = importing.insert(other, validation.read(exporting.export(store, NOW)), NOW)
    assert (done.new.total(), done.existing.total()) == (0, 0)
    assert (done.first_day, done.last_day) == (None, None)
