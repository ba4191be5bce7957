"""`python -m tools.translations [FOLDER] --language xx` lists what is left to translate.

It compares the texts of a content folder in one language with the English ones. A text is missing
if it has no line for the language, still in English if that line has the English words, and older
if the English has changed since the two were compared. translations/xx.txt in the content folder
has the hashes of the texts that were compared, so that moving a text within a file changes nothing.
Without a folder, it uses the one named by HOLDWELL_CONTENT or else the one beside the code.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError

from holdwell.i18n.languages import BASE_LANGUAGE, content_folder
from holdwell.i18n.messages import plural_forms, split_key, texts_of
from holdwell.i18n.toml_reader import ContentError, Place, TomlFile, lines_of, open_file

_FIRST = ("safety.toml", "check_in.toml")
_GAP = re.compile(r"\{[^}]*\}")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A text in English and in another language ("" if missing), and the place of the English text.

    The forms of a counted text, or the texts of a list, are joined by line breaks. `lacking` are
    plural forms that the language has but the translation does not.
    """

    place: str
    english: str
    translated: str
    lacking: tuple[str, ...] = ()

    @property
    def still_english(self) -> bool:
        """Whether the translation is the English text, as in a copied file, and contains words."""
        return self.translated == self.english and bool(_WORD.search(_GAP.sub("", self.english)))

    @property
    def hashes(self) -> str:
        """The hashes that are stored when the two texts have been compared."""
        return " ".join(
            blake2s(text.encode(), digest_size=8).hexdigest()
            for text in (self.english, self.translated)
        )


def pairs(folder: Path, code: str) -> Iterator[Pair]:
    """Yield every text of a content folder in a language, those of the guide before the wording.

    The first are the ones that matter most: what a person in danger reads. Raises ContentError.
    """
    wording = list(_in_wording(folder / "wording", code))
    files = [path for path in folder.rglob("*.toml") if path.parent.name != "wording"]
    for path in sorted(files, key=lambda path: (path.name not in _FIRST, path)):
        file = open_file(path)
        yield from _in_table(file, file.table, (), code)
    yield from wording


def _in_wording(folder: Path, code: str) -> Iterator[Pair]:
    file = open_file(folder / f"{BASE_LANGUAGE}.toml")
    other = open_file(folder / f"{code}.toml")
    english, translated, texts = _by_name(file), _by_name(other), texts_of(other)
    counted = {split_key(key)[0] for key in texts_of(file) if split_key(key)[1]}
    forms = _plural_forms(other)
    for name, text in english.items():
        lacking = [form for form in forms if name in counted and f"{name}.{form}" not in texts]
        place = _place(file, tuple(name.split(".")))
        yield Pair(place, text, translated.get(name, ""), tuple(lacking))


def _plural_forms(file: TomlFile) -> tuple[str, ...]:
    """Return the plural forms of a wording file's language, or none if its locale is unknown."""
    try:
        return plural_forms(Locale.parse(str(file.table["language"]["locale"])))
    except (KeyError, TypeError, ValueError, UnknownLocaleError):
        return ()


def _by_name(file: TomlFile) -> dict[str, str]:
    """Return the texts of a wording file by name, with the forms of a counted text joined."""
    found: dict[str, str] = {}
    for key, text in texts_of(file).items():
        name = split_key(key)[0]
        found[name] = f"{found[name]}\n{text}" if name in found else text
    return found


def _in_table(file: TomlFile, value: Any, place: Place, code: str) -> Iterator[Pair]:
    if isinstance(value, dict) and isinstance(value.get(BASE_LANGUAGE), str | list):
        english, translated = (_text(value.get(language, "")) for language in (BASE_LANGUAGE, code))
        yield Pair(_place(file, place), english, translated)
    elif isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in inner:
            yield from _in_table(file, item, (*place, key), code)


def _text(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _place(file: TomlFile, place: Place) -> str:
    key = ".".join(part for part in place if isinstance(part, str))
    return f"{file.path.name}, line {lines_of(file.text).get(place, 0)}: {key}"


def _marks(folder: Path, code: str) -> Path:
    return folder / "translations" / f"{code}.txt"


def _compared(folder: Path, code: str) -> set[str]:
    marks = _marks(folder, code)
    return set(marks.read_text("utf-8").splitlines()) if marks.is_file() else set()


def unfinished(folder: Path, code: str) -> list[str]:
    """Return a sentence for each text whose translation is missing, incomplete or outdated."""
    compared = _compared(folder, code)
    found = []
    for pair in pairs(folder, code):
        if not pair.translated.strip():
            found.append(f"{pair.place} is missing")
        elif pair.lacking:
            found.append(f"{pair.place} lacks the plural form {', '.join(pair.lacking)}")
        elif pair.hashes in compared:
            continue
        elif pair.still_english:
            found.append(f"{pair.place} is still in English")
        else:
            found.append(f"{pair.place} is older than the English, or was not compared with it")
    return found


def mark_compared(folder: Path, code: str, *, same: bool = False) -> int:
    """Store that the texts of a language have been compared; return the number of texts marked.

    Texts that are still in English are marked only if they already were or with `same`.
    """
    known = _compared(folder, code)
    hashes = sorted(
        {
            pair.hashes
            for pair in pairs(folder, code)
            if pair.translated.strip() and (same or pair.hashes in known or not pair.still_english)
        }
    )
    marks = _marks(folder, code)
    marks.parent.mkdir(exist_ok=True)
    marks.write_text("\n".join(hashes) + "\n", "utf-8")
    return len(hashes)


def main(arguments: list[str]) -> int:
    """Print what is left to translate; return 1 if there is anything, or if a file is faulty."""
    parser = argparse.ArgumentParser(
        "python -m tools.translations", description="List what is left to translate."
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=content_folder(), help="default: the one in use"
    )
    parser.add_argument("--language", metavar="XX", required=True, help="such as es")
    parser.add_argument("--compared", action="store_true", help="mark its texts as compared")
    parser.add_argument(
        "--same", action="store_true", help="also those that are the same as in English"
    )
    options = parser.parse_args(arguments)
    folder, language = options.folder.expanduser(), options.language
    try:
        if options.compared or options.same:
            marked = mark_compared(folder, language, same=options.same)
            print(f"{marked} texts are marked as compared.")
        lines = unfinished(folder, language)
    except ContentError as fault:
        print(fault)
        return 1
    if lines:
        print("\n".join(lines), f"Left in {language}: {len(lines)}.", sep="\n")
        return 1
    print(f"Nothing is missing in {language}, or older than the English.")
    return 0


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone, as with `| head`. Python would try at exit to write the rest again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    raise SystemExit(code)
