"""Find the languages of a content folder, and choose one for the user."""

import os
import string
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError, parse_locale

from holdwell.app_folder import APP_FOLDER
from holdwell.i18n.toml_reader import ContentError, TomlFile, open_file

SHIPPED = APP_FOLDER / "content"
"""The content folder that comes with the app."""

BASE_LANGUAGE = "en"
"""The language that the others are checked against, and the default."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that content/ is complete in.

    `code` is an ISO 639 code, `name` the language's own name, and `locale` the CLDR locale for days
    and numbers (such as en_GB). `region` is the country that the user is in (such as EG), in
    whatever language, or "" if unknown.
    """

    code: str
    name: str
    locale: str
    region: str = ""


def content_folder() -> Path:
    """Return the folder that HOLDWELL_CONTENT names, or else the one that comes with the app."""
    return _folder(os.environ.get("HOLDWELL_CONTENT", "").strip())


@cache
def _folder(named: str) -> Path:
    folder = Path(named or SHIPPED)
    # The home of an unknown user: `languages` then says that wording/ is missing there.
    with suppress(RuntimeError):
        folder = folder.expanduser()
    return folder


@cache
def wording_file(code: str, folder: Path) -> TomlFile:
    """Return the file with the texts of a language; it is read once. Raises ContentError."""
    return open_file(folder / "wording" / f"{code}.toml")


@cache
def languages(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a content folder, the base one first. Raises ContentError."""
    files = (folder / "wording").glob("*.toml")
    known = [_language(wording_file(file.stem, folder)) for file in sorted(files)]
    known.sort(key=lambda language: (language.code != BASE_LANGUAGE, language.code))
    if not known or known[0].code != BASE_LANGUAGE:
        raise ContentError(f"wording/{BASE_LANGUAGE}.toml is missing from {folder}. Put it back")
    return tuple(known)


def _language(file: TomlFile) -> Language:
    """Return the language that a wording file describes. Raises ContentError."""
    table = file.table.get("language")
    about = table if isinstance(table, dict) else {}
    for key in sorted(about.keys() - {"name", "locale"}):
        text = f'"{key}" is not a known key. Mend its spelling or take it out'
        raise file.fault(text, "language", key)
    for key in ("name", "locale"):
        if not isinstance(about.get(key), str) or not about[key].strip():
            text = f'"{key}" must be a text in quotes. Add a line {key} = "…" to [language]'
            raise file.fault(text, "language", key)
    name, locale = about["name"].strip(), about["locale"].strip()
    try:
        Locale.parse(locale)
    except (ValueError, UnknownLocaleError) as error:
        text = f'"locale" is not one that is known: {locale}. Write one such as en_GB'
        raise file.fault(text, "language", "locale") from error
    return Language(file.path.stem, name, locale)


def codes(folder: Path) -> tuple[str, ...]:
    """Return the codes of the languages of a content folder."""
    return tuple(language.code for language in languages(folder))


def choose(known: Sequence[Language], chosen: str | None, browser: str | None) -> Language:
    """Return the chosen language, or else the browser's, or else the first of `known`.

    `chosen` is the code of a language and `browser` a tag such as es-MX (BCP 47); neither has to be
    a known language. If the browser has the returned language, its region's locale is used, too.
    """
    by_code = {language.code: language for language in known}
    tag = (browser or "").replace("_", "-")
    code = tag.partition("-")[0].lower()
    best = by_code.get(chosen or "") or by_code.get(code) or known[0]
    with suppress(ValueError):
        best = replace(best, region=parse_locale(tag, sep="-")[1] or "")
    # "en" alone has no region: keep the locale of the wording file.
    if best.code == code and "-" in tag:
        with suppress(ValueError, UnknownLocaleError):
            best = replace(best, locale=str(Locale.parse(tag, sep="-")))
    return best


@cache
def fields_of(text: str) -> frozenset[str]:
    """Return the names in braces in a text, or the whole text if a brace is not closed."""
    try:
        parts = string.Formatter().parse(text)
        return frozenset(name for _, name, _, _ in parts if name is not None)
    except ValueError:
        return frozenset([text])
