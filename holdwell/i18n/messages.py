"""The texts of content/wording/, in the language of the run."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a page or a command. `language` is None if content/ cannot be read.

    `holdwell/ui/runtime/run_context.py` adds the person and their database.
    """

    language: Language | None = None


_run: ContextVar[Run | None] = ContextVar("run", default=None)
"""The app's only ContextVar: texts need the language everywhere."""


def running() -> Run | None:
    """Return the run that this code is part of, or None outside a run."""
    return _run.get()


@contextmanager
def inside(run: Run) -> Iterator[None]:
    """Make the block part of a run."""
    token = _run.set(run)
    try:
        yield
    finally:
        _run.reset(token)


def language() -> Language:
    """Return the language of this run, or else the base language. Raises ContentError."""
    run = running()
    return (run and run.language) or languages(content_folder())[0]


@contextmanager
def speaking(chosen: Language | None) -> Iterator[None]:
    """Use a language in the block: for a command, or for a file. None: the base language."""
    with inside(replace(running() or Run(), language=chosen)):
        yield


def wording(code: str = BASE_LANGUAGE, folder: Path | None = None) -> Mapping[str, str]:
    """Return all texts of a language by "section.key"; its file is read once for each folder.

    A counted text has an entry for each plural form: "units.days.one", "units.days.other".
    Raises ContentError if the file cannot be read, or does not match that of the base language.
    """
    return _wording(code, folder or content_folder())


@cache
def _wording(code: str, folder: Path) -> Mapping[str, str]:
    file = wording_file(code, folder)
    texts = texts_of(file)
    base = texts if code == BASE_LANGUAGE else _wording(BASE_LANGUAGE, folder)
    check_texts(file, texts, base, _locale(code, folder))
    return texts


def texts_of(file: TomlFile) -> dict[str, str]:
    """Return the texts of a wording file by "section.key". Raises ContentError."""
    texts: dict[str, str] = {}
    for section, table in file.table.items():
        if not isinstance(table, dict):
            raise file.fault(f'"{section}" must be a table [{section}]', section)
        for key, value in table.items() if section != "language" else ():
            forms = value if isinstance(value, dict) else {"": value}
            for form, text in forms.items():
                name = f"{key}.{form}".strip(".")
                place = (section, *name.split("."))
                if not isinstance(text, str):
                    raise file.fault(f'"{name}" must be a text in quotes', *place)
                if not text.strip():
                    raise file.fault(f'"{name}" is empty. Write its text', *place)
                texts[".".join(place)] = text.strip()
    return texts


@cache
def _locale(code: str, folder: Path) -> Locale:
    """Return the locale of a wording file, which has the plural forms of its texts."""
    return next(Locale.parse(known.locale) for known in languages(folder) if known.code == code)


def plural_forms(locale: Locale) -> tuple[str, ...]:
    """Return CLDR's plural categories (UTS 35) of a language: one and other for English."""
    known = {*locale.plural_form.tags, "other"}
    return tuple(form for form in ("zero", "one", "two", "few", "many", "other") if form in known)


@cache
def _is_for_one_number(form: str, locale: Locale) -> bool:
    """Return whether a plural form is used for one number only, which it may then leave out."""
    form_of = locale.plural_form
    return [form_of(number) for number in range(1001)].count(form) == 1


def check_texts(
    file: TomlFile, texts: Mapping[str, str], base: Mapping[str, str], locale: Locale
) -> None:
    """Check that the `texts` of a file have the keys and braces of `base`, and its counted texts
    the plural forms of their own language. Raises ContentError."""
    wanted: dict[str, str] = {}
    for key, text in base.items():
        name, form = split_key(key)
        for own_form in plural_forms(locale) if form else [""]:
            wanted[f"{name}.{own_form}".strip(".")] = base.get(f"{name}.other", text)
    for key, text in texts.items():
        if key not in wanted:
            raise file.fault(f'"{key}" is not a known text. Take it out', *key.split("."))
        fields = fields_of(wanted[key])
        form = split_key(key)[1]
        optional = {"count"} if form and _is_for_one_number(form, locale) else set()
        if not fields - optional <= fields_of(text) <= fields:
            braces = " ".join(f"{{{name}}}" for name in sorted(fields)) or "no braces"
            raise file.fault(f'the text "{key}" must have {braces}', *key.split("."))
    for key in wanted:
        if key not in texts:
            raise file.fault(f'the text "{key}" is missing. Add it', *key.split("."))


def split_key(key: str) -> tuple[str, str]:
    """Return the name of a text and its plural form, which is "" if the text is not counted."""
    section, name, *form = key.split(".")
    return f"{section}.{name}", "".join(form)


def say(key: str, **values: object) -> str:
    """Return the text of a key with its braces filled in; of a counted text the form for `count`.

    Whole numbers are written as in the reader's locale, such as 1,234. Raises ContentError if there
    is no such text, or if it has braces without a value.
    """
    code, folder = language().code, content_folder()
    texts = wording(code, folder)
    text = texts.get(key)
    count = values.get("count")
    if text is None and isinstance(count, int):
        text = texts.get(f"{key}.{_locale(code, folder).plural_form(count)}")
    if text is None:
        file = wording_file(code, folder)
        raise file.fault(f'the text "{key}" is missing. Add it', *key.split("."))
    locale = language().locale
    shown = {
        name: _number(value, locale) if isinstance(value, int) else str(value)
        for name, value in values.items()
    }
    try:
        filled = text.format(**shown)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        known = " ".join(f"{{{name}}}" for name in sorted(values)) or "no braces"
        text = f'the text "{key}" may have {known} and no other'
        raise wording_file(code, folder).fault(text, *key.split(".")) from error
    for value in shown.values():
        # A value such as "10:21 a.m." at the end of a sentence already has the full stop.
        if value.endswith("."):
            filled = filled.replace(f"{value}.", value)
    return filled


@lru_cache(maxsize=8192)
def _number(value: int, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


def counted(unit: str, count: int) -> str:
    """Return a count with its unit: "1 hold", "3 holds"."""
    return say(f"units.{unit}", count=int(count))


def say_or(key: str, otherwise: str, **values: object) -> str:
    """Return a text, or `otherwise` if content/ cannot be read, which has to be reported, too."""
    try:
        return say(key, **values)
    except ContentError:
        return otherwise.format(**values)


def section(name: str) -> dict[str, str]:
    """Return all texts of one section with their braces, for scripts that fill them in."""
    return dict(_section(name, language().code, content_folder()))


@cache
def _section(name: str, code: str, folder: Path) -> Mapping[str, str]:
    texts = wording(code, folder).items()
    return {key.removeprefix(f"{name}."): text for key, text in texts if key.startswith(f"{name}.")}


SIDE_FIELDS = frozenset({"raised", "standing", "raised_f", "standing_f"})
"""The names in braces for a side; "_f" is the feminine form, in languages that have one."""


def side_words(code: str, folder: Path | None = None) -> dict[Side, dict[str, str]]:
    """Return the values of SIDE_FIELDS for each side of the raised leg."""
    texts = wording(code, folder)
    return {
        raised: {
            f"{leg}{form}": texts[f"side.word_{side.value}{form}"]
            for leg, side in (("raised", raised), ("standing", raised.other))
            for form in ("", "_f")
        }
        for raised in Side
    }


JOINER = "\u2060"
_REPLACED = re.compile(r":(?=[^\W\d_]|/)|[-<>=~](?=[-<>=~])|@|www(?=\.)", re.IGNORECASE)
_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$&^=")


def plain(text: str) -> str:
    """Escape a text for Streamlit's Markdown, so that it shows every character as it is.

    Even if they are escaped, Streamlit turns :material/…: into icons, ->, -- and >= into arrows and
    dashes, and addresses into links. A word joiner, which has no width, between their characters
    prevents that.
    """
    apart = _REPLACED.sub(lambda found: found[0] + JOINER, text)
    return "".join("\\" + c if c in _MARKDOWN else c for c in apart)
