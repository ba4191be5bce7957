"""Entries of another tracker into the database: only what is not there, all or nothing.

A score becomes a pain entry, and what says that the user stretched becomes a session.
"""

import csv
import io
import json
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, KeysView, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta, tzinfo
from functools import partial
from itertools import product
from typing import Any

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
from holdwell.transfer.csv import tracker
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import Clock, When
from holdwell.transfer.csv.reader import Table, Tell, watched
from holdwell.transfer.csv.tracker import Draft, Mapping, Names, RefusedRow, TrackerEntry
from holdwell.transfer.csv.words import places_in
from holdwell.transfer.exporting import guarded

NOON = time(12)
"""Where a session without a time stands in its day; `time_known` says that it is none."""
_IDS = uuid.UUID("5f0d8a3e-6a53-4c56-9d1c-3f6a2f1c7b10")
"""Namespace of the ids of imported rows. Never change it: a file would come in twice."""

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
    day_ends_at, known = store.profile().day_ends_at, _known_ids(store)
    return drafted, items(drafted.entries, mapping.scale, now, zone, day_ends_at, known)


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
    entries: Sequence[TrackerEntry],
    scale: Scale | None,
    now: Moment,
    zone: tzinfo | None,
    day_ends_at: int = DAY_ENDS_AT_DEFAULT,
    known: dict[str, bool] | None = None,
) -> list[Item]:
    """Make a pain entry or a session of each entry, in the language of the run.

    `known` are the ids in the database: one that another file gave the same row is kept. Each says
    whether the user has edited or deleted its row since.
    """
    made: list[Item] = []
    for entry, item_id in zip(entries, _ids(entries, known or {}), strict=True):
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


def _ids(entries: Sequence[TrackerEntry], known: dict[str, bool]) -> Iterator[str]:
    """Yield the id of each entry: its own, else one made of what it says.

    The same row may stand twice in a diary without times: the second has an id of its own, and the
    same one the next time the file is read.
    """
    seen: Counter[str] = Counter()
    own: list[tuple[str, int]] = []
    for entry in entries:
        content = _content(entry, entry.note, entry.names[0])
        seen[content] += 1
        made = _id_of(content, seen[content])
        if entry.id and not seen[entry.id]:
            seen[made := entry.id] += 1
        own.append((made, seen[content]))
    others = known.keys() - {made for made, _ in own}
    for entry, (made, number) in zip(entries, own, strict=True):
        if others and made not in known and made != entry.id:
            for names, note in product(entry.names, entry.notes):
                other = _id_of(_content(entry, note, names), number)
                # A row that is as it came in may yet get its names.
                if other in others and (known[other] or names == entry.names[0]):
                    made = other
                    break
        yield made


def _id_of(content: str, number: int) -> str:
    return str(uuid.uuid5(_IDS, f"{content} {number}"))


def _content(entry: TrackerEntry, note: str, names: Names) -> str:
    """Return what an entry says as a text that is the same in every time zone."""
    clock = entry.when.clock
    # Not the user's own clock: in a night that changes it, it leaves an hour out.
    when = f"{entry.when.wall:%Y-%m-%dT%H:%M}" if clock.at else entry.when.day.isoformat()
    if clock.offset is not None:
        when = f"{entry.moment.utc:%Y-%m-%dT%H:%MZ}"
    scores = [score.nrs if score else None for score in (entry.pain, entry.after)]
    more = [", ".join(names)] if names or entry.is_unrated else []
    more += ["done"] if entry.is_unrated else []
    more += [*sorted(entry.where.places), *filter(None, [entry.where.side])]
    return json.dumps([when, *scores, note, *more])


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


def _parts(item: Item, column: re.Pattern[str], is_workout: bool) -> KeysView[str]:
    """Return the lines of a note without the names of columns, of a workout each exercise."""
    note = column.sub("", item.note)
    return dict.fromkeys((note.replace(", ", "\n") if is_workout else note).splitlines()).keys()


def _is_workout(*items: Item) -> bool:
    """Say whether all are sessions with a time and without a score."""
    return all(isinstance(i, Session) and i.time_known and not _said(i, _SCORES) for i in items)


def _adds_nothing(item: Item, known: Item, column: re.Pattern[str]) -> bool:
    """Say whether an item has no note and no place but those of what is known."""
    mine, its = (_parts(one, column, _is_workout(item, known)) for one in (item, known))
    return mine <= its and _said(item, _PLACE).items() <= _said(known, _PLACE).items()


def _rank(item: Item, known: Item, column: re.Pattern[str]) -> int | None:
    """Return how an item is known: 0 as it is, 1 with more to it, 2 with more scores.

    3 says that its note or place is to be added, None that it is another one.
    """
    scores, known_scores = _said(item, _SCORES), _said(known, _SCORES)
    if _adds_nothing(item, known, column):
        if scores == known_scores:
            return 0 if _adds_nothing(known, item, column) else 1
        return 2 if scores.items() <= known_scores.items() else None
    is_more = scores == known_scores and _adds_nothing(known, item, column)
    return 3 if is_more or _is_workout(item, known) else None


def _completed(known: Item, item: Item, column: re.Pattern[str]) -> Item:
    """Return what is known with the note and the place of an item added."""
    note, is_workout = item.note, _is_workout(known, item)
    mine, its = (_parts(one, column, is_workout) for one in (item, known))
    if not its <= mine:
        # Other exercises of the same workout.
        note = "\n".join([known.note, *(part for part in mine if part not in its)])[:NOTE_MAX]
    return replace(known, note=note, **_said(item, _PLACE))


def compare(store: Store, given: Sequence[Item], header: Sequence[str] = ()) -> Comparison:
    """Compare what a file brings with what is there. Raises StoreError.

    An entry that was brought in before is there, also if the user has edited or deleted it since.
    Others are there where something of the same kind is in the same minute, as an instant, with the
    same place, note and scores, which may be fewer in the file; what is there stands for one entry
    of the file. Names of the `header` before a line of a note make no difference.
    """
    ids = _known_ids(store)
    fresh = [item for item in given if item.id not in ids]
    there = len(given) - len(fresh)
    known = _known(store, fresh, {item.id for item in given})
    column = re.compile(rf"^(?:{'|'.join(map(re.escape, header))}): ", re.MULTILINE)
    noted: list[Item] = []
    for rank in range(4):
        rest, fresh = fresh, []
        for item in rest:
            here = known[_at(item)]
            one = next((one for one in here if _rank(item, one, column) == rank), None)
            if one is None:
                fresh.append(item)
                continue
            here.remove(one)
            if rank < 3:
                there += 1
            else:
                noted.append(_completed(one, item, column))
    new, differing = [], []
    for item in fresh:
        here = known[_at(item)]
        if len(here) == 1 and _adds_nothing(item, here[0], column):
            differing.append(replace(here.pop(), **_said(item, _SCORES)))
        else:
            new.append(item)
    return Comparison(tuple(new), tuple(noted), tuple(differing), there)


def _known_ids(store: Store) -> dict[str, bool]:
    """Return every id, and whether its row was edited or deleted since it came in."""
    columns = "id, updated_at > created_at OR deleted_at IS NOT NULL AS changed"
    rows = store.rows(f"SELECT {columns} FROM session UNION ALL SELECT {columns} FROM pain")
    return {row["id"]: bool(row["changed"]) for row in rows}


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
