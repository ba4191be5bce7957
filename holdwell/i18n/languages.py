"""The languages of a content folder, and texts that stand there once for each of them."""

import os
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from pydantic import (
    AfterValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

from holdwell.app_folder import APP_FOLDER
from holdwell.i18n.toml_reader import (
    Content,
    ContentError,
    FaultError,
    Form,
    TomlFile,
    Word,
    open_file,
)

SHIPPED = APP_FOLDER / "content"
"""The content folder that comes with the app."""

BASE_LANGUAGE = "en"
"""The language that the others are checked against, and used where none was asked for."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that content/ is complete in.

    `code` is an ISO 639 code, `name` what its speakers call it, `locale` what days and numbers
    are written by (a CLDR locale, such as en_GB).
    """

    code: str
    name: str
    locale: str


def content_folder() -> Path:
    """Return the folder that HOLDWELL_CONTENT names, else the one beside the code."""
    named = os.environ.get("HOLDWELL_CONTENT", "").strip()
    return Path(named).expanduser() if named else SHIPPED


def _known_locale(name: str) -> str:
    try:
        Locale.parse(name)
    except (ValueError, UnknownLocaleError) as error:
        raise FaultError(
            f'"{{key}}" is not one that is known: {name}. Write one such as en_GB'
        ) from error
    return name


class _About(Content):
    name: Word
    locale: Annotated[Word, AfterValidator(_known_locale)]


class _WordingFile(Content):
    """What a wording file says about its language; its texts are read in `messages`."""

    model_config = ConfigDict(extra="ignore")
    language: _About


@cache
def wording_file(code: str, folder: Path) -> TomlFile:
    """Return the file of a language's texts, read once for each folder. Raises ContentError."""
    return open_file(folder / "wording" / f"{code}.toml")


@cache
def languages(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a content folder: one for each file in wording/, the base one first.

    Raises ContentError.
    """
    found = []
    for file in sorted((folder / "wording").glob("*.toml")):
        about = wording_file(file.stem, folder).read(_WordingFile).language
        found.append(Language(file.stem, about.name, about.locale))
    found.sort(key=lambda language: (language.code != BASE_LANGUAGE, language.code))
    if not found or found[0].code != BASE_LANGUAGE:
        raise ContentError(f"wording/{BASE_LANGUAGE}.toml is missing from {folder}. Put it back")
    return tuple(found)


def codes(folder: Path) -> tuple[str, ...]:
    """Return the codes of the languages of a content folder."""
    return tuple(language.code for language in languages(folder))


def choose(known: Sequence[Language], chosen: str | None, browser: str | None) -> Language:
    """Return the chosen language, else the browser's, else the first known.

    `chosen` is a language's code, `browser` a tag such as es-MX (BCP 47); neither need be known.
    Where the browser's language is the one returned, its region's way with days and numbers is too.
    """
    by_code = {language.code: language for language in known}
    tag = (browser or "").replace("_", "-")
    found = by_code.get(chosen or "") or by_code.get(tag.partition("-")[0].lower()) or known[0]
    if tag.partition("-")[0].lower() != found.code:
        return found
    try:
        region = str(Locale.parse(tag, sep="-"))
    except (ValueError, UnknownLocaleError):
        return found
    # A bare "en" is no region: days keep the order that the wording file names.
    return replace(found, locale=region) if "-" in tag else found


@cache
def fields_of(text: str) -> frozenset[str]:
    """Return the names in braces in a text. A brace that is not closed counts as a name."""
    try:
        parts = string.Formatter().parse(text)
        return frozenset(name for _, name, _, _ in parts if name is not None)
    except ValueError:
        return frozenset([text])


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model needs to take its texts in one language: every text must have all `codes`."""

    language: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InEachLanguage(Form):
    """A text, or a list of texts, that stands there once for each language: name.en, name.es.

    The model gets it in the language of the `Reading` that validators are given as context; a model
    made in code, without one, gets what it is given. `fields` are the names allowed in braces.
    """

    kind: str = "a text in quotes"
    written: str = ""
    listed: bool = False
    fields: frozenset[str] = frozenset()

    def example(self, context: object) -> str:
        assert isinstance(context, Reading)
        return " and ".join(f"{{key}}.{code} = …" for code in context.codes)

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._chosen, handler(source))

    def _chosen(self, value: object, info: ValidationInfo) -> object:
        """Return the text in the language that is read, after checking it in every language."""
        reading = info.context
        if not isinstance(reading, Reading):
            return value
        if not isinstance(value, dict):
            raise FaultError(
                f'"{{key}}" must say its language. Write {{key}}.{reading.codes[0]} = …'
            )
        for code in reading.codes:
            if code not in value:
                raise FaultError(f'"{{key}}.{code}" is missing. Add a line {{key}}.{code} = …')
        for code, said in value.items():
            if code not in reading.codes:
                known = f"Known are the files in wording/: {', '.join(reading.codes)}"
                raise FaultError(f'"{{key}}.{code}": there is no language {code}. {known}', code)
            self._check_list(said, code) if self.listed else self._check(said, code)
        if self.listed and len({len(said) for said in value.values()}) > 1:
            raise FaultError('"{key}" has lists of different lengths. Make them equal')
        return value[reading.language]

    def _check_list(self, said: object, code: str) -> None:
        texts = said if isinstance(said, list) else []
        if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
            raise FaultError(f'"{{key}}.{code}" must be a list of texts, none of them empty', code)

    def _check(self, said: object, code: str) -> None:
        if not isinstance(said, str):
            raise FaultError(f'"{{key}}.{code}" must be a text in quotes', code)
        if not said.strip():
            raise FaultError(f'"{{key}}.{code}" is empty. Write its text', code)
        for name in sorted(fields_of(said) - self.fields):
            known = ", ".join(f"{{{field}}}" for field in sorted(self.fields)) or "none"
            raise FaultError(f'"{{key}}.{code}" has {{{name}}}. Known: {known}', code)


_STRIPPED = StringConstraints(strip_whitespace=True)
Text = Annotated[str, _STRIPPED, InEachLanguage()]
"""A text in the language that is read."""
Texts = Annotated[tuple[str, ...], InEachLanguage(listed=True)]
"""A list of texts in the language that is read; the lists of all languages are equally long."""
