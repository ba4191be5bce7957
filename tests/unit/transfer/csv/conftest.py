"""Shared by the tests of imported tables: a fixed moment, and the entries of a table."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holdwell.domain.models import Moment
from holdwell.store.repository import Store
from holdwell.transfer.csv import reader, saving, tracker
from holdwell.transfer.csv.cells import Refusal, Scale
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.saving import Item
from holdwell.transfer.csv.table import Table
from holdwell.transfer.csv.tracker import RefusedRow, TrackerEntry

BERLIN = ZoneInfo("Europe/Berlin")
NOW = Moment.of(datetime(2026, 11, 24, 21, 5, tzinfo=BERLIN))
FIXTURES = Path(__file__).parents[3] / "fixtures" / "trackers"


def table(*rows: Sequence[str], header: Sequence[str] = ()) -> Table:
    made = io.StringIO(newline="")
    csv.writer(made).writerows([header, *rows] if header else rows)
    return reader.read(made.getvalue().encode())


class Draft(NamedTuple):
    """The entries of a file in its order, and the rows that are not taken."""

    entries: tuple[TrackerEntry, ...]
    refused: tuple[RefusedRow, ...]


def drafted_with(found: Table, mapping: ColumnMapping, now: Moment, zone: tzinfo) -> Draft:
    refused: list[RefusedRow] = []
    entries = tuple(tracker.read_entries(found, mapping, now, zone, refused))
    return Draft(entries, tuple(refused))


def drafted(found: Table | bytes, *roles: Role, scale: Scale = Scale.TEN) -> Draft:
    found = reader.read(found) if isinstance(found, bytes) else found
    return drafted_with(found, ColumnMapping(roles, scale=scale), NOW, BERLIN)


def items(found: Table | bytes, *roles: Role, scale: Scale = Scale.TEN) -> list[Item]:
    made = drafted(found, *roles, scale=scale)
    return saving.items(made.entries, scale, NOW, BERLIN)


def one(*cells: str, roles: Sequence[Role], scale: Scale = Scale.TEN) -> TrackerEntry:
    """Return the only entry of the only row."""
    found = drafted(table(cells, header=["x"] * len(cells)), *roles, scale=scale)
    assert found.refused == ()
    (entry,) = found.entries
    return entry


def reason(*cells: str, roles: Sequence[Role], scale: Scale = Scale.TEN) -> tuple[Refusal, str]:
    """Return why the only row is refused, and the cell at fault."""
    found = drafted(table(cells, header=["x"] * len(cells)), *roles, scale=scale)
    assert found.entries == ()
    return found.refused[0].reason, found.refused[0].value


def bring(store: Store, found: list[Item]) -> int:
    """Save the new items of a file; return how many there are."""
    return saving.save(store, saving.compare(store, found), NOW)
