"""The ids under which entries of a table are saved, so that no file is imported twice."""

import json
import uuid
from collections.abc import Iterable, Iterator
from hashlib import sha1
from itertools import product

from holdwell.transfer.csv.tracker import Names, TrackerEntry

_IDS = uuid.UUID("5f0d8a3e-6a53-4c56-9d1c-3f6a2f1c7b10").bytes
"""Namespace of the ids of imported rows. Never change it: files would be imported twice."""


def with_ids(
    entries: Iterable[TrackerEntry], known: dict[str, bool]
) -> Iterator[tuple[TrackerEntry, str, list[str]]]:
    """Yield each entry with its id, its own or one made of its content, and with other ids.

    Rows with the same content, as in a diary without times, are numbered, so that each has the same
    id when the file is read again. The other ids are those in `known` that another file may have
    given the row.
    """
    counts: dict[str, int] = {}
    own_ids: set[str] = set()
    for entry in entries:
        content = _content(entry, entry.names[0], entry.note)
        item_id = _id_of(content, 1)
        counts[item_id] = number = counts.get(item_id, 0) + 1
        others: list[str] = []
        if entry.id and entry.id not in own_ids:
            item_id = entry.id
            own_ids.add(item_id)
        else:
            item_id = _id_of(content, number) if number > 1 else item_id
            forms = product(entry.names, entry.notes) if known and item_id not in known else ()
            # A row that the user has not changed can still gain its names, by `compare`.
            others = [
                other
                for names, note in forms
                if (other := _id_of(_content(entry, names, note), number)) in known
                and (known[other] or names == entry.names[0])
            ]
        yield entry, item_id, others


def _id_of(content: str, number: int) -> str:
    """Return the text of uuid.uuid5 of a content and its number, in a third of the time."""
    digits = sha1(_IDS + f"{content} {number}".encode(), usedforsecurity=False).hexdigest()
    # RFC 9562: version 5, and the variant in the two upper bits of the next but one part.
    variant = f"{int(digits[16], 16) & 3 | 8:x}"
    return "-".join(
        (digits[:8], digits[8:12], f"5{digits[13:16]}", variant + digits[17:20], digits[20:32])
    )


def _content(entry: TrackerEntry, names: Names, note: str) -> str:
    """Return the content of an entry as a text that does not depend on the user's time zone."""
    when = entry.when
    # The time as written: one that a change of the clock leaves out would be moved by an hour.
    at = when.wall.isoformat(timespec="minutes") if when.at else when.day.isoformat()
    if when.offset is not None:
        at = f"{entry.moment.iso[:16]}Z"
    scores = [score.nrs if score else None for score in (entry.pain, entry.after)]
    more = [", ".join(names)] if names or entry.is_unrated else []
    more += ["done"] if entry.is_unrated else []
    more += [*sorted(entry.where.places), *filter(None, [entry.where.side])]
    return json.dumps([at, *scores, note, *more])
