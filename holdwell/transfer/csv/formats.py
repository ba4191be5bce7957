"""The trackers that are known by the header of their table, one file of content/trackers each."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
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
        names = {_short(name) for name in table.header} | {folded(name) for name in table.header}
        wanted = [folded(name).split("|") for name in self.header]
        if not all(names.intersection(either) for either in wanted):
            return False
        if self.begins and folded(table.header[0]) not in wanted[0]:
            return False
        columns = range(len(table.header)) if self.cells else ()
        cells = (cell for n in columns for cell in islice(table.column(n), column_guess.SAMPLE))
        return not self.cells or any(cell in self.cells for cell in cells)

    def roles(self, table: Table) -> tuple[Role, ...]:
        """Return the role of each column of a table of this tracker."""
        known = {
            one: role for names, role in self.columns.items() for one in folded(names).split("|")
        }
        guessed = column_guess.propose(table) if self.guess else (Role.LEAVE,) * len(table.header)
        roles: list[Role] = []
        for name, guess in zip(table.header, guessed, strict=True):
            role = known.get(folded(name)) or known.get(_short(name)) or guess
            # The same name may stand twice.
            roles.append(role if role in SEVERAL or role not in roles else Role.LEAVE)
        return tuple(roles)


def _short(name: str) -> str:
    """Return the last part of a name such as com.samsung.health.exercise.start_time."""
    return folded(name).rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a table seems to be: a mapping to start from, and the tracker if it is known.

    `scale` and `order` are how the tracker counts pain and writes dates, None where that is open.
    """

    mapping: Mapping
    tracker: str = ""
    scale: Scale | None = None
    order: DateOrder | None = None

    def known_order(self, possible: Sequence[DateOrder]) -> DateOrder | None:
        """Return the order where the dates or the tracker tell; None: the user says."""
        if len(possible) == 1 and DateOrder.SERIAL not in possible:
            return possible[0]
        return self.order if self.order in possible else None

    def known_scale(self, table: Table, mapping: Mapping) -> Scale | None:
        """Return the scale where the tracker or the scores tell; None: the user says."""
        return self.scale or mapping.plain_scale(table)


@cache
def load(folder: Path) -> MappingOf[str, TrackerFormat]:
    """Read and check the formats of a content folder by file name. Raises ContentError."""
    files = sorted((folder / "trackers").glob("*.toml"))
    return {
        file.stem: read(open_file(file), TrackerFormat) for file in files if file.name != words.FILE
    }


def propose(table: Table, folder: Path) -> Proposal:
    """Return the mapping of the tracker that fits best, else one guessed from names and values."""
    fitting = [known for known in load(folder).values() if known.fits(table)]
    if not fitting:
        return Proposal(_with_names(Mapping(column_guess.propose(table)), table))
    known = max(fitting, key=lambda one: (len(one.header), bool(one.cells), not one.begins))
    roles = known.roles(table)
    if known.cells and Role.NAME not in roles and Role.PAIN in roles and not known.guess:
        # A single habit, which the file does not name: its cells tell whether it is done or scored.
        marks = any(cell in known.cells for cell in table.column(roles.index(Role.PAIN)))
        roles = tuple(Role.DONE if role is Role.PAIN and marks else role for role in roles)
    mapping = Mapping(roles, divide=known.divide, in_utc=known.in_utc)
    return Proposal(_with_names(mapping, table), known.name, known.scale, known.order)


def names_in(table: Table, mapping: Mapping) -> tuple[str, ...]:
    """Return what the rows are about, in the order of the file; empty without a NAME column."""
    rows = table.rows if mapping.chooses_rows else ()
    return tuple(dict.fromkeys(name for row in rows for name in mapping.names(row)))


def _with_names(mapping: Mapping, table: Table) -> Mapping:
    """Choose the rows whose names are plainly of pain or of stretching."""
    names = names_in(table, mapping)
    done = frozenset(filter(column_guess.is_stretching, names))
    pain = frozenset(filter(column_guess.is_pain, names)) - done
    if Role.PAIN not in mapping.roles:
        pain = frozenset()
    return replace(mapping, pain_names=pain, done_names=done)
