"""Save the entries of another tracker's table: only those that are new, all of them or none."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache, partial
from typing import Any

from holdwell.domain.dates import local_day, moment_at, part_of_day
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
from holdwell.transfer.csv.entry_ids import with_ids
from holdwell.transfer.csv.mapping import ColumnMapping
from holdwell.transfer.csv.reader import Progress, with_progress
from holdwell.transfer.csv.table import Table
from holdwell.transfer.csv.tracker import RefusedRow, TrackerEntry
from holdwell.transfer.csv.words import places_in
from holdwell.transfer.exporting import csv_text

Item = Session | PainEntry


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an import would do. `completed` and `differing` are known items as they would become.

    `completed` would gain a note or place. `differing` have other scores or another note in the
    file, which the user may take. `unchanged` counts those to which the file adds nothing.
    """

    new: tuple[Item, ...] = ()
    completed: tuple[Item, ...] = ()
    differing: tuple[Item, ...] = ()
    unchanged: int = 0

    def coming_text(self) -> str:
        """Return a sentence with the numbers of new pain entries and sessions."""
        pains = sum(isinstance(item, PainEntry) for item in self.new)
        return say(
            "trackers.coming",
            pain=counted("pain_entries", pains),
            sessions=counted("sessions", len(self.new) - pains),
        )

    def known_counts(self) -> dict[str, int]:
        """Return how many items are known, by what an import would do with them.

        The keys are part of the command line's JSON, and of the keys of texts.
        """
        return {
            "noted": len(self.completed),
            "there": self.unchanged,
            "differing": len(self.differing),
        }

    def known_lines(self) -> list[str]:
        """Return a sentence for each of these counts that is not zero."""
        counts = self.known_counts().items()
        return [say(f"trackers.{key}", rows=counted("rows", n)) for key, n in counts if n]


def read(
    store: Store,
    table: Table,
    mapping: ColumnMapping,
    now: Moment,
    zone: tzinfo | None,
    progress: Progress | None = None,
) -> tuple[list[RefusedRow], list[Item]]:
    """Return the refused rows of a table, and the items to save. Raises StoreError."""
    mapping = mapping.without_empty_columns(table)
    refused: list[RefusedRow] = []
    entries = tracker.read_entries(table, mapping, now, zone, refused, progress)
    day_ends_at = store.profile().day_ends_at
    return refused, items(entries, mapping.scale, now, zone, day_ends_at, _known_ids(store))


def column_names(table: Table) -> list[str]:
    """Return a different name for each column."""
    names: list[str] = []
    for number, header in enumerate(table.header, 1):
        name = header or say("trackers.column", number=number)
        names.append(name if name not in names else f"{name} ({number})")
    return names


def refusal_text(row: RefusedRow) -> str:
    """Return the sentence on why a row is refused."""
    most = counted("characters", NOTE_MAX)
    return say(f"trackers.refused_{row.reason}", value=row.value, most=most)


def refusal_lines(refused: Iterable[RefusedRow]) -> Iterator[str]:
    """Yield a line for each reason, the most frequent first: the number of rows and an example."""
    groups: dict[str, list[RefusedRow]] = defaultdict(list)
    for row in refused:
        groups[row.reason].append(row)
    for group in sorted(groups.values(), key=len, reverse=True):
        key = "trackers.refused_line" if len(group) == 1 else "trackers.refused_group"
        rows, why = counted("rows", len(group)), refusal_text(group[0])
        yield say(key, rows=rows, number=group[0].number, why=why)


def list_of_refused(table: Table, rows: Sequence[RefusedRow]) -> bytes:
    """Return the refused rows as CSV, each with its number and the reason."""
    header = [say("trackers.list_row"), say("trackers.list_why"), *table.header]
    lines = ([row.number, refusal_text(row), *row.cells] for row in rows)
    return csv_text([header, *lines]).encode()


# -- items of entries -----------------------------------------------------------------------------


def items(
    entries: Iterable[TrackerEntry],
    scale: Scale | None,
    now: Moment,
    zone: tzinfo | None,
    day_ends_at: int = DAY_ENDS_AT_DEFAULT,
    known: dict[str, bool] | None = None,
) -> list[Item]:
    """Return a pain entry or a session for each entry, with its notes in the current language.

    `known` has the ids in the database, and whether the user has edited or deleted the row since.
    """
    made: list[Item] = []
    other_ids: dict[int, list[str]] = {}
    for entry, item_id, others in with_ids(entries, known or {}):
        note = _note(entry, scale or Scale.TEN)
        made.append(_item(entry, item_id, note, now, zone, day_ends_at))
        if others:
            other_ids[len(made) - 1] = others
    # An id that another file gave the row is kept, unless another row of this file has it.
    taken = {item.id for item in made} if other_ids else set()
    for number, others in other_ids.items():
        if kept := next((other for other in others if other not in taken), None):
            made[number] = replace(made[number], id=kept)
            taken.add(kept)
    return made


def _item(
    entry: TrackerEntry, item_id: str, note: str, now: Moment, zone: tzinfo | None, day_ends_at: int
) -> Item:
    """Return the pain entry or the session of an entry."""
    places, side = entry.where.places, entry.where.side
    pain = entry.pain.nrs if entry.pain else None
    started, day, part = entry.moment, entry.when.day, entry.when.part
    is_timed = entry.when.at is not None
    if is_timed:
        day, part = _day_and_part(started, day_ends_at)
    if not entry.is_session:
        assert pain is not None, "an entry of pain has a score"
        at = started if is_timed else None
        return PainEntry(day, pain, at, places, side, note, item_id)
    if not is_timed:
        # An unknown time is stored as noon, or as now for a session of today before noon.
        noon = moment_at(datetime.combine(day, time(12)), zone)
        started = min(noon, now, key=lambda moment: moment.utc)
    return Session(
        id=item_id,
        started=started,
        local_day=day,
        part=part or DayPart.OTHER,
        state=SessionState.LOGGED,
        pain_before=pain,
        pain_after=entry.after.nrs if entry.after else None,
        note=note,
        time_known=is_timed,
        pain_places=places,
        pain_side=side,
    )


@lru_cache(maxsize=1000)
def _day_and_part(moment: Moment, day_ends_at: int) -> tuple[date, DayPart]:
    """Return the local day and the part of the day of a moment."""
    wall = moment.local
    return local_day(wall, day_ends_at), part_of_day(wall, day_ends_at)


def _note(entry: TrackerEntry, scale: Scale) -> str:
    """Return the note, with what the entry is about and the scores that were converted."""
    names = ("before", "after") if entry.is_session else ("pain",)
    scores = [
        say(f"trackers.kept_{name}", value=number_text(float(score.value)), most=scale.ends[1])
        for name, score in zip(names, (entry.pain, entry.after), strict=False)
        if score is not None and score.converted
    ]
    return "\n".join(filter(None, [_told_by(entry.label), entry.note, *scores]))[:NOTE_MAX]


@lru_cache(maxsize=1000)
def _told_by(label: str) -> str:
    """Return what a label tells in a note: "" for a place, which has a field, or a number."""
    # A tracker's number for a kind of exercise says nothing to the user.
    return "" if places_in(label).is_only_place or label.isdigit() else label


# -- comparing with the database ------------------------------------------------------------------

_SCORES = ("score", "pain_before", "pain_after")
_PLACE = ("places", "side", "pain_places", "pain_side")
"""The fields of scores and of the place. Each kind of item has some of them."""
_COMPLETES, _DIFFERS = 3, 4
"""The ranks (see `_rank`) that change a known item."""
_KindAndTime = tuple[type[Item], str]


def compare(store: Store, given: Sequence[Item], header: Sequence[str] = ()) -> Comparison:
    """Compare the items of a file with those in the database. Raises StoreError.

    An item whose id is known was imported before, and may have been edited or deleted since. Others
    are matched by kind and minute (or day) with items from elsewhere, each of which is matched
    once, the best matches first. Names of the `header` in notes make no difference.
    """
    known_ids = _known_ids(store)
    unmatched = [item for item in given if item.id not in known_ids]
    unchanged = len(given) - len(unmatched)
    known, is_moved = _by_time(store, unmatched, given)
    column = re.compile(rf"^(?:{'|'.join(map(re.escape, header))}): ", re.MULTILINE)
    completed: list[Item] = []
    differing: list[Item] = []
    keys = (_kind_and_time(item, by_clock=is_moved) for item in unmatched)
    to_match = {n: known[key] for n, key in enumerate(keys) if key in known} if known else {}
    matched: set[int] = set()
    for rank in range(_DIFFERS + 1):
        for number, candidates in list(to_match.items()):
            item = unmatched[number]
            match = next((c for c in candidates if _rank(item, c, column) == rank), None)
            if match is None or (rank == _DIFFERS and len(candidates) > 1):
                continue
            candidates.remove(match)
            del to_match[number]
            matched.add(number)
            whole = _completed(match, item, column) if rank == _COMPLETES else None
            if whole is not None:
                completed.append(whole)
            elif rank >= _COMPLETES:
                differing.append(_as_in_file(match, item))
            else:
                unchanged += 1
    new = tuple(item for number, item in enumerate(unmatched) if number not in matched)
    return Comparison(new, tuple(completed), tuple(differing), unchanged)


def _by_time(
    store: Store, unmatched: Sequence[Item], given: Sequence[Item]
) -> tuple[dict[_KindAndTime, list[Item]], bool]:
    """Return the known items around the days of those `unmatched`, without the ids of a file.

    A file without offsets may have moved to another zone, where its rows have other instants. Then,
    as the second value says, the items are returned by local time.
    """
    known: dict[_KindAndTime, list[Item]] = {}
    is_moved = False
    if unmatched:
        days = {item.local_day for item in unmatched}
        around = timedelta(days=2)
        span = [str(min(days) - around), str(max(days) + around)]
        within = "local_day BETWEEN ? AND ?"
        found = store.find(PainEntry, within, span) + store.find(Session, within, span)
        in_file = {item.id: item for item in given} if found else {}
        is_moved = bool(in_file) and _has_moved(store, in_file)
        for item in found:
            if item.id not in in_file:
                known.setdefault(_kind_and_time(item, by_clock=is_moved), []).append(item)
    return known, is_moved


def _has_moved(store: Store, in_file: Mapping[str, Item]) -> bool:
    """Return whether a known item has the same local time in a file, at another instant."""
    columns = "SELECT id, utc_offset, {} AS at FROM {} WHERE at IS NOT NULL"
    tables = (columns.format("felt_at", "pain"), columns.format("started_at", "session"))
    for row in store.rows(" UNION ALL ".join(tables)):
        at = item.at if (item := in_file.get(row["id"])) else None
        if at and row["at"][:16] != at.iso[:16]:
            known = Moment.from_iso(row["at"], row["utc_offset"])
            if known.local.replace(tzinfo=None) == at.local.replace(tzinfo=None):
                return True
    return False


def _rank(item: Item, known: Item, column: re.Pattern[str]) -> int | None:
    """Return how well an item of the file matches a known item of the same time.

    0: the same. 1: the known one has more note or place. 2: it also has more scores. 3: the file
    has more note or place. 4: the scores differ, or the note alone does. None: they are two items.
    """
    scores, known_scores = _filled(item, _SCORES), _filled(known, _SCORES)
    is_workout = _is_workout(item, known)
    texts, known_texts = (
        {*_lines(each, column, is_workout), *_filled(each, _PLACE).items()}
        for each in (item, known)
    )
    if texts <= known_texts:
        if scores == known_scores:
            return 0 if texts == known_texts else 1
        return 2 if scores.items() <= known_scores.items() else _DIFFERS
    if is_workout or (texts >= known_texts and scores == known_scores):
        return _COMPLETES
    is_edited = scores == known_scores and _filled(item, _PLACE) == _filled(known, _PLACE)
    return _DIFFERS if is_edited and item.at else None


def _as_in_file(known: Item, item: Item) -> Item:
    """Return a known item with the scores of the file, or with its note if the scores are equal."""
    scores = _filled(item, _SCORES)
    return replace(known, **({"note": item.note} if scores == _filled(known, _SCORES) else scores))


def _completed(known: Item, item: Item, column: re.Pattern[str]) -> Item | None:
    """Return a known item with the note and place of one of the file; None if they are too long."""
    note = item.note
    is_workout = _is_workout(known, item)
    lines, known_lines = (_lines(each, column, is_workout) for each in (item, known))
    if not set(known_lines) <= set(lines):
        # Other exercises of the same workout.
        new_lines = (line for line in lines if line not in known_lines)
        note = "\n".join([known.note, *new_lines])
    return replace(known, note=note, **_filled(item, _PLACE)) if len(note) <= NOTE_MAX else None


def _filled(item: Item, fields: Sequence[str]) -> dict[str, Any]:
    """Return those of some fields that an item has and that are not empty."""
    values = {field: getattr(item, field, None) for field in fields}
    return {field: value for field, value in values.items() if value not in (None, frozenset())}


def _is_workout(*items: Item) -> bool:
    """Return whether all items are sessions with a time and without scores."""
    return all(isinstance(i, Session) and i.time_known and not _filled(i, _SCORES) for i in items)


def _lines(item: Item, column: re.Pattern[str], is_workout: bool) -> list[str]:
    """Return the different lines and exercises in a note, without names of columns."""
    # The next export may write an accent as a sign of its own, as a Mac does.
    note = unicodedata.normalize("NFC", column.sub("", item.note))
    lines = (note.replace(", ", "\n") if is_workout else note).splitlines()
    return list(dict.fromkeys(" ".join(line.split()) for line in lines))


def _kind_and_time(item: Item, *, by_clock: bool) -> _KindAndTime:
    """Return the kind of an item with its minute, in UTC or local, or with its day if untimed."""
    if item.at is None:
        return type(item), item.local_day.isoformat()
    return type(item), item.at.local.isoformat()[:16] if by_clock else item.at.iso[:16]


def _known_ids(store: Store) -> dict[str, bool]:
    """Return every id, and whether its row was edited or deleted after it was added."""
    columns = "id, updated_at > created_at OR deleted_at IS NOT NULL AS changed"
    rows = store.rows(f"SELECT {columns} FROM session UNION ALL SELECT {columns} FROM pain")
    return {row["id"]: bool(row["changed"]) for row in rows}


def save(
    store: Store,
    comparison: Comparison,
    now: Moment,
    progress: Progress | None = None,
    *,
    replace_scores: bool = False,
) -> int:
    """Save an import in one transaction, and return the number of items. Raises StoreError.

    With `replace_scores`, items that differ get the scores and notes of the file.
    """
    changed = [*comparison.completed, *(comparison.differing if replace_scores else ())]
    watch = partial(with_progress, total=len(changed) + len(comparison.new), progress=progress)
    done = len(changed)
    new = dict[str, list[str]]()
    with store.change(now) as change:
        for item in watch(changed):
            store.save(item, now)
        for table, kind in (("session", Session), ("pain", PainEntry)):
            of_kind = [item for item in comparison.new if isinstance(item, kind)]
            # Another window may have saved the same file since the comparison.
            new[table] = store.save_all(of_kind, now, partial(watch, done=done))
            done += len(of_kind)
        import_undo.remember(store, now, new, change.id if changed else None)
    return len(changed) + sum(map(len, new.values()))
