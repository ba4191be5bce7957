"""The mapping that is proposed for a table.

It is what the user said about the same header before, or that of a known tracker (one file of
content/trackers each), or a guess from the names and cells of the columns.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, field_validator
from pydantic_core import from_json

from holdwell.i18n.content_models import Content, FaultError, Listed, Number, Word, read
from holdwell.i18n.toml_reader import open_file
from holdwell.store.repository import Store
from holdwell.transfer.csv import column_guess, column_names, words
from holdwell.transfer.csv.cells import Scale, read_number
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.mapping import OWN, SEVERAL, ColumnMapping, Role
from holdwell.transfer.csv.table import Table
from holdwell.transfer.csv.words import folded

_MAPPING = TypeAdapter(ColumnMapping)


class TrackerFormat(Content):
    """The table of one tracker. In all names of columns, "a|b" is either, or a name with a |.

    A table is of this tracker if it has all names in `header`, the first of them in its first
    column if `begins`, and a cell of a form in `cells` if there is any. `columns` gives the role of
    columns by name. With `guess`, other columns are guessed as in any table. With `pains`, those
    named as pain are scores of it. `stretching` are further names of rows that say so.
    """

    name: Word
    header: Listed[Word]
    columns: dict[Word, Role]
    begins: bool = False
    cells: tuple[Word, ...] = ()
    guess: bool = False
    pains: bool = False
    scale: Scale | None = None
    order: DateOrder | None = None
    divide: Annotated[Number, Field(ge=1)] = 1
    in_utc: bool = False
    stretching: tuple[Word, ...] = ()

    @field_validator("columns")
    @classmethod
    def _has_a_date(cls, columns: dict[str, Role]) -> dict[str, Role]:
        if Role.DATE not in columns.values():
            raise FaultError('no column is the "date". Say in [columns] which one is')
        return columns

    @field_validator("cells")
    @classmethod
    def _are_patterns(cls, cells: tuple[str, ...]) -> tuple[str, ...]:
        for cell in cells:
            try:
                re.compile(cell)
            except re.error as error:
                raise FaultError(f'"{cell}" is no pattern of "re" in Python: {error}') from error
        return cells

    def fits(self, table: Table) -> bool:
        """Return whether a table is of this tracker."""
        names = {form(name) for name in table.header for form in (_short, folded)}
        wanted = [_either(name) for name in self.header]
        begins = not self.begins or folded(table.header[0]) in wanted[0]
        columns = (islice(table.column(n), column_guess.SAMPLE) for n in range(len(table.header)))
        form = re.compile("|".join(self.cells)).fullmatch
        has_cells = not self.cells or any(map(form, chain.from_iterable(columns)))
        return begins and has_cells and not any(names.isdisjoint(either) for either in wanted)

    def mapping(self, table: Table) -> ColumnMapping:
        """Return the mapping of a table of this tracker."""
        role_of = {name: role for names, role in self.columns.items() for name in _either(names)}
        guessed = column_guess.propose(table) if self.guess else (Role.LEAVE,) * len(table.header)
        if Role.DATE in guessed:
            # A form may ask for the day, which is then not the day of the answer.
            role_of = {name: role for name, role in role_of.items() if role is not Role.DATE}
        roles: list[Role] = []
        for name, guess in zip(table.header, guessed, strict=True):
            is_score = self.pains and column_names.is_pain(name)
            other = Role.PAIN if is_score else guess
            role = role_of.get(folded(name)) or role_of.get(_short(name)) or other
            # Two columns may have the same name.
            roles.append(role if role in SEVERAL or role not in roles else Role.LEAVE)
        facts = self.model_dump(include={"order", "scale", "divide", "in_utc"})
        stretching = frozenset(self.stretching)
        return ColumnMapping(tuple(roles), tracker=self.name, stretching=stretching, **facts)


def _either(names: str) -> list[str]:
    """Return the folded names that "a|b" means; a column may also have it as its whole name."""
    return [folded(name) for name in (names, *names.split("|"))]


def _short(name: str) -> str:
    """Return the last part of a name such as com.samsung.health.exercise.start_time."""
    return folded(name).rpartition(".")[2]


@cache
def load(folder: Path) -> dict[str, TrackerFormat]:
    """Read and check the formats in a content folder, by file name. Raises ContentError."""
    files = sorted((folder / "trackers").glob("*.toml"))
    return {
        file.stem: read(open_file(file), TrackerFormat) for file in files if file.name != words.FILE
    }


def propose(table: Table, folder: Path) -> ColumnMapping:
    """Return the mapping of the tracker that fits best, else a guess. Raises ContentError.

    Rows whose names are clearly of pain or of stretching are chosen.
    """
    fitting = (known for known in load(folder).values() if known.fits(table))
    best = max(fitting, key=lambda known: (len(known.header), bool(known.cells)), default=None)
    mapping = best.mapping(table) if best else ColumnMapping(column_guess.propose(table))
    pain, done = proposed_names(mapping, table)
    columns = zip(map(folded, table.header), mapping.roles, strict=True)
    times = (name for name, role in columns if role in (Role.DATE, Role.TIME))
    # "Date (GMT+1)" is not in UTC.
    in_utc = any(words.has("utc", name) and not re.search(r"\d", name) for name in times)
    mapping = replace(mapping, pain_names=pain, done_names=done, in_utc=in_utc or mapping.in_utc)
    return _divided(mapping, table)


def _divided(mapping: ColumnMapping, table: Table) -> ColumnMapping:
    """Return the mapping, with scores that Loop multiplied by 1,000 divided.

    Only the numbers tell in a file of Loop that has no habit of yes and no.
    """
    scores = list(filter(None, map(read_number, set(mapping.pain_cells(table)))))
    is_loop = scores and not any(score % 500 for score in scores)
    return replace(mapping, divide=1000) if is_loop and Role.DONE not in mapping.roles else mapping


def proposed_names(mapping: ColumnMapping, table: Table) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of rows that are clearly of pain, and those of stretching."""
    names = mapping.names_in(table)
    done = mapping.stretching.intersection(names)
    done |= frozenset(filter(column_names.is_stretching, names))
    scored = mapping.names_in(table, of_pain=True) if Role.PAIN in mapping.roles else ()
    pain = frozenset(filter(column_names.is_pain, scored))
    return pain - done, done


# -- what the user said before --------------------------------------------------------------------


def _key(header: Sequence[str]) -> str:
    return f"columns {sha256(json.dumps(header).encode()).hexdigest()[:16]}"


def remember(store: Store, table: Table, mapping: ColumnMapping) -> None:
    """Store what the user said about a header. Raises StoreError.

    The user was not asked about columns without data, nor about the scale of a file without scores,
    for which that of an earlier file is kept.
    """
    if not any(mapping.pain_cells(table)):
        known = recall(store, table.header, mapping)
        mapping = replace(mapping, scale=known.scale if known else None)
    offered = frozenset[str]().union(*proposed_names(mapping, table))
    declined = (mapping.declined or frozenset()) | offered
    mapping = replace(mapping, declined=declined - mapping.pain_names - mapping.done_names)
    stored = _MAPPING.dump_python(mapping, mode="json")
    roles = enumerate(stored["roles"])
    stored["roles"] = [role if any(table.column(number)) else None for number, role in roles]
    store.set_meta(_key(table.header), json.dumps(stored))


def propose_with_memory(store: Store, table: Table, folder: Path) -> ColumnMapping:
    """Return what the user said about the same header before, else what `propose` returns.

    Names of rows that are new since then are proposed as well, unless an earlier version stored the
    mapping without the names that the user declined. Raises StoreError and ContentError.
    """
    mapping = propose(table, folder)
    known = recall(store, table.header, mapping)
    # A mapping from before own exports had their ids read would import their rows twice.
    if known is not None and not set(OWN) & (set(mapping.roles) - set(known.roles)):
        # DAY_FIRST is also stored for days with one reading, and says nothing of the next file.
        order = mapping.order if known.order is DateOrder.DAY_FIRST else known.order
        scale, divide = known.scale or mapping.scale, max(known.divide, mapping.divide)
        known = replace(known, tracker=mapping.tracker, stretching=mapping.stretching)
        mapping = replace(known, scale=scale, order=order, divide=divide)
        if known.declined is not None:
            old = known.pain_names | known.done_names | known.declined
            pain, done = (names - old for names in proposed_names(mapping, table))
            pain, done = pain | known.pain_names, done | known.done_names
            mapping = replace(mapping, pain_names=pain, done_names=done)
        mapping = _divided(mapping, table)
    return mapping.without_empty_columns(table)


def recall(store: Store, header: Sequence[str], proposed: ColumnMapping) -> ColumnMapping | None:
    """Return what the user said about a header the last time, if anything. Raises StoreError.

    Columns that had no data then have the role that is proposed now.
    """
    with suppress(ValueError, TypeError, KeyError):
        stored = from_json(store.meta(_key(header)) or "")
        roles = [old or new for old, new in zip(stored["roles"], proposed.roles, strict=True)]
        return _MAPPING.validate_python({"declined": None, **stored, "roles": roles})
    return None
