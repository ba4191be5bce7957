"""Entries of another tracker into the database: only what is not there, all or nothing.

A score becomes a pain entry, and what says that the user stretched becomes a session.
"""

import csv
import io
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import time, timedelta, tzinfo
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from holdwell.domain.dates import local_day, part_of_day
from holdwell.domain.models import (
    DAY_ENDS_AT_DEFAULT,
    NOTE_MAX,
    DayPart,
    Moment,
    PainEntry,
    Session,
    SessionState,
)
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import counted, say
from holdwell.store.repository import Store
from holdwell.transfer import import_undo
from holdwell.transfer.csv import formats, tracker
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import Clock, DateOrder, When
from holdwell.transfer.csv.reader import Table, Tell, watched
from holdwell.transfer.csv.tracker import Draft, Mapping, RefusedRow, TrackerEntry
from holdwell.transfer.csv.words import places_in
from holdwell.transfer.exporting import guarded

NOON = time(12)
"""Where a session without a time stands in its day; `time_known` says that it is none."""
_IDS = uuid.UUID("5f0d8a3e-6a53-4c56-9d1c-3f6a2f1c7b10")
"""Namespace of the ids of imported rows. Never change it: a file would come in twice."""
_MAPPING = TypeAdapter(Mapping)

Item = Session | PainEntry
"""What a row of a file becomes."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an import would do. `noted` and `differing` are known items as they would become.

    `noted` get the note or place that was left out before; `differing` have other scores in the
    file, and the user chooses. `there` is the number of entries that change nothing.
    """

    new: tuple[Item, ...] = ()
    noted: tuple[Item, ...] = ()
    differing: tuple[Item, ...] = ()
    there: int = 0

    def coming_text(self) -> str:
        """Say how many pain entries and sessions would come in."""
        pains = sum(isinstance(item, PainEntry) for item in self.new)
        return say(
            "trackers.coming",
            pain=counted("pain_entries", pains),
            sessions=counted("sessions", len(self.new) - pains),
        )


def read(
    store: Store,
    table: Table,
    mapping: Mapping,
    now: Moment,
    zone: tzinfo | None,
    tell: Tell | None = None,
) -> tuple[Draft, list[Item]]:
    """Return what a table says, and the items that it becomes. Raises StoreError."""
    mapping = mapping.of_data(table)
    drafted = tracker.draft(table, mapping, now, zone, tell)
    return drafted, items(drafted.entries, mapping.scale, now, zone, store.profile().day_ends_at)


def column_names(table: Table) -> list[str]:
    """Return a name for each column, each one once."""
    names: list[str] = []
    for number, header in enumerate(table.header, 1):
        name = header or say("trackers.column", number=number)
        names.append(name if name not in names else f"{name} ({number})")
    return names


def refusal_text(row: RefusedRow) -> str:
    """Say why a row is not taken."""
    return say(f"trackers.refused_{row.reason}", value=row.value, most=NOTE_MAX)


def refusal_lines(refused: Iterable[RefusedRow]) -> Iterator[str]:
    """Count the rows that are not taken by reason, each with an example."""
    groups: dict[str, list[RefusedRow]] = defaultdict(list)
    for row in refused:
        groups[row.reason].append(row)
    for group in sorted(groups.values(), key=len, reverse=True):
        key = "trackers.refused_line" if len(group) == 1 else "trackers.refused_group"
        rows, why = counted("rows", len(group)), refusal_text(group[0])
        yield say(key, rows=rows, number=group[0].number, why=why)


def list_of_refused(table: Table, rows: Sequence[RefusedRow]) -> bytes:
    """Return the rows that are not taken as CSV, each with its number and the reason."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([say("trackers.list_row"), say("trackers.list_why"), *table.header])
    for row in rows:
        writer.writerow(map(guarded, [row.number, refusal_text(row), *row.cells]))
    return text.getvalue().encode("utf-8-sig")


def items(
    entries: Iterable[TrackerEntry],
    scale: Scale | None,
    now: Moment,
    zone: tzinfo | None,
    day_ends_at: int = DAY_ENDS_AT_DEFAULT,
) -> list[Item]:
    """Make a pain entry or a session of each entry, in the language of the run."""
    made: list[Item] = []
    seen: Counter[str] = Counter()
    for entry in entries:
        content = _content(entry)
        # The same row may stand twice in a diary without times: the second has an id of its own,
        # and the same one the next time the file is read.
        seen[content] += 1
        item_id = str(uuid.uuid5(_IDS, f"{content} {seen[content]}"))
        if entry.id and not seen[entry.id]:
            seen[item_id := entry.id] += 1
        note, places, side = _note(entry, scale or Scale.TEN), entry.where.places, entry.where.side
        started, pain = entry.moment, entry.pain.nrs if entry.pain else None
        timed, day, part = entry.when.clock.at is not None, entry.when.day, entry.when.clock.part
        if timed:
            wall = started.local
            day, part = local_day(wall, day_ends_at), part_of_day(wall, day_ends_at)
        if not entry.is_session:
            assert pain is not None, "an entry of pain has a score"
            at = started if timed else None
            made.append(PainEntry(day, pain, at, places, side, note, item_id))
            continue
        if not timed:
            # It came before now, whatever the clock says.
            noon = When(day, Clock(NOON)).moment(zone)
            started = min(noon, now, key=lambda moment: moment.utc)
        made.append(
            Session(
                id=item_id,
                started=started,
                local_day=day,
                part=part or DayPart.OTHER,
                state=SessionState.LOGGED,
                pain_before=pain,
                pain_after=entry.after.nrs if entry.after else None,
                note=note,
                time_known=timed,
                pain_places=places,
                pain_side=side,
            )
        )
    return made


def _content(entry: TrackerEntry) -> str:
    """Return what an entry says as a text that is the same in every time zone."""
    clock = entry.when.clock
    # Not the user's own clock: in a night that changes it, it leaves an hour out.
    when = f"{entry.when.wall:%Y-%m-%dT%H:%M}" if clock.at else entry.when.day.isoformat()
    if clock.offset is not None:
        when = f"{entry.moment.utc:%Y-%m-%dT%H:%MZ}"
    scores = [score.nrs if score else None for score in (entry.pain, entry.after)]
    more = [entry.label] if entry.label or entry.is_unrated else []
    more += ["done"] if entry.is_unrated else []
    more += [*sorted(entry.where.places), *filter(None, [entry.where.side])]
    return json.dumps([when, *scores, entry.note, *more])


def _note(entry: TrackerEntry, scale: Scale) -> str:
    """Return the note, with what the file said that no other column keeps."""
    names = ("before", "after") if entry.is_session else ("pain",)
    kept = [
        say(f"trackers.kept_{name}", value=number_text(float(score.value)), most=scale.ends[1])
        for name, score in zip(names, (entry.pain, entry.after), strict=False)
        if score is not None and score.converted
    ]
    label = "" if places_in(entry.label).is_all else entry.label
    return "\n".join(line for line in (label, entry.note, *kept) if line)[:NOTE_MAX]


# -- what is there already ------------------------------------------------------------------------

_BETWEEN = "local_day BETWEEN ? AND ?"
_SCORES, _PLACE = (
    ("score", "pain_before", "pain_after"),
    ("places", "side", "pain_places", "pain_side"),
)
"""Fields of what an item says; each kind of item has its own of them."""


def _said(item: Item, fields: Sequence[str]) -> dict[str, Any]:
    """Return what an item says in its own of some fields, empty ones left out."""
    said = {field: getattr(item, field, None) for field in fields}
    return {field: value for field, value in said.items() if value not in (None, frozenset())}


def _at(item: Item) -> tuple[type[Item], str]:
    """Return the kind of an item with its minute in UTC, or its day where there is no time."""
    return type(item), item.at.iso[:16] if item.at else item.local_day.isoformat()


def _adds_nothing(item: Item, known: Item) -> bool:
    """Say whether an item has no note and no place but those of what is known."""
    place = _said(item, _PLACE)
    return item.note in ("", known.note) and place in ({}, _said(known, _PLACE))


def compare(store: Store, given: Sequence[Item]) -> Comparison:
    """Compare what a file brings with what is there. Raises StoreError.

    An entry that was brought in before is there, also if the user has edited or deleted it since.
    Others are there where something of the same kind is in the same minute, as an instant, with the
    same place, note and scores, which may be fewer in the file; what is there stands for one entry
    of the file.
    """
    ids = {row["id"] for row in store.rows("SELECT id FROM session UNION ALL SELECT id FROM pain")}
    fresh = [item for item in given if item.id not in ids]
    there = len(given) - len(fresh)
    known = _known(store, fresh, {item.id for item in given})
    new, noted, differing = [], [], []
    for item in fresh:
        here, scores = known[_at(item)], _said(item, _SCORES)
        near = [one for one in here if _adds_nothing(item, one)]
        alike = [one for one in near if scores.items() <= _said(one, _SCORES).items()]
        # The one with the same scores stands for the item before one with more of them.
        alike.sort(key=lambda one: scores != _said(one, _SCORES))
        bare = [one for one in here if scores == _said(one, _SCORES) and _adds_nothing(one, item)]
        if alike:
            here.remove(alike[0])
            there += 1
        elif bare:
            here.remove(bare[0])
            noted.append(replace(bare[0], note=item.note, **_said(item, _PLACE)))
        elif len(here) == 1 == len(near):
            differing.append(replace(here.pop(), **_said(item, _SCORES)))
        else:
            new.append(item)
    return Comparison(tuple(new), tuple(noted), tuple(differing), there)


def _known(
    store: Store, fresh: Sequence[Item], given: set[str]
) -> dict[tuple[type[Item], str], list[Item]]:
    """Return what the file did not bring, of its days and the two around them."""
    found: dict[tuple[type[Item], str], list[Item]] = defaultdict(list)
    if fresh:
        days, around = [item.local_day for item in fresh], timedelta(days=2)
        span = [str(min(days) - around), str(max(days) + around)]
        items: list[Item] = [*store.find(PainEntry, _BETWEEN, span)]
        for item in items + store.find(Session, _BETWEEN, span):
            if item.id not in given:
                found[_at(item)].append(item)
    return found


def save(
    store: Store,
    found: Comparison,
    now: Moment,
    tell: Tell | None = None,
    *,
    replace_scores: bool = False,
) -> int:
    """Save what a file brings in one transaction, and return how many items. Raises StoreError.

    With `replace_scores`, items that differ get the scores of the file.
    """
    changed = [*found.noted, *(found.differing if replace_scores else ())]
    with store.change(now) as change:
        for item in changed:
            store.save(item, now)
        sessions = [item for item in found.new if isinstance(item, Session)]
        pains = [item for item in found.new if isinstance(item, PainEntry)]
        watch = partial(watched, total=len(found.new), tell=tell)
        added = store.save_all(sessions, now, watch)
        added |= store.save_all(pains, now, partial(watch, done=len(sessions)))
        # Another window may have saved the same file since they were compared.
        new = {
            "session": [one.id for one in sessions if one.id in added],
            "pain": [one.id for one in pains if one.id in added],
        }
        import_undo.remember(store, now, new, change.id if changed else None)
    return len(changed) + len(added)


# -- the mapping of a header, remembered ----------------------------------------------------------


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
    said = _MAPPING.dump_python(mapping, mode="json")
    roles = enumerate(said["roles"])
    said["roles"] = [role if any(table.column(number)) else None for number, role in roles]
    store.set_meta(_key(table.header), json.dumps(said))


def proposal(store: Store, table: Table, folder: Path) -> Mapping:
    """Return what was said of the same header before, else what the header seems to be.

    Raises StoreError, and ContentError for a fault in the trackers of a content folder.
    """
    found = formats.propose(table, folder)
    known = remembered(store, table.header, found)
    # Said before an own export was known by its ids, rows would come in twice.
    if known is not None and not set(tracker.OWN) & (set(found.roles) - set(known.roles)):
        # A file whose days leave no question is day first, too: it says nothing of the next one.
        order = found.order if known.order is DateOrder.DAY_FIRST else known.order
        scale = known.scale or found.scale
        found = replace(known, tracker=found.tracker, scale=scale, order=order)
    return found.of_data(table)


def remembered(store: Store, header: Sequence[str], proposed: Mapping) -> Mapping | None:
    """Return what the user said of the same header the last time, if anything. Raises StoreError.

    Columns that had no data then are what is proposed now.
    """
    with suppress(ValueError, TypeError, KeyError):
        said = from_json(store.meta(_key(header)) or "")
        roles = zip(said["roles"], proposed.roles, strict=True)
        return _MAPPING.validate_python({**said, "roles": [old or new for old, new in roles]})
    return None
