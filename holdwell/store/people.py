"""Several people who share a computer: each has a folder with a database of their own.

The first person's folder is the data folder itself; the others' are in `people/` below it. No file
holds data, backups, settings or passphrases of two people, so no page can mix them up.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import platformdirs

from holdwell.app_folder import APP_FOLDER, IS_CHECKOUT
from holdwell.domain.models import new_id
from holdwell.store import files

DATABASE_NAME = "holdwell.db"
FOLDER = "people"
NAME_FILE = "name.txt"
NAME_MAX = 30
FIRST = "first"
"""The id of the person whose database is in the data folder itself."""

_JOINERS = "\u200c\u200d"
"""Zero-width non-joiner and joiner, which Persian names and some emoji need."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NameProblem(StrEnum):
    """What is wrong with a name. Each value is the key of a sentence in content/wording."""

    EMPTY = "empty"
    LONG = "long"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a database here. `name` is "" if they gave none."""

    id: str
    name: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / DATABASE_NAME


def default_folder() -> Path:
    """Return the data folder: the one that HOLDWELL_DATA names, or else data/ in the checkout.

    If Holdwell is installed as a package, the default is the system's data folder of the user.
    Raises OSError if HOLDWELL_DATA names the home of an unknown user.
    """
    named = os.environ.get("HOLDWELL_DATA", "").strip()
    if named:
        return files.expand_home(Path(named))
    if IS_CHECKOUT:
        return APP_FOLDER / "data"
    return platformdirs.user_data_path("Holdwell", appauthor=False)


def people(root: Path) -> list[Person]:
    """Return everyone: the first person, then the others by name. No database is opened.

    Raises OSError if the folder exists and cannot be read, because there may be others in it.
    """
    try:
        folders = list((root / FOLDER).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        folders = []
    others = [
        Person(folder.name, _read_name(folder), folder)
        for folder in folders
        if _ID.fullmatch(folder.name) and folder.is_dir()
    ]
    others.sort(key=lambda person: (person.name.casefold(), person.id))
    return [Person(FIRST, _read_name(root), root), *others]


def root_of(database: Path) -> Path:
    """Return the data folder of a database, which is in it or in a person's folder below it."""
    folder = database.parent
    return folder.parent.parent if folder.parent.name == FOLDER else folder


def _read_name(folder: Path) -> str:
    try:
        text = (folder / NAME_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return normalize(text)[:NAME_MAX]


def normalize(name: str) -> str:
    """Return a name on one line, without unprintable characters and in Unicode's form NFC, so that
    names that look the same are equal."""
    one_line = "".join(c if c.isprintable() or c in _JOINERS else " " for c in name)
    return unicodedata.normalize("NFC", " ".join(one_line.split())).strip(_JOINERS)


def find(root: Path, name: str) -> Person | None:
    """Return the person with that name, ignoring case, or None."""
    wanted = normalize(name).casefold()
    return next((person for person in people(root) if person.name.casefold() == wanted), None)


def problem(root: Path, name: str, of: str = "") -> NameProblem | None:
    """Return what is wrong with a name, or None. `of` is the id of the person who may have it."""
    name = normalize(name)
    if not name:
        return NameProblem.EMPTY
    if len(name) > NAME_MAX:
        return NameProblem.LONG
    owner = find(root, name)
    return NameProblem.TAKEN if owner is not None and owner.id != of else None


def add(root: Path, name: str, person_id: str = "") -> Person:
    """Create a folder for another person. The name must have no `problem`. Raises OSError.

    A form passes its own `person_id`, so that submitting it twice adds only one person.
    """
    person_id = person_id or new_id()
    folder = root / FOLDER / person_id
    files.make_private_folder(folder)
    rename(Person(person_id, "", folder), name)
    return Person(person_id, normalize(name), folder)


def rename(person: Person, name: str) -> None:
    """Save a person's name, whole or not at all. Raises OSError."""
    files.write_private(person.folder / NAME_FILE, f"{normalize(name)}\n".encode())
