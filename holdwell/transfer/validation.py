"""Validating an export, which may come from anywhere: nothing in it is trusted until it is checked.

Whatever `read` returns can be inserted unchanged and shown on every page. First each cell is
checked, so that an error can name its place. Then the rows go through a scratch database with the
real tables, which also migrates an export of an earlier schema version.
"""

import json
import math
import re
from typing import Annotated, Any, NoReturn

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from pydantic_core import ErrorDetails
from typing_extensions import TypedDict

from holdwell.domain.dated import Pause
from holdwell.domain.models import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, Routine, Session
from holdwell.store import database, migrations, sqlcipher, table_info
from holdwell.store.base import EXPORT_ID
from holdwell.store.rows import TABLE_OF, Row, from_row
from holdwell.transfer import json_schema
from holdwell.transfer.zip_reader import ExportProblem, fail, no_constant, read_json, shown

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_JSON_DEPTH_MAX = 5
"""A plan has a depth of 3. Much deeper JSON might be readable here but not on a page."""


Tables = dict[str, list[Row]]
"""The rows of each table."""


def read(data: bytes) -> Tables:
    """Return the rows of an uploaded export, a zip or holdwell.json alone, migrated to today's
    tables. Raises InvalidExportError, and nothing else, whatever the bytes are."""
    content = read_json(data)
    _check_versions(content)
    version = content["schema_version"]
    try:
        tables: Tables = json_schema.file_type(version).validate_python(content)["tables"]
    except ValidationError as error:
        _fail_at(error.errors())
    tables["meta"] = [row for row in tables["meta"] if row["key"] not in table_info.INTERNAL_META]
    tables = _through_database(tables, version)
    _check_entries(tables)
    return tables


def _check_versions(content: dict[str, Any]) -> None:
    if content.get("format") != json_schema.FORMAT:
        fail(ExportProblem.NOT_OURS, f"format is {shown(content.get('format'))}")
    for name, newest in (
        ("format_version", json_schema.FORMAT_VERSION),
        ("schema_version", database.SCHEMA_VERSION),
    ):
        version = content.get(name)
        if type(version) is not int or version < 1:
            fail(ExportProblem.BAD_VALUE, f"{name} is {shown(version)}")
        if version > newest:
            fail(ExportProblem.NEWER, f"{name} is {shown(version)}, not {newest} or less")


_SHAPES = {"dict_type": "an object", "list_type": "a list"}
_WHY = {
    "string_type": "is not text",
    "string_unicode": "has half a character in it",
    "string_too_short": "is shorter than {min_length} characters",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "is not a {form} as we write it",
    "literal_error": "is not {expected}",
    "int_type": "is not a whole number",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "greater_than_equal": "is less than {ge:.0f}",
    "less_than_equal": "is more than {le:.0f}",
    "value_error": "{error}",
}
"""The sentence for each kind of error that the types of `json_schema` can raise."""


def _fail_at(errors: list[ErrorDetails], cell: tuple[int | str, ...] = ()) -> NoReturn:
    """Raise InvalidExportError for the first error in the file, or in the JSON inside a `cell`."""
    shape = ExportProblem.BAD_VALUE if cell else ExportProblem.BAD_SHAPE
    first = errors[0]
    inside = first["loc"][:-1]
    of_same_object = [error for error in errors if error["loc"][:-1] == inside]
    for error in of_same_object:
        if error["type"] == "extra_forbidden":
            fail(shape, f"{_place(cell + inside)} has an unknown {shown(error['loc'][-1])}")
    missing = sorted(str(e["loc"][-1]) for e in of_same_object if e["type"] == "missing")
    if missing:
        fail(shape, f"{_place(cell + inside)} lacks {', '.join(missing)}")
    place = _place(cell + first["loc"])
    bounds = first.get("ctx", {})
    if kind := _SHAPES.get(first["type"]):
        fail(shape, f"{place} is not {kind}")
    form = "day" if bounds.get("pattern") == table_info.DAY else "time"
    why = _WHY.get(first["type"], first["msg"]).format(**bounds, form=form)
    fail(ExportProblem.BAD_VALUE, f"{place}: {shown(first['input'])} {why}")


def _place(loc: tuple[int | str, ...]) -> str:
    """Return a place in the file in words: "hold row 3, side". Rows are counted from 1."""
    names = loc[1:] if loc[:1] == ("tables",) and len(loc) > 1 else loc
    words = [f" row {name + 1}" if isinstance(name, int) else f", {name}" for name in names]
    return "".join(words).removeprefix(", ").strip() or "the file"


def _through_database(tables: Tables, version: int) -> Tables:
    """Insert the rows into real tables of their version, and return them migrated to today's."""
    db = table_info.empty_database(version)
    try:
        db.execute("BEGIN")
        for table, rows in tables.items():
            try:
                database.insert_rows(db, table, rows)
            except sqlcipher.IntegrityError as error:
                # All rows before the failed one are inserted, so their count gives its number.
                failed = db.table(table).count + 1
                # The driver's code does not tell which constraint failed.
                doubled = str(error).startswith("UNIQUE constraint failed")
                problem = ExportProblem.DUPLICATE if doubled else ExportProblem.BAD_VALUE
                fail(problem, f"{table} row {failed}: {error}")
        for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
            fail(ExportProblem.DANGLING, f"{table} row {rowid}: its {parent} is missing")
        if version == database.SCHEMA_VERSION:
            return tables
        migrations.migrate(db, version)
        return {table: list(db.query(f"SELECT * FROM {table}")) for table in table_info.columns()}
    except sqlcipher.Error as error:
        fail(ExportProblem.BAD_VALUE, f"schema version {version}: {error}")
    finally:
        db.close()


@with_config(ConfigDict(extra="forbid"))
class _StretchItem(TypedDict):
    stretch: Annotated[str, Field(min_length=1)]
    hold_s: Annotated[int, Field(ge=HOLD_SECONDS_MIN, le=HOLD_SECONDS_MAX)]


_STRETCHES = TypeAdapter(list[_StretchItem])


def _check_entries(tables: Tables) -> None:
    """Make every dataclass that a page would make: a row that fails here would break the page."""
    for number, row in enumerate(tables["meta"], 1):
        if row["key"] == EXPORT_ID and not re.fullmatch(_UUID, row["value"]):
            fail(ExportProblem.BAD_VALUE, f"meta row {number}: {shown(row['value'])} is not a UUID")
    for kind, table in TABLE_OF.items():
        more = {"holds": ()} if kind is Session else {}
        for number, row in enumerate(tables[table], 1):
            try:
                if kind is Routine:
                    _STRETCHES.validate_json(row["stretches"], strict=True)
                _check_entry(from_row(kind, row, **more))
            except ValidationError as error:
                _fail_at(error.errors(), (table, number - 1, "stretches"))
            except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
                fail(ExportProblem.BAD_VALUE, f"{table} row {number}: {shown(str(error))}")


def _check_entry(entry: object) -> None:
    """Raise ValueError for what the database accepts and a page cannot show."""
    if isinstance(entry, Session):
        # The form that edits a session shows the day on which it began by its own UTC offset.
        if not re.fullmatch(table_info.DAY, entry.started.local.date().isoformat()):
            raise ValueError("is not a day as we write it")
        if entry.plan and not isinstance(_strict_json(entry.plan), dict):
            raise ValueError("the plan is not an object")
    if isinstance(entry, Pause) and entry.to_day is not None and entry.to_day < entry.from_day:
        raise ValueError("the pause ends before it begins")


def _strict_json(text: str) -> Any:
    """Return the JSON inside a cell. ValueError also for what only some parsers accept."""
    value = json.loads(text, parse_constant=no_constant, parse_float=_finite)
    if _depth(value) > _JSON_DEPTH_MAX:
        raise ValueError("the JSON is nested too deep")
    return value


def _depth(value: object) -> int:
    """Return how deep the lists and objects of a value are nested; 0 for neither."""
    if not isinstance(value, dict | list):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, inside), default=0)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value
