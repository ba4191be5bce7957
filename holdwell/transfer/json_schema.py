"""The shape of holdwell.json as pydantic types, made from the real table definitions: an import is
validated with them, and the JSON Schema in an export is made from them."""

import tomllib
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

from holdwell.store import database, table_info
from holdwell.store.table_info import DAY, OFFSET, TIME, Column

FORMAT = "holdwell-export"
FORMAT_VERSION = 1


@cache
def texts() -> dict[str, Any]:
    """Return what an export says of itself: "readme", and what "tables" and "columns" mean."""
    file = Path(__file__).with_name("export_texts.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def about(table: str, column: str) -> str:
    """Say in plain words what a column means, with its unit; empty if nobody wrote it down."""
    columns = texts()["columns"]
    return str(columns.get(f"{table}.{column}", columns.get(column, "")))


@cache
def file_type(schema_version: int = database.SCHEMA_VERSION) -> TypeAdapter[dict[str, Any]]:
    """Return the type of a whole holdwell.json made with that schema version."""
    tables = {
        table: Annotated[
            list[_object(table, {c.name: _cell(table, c) for c in columns})],  # type: ignore[misc]
            FailFast(),
        ]
        for table, columns in table_info.columns(schema_version).items()
    }
    offset = Field(description="Minutes that local time was ahead of UTC at made_at.")
    names = {
        "format": Literal[FORMAT],
        "format_version": Literal[FORMAT_VERSION],
        "schema_version": Literal[schema_version],
        "made_at": _value(Column("made_at", "TEXT", False, pattern=TIME)),
        "utc_offset": Annotated[_value(OFFSET), offset],
        "tables": _object("tables", tables),
    }
    return TypeAdapter(_object("Holdwell export", names))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of holdwell.json at today's schema version."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "description": "Everything in one Holdwell database. Times are UTC, ISO 8601.",
        **file_type().json_schema(schema_generator=_SchemaWithoutTitles),
    }


class _SchemaWithoutTitles(GenerateJsonSchema):
    """A JSON Schema in which a column has its description, and not its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _object(name: str, fields: dict[str, Any]) -> Any:
    """Make the type of a JSON object with these names and no other."""
    return with_config(ConfigDict(extra="forbid"))(TypedDict(name, fields))  # type: ignore[operator]


def _cell(table: str, column: Column) -> Any:
    """Make the type of the cells of a column."""
    value = _value(column)
    description = Field(description=about(table, column.name))
    return Annotated[value | None if column.nullable else value, description]


def _value(column: Column) -> Any:
    """Make the type of a column's values, without null."""
    if column.type == "REAL":
        bounds = Field(strict=True, ge=column.least, le=column.most, allow_inf_nan=False)
        return Annotated[float, bounds]
    if column.type == "INTEGER":
        bounds = Field(ge=column.least, le=column.most)
        number: Any = Literal[column.choices] if column.choices else Annotated[int, bounds]
        return Annotated[number, BeforeValidator(_whole)]
    if column.choices:
        return Literal[column.choices]
    if column.pattern:
        form = "date" if column.pattern == DAY else "date-time"
        text = Field(strict=True, pattern=column.pattern, json_schema_extra={"format": form})
        return Annotated[str, text, AfterValidator(_in_calendar)]
    media: Any = {"contentMediaType": "application/json"} if column.is_json else None
    shortest, longest = column.shortest, column.longest
    text = Field(strict=True, min_length=shortest, max_length=longest, json_schema_extra=media)
    return Annotated[str, text]


def _whole(value: object) -> int:
    """Read a whole number. 5.0 is one too, as JSON Schema has it; true is none."""
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
