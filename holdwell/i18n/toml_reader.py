"""Reads TOML files of content/ into pydantic models, and names the line of every fault.

Nothing here knows what a stretch is. A fault is a `ContentError` that names the file, the line,
the place in it and what to put right, so that someone who writes no code can.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic.types import Strict
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
"""Where a value stands: ("step", 1, "tip", 0, "title") is the first tip of the second step."""


class ContentError(Exception):
    """A content file is not as it should be. The text says which, where and what to do."""


class FaultError(ValueError):
    """What is wrong with a value, raised by a validator.

    `{key}` in the text becomes the value's key; `below` leads from there to the part that is meant.
    """

    def __init__(self, text: str, *below: str | int) -> None:
        super().__init__(text)
        self.below = below


class Content(BaseModel):
    """A table of a content file. A key that the model does not name is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True)


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a value, for the faults: "must be `kind`", "add `example`"."""

    kind: str
    written: str

    def example(self, context: object) -> str:
        """Return how the value is written, with {key} for its key."""
        return self.written


_TEXT = Form("a text in quotes", 'a line {key} = "…"')
_LIST = Form("a list of texts, none of them empty", "a list {key} = […]")
_TABLE = Form("a table", "a table [{key}]")
_TABLES = Form("one or more [[{key}]] tables", "one or more [[{key}]] tables")

Word = Annotated[str, Strict(), StringConstraints(strip_whitespace=True, min_length=1), _TEXT]
"""A text that is the same in every language: an id, a file's name, a citation."""
Number = Annotated[int, Strict(), Form("a whole number", "a line {key} = 1")]
T = TypeVar("T")
Listed = Annotated[tuple[T, ...], Field(min_length=1), _LIST]
"""A list of words, or of what words become."""
Tables = Annotated[tuple[T, ...], Field(min_length=1), _TABLES]
M = TypeVar("M", bound=Content)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file that could be read, with its text."""

    path: Path
    table: Mapping[str, Any]
    text: str

    @property
    def lines(self) -> Mapping[Place, int]:
        """The line of every table and key."""
        return lines_of(self.text)

    def fault(self, text: str, *place: str | int, where: str = "") -> ContentError:
        """Return the error that says `text` of a place in this file."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        parts = [self.path.name, f"line {self.lines[known]}" if known else "", where]
        return ContentError(f"{', '.join(part for part in parts if part)}: {text}")

    def read(self, model: type[M], context: object = None) -> M:
        """Return the file as a model; `context` is for its validators. Raises ContentError."""
        try:
            return model.model_validate(self.table, context=context)
        except ValidationError as invalid:
            raise self._described(invalid.errors()[0], model, context) from None

    def _described(
        self, error: ErrorDetails, model: type[Content], context: object
    ) -> ContentError:
        fault, place = error.get("ctx", {}).get("error"), error["loc"]
        key = next((part for part in reversed(place) if isinstance(part, str)), "")
        if isinstance(fault, FaultError):
            place = (*place, *fault.below)
        field, tables = _walk(model, place)
        text = _sentence(error, _form(field), context).replace("{key}", key)
        return self.fault(text, *place, where=" ".join(tables))


def check_each_once(values: Sequence[str], table: str, key: str, text: str) -> None:
    """Raise a fault at the first of the [[table]]s whose `key` has a value for the second time.

    {value} in the text becomes that value.
    """
    for number, value in enumerate(values):
        if value in values[:number]:
            raise FaultError(text.replace("{value}", value), table, number, key)


def open_file(file: Path) -> TomlFile:
    """Read a TOML file. Raises ContentError where it is missing or is not TOML."""
    try:
        text = file.read_text(encoding="utf-8")
        return TomlFile(file, tomllib.loads(text), text)
    except FileNotFoundError as error:
        raise ContentError(f"{file.name} is missing from {file.parent}. Put it back") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ContentError(f"{file.name} cannot be read: {error}") from error


def _walk(model: type[BaseModel], place: Place) -> tuple[FieldInfo | None, list[str]]:
    """Return the field that a place leads to, and the tables on the way as they are written."""
    inner: type[BaseModel] | None = model
    field: FieldInfo | None = None
    tables: list[str] = []
    for part, following in zip(place, (*place[1:], None), strict=True):
        if isinstance(part, int) or inner is None:
            continue
        fields = {known.alias or name: known for name, known in inner.model_fields.items()}
        field = fields.get(part)
        inner = _model_in(field)
        if inner is not None and following is not None:
            is_item = isinstance(following, int)
            tables.append(f"[[{part}]] number {int(following) + 1}" if is_item else f"[{part}]")
    return field, tables


def _model_in(field: FieldInfo | None) -> type[BaseModel] | None:
    """Return the model of a field: of the table in it, or of each table of its list."""
    kinds = (field.annotation, *get_args(field.annotation)) if field is not None else ()
    models = (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))
    return next(models, None)


def _form(field: FieldInfo | None) -> Form:
    if field is None:
        return _TEXT
    inner = (said for kind in get_args(field.annotation) for said in _metadata(kind))
    known = (said for said in (*field.metadata, *inner) if isinstance(said, Form))
    return next(known, _TEXT if _model_in(field) is None else _TABLE)


def _metadata(kind: object) -> tuple[object, ...]:
    found: tuple[object, ...] = getattr(kind, "__metadata__", ())
    return found


def _sentence(error: ErrorDetails, form: Form, context: object) -> str:
    """Return what is wrong and what to do, with {key} for the name of the key."""
    about = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(about["error"])
        case "missing":
            return f'"{{key}}" is missing. Add {form.example(context)}'
        case "extra_forbidden":
            return '"{key}" is not a known key. Mend its spelling or take it out'
        case "enum":
            # Pydantic writes 'any', 'pregnant' or 'postpartum'.
            known = str(about["expected"]).replace("'", "").replace(" or ", ", ")
            return f'"{{key}}" must be one of {known}'
        case "string_too_short" if isinstance(error["loc"][-1], str):
            return '"{key}" is empty. Write its text'
    return f'"{{key}}" must be {form.kind}'


_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\s-]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


@cache
def lines_of(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table and key of a TOML text that tomllib can read."""
    found: dict[Place, int] = {}
    arrays: dict[Place, int] = {}
    here: Place = ()
    inside_text = ""
    for number, line in enumerate(text.splitlines(), 1):
        quotes = re.findall(r'"""|\'\'\'', line)
        if inside_text:
            if len([q for q in quotes if q == inside_text]) % 2:
                inside_text = ""
            continue
        if len(quotes) % 2:
            inside_text = quotes[0]
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            here = ()
            names = [name.strip() for name in header[2].split(".")]
            for depth, name in enumerate(names, 1):
                here = (*here, name)
                if depth == len(names):
                    found.setdefault(here, number)
                if header[1] == "[[" and depth == len(names):
                    arrays[here] = arrays.get(here, -1) + 1
                if here in arrays:
                    here = (*here, arrays[here])
            found.setdefault(here, number)
        elif key:
            parts = [part.strip() for part in key[1].split(".")]
            for depth in range(1, len(parts) + 1):
                found.setdefault((*here, *parts[:depth]), number)
    return found
