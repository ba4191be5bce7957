"""What all pydantic models of content/ share, for whatever they are about.

Texts are in the files once for each language; a model has those of the language that is read.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidationInfo,
)
from pydantic.types import Strict
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from holdwell.i18n.languages import fields_of
from holdwell.i18n.toml_reader import ContentError, Place, TomlFile


class FaultError(ValueError):
    """A validator's description of what is wrong with a value.

    `{key}` in the text becomes the value's key. `below` is the path from the value to the part of
    it that is wrong.
    """

    def __init__(self, text: str, *below: str | int) -> None:
        super().__init__(text)
        self.below = below


class Content(BaseModel):
    """A table of a content file. A key that the model does not name is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True)


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How the faults describe the form of a value: "must be `kind`", "add `written`"."""

    kind: str
    written: str


_TEXT = ValueForm("a text in quotes", 'a line {key} = "…"')
_LIST = ValueForm("a list of texts, none of them empty", "a list {key} = […]")
_TABLE = ValueForm("a table", "a table [{key}]")
_TABLES = ValueForm("one or more [[{key}]] tables", "one or more [[{key}]] tables")

Word = Annotated[str, Strict(), StringConstraints(strip_whitespace=True, min_length=1), _TEXT]
"""A text that is the same in every language, such as an id, a file's name or a citation."""
Number = Annotated[int, Strict(), ValueForm("a whole number", "a line {key} = 1")]
Flag = Annotated[bool, Strict(), ValueForm("true or false", "a line {key} = true")]
T = TypeVar("T")
Listed = Annotated[tuple[T, ...], Field(min_length=1), _LIST]
"""A list of `Word`, or of what a validator makes of each."""
TableList = Annotated[tuple[T, ...], Field(min_length=1), _TABLES]
M = TypeVar("M", bound=Content)


def read(file: TomlFile, model: type[M], context: object = None) -> M:
    """Return a file as a model; its validators get `context`. Raises ContentError."""
    try:
        return model.model_validate(file.table, context=context)
    except ValidationError as invalid:
        raise _described(file, invalid.errors()[0], model, context) from None


def _described(
    file: TomlFile, error: ErrorDetails, model: type[Content], context: object
) -> ContentError:
    fault = error.get("ctx", {}).get("error")
    place = error["loc"]
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    if isinstance(fault, FaultError):
        place = (*place, *fault.below)
    text = _sentence(error, _form(model, place))
    if isinstance(context, Reading):
        text = text.replace("{each}", " and ".join(f"{{key}}.{code} = …" for code in context.codes))
    return file.fault(text.replace("{key}", key), *place)


def each_once(key: str, text: str) -> AfterValidator:
    """Return a validator that refuses a second [[table]] with the same value of a key.

    {value} in the text of the fault becomes that value.
    """

    def check(tables: tuple[M, ...]) -> tuple[M, ...]:
        values = [getattr(table, key) for table in tables]
        for number, value in enumerate(values):
            if value in values[:number]:
                raise FaultError(text.replace("{value}", value), number, key)
        return tables

    return AfterValidator(check)


def _form(model: type[BaseModel], place: Place) -> ValueForm:
    """Return the form of the field at a place; a text or a table if the field does not say it."""
    inner: type[BaseModel] | None = model
    forms: list[ValueForm] = []
    for part in place:
        if inner is None or not isinstance(part, str):
            continue
        field = {known.alias or name: known for name, known in inner.model_fields.items()}.get(part)
        if field is None:
            return _TEXT
        # The field may hold a model, or a list of one.
        kinds = (field.annotation, *get_args(field.annotation))
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        nested = (getattr(kind, "__metadata__", ()) for kind in kinds)
        forms = [form for form in chain(field.metadata, *nested) if isinstance(form, ValueForm)]
    return next(iter(forms), _TEXT if inner is None else _TABLE)


def _sentence(error: ErrorDetails, form: ValueForm) -> str:
    """Return what is wrong and what to do, with {key} for the key, {each} for its lines."""
    about = error.get("ctx", {})
    match error["type"]:
        case "value_error":
            return str(about["error"])
        case "missing":
            return f'"{{key}}" is missing. Add {form.written}'
        case "extra_forbidden":
            return '"{key}" is not a known key. Mend its spelling or take it out'
        case "enum":
            # Pydantic writes 'any', 'pregnant' or 'postpartum'.
            known = str(about["expected"]).replace("'", "").replace(" or ", ", ")
            return f'"{{key}}" must be one of {known}'
        case "string_too_short" if isinstance(error["loc"][-1], str):
            return '"{key}" is empty. Write its text'
    return f'"{{key}}" must be {form.kind}'


@dataclass(frozen=True, slots=True)
class Reading:
    """The language in which a model takes its texts; every text must be there in all `codes`."""

    language: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InEachLanguage(ValueForm):
    """A text, or a list of texts, that a file has once for each language: name.en, name.es.

    The model gets it in the language of the `Reading`, the context of the validators. A model made
    in code has no context and keeps what it is given. `fields` are the names allowed in braces.
    """

    kind: str = "a text in quotes"
    written: str = "{each}"
    listed: bool = False
    fields: frozenset[str] = frozenset()

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._chosen, handler(source))

    def _chosen(self, value: object, info: ValidationInfo) -> object:
        """Check the text in every language; return it in the language that is read."""
        reading = info.context
        if not isinstance(reading, Reading):
            return value
        if not isinstance(value, dict):
            example = f"{{key}}.{reading.codes[0]} = …"
            raise FaultError(f'"{{key}}" must say its language. Write {example}')
        for code in reading.codes:
            if code not in value:
                raise FaultError(f'"{{key}}.{code}" is missing. Add a line {{key}}.{code} = …')
        for code, text in value.items():
            if code not in reading.codes:
                known = f"Known are the files in wording/: {', '.join(reading.codes)}"
                raise FaultError(f'"{{key}}.{code}": there is no language {code}. {known}', code)
            self._check_list(text, code) if self.listed else self._check(text, code)
        if self.listed and len({len(texts) for texts in value.values()}) > 1:
            raise FaultError('"{key}" has lists of different lengths. Make them equal')
        return value[reading.language]

    def _check_list(self, value: object, code: str) -> None:
        texts = value if isinstance(value, list) else []
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise FaultError(f'"{{key}}.{code}" must be a list of texts, none of them empty', code)

    def _check(self, text: object, code: str) -> None:
        if not isinstance(text, str):
            raise FaultError(f'"{{key}}.{code}" must be a text in quotes', code)
        if not text.strip():
            raise FaultError(f'"{{key}}.{code}" is empty. Write its text', code)
        for name in sorted(fields_of(text) - self.fields):
            known = ", ".join(f"{{{field}}}" for field in sorted(self.fields)) or "none"
            raise FaultError(f'"{{key}}.{code}" has {{{name}}}. Known: {known}', code)


Text = Annotated[str, StringConstraints(strip_whitespace=True), InEachLanguage()]
"""A text in the language that is read."""
Texts = Annotated[tuple[str, ...], InEachLanguage(listed=True)]
"""A list of texts in the language that is read. The lists of all languages have equal lengths."""
