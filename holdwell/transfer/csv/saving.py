"""Entries of another tracker into the database: only what is not there, all or nothing.

A score becomes a pain entry, and what says that the user stretched becomes a session.
"""

import csv
import io
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from holdwell.domain.dates import local_day, part_of_day
from holdwell.domain.models import (
    DAY_ENDS_AT_DEFAULT,
    NOTE_MAX,
    DayPart,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
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
from holdwell.transfer.csv.formats import Proposal
from holdwell.transfer.csv.progress import Tell, unheard, watched
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import Draft, Kind, Mapping, RefusedRow, TrackerEntry
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
    tell: Tell = unheard,
) -> tuple[Draft, list[Item]]:
    """Return what a table says, and the items that it becomes. Raises StoreError."""
    drafted = tracker.draft(table, mapping, now, zone, tell)
    return drafted, items(drafted.entries, mapping.scale, now, zone, store.profile().day_ends_at)


def refusal_text(row: RefusedRow) -> str:
    """Say why a row is not taken."""
    return say(f"trackers.refused_{row.reason.value}", value=row.value, most=NOTE_MAX)


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
    cells = table.cells()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([say("trackers.list_row"), say("trackers.list_why"), *table.header])
    for row in rows:
        writer.writerow(map(guarded, [row.number, refusal_text(row), *cells[row.number]]))
    return text.getvalue().encode("utf-8-sig")


def items(
    entries: Iterable[TrackerEntry],
    scale: Scale,
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
        timed = entry.when.clock.at is not None
        day = local_day(entry.moment.local, day_ends_at) if timed else entry.when.day
        note = _note(entry, scale)
        if entry.kind is Kind.PAIN:
            assert entry.pain is not None, "an entry of pain has a score"
            at = entry.moment if timed else None
            made.append(PainEntry(day, entry.pain.nrs, at, entry.places, entry.side, note, item_id))
            continue
        started = entry.moment
        if not timed:
            # It came before now, whatever the clock says.
            noon = When(day, Clock(NOON)).moment(zone)
            started = min(noon, now, key=lambda moment: moment.utc)
        part = part_of_day(entry.moment.local, day_ends_at) if timed else entry.when.clock.part
        made.append(
            Session(
                id=item_id,
                started=started,
                local_day=day,
                part=part or DayPart.OTHER,
                state=SessionState.LOGGED,
                pain_before=entry.pain.nrs if entry.pain else None,
                pain_after=entry.after.nrs if entry.after else None,
                note=note,
                time_known=timed,
                pain_places=entry.places,
                pain_side=entry.side,
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
    mere_session = entry.kind is Kind.DONE and scores == [None, None]
    more = [entry.label] if entry.label or mere_session else []
    more += ["done"] if mere_session else []
    more += [*sorted(entry.places), *filter(None, [entry.side])]
    return json.dumps([when, *scores, entry.note, *more])


def _note(entry: TrackerEntry, scale: Scale) -> str:
    """Return the note, with what the file said that no other column keeps."""
    names = ("pain",) if entry.kind is Kind.PAIN else ("before", "after")
    kept = [
        say(f"trackers.kept_{name}", value=number_text(float(score.value)), most=scale.ends[1])
        for name, score in zip(names, (entry.pain, entry.after), strict=False)
        if score is not None and score.converted
    ]
    label = "" if places_in(entry.label).is_all else entry.label
    return "\n".join(line for line in (label, entry.note, *kept) if line)[:NOTE_MAX]


# -- what is there already ------------------------------------------------------------------------

_BETWEEN = "deleted_at IS NULL AND local_day BETWEEN ? AND ?"
_NOWHERE: tuple[frozenset[PainPlace], None] = frozenset(), None
_UNRATED = None, None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is compared of an item: `at` is its kind with the minute in UTC, or the day alone."""

    item: Item
    at: tuple[type[Item], str]
    scores: tuple[int | None, int | None]
    place: tuple[frozenset[PainPlace], PainSide | None]

    @classmethod
    def of(cls, item: Item) -> Self:
        """Return the facts of an item."""
        if isinstance(item, Session):
            at = item.started if item.time_known else None
            scores, place = (item.pain_before, item.pain_after), (item.pain_places, item.pain_side)
        else:
            at, scores, place = item.at, (item.score, None), (item.places, item.side)
        minute = at.iso[:16] if at else item.local_day.isoformat()
        return cls(item, (type(item), minute), scores, place)

    def says_no_other(self, known: "_Facts") -> bool:
        """Say whether there is no note and no place but those of what is known."""
        no_other_note = self.item.note in ("", known.item.note)
        return no_other_note and self.place in (_NOWHERE, known.place)

    def with_of(self, item: Item, *names: str) -> Item:
        """Return the item with some fields of another of its kind."""
        fields = {one for name in names for one in (name, f"pain_{name}") if hasattr(item, one)}
        return replace(self.item, **{field: getattr(item, field) for field in fields})


def compare(store: Store, given: Sequence[Item]) -> Comparison:
    """Compare what a file brings with what is there. Raises StoreError.

    An entry that was brought in before is there, also if the user has edited or deleted it since.
    Others are there where something of the same kind is in the same minute, as an instant, with the
    same scores, place and note; what is there stands for one entry of the file.
    """
    ids = {row["id"] for row in store.rows("SELECT id FROM session UNION ALL SELECT id FROM pain")}
    fresh = [item for item in given if item.id not in ids]
    there = len(given) - len(fresh)
    known = _known(store, fresh, {item.id for item in given})
    new, noted, differing = [], [], []
    for item in fresh:
        facts = _Facts.of(item)
        here = known[facts.at]
        near = [one for one in here if facts.says_no_other(one)]
        alike = next((one for one in near if facts.scores in (one.scores, _UNRATED)), None)
        bare = [one for one in here if facts.scores == one.scores and one.says_no_other(facts)]
        if alike:
            here.remove(alike)
            there += 1
        elif bare:
            here.remove(bare[0])
            noted.append(bare[0].with_of(item, "note", "places", "side"))
        elif len(here) == 1 == len(near) and near[0].scores != _UNRATED:
            differing.append(here.pop().with_of(item, "before", "after", "score"))
        else:
            new.append(item)
    return Comparison(tuple(new), tuple(noted), tuple(differing), there)


def _known(
    store: Store, fresh: Sequence[Item], given: set[str]
) -> dict[tuple[type[Item], str], list[_Facts]]:
    """Return what the file did not bring, of its days and the two around them."""
    found: dict[tuple[type[Item], str], list[_Facts]] = defaultdict(list)
    if fresh:
        days = [item.local_day for item in fresh]
        around = timedelta(days=2)
        span = [f"{min(days) - around}", f"{max(days) + around}"]
        items: list[Item] = [
            *store.read_sessions(_BETWEEN, span),
            *store.find(PainEntry, _BETWEEN, span),
        ]
        for facts in (_Facts.of(item) for item in items if item.id not in given):
            found[facts.at].append(facts)
    return found


def save(
    store: Store,
    found: Comparison,
    now: Moment,
    tell: Tell = unheard,
    *,
    replace_scores: bool = False,
) -> int:
    """Save what a file brings in one transaction, and return how many items. Raises StoreError.

    With `replace_scores`, items that differ get the scores of the file.
    """
    changed = [*found.noted, *(found.differing if replace_scores else ())]
    with store.change(now) as change:
        for item in changed:
            if isinstance(item, Session):
                store.save_session(item, now)
            else:
                store.save_pain(item, now)
        sessions = [item for item in found.new if isinstance(item, Session)]
        pains = [item for item in found.new if isinstance(item, PainEntry)]
        store.save_all(sessions, [], now)
        store.save_pains(watched(pains, len(pains), tell), now)
        new = {"session": [one.id for one in sessions], "pain": [one.id for one in pains]}
        import_undo.remember(store, now, new, change.id if changed else None)
    return len(changed) + len(found.new)


# -- the mapping of a header, remembered ----------------------------------------------------------


def _key(header: Sequence[str]) -> str:
    return f"columns {sha256(json.dumps(header).encode()).hexdigest()[:16]}"


def remember(store: Store, table: Table, mapping: Mapping) -> None:
    """Keep what the user said of a header. Raises StoreError.

    Of a file without scores the scale was not asked: that of an earlier file stays, if any.
    """
    known = remembered(store, table.header)
    scale = mapping.scale if mapping.pain_cells(table) else known and known.scale
    said = replace(mapping, scale=scale or mapping.scale)
    text = _MAPPING.dump_json(said, exclude=None if scale else {"scale"}).decode()
    store.set_meta(_key(table.header), text)


def proposal(store: Store, table: Table, folder: Path) -> Proposal:
    """Return what was said of the same header before, else what the header seems to be.

    Raises StoreError, and ContentError for a fault in the trackers of a content folder.
    """
    found = formats.propose(table, folder)
    known = remembered(store, table.header)
    if known is None or len(known.mapping.roles) != len(table.header):
        return found
    if set(tracker.OWN) & (set(found.mapping.roles) - set(known.mapping.roles)):
        # Said before an own export was known by its ids: rows would come in twice.
        return found
    # A file whose days leave no question is day first, too: it says nothing of the next one.
    order = found.order if known.order is DateOrder.DAY_FIRST else known.order
    return replace(found, mapping=known.mapping, scale=known.scale or found.scale, order=order)


def remembered(store: Store, header: Sequence[str]) -> Proposal | None:
    """Return what the user said of the same header the last time. Raises StoreError."""
    if (text := store.meta(_key(header))) is None:
        return None
    try:
        mapping = _MAPPING.validate_json(text)
    except ValidationError:
        return None
    scale = mapping.scale if "scale" in json.loads(text) else None
    return Proposal(mapping, scale=scale, order=mapping.order)
