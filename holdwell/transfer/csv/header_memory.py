"""What the user said of the header of a table, kept in the database for the next such file."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter
from pydantic_core import from_json

from holdwell.store.repository import Store
from holdwell.transfer.csv import formats, tracker
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import Mapping

_MAPPING = TypeAdapter(Mapping)


def _key(header: Sequence[str]) -> str:
    return f"columns {sha256(json.dumps(header).encode()).hexdigest()[:16]}"


def remember(store: Store, table: Table, mapping: Mapping) -> None:
    """Keep what the user said of a header. Raises StoreError.

    A column without data was not asked about, nor was the scale of a file without scores: that of
    an earlier file stays, if any.
    """
    if not mapping.pain_cells(table):
        known = remembered(store, table.header, mapping)
        mapping = replace(mapping, scale=known.scale if known else None)
    taken, proposed = (
        mapping.pain_names | mapping.done_names,
        formats.proposed_names(mapping, table),
    )
    declined = (mapping.declined or frozenset()).union(*proposed) - taken
    mapping = replace(mapping, declined=declined)
    said = _MAPPING.dump_python(mapping, mode="json")
    roles = enumerate(said["roles"])
    said["roles"] = [role if any(table.column(number)) else None for number, role in roles]
    store.set_meta(_key(table.header), json.dumps(said))


def proposal(store: Store, table: Table, folder: Path) -> Mapping:
    """Return what was said of the same header before, else what the header seems to be.

    Names of rows that no earlier file had are proposed as in a first one, where it is known which
    names the user took none of. Raises StoreError, and ContentError for a fault in the trackers of
    a content folder.
    """
    found = formats.propose(table, folder)
    known = remembered(store, table.header, found)
    # Said before an own export was known by its ids, rows would come in twice.
    if known is not None and not set(tracker.OWN) & (set(found.roles) - set(known.roles)):
        # A file whose days leave no question is day first, too: it says nothing of the next one.
        order = found.order if known.order is DateOrder.DAY_FIRST else known.order
        scale = known.scale or found.scale
        found = replace(known, tracker=found.tracker, scale=scale, order=order)
        if known.declined is not None:
            said = known.pain_names | known.done_names | known.declined
            pain, done = (names - said for names in formats.proposed_names(found, table))
            pain, done = pain | known.pain_names, done | known.done_names
            found = replace(found, pain_names=pain, done_names=done)
    return found.of_data(table)


def remembered(store: Store, header: Sequence[str], proposed: Mapping) -> Mapping | None:
    """Return what the user said of the same header the last time, if anything. Raises StoreError.

    Columns that had no data then are what is proposed now.
    """
    with suppress(ValueError, TypeError, KeyError):
        said = from_json(store.meta(_key(header)) or "")
        roles = [old or new for old, new in zip(said["roles"], proposed.roles, strict=True)]
        return _MAPPING.validate_python({"declined": None, **said, "roles": roles})
    return None
