"""What the pages say, in the language of the run: the texts of content/wording/."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from babel import Locale
from babel.numbers import format_decimal

from holdwell.domain.models import Side
from holdwell.i18n.languages import (
    BASE_LANGUAGE,
    Language,
    content_folder,
    fields_of,
    languages,
    wording_file,
)
from holdwell.i18n.toml_reader import ContentError, TomlFile

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of a page or a command works with; holdwell/ui adds the person.

    `language` is None where content/ cannot be read.
    """

    language: Language | None = None


_run: ContextVar[Run | None] = ContextVar("run", default=None)


def running() -> Run | None:
    """Return the run that this code is part of, or None outside of any."""
    return _run.get()


@contextmanager
def inside(run: Run) -> Iterator[None]:
    """Let everything inside be part of a run."""
    token = _run.set(run)
    try:
        yield
    finally:
        _run.reset(token)


def language() -> Language:
    """Return the language of this run, else the base language. Raises ContentError."""
    run = _run.get()
    return (run and run.language) or languages(content_folder())[0]


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Say everything inside in a language."""
    with inside(replace(_run.get() or Run(), language=spoken)):
        yield


def wording(code: str = BASE_LANGUAGE, folder: Path | None = None) -> Mapping[str, str]:
    """Return all texts of a language as "section.key" to text, read once for each folder.

    A counted text has an entry for each of its forms: "units.days.one", "units.days.other".
    Raises ContentError if the file cannot be read, or does not match the base language's.
    """
    return _wording(code, folder or content_folder())


@cache
def _wording(code: str, folder: Path) -> Mapping[str, str]:
    file = wording_file(code, folder)
    texts = texts_of(file)
    base = texts if code == BASE_LANGUAGE else _wording(BASE_LANGUAGE, folder)
    match(file, texts, base, _locale(code, folder))
    return texts


def texts_of(file: TomlFile) -> dict[str, str]:
    """Return the texts of a wording file as "section.key" to text. Raises ContentError."""
    found: dict[str, str] = {}
    for section, table in file.table.items():
        if not isinstance(table, dict):
            raise file.fault(f'"{section}" must be a table [{section}]', section)
        for key, value in table.items() if section != "language" else ():
            forms = value if isinstance(value, dict) else {"": value}
            for form, text in forms.items():
                name = f"{key}.{form}".strip(".")
                if not isinstance(text, str) or not text.strip():
                    is_text = isinstance(text, str)
                    wrong = "is empty. Write its text" if is_text else "must be a text in quotes"
                    raise file.fault(f'"{name}" {wrong}', section, *name.split("."))
                found[f"{section}.{name}"] = text.strip()
    return found


@cache
def _locale(code: str, folder: Path) -> Locale:
    """Return the locale that a wording file names; its plural forms are those of the texts."""
    return next(Locale.parse(one.locale) for one in languages(folder) if one.code == code)


def plural_forms(locale: Locale) -> tuple[str, ...]:
    """Return the plural categories that CLDR has for a language: in English one and other.

    Unicode, UTS 35, Language Plural Rules.
    """
    known = {*locale.plural_form.tags, "other"}
    return tuple(form for form in ("zero", "one", "two", "few", "many", "other") if form in known)


@cache
def _stands_for_one_number(form: str, locale: Locale) -> bool:
    """Return whether a form is used for a single number, so that it need not say which."""
    return [locale.plural_form(number) for number in range(1001)].count(form) == 1


def match(
    file: TomlFile, texts: Mapping[str, str], base: Mapping[str, str], locale: Locale
) -> None:
    """Check that the `texts` of a file have the keys and the braces of `base`.

    Where `base` has a counted text, they must have all plural forms of their language and no other.
    Raises ContentError.
    """
    wanted: dict[str, str] = {}
    for key, text in base.items():
        name, form = parted(key)
        for one in plural_forms(locale) if form else [""]:
            wanted[f"{name}.{one}".strip(".")] = base.get(f"{name}.other", text)
    for key, text in texts.items():
        if key not in wanted:
            raise file.fault(f'"{key}" is not a known text. Take it out', *key.split("."))
        fields, form = fields_of(wanted[key]), parted(key)[1]
        optional = {"count"} if form and _stands_for_one_number(form, locale) else set()
        if not fields - optional <= fields_of(text) <= fields:
            braces = " ".join(f"{{{name}}}" for name in sorted(fields)) or "no braces"
            raise file.fault(f'the text "{key}" must have {braces}', *key.split("."))
    for key in wanted:
        if key not in texts:
            raise file.fault(f'the text "{key}" is missing. Add it', *key.split("."))


def parted(key: str) -> tuple[str, str]:
    """Return the name of a text, and its plural form if it is counted."""
    section, name, *form = key.split(".")
    return f"{section}.{name}", "".join(form)


def say(key: str, **values: object) -> str:
    """Return the text for a key with its braces filled; of a counted text the form for `count`.

    ContentError names a key that is not there, and one with braces for which there is no value.
    """
    code, folder = language().code, content_folder()
    texts = wording(code, folder)
    text, count = texts.get(key), values.get("count")
    if text is None and isinstance(count, int):
        text = texts.get(f"{key}.{_locale(code, folder).plural_form(count)}")
        values["count"] = format_decimal(count, locale=language().locale)
    if text is None:
        file = wording_file(code, folder)
        raise file.fault(f'the text "{key}" is missing. Add it', *key.split("."))
    try:
        said = text.format(**values)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        known = " ".join(f"{{{name}}}" for name in sorted(values)) or "no braces"
        text = f'the text "{key}" may have {known} and no other'
        raise wording_file(code, folder).fault(text, *key.split(".")) from error
    for value in map(str, values.values()):
        # After a time such as 10:21 a.m. the sentence has its full stop.
        if value.endswith("."):
            said = said.replace(f"{value}.", value)
    return said


def counted(unit: str, count: int) -> str:
    """Return a count with its unit: "1 hold", "3 holds"."""
    return say(f"units.{unit}", count=int(count))


def say_or(key: str, otherwise: str, **values: object) -> str:
    """Return a text, or `otherwise` where content/ cannot be read: that fault needs words too."""
    try:
        return say(key, **values)
    except ContentError:
        return otherwise.format(**values)


def section(name: str) -> dict[str, str]:
    """Return all texts of one section, unfilled: for what is filled in the browser."""
    return {
        key.partition(".")[2]: text
        for key, text in wording(language().code).items()
        if key.partition(".")[0] == name
    }


SIDE_FIELDS = frozenset({"raised", "standing", "raised_f", "standing_f"})
"""What may stand in braces for a side. Languages that need it have a feminine form of the word."""


def side_words(code: str, folder: Path | None = None) -> dict[Side, dict[str, str]]:
    """Return for each side of the raised leg the words for the names of SIDE_FIELDS."""
    texts = wording(code, folder)
    return {
        raised: {
            f"{leg}{form}": texts[f"side.word_{side.value}{form}"]
            for leg, side in (("raised", raised), ("standing", raised.other))
            for form in ("", "_f")
        }
        for raised in Side
    }


def plain(text: str) -> str:
    """Make a text safe where Streamlit reads Markdown: every character stands for itself.

    Streamlit makes icons of :material/…:, arrows and dashes of ->, --, >=, and links of addresses
    even where they are escaped; a word joiner, which has no width, keeps their characters apart.
    """
    apart = _REPLACED.sub(lambda found: found[0] + JOINER, text)
    return "".join("\\" + c if c in _MARKDOWN else c for c in apart)


JOINER = "\u2060"
_REPLACED = re.compile(r":(?=[^\W\d_]|/)|[-<>=~](?=[-<>=~])|@|www(?=\.)", re.IGNORECASE)


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=")
