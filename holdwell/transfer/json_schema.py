"""The shape of holdwell.json as pydantic types, made from the real table definitions. They validate
an import, and give the JSON Schema in an export."""

import re
import tomllib
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    TypeAdapter,
    with_config,
)
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import TypedDict

from holdwell.i18n.languages import BASE_LANGUAGE
from holdwell.store import database, table_info
from holdwell.store.sqlite import Check, Database
from holdwell.store.table_info import DAY, TIME

FORMAT = "holdwell-export"
FORMAT_VERSION = 1

# Bounds that the database does not set and a page needs: a number of seconds that no timedelta can
# hold, or an offset that no time zone has, would break every page that shows it.
_SECONDS_MAX = 7 * 24 * 3600
_INTEGER_MAX = 1_000_000
_OFFSET = {"ge": -1080, "le": 1080}
_TEXT = {"min_length": 0, "max_length": 100_000}
_ID_MAX = 100

_CHECKS: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"\w+ BETWEEN (?P<ge>-?\d+) AND (?P<le>-?\d+)", {}),
    (r"length\(\w+\) BETWEEN (?P<min_length>\d+) AND (?P<max_length>\d+)", {}),
    (r"\w+ >= (?P<ge>-?\d+)", {}),
    (r"(\w+) IS date\(\1\)", {"pattern": DAY}),
    (r"json_valid\(\w+\)", {"json_schema_extra": {"contentMediaType": "application/json"}}),
)
"""The forms of CHECK that a type can express; the groups and the rest are arguments of `Field`."""


@cache
def texts(code: str = BASE_LANGUAGE) -> dict[str, Any]:
    """Return the texts of an export: its "readme", and the meaning of "tables" and "columns".

    They are in English if the language has no file of them.
    """
    file = Path(__file__).with_name(f"export_texts.{code}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else texts()


def about(table: str, column: str, code: str = BASE_LANGUAGE) -> str:
    """Return what a column means, with its unit; "" if that is not written down."""
    columns = texts(code)["columns"]
    return str(columns.get(f"{table}.{column}", columns.get(column, "")))


@cache
def file_type(schema_version: int = database.SCHEMA_VERSION) -> TypeAdapter[dict[str, Any]]:
    """Return the type of a whole holdwell.json with a schema version."""
    with closing(table_info.empty_database(schema_version)) as db:
        tables = {
            table: Annotated[list[_row(db, table)], FailFast()]  # type: ignore[misc]
            for table in table_info.columns(schema_version)
        }
    offset = Field(description="Minutes that local time was ahead of UTC at made_at.")
    names = {
        "format": Literal[FORMAT],
        "format_version": Literal[FORMAT_VERSION],
        "schema_version": Literal[schema_version],
        "made_at": _value("made_at", "TEXT"),
        "utc_offset": Annotated[_value("utc_offset", "INTEGER"), offset],
        "tables": _object("tables", tables),
    }
    return TypeAdapter(_object("Holdwell export", names))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of holdwell.json with today's schema version."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "description": "Everything in one Holdwell database. Times are UTC, ISO 8601.",
        **file_type().json_schema(schema_generator=_SchemaWithoutTitles),
    }


class _SchemaWithoutTitles(GenerateJsonSchema):
    """Generates a JSON Schema in which columns have no title, which would repeat their name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _object(name: str, fields: dict[str, Any]) -> Any:
    """Make the type of a JSON object that has exactly these names."""
    return with_config(ConfigDict(extra="forbid"))(TypedDict(name, fields))  # type: ignore[operator]


def _row(db: Database, name: str) -> Any:
    """Make the type of the rows of a table, whose columns have a description."""
    table = db.table(name)
    checks = table.column_checks
    references = {key.column for key in table.foreign_keys}
    cells = {}
    for column in table.columns:
        is_id = bool(column.is_pk) or column.name in references
        limits = checks.get(column.name, ())
        value = _value(column.name, column.type, is_id=is_id, checks=limits)
        cells[column.name] = Annotated[
            value if column.notnull or column.is_pk else value | None,
            Field(description=about(name, column.name)),
        ]
    return _object(name, cells)


def _value(name: str, sql_type: str, *, is_id: bool = False, checks: Sequence[Check] = ()) -> Any:
    """Make the type of a column's values other than null, from its CHECKs and our own bounds."""
    bounds: dict[str, Any] = {}
    choices: tuple[Any, ...] = ()
    for check in checks:
        choices = tuple(check.options or choices)
        bounds |= bounds_of(check) or {}
    if sql_type == "REAL":
        seconds = {"le": _SECONDS_MAX} | bounds
        return Annotated[float, Field(strict=True, allow_inf_nan=False, **seconds)]
    if sql_type == "INTEGER":
        own = _OFFSET if name == "utc_offset" else {"le": _INTEGER_MAX}
        number: Any = Literal[choices] if choices else Annotated[int, Field(**own | bounds)]
        return Annotated[number, BeforeValidator(_whole)]
    if choices:
        return Literal[choices]
    if name.endswith("_at"):
        bounds = {"pattern": TIME}
    if "pattern" in bounds:
        form = "date" if bounds["pattern"] == DAY else "date-time"
        text = Field(strict=True, json_schema_extra={"format": form}, **bounds)
        return Annotated[str, text, AfterValidator(_in_calendar)]
    lengths = {"min_length": 1, "max_length": _ID_MAX} if is_id else _TEXT
    return Annotated[str, Field(strict=True, **lengths | bounds)]


def bounds_of(check: Check) -> dict[str, Any] | None:
    """Return the bounds of a CHECK as arguments of `Field`; None if SQLite alone enforces it."""
    if check.options is not None:
        return {}
    for pattern, bounds in _CHECKS:
        if match := re.fullmatch(pattern, check.check):
            numbers = {name: int(number) for name, number in match.groupdict().items()}
            return {**bounds, **numbers}
    return None


def _whole(value: object) -> int:
    """Return a whole number. As in JSON Schema, 5.0 is one, and true is not. ValueError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise ValueError("is not a whole number")
    return value


def _in_calendar(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not in the calendar") from None
    return value
