"""Several people who share a computer: each has a folder, and in it a record, of her own.

The first is in the data folder itself, as where there is only one; each other in `people/` below
it. Records, backups, settings and passphrases are never in one file, so no page can mix them.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from holdwell.domain.models import new_id
from holdwell.store.database import DATABASE_NAME

FOLDER = "people"
NAME_FILE = "name.txt"
NAME_MAX = 30
FIRST = "first"
"""The id of the person whose record is in the data folder itself."""

_JOINERS = "\u200c\u200d"
"""Zero-width joiners, which Persian names and some emoji need."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NameProblem(StrEnum):
    """What is wrong with a name; the sentences are in content/wording."""

    EMPTY = "empty"
    LONG = "long"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Person:
    """One who keeps a record here. `name` is what she called herself, "" if nothing."""

    id: str
    name: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / DATABASE_NAME


def people(root: Path) -> list[Person]:
    """Everyone, the first one first, the others by name. Reads names alone, no record.

    Raises OSError where the folder is there and cannot be read: others may be in it.
    """
    others = []
    try:
        found = list((root / FOLDER).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        found = []
    for folder in found:
        if _ID.fullmatch(folder.name) and folder.is_dir():
            others.append(Person(folder.name, _name(folder), folder))
    others.sort(key=lambda one: (one.name.casefold(), one.id))
    return [Person(FIRST, _name(root), root), *others]


def root_of(database: Path) -> Path:
    """The data folder in which someone's record is, her own folder or below it."""
    folder = database.parent
    return folder.parent.parent if folder.parent.name == FOLDER else folder


def _name(folder: Path) -> str:
    try:
        text = (folder / NAME_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return tidied(text)[:NAME_MAX]


def tidied(name: str) -> str:
    """A name on one line, without what does not print, and in Unicode's form NFC, so that names
    that look alike are alike."""
    one_line = "".join(c if c.isprintable() or c in _JOINERS else " " for c in name)
    return unicodedata.normalize("NFC", " ".join(one_line.split())).strip(_JOINERS)


def named(root: Path, name: str) -> Person | None:
    """The person of that name, however it is written, or None."""
    wanted = tidied(name).casefold()
    return next((one for one in people(root) if one.name.casefold() == wanted), None)


def problem(root: Path, name: str, of: str = "") -> NameProblem | None:
    """What keeps a name from being given, or None. `of` is the id of the one who has it already."""
    name = tidied(name)
    if not name:
        return NameProblem.EMPTY
    if len(name) > NAME_MAX:
        return NameProblem.LONG
    taken = named(root, name)
    return NameProblem.TAKEN if taken is not None and taken.id != of else None


def add(root: Path, name: str) -> Person:
    """Make a folder for one more person. The name must have no `problem`. Raises OSError."""
    person_id = new_id()
    folder = root / FOLDER / person_id
    (root / FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    rename(Person(person_id, "", folder), name)
    return Person(person_id, tidied(name), folder)


def rename(person: Person, name: str) -> None:
    """Write a name down, whole or not at all, for her alone (mode 0600). Raises OSError."""
    person.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = person.folder / NAME_FILE
    part = target.with_name(f"{NAME_FILE}.{new_id()}.part")
    try:
        with os.fdopen(
            os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(tidied(name) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
