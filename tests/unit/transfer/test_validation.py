"""A broken export is refused with the place of its error, and changes nothing."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from holdwell.domain.models import NOTE_MAX, DayPart, Session, SessionState, new_id
from holdwell.store import table_info
from holdwell.store.repository import Store
from holdwell.transfer import exporting, validation, zip_reader
from holdwell.transfer.zip_reader import ExportProblem, InvalidExportError
from tests.support.exports import (
    packed,
    unpacked,
)
from tests.unit.transfer.conftest import NOW, changed


def problem_of(data: bytes) -> tuple[ExportProblem, str]:
    with pytest.raises(InvalidExportError) as caught:
        validation.read(data)
    return caught.value.problem, caught.value.detail


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"PK", b"hello", b"[]", b"\x89PNG\r\n", b"SQLite format 3\0", b"{}",
     b'{"format": "other"}', packed("x", "notes.txt"), packed([])],
)  # fmt: skip
def test_something_else_is_not_ours(data: bytes) -> None:
    wanted = ExportProblem.DAMAGED if data == b"PK" else ExportProblem.NOT_OURS
    assert problem_of(data)[0] is wanted


def test_damage_is_called_damage(full: Store) -> None:
    pack = exporting.export(full, NOW)
    alone = zipfile.ZipFile(io.BytesIO(pack)).read("holdwell.json")
    twice = b'{"format": "holdwell-export", "format": "holdwell-export"}'
    for data in (pack[:-50], pack[: len(pack) // 2], alone[:-20], b"{" * 99_999, b"{\xff", twice,
                 b'{"a": NaN}', packed(b"\0"), packed(b"")):  # fmt: skip
        assert problem_of(data)[0] is ExportProblem.DAMAGED
    flipped = bytearray(pack)
    flipped[pack.index(b"holdwell.json") + 600] ^= 1
    assert problem_of(bytes(flipped))[0] is ExportProblem.DAMAGED


@pytest.mark.parametrize("name", ["format_version", "schema_version"])
def test_a_newer_version_is_called_newer(full: Store, name: str) -> None:
    data = changed(full, lambda content: content.update({name: 99, "more": 1}))
    assert problem_of(data) == (
        ExportProblem.NEWER,
        f"{name} is 99, not {unpacked(exporting.export(full, NOW))[name]} or less",
    )


def test_the_largest_export_has_no_more_commas_than_are_allowed(full: Store) -> None:
    day, state = NOW.local.date(), SessionState.LOGGED
    bare = (Session(new_id(), NOW, day, DayPart.OTHER, state) for _ in range(99))
    full.save_all(bare, NOW)
    for rows in exporting.read_tables(full).values():
        text = json.dumps(rows, ensure_ascii=False)
        if len(rows) > 1:
            most = text.count(",") * zip_reader.JSON_BYTES_MAX / len(text)
            assert most <= zip_reader.COMMAS_MAX


def test_zip_bombs_are_too_large(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("holdwell.json", bytes(17 * 2**20))
    assert problem_of(made.getvalue())[0] is ExportProblem.TOO_LARGE
    with zipfile.ZipFile(made, "w") as pack:
        for number in range(zip_reader.ENTRIES_MAX + 1):
            pack.writestr(f"{number}", "")
    assert problem_of(made.getvalue())[0] is ExportProblem.TOO_LARGE
    pack_bytes = exporting.export(full, NOW)
    for name in ("FILE_BYTES_MAX", "JSON_BYTES_MAX", "UNPACKED_BYTES_MAX"):
        with monkeypatch.context() as patch:
            patch.setattr(zip_reader, name, 1000)
            assert problem_of(pack_bytes)[0] is ExportProblem.TOO_LARGE


def test_small_files_that_would_take_much_memory_are_too_large() -> None:
    """The numbers are those of real attacks, in case someone raises the limits by mistake."""
    brackets = b'{"format": [' + b"[]," * 2_000_000 + b"[]]}"
    commas = b'{"format": [' + (b"0," * 90_000 + b"{},") * 70 + b"0]}"
    one_object = b'{"format": 0' + b"".join(b',"%d":0' % n for n in range(300_000)) + b"}"
    many_objects = b",".join(b'{"%da": 0, "%db": 0}' % (n, n) for n in range(3_000))
    for data in (brackets, commas, one_object, b'{"format": [' + many_objects + b"]}"):
        assert problem_of(data)[0] is ExportProblem.TOO_LARGE


def test_a_directory_of_many_entries_is_refused_before_it_is_read() -> None:
    """For a zip of 60 MB, zipfile took 600 MB of memory."""
    entry = b"PK\x01\x02".ljust(28, b"\0") + b"\1".ljust(18, b"\0") + b"a"
    size = (len(entry) * 200_000).to_bytes(4, "little")
    end = b"PK\x05\x06" + bytes(8) + size + bytes(6)
    data = entry * 200_000 + end
    tracemalloc.start()
    try:
        problem, detail = problem_of(data)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (problem, detail) == (ExportProblem.TOO_LARGE, "the zip has 200000 entries")
    assert taken < len(data)


def test_notes_full_of_commas_and_rows_of_many_columns_are_read() -> None:
    row = {f"column {number}": "," * NOTE_MAX for number in range(40)}
    content = {"tables": {f"table {number}": [row] * 9 for number in range(5)}}
    assert zip_reader.read_json(json.dumps(content).encode()) == content


def test_a_zip_that_lies_about_a_size_is_damaged(full: Store) -> None:
    pack = bytearray(exporting.export(full, NOW))
    at = pack.index(b"PK\x01\x02", pack.rindex(b"README.txt") + 1)
    assert pack[at + 46 : at + 59] == b"holdwell.json"
    pack[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert problem_of(bytes(pack))[0] is ExportProblem.DAMAGED


def test_an_encrypted_zip_is_damaged(full: Store) -> None:
    pack = bytearray(packed(unpacked(exporting.export(full, NOW))))
    pack[pack.index(b"PK\x01\x02") + 8] |= 1
    assert problem_of(bytes(pack))[0] is ExportProblem.DAMAGED


@pytest.mark.parametrize(
    ("table", "column", "value", "detail"),
    [
        ("session", "pain_before", 11, "session row 1, pain_before: 11 is more than 10"),
        ("session", "pain_after", "4", "session row 1, pain_after: '4' is not a whole number"),
        ("session", "pain_after", True, "session row 1, pain_after: True is not a whole number"),
        ("session", "comfort", 0, "session row 1, comfort: 0 is less than 1"),
        ("session", "state", "lost", "session row 1, state: 'lost' is not 'open', 'finished', "
         "'stopped' or 'logged'"),
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
        ("session", "plan", "[]", "session row 1: 'the plan is not an object'"),
        ("session", "plan", '{"a": [[[[[]]]]]}', "session row 1: 'the JSON is nested too deep'"),
        ("pause", "to_day", "1999-01-01", "pause row 1: 'the pause ends before it begins'"),
        ("hold", "held_s", -0.5, "hold row 1, held_s: -0.5 is less than 0"),
        ("hold", "held_s", 1e300, "hold row 1, held_s: 1e+300 is more than 604800"),
        ("pregnancy", "due_date", "9999-12-31", "pregnancy row 1, due_date: "),
        ("profile", "quiet_cues", "bell", "profile row 1: "),
        ("profile", "conditions", "hunger", "profile row 1: "),
        ("pregnancy", "birth_kind", "stork", "pregnancy row 1, birth_kind: "),
        ("check_in", "answer", "", "check_in row 1, answer: "),
        ("routine", "stretches", "[[", "routine row 1: CHECK constraint failed: "
         "json_valid(stretches)"),
        ("routine", "stretches", "{}", "routine row 1, stretches is not a list"),
        ("routine", "stretches", '[{"stretch": "a", "hold_s": 5}]', "routine row 1, stretches "
         "row 1, hold_s: 5 is less than 20"),
        ("routine", "name", "x" * 41, "routine row 1, name: "),
    ],
)  # fmt: skip
def test_a_bad_value_is_found_and_named(
    full: Store, table: str, column: str, value: object, detail: str
) -> None:
    data = changed(full, lambda content: content["tables"][table][0].update({column: value}))
    problem, found = problem_of(data)
    assert problem is ExportProblem.BAD_VALUE
    assert found.startswith(detail)


def test_a_whole_number_may_be_written_with_a_point(full: Store) -> None:
    data = changed(
        full, lambda content: content["tables"]["hold"][0].update(position=1.0, held_s=7)
    )
    row = validation.read(data)["hold"][0]
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
    assert problem_of(changed(full, change)) == (ExportProblem.BAD_SHAPE, detail)


def test_an_export_id_that_is_not_a_uuid_is_refused(full: Store) -> None:
    content = unpacked(exporting.export(full, NOW))
    content["tables"]["meta"].append({"key": "export_id", "value": "not-a-uuid"})
    problem, detail = problem_of(packed(content))
    assert problem is ExportProblem.BAD_VALUE
    assert "'not-a-uuid' is not a UUID" in detail


@pytest.mark.parametrize("table", table_info.TABLES)
def test_a_doubled_row_is_a_duplicate(full: Store, table: str) -> None:
    data = changed(
        full, lambda content: content["tables"][table].append(content["tables"][table][0])
    )
    problem, detail = problem_of(data)
    assert problem is ExportProblem.DUPLICATE
    assert detail.startswith(f"{table} row ")


def test_two_answers_for_one_night_are_a_duplicate(full: Store) -> None:
    def double(content: Any) -> None:
        for row in content["tables"]["cramp"]:
            row |= {"deleted_at": None, "night": "2026-11-24"}

    assert problem_of(changed(full, double)) == (
        ExportProblem.DUPLICATE,
        "cramp row 2: UNIQUE constraint failed: cramp.profile_id, cramp.night",
    )


def test_a_row_that_belongs_to_nothing_is_dangling(full: Store) -> None:
    data = changed(full, lambda c: c["tables"]["hold"][4].update(session_id="gone"))
    assert problem_of(data) == (ExportProblem.DANGLING, "hold row 5: its session is missing")
    data = changed(full, lambda c: c["tables"]["profile"].clear())
    assert problem_of(data)[0] is ExportProblem.DANGLING
