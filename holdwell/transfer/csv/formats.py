"""The trackers that are known by the header of their table, one file of content/trackers each."""

import re
from dataclasses import replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from holdwell.i18n.content_models import Content, FaultError, Listed, Number, Word, read
from holdwell.i18n.toml_reader import open_file
from holdwell.transfer.csv import column_guess, words
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import SEVERAL, Mapping, Role
from holdwell.transfer.csv.words import folded


class TrackerFormat(Content):
    """How the table of one tracker is known, and what its columns are.

    `header` are names that it always has, `begins` says that the first of them stands first,
    `cells` are values of which it has one. `columns` gives the role of columns by name; with
    `guess` the others are proposed as in any table. In a name, "a|b" is either.
    """

    name: Word
    header: Listed[Word]
    columns: dict[Word, Role]
    begins: bool = False
    cells: tuple[Word, ...] = ()
    guess: bool = False
    scale: Scale | None = None
    order: DateOrder | None = None
    divide: Annotated[Number, Field(ge=1)] = 1
    in_utc: bool = False

    @field_validator("columns")
    @classmethod
    def _has_a_date(cls, columns: dict[str, Role]) -> dict[str, Role]:
        if Role.DATE not in columns.values():
            raise FaultError('no column is the "date". Say in [columns] which one is')
        return columns

    def fits(self, table: Table) -> bool:
        """Say whether a table is one of this tracker."""
        names = {read(name) for name in table.header for read in (_short, folded)}
        wanted = [folded(name).split("|") for name in self.header]
        begins = not self.begins or folded(table.header[0]) in wanted[0]
        columns = (islice(table.column(n), column_guess.SAMPLE) for n in range(len(table.header)))
        is_one = not self.cells or not set(self.cells).isdisjoint(chain.from_iterable(columns))
        return begins and is_one and not any(names.isdisjoint(either) for either in wanted)

    def mapping(self, table: Table) -> Mapping:
        """Return the mapping of a table of this tracker."""
        known = {
            one: role for names, role in self.columns.items() for one in folded(names).split("|")
        }
        guessed = column_guess.propose(table) if self.guess else (Role.LEAVE,) * len(table.header)
        if Role.DATE in guessed:
            # A form may ask for the day, and it is not that of the answer.
            known = {name: role for name, role in known.items() if role is not Role.DATE}
        roles: list[Role] = []
        for name, guess in zip(table.header, guessed, strict=True):
            role = known.get(folded(name)) or known.get(_short(name)) or guess
            # The same name may stand twice.
            roles.append(role if role in SEVERAL or role not in roles else Role.LEAVE)
        facts = self.model_dump(include={"order", "scale", "divide", "in_utc"})
        return Mapping(tuple(roles), tracker=self.name, **facts)


def _short(name: str) -> str:
    """Return the last part of a name such as com.samsung.health.exercise.start_time."""
    return folded(name).rpartition(".")[2]


@cache
def load(folder: Path) -> dict[str, TrackerFormat]:
    """Read and check the formats of a content folder by file name. Raises ContentError."""
    files = sorted((folder / "trackers").glob("*.toml"))
    return {
        file.stem: read(open_file(file), TrackerFormat) for file in files if file.name != words.FILE
    }


def propose(table: Table, folder: Path) -> Mapping:
    """Return the mapping of the tracker that fits best, else one guessed from names and values.

    Chosen are the rows whose names are plainly of pain or of stretching.
    """
    fitting = (known for known in load(folder).values() if known.fits(table))
    best = max(
        fitting, key=lambda one: (len(one.header), bool(one.cells), not one.begins), default=None
    )
    mapping = best.mapping(table) if best else Mapping(column_guess.propose(table))
    pain, done = proposed_names(mapping, table)
    columns = zip(map(folded, table.header), mapping.roles, strict=True)
    times = (name for name, role in columns if role in (Role.DATE, Role.TIME))
    # Not "Date (GMT+1)".
    in_utc = any(words.has("utc", name) and not re.search(r"\d", name) for name in times)
    return replace(mapping, pain_names=pain, done_names=done, in_utc=in_utc or mapping.in_utc)


def proposed_names(mapping: Mapping, table: Table) -> tuple[frozenset[str], frozenset[str]]:
    """Return which names of rows are plainly of pain, and which of stretching."""
    names = mapping.names_in(table)
    done = frozenset(filter(column_guess.is_stretching, names))
    pain = frozenset(filter(column_guess.is_pain, names if Role.PAIN in mapping.roles else ()))
    return pain - done, done
