"""The languages of a content folder."""

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
"""The language that the others are checked against, and used where none was asked for."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that content/ is complete in.

    `code` is an ISO 639 code, `name` what its speakers call it, `locale` what days and numbers
    are written by (a CLDR locale, such as en_GB). `region` is where the reader is (such as EG),
    in whichever language; empty where that is not known.
    """

    code: str
    name: str
    locale: str
    region: str = ""


def content_folder() -> Path:
    """Return the folder that HOLDWELL_CONTENT names, else the one beside the code."""
    named = os.environ.get("HOLDWELL_CONTENT", "").strip()
    return Path(named).expanduser() if named else SHIPPED


@cache
def wording_file(code: str, folder: Path) -> TomlFile:
    """Return the file of a language's texts, read once for each folder. Raises ContentError."""
    return open_file(folder / "wording" / f"{code}.toml")


@cache
def languages(folder: Path) -> tuple[Language, ...]:
    """Return the languages of a content folder: one for each file in wording/, the base one first.

    Raises ContentError.
    """
    files = (folder / "wording").glob("*.toml")
    found = [_language(wording_file(file.stem, folder)) for file in sorted(files)]
    found.sort(key=lambda language: (language.code != BASE_LANGUAGE, language.code))
    if not found or found[0].code != BASE_LANGUAGE:
        raise ContentError(f"wording/{BASE_LANGUAGE}.toml is missing from {folder}. Put it back")
    return tuple(found)


def _language(file: TomlFile) -> Language:
    """Return what a wording file says about its language. Raises ContentError."""
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
    """Return the chosen language, else the browser's, else the first known.

    `chosen` is a language's code, `browser` a tag such as es-MX (BCP 47); neither need be known.
    Where the browser's language is the one returned, its region's way with days and numbers is too.
    """
    by_code = {language.code: language for language in known}
    tag = (browser or "").replace("_", "-")
    found = by_code.get(chosen or "") or by_code.get(tag.partition("-")[0].lower()) or known[0]
    with suppress(ValueError):
        found = replace(found, region=parse_locale(tag, sep="-")[1] or "")
    if tag.partition("-")[0].lower() != found.code:
        return found
    try:
        locale = str(Locale.parse(tag, sep="-"))
    except (ValueError, UnknownLocaleError):
        return found
    # A bare "en" is no region: days keep the order that the wording file names.
    return replace(found, locale=locale) if "-" in tag else found


@cache
def fields_of(text: str) -> frozenset[str]:
    """Return the names in braces in a text. A brace that is not closed counts as a name."""
    try:
        parts = string.Formatter().parse(text)
        return frozenset(name for _, name, _, _ in parts if name is not None)
    except ValueError:
        return frozenset([text])
