"""Entries of another tracker into the database: only what is not there, all or nothing.

An entry of pain is kept as a session logged by hand until the database has entries of pain of its
own: this module is the one place that knows it.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from holdwell.domain.dates import local_day, part_of_day
from holdwell.domain.models import NOTE_MAX, DayPart, Moment, Session, SessionState
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer.csv import formats
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import Clock, When
from holdwell.transfer.csv.formats import Proposal
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import Kind, Mapping, TrackerEntry

NOON = time(12)
"""Where an entry without a time stands in its day."""
_IDS = uuid.UUID("5f0d8a3e-6a53-4c56-9d1c-3f6a2f1c7b10")
"""Namespace of the ids of imported rows. Never change it: a file would come in twice."""
_MAPPING = TypeAdapter(Mapping)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an import would do. `noted` and `differing` are known sessions as they would become.

    `noted` get the note that was left out before; `differing` have other scores in the file, and
    the user chooses. `there` is the number of entries that change nothing.
    """

    new: tuple[Session, ...] = ()
    noted: tuple[Session, ...] = ()
    differing: tuple[Session, ...] = ()
    there: int = 0


def sessions(
    entries: Iterable[TrackerEntry], scale: Scale, now: Moment, zone: tzinfo | None
) -> list[Session]:
    """Make a session of each entry, in the language of the run."""
    made = []
    seen: Counter[str] = Counter()
    for entry in entries:
        content = _content(entry)
        # The same row may stand twice in a diary without times: the second has an id of its own,
        # and the same one the next time the file is read.
        seen[content] += 1
        session_id = str(uuid.uuid5(_IDS, f"{content} {seen[content]}"))
        made.append(_session(entry, session_id, scale, now, zone))
    return made


def _content(entry: TrackerEntry) -> str:
    """Return what an entry says as a text that is the same in every time zone."""
    clock, wall = entry.when.clock, entry.moment.local
    when = wall.date().isoformat() if clock.at is None else wall.strftime("%Y-%m-%dT%H:%M")
    if clock.offset is not None:
        when = entry.moment.utc.strftime("%Y-%m-%dT%H:%MZ")
    scores = [score.nrs if score else None for score in (entry.pain, entry.after)]
    mere_session = entry.kind is Kind.DONE and scores == [None, None]
    more = [entry.label] if entry.label or mere_session else []
    return json.dumps([when, *scores, entry.note, *more, *(["done"] if mere_session else [])])


def _session(
    entry: TrackerEntry, session_id: str, scale: Scale, now: Moment, zone: tzinfo | None
) -> Session:
    clock, started = entry.when.clock, entry.moment
    if clock.at is None:
        started = When(entry.when.day, Clock(NOON)).moment(zone)
        # It came before now, whatever the clock says.
        started = min(started, now, key=lambda moment: moment.utc)
    wall = started.local
    most = scale.ends[1]
    kept = [
        say(f"trackers.kept_{name}", value=number_text(float(score.value)), most=most)
        for name, score in (("before", entry.pain), ("after", entry.after))
        if score is not None and score.converted
    ]
    note = "\n".join(line for line in (entry.label, entry.note, *kept) if line)
    return Session(
        id=session_id,
        started=started,
        local_day=local_day(wall) if clock.at else entry.when.day,
        part=part_of_day(wall) if clock.at else clock.part or DayPart.OTHER,
        state=SessionState.LOGGED,
        pain_before=entry.pain.nrs if entry.pain else None,
        pain_after=entry.after.nrs if entry.after else None,
        note=note[:NOTE_MAX],
    )


def compare(store: Store, given: Sequence[Session]) -> Comparison:
    """Compare what a file brings with what is there. Raises StoreError.

    An entry that was brought in before is there, also if the user has edited or deleted it since.
    Others are there where a session began in the same minute, as an instant, with the same scores
    and the same note; one session stands for one entry.
    """
    ids = {str(row["id"]) for row in store.rows("SELECT id FROM session")}
    fresh = [session for session in given if session.id not in ids]
    there = len(given) - len(fresh)
    known = _known(store, fresh, {session.id for session in given})
    new, noted, differing = [], [], []
    for session in fresh:
        here = known[session.started.iso[:16]]
        alike = [row for row in here if _scores(row) == (session.pain_before, session.pain_after)]
        same = next((row for row in alike if session.note in ("", row["note"])), None)
        bare = next((row for row in alike if not row["note"]), None)
        if found := same or bare:
            here.remove(found)
        if same:
            there += 1
        elif bare:
            noted.append(_changed(store, bare, note=session.note))
        elif (
            len(here) == 1
            and not alike
            and _scores(here[0]) != (None, None)
            and session.note in ("", here[0]["note"])
        ):
            scores = {"pain_before": session.pain_before, "pain_after": session.pain_after}
            differing.append(_changed(store, here.pop(), **scores))
        else:
            new.append(session)
    return Comparison(tuple(new), tuple(noted), tuple(differing), there)


def _known(store: Store, fresh: Sequence[Session], given: set[str]) -> dict[str, list[Row]]:
    """Return the sessions that the file did not bring, by the minute in UTC in which they began."""
    found: dict[str, list[Row]] = defaultdict(list)
    if fresh:
        first, last = min(s.started.utc for s in fresh), max(s.started.utc for s in fresh)
        rows = store.rows(
            "SELECT id, started_at, pain_before, pain_after, note FROM session "
            "WHERE deleted_at IS NULL AND started_at BETWEEN ? AND ?",
            [f"{first:%Y-%m-%dT%H:%M}", f"{last + timedelta(minutes=1):%Y-%m-%dT%H:%M}"],
        )
        for row in rows:
            if row["id"] not in given:
                found[row["started_at"][:16]].append(row)
    return found


def _scores(row: Row) -> tuple[int | None, int | None]:
    return row["pain_before"], row["pain_after"]


def _changed(store: Store, row: Row, **changes: str | int | None) -> Session:
    session = store.session(row["id"])
    assert session is not None, "it was read a moment ago"
    return replace(session, **changes)  # type: ignore[arg-type]


def save(store: Store, found: Comparison, now: Moment, *, replace_scores: bool = False) -> int:
    """Save what a file brings in one transaction, and return how many sessions. StoreError.

    With `replace_scores`, sessions that differ get the scores of the file.
    """
    changed = [*found.new, *found.noted, *(found.differing if replace_scores else ())]
    store.save_all(changed, [], now)
    return len(changed)


# -- the mapping of a header, remembered ----------------------------------------------------------


def _key(header: Sequence[str]) -> str:
    return f"columns {sha256(json.dumps(header).encode()).hexdigest()[:16]}"


def remember(store: Store, header: Sequence[str], mapping: Mapping) -> None:
    """Keep what the user said of a header. Raises StoreError."""
    store.set_meta(_key(header), _MAPPING.dump_json(mapping).decode())


def proposal(store: Store, table: Table, folder: Path) -> Proposal:
    """Return what was said of the same header before, else what the header seems to be.

    Raises StoreError, and ContentError for a fault in the trackers of a content folder.
    """
    found = formats.propose(table, folder)
    mapping = remembered(store, table.header)
    if mapping is None or len(mapping.roles) != len(table.header):
        return found
    return replace(found, mapping=mapping, scale=mapping.scale)


def remembered(store: Store, header: Sequence[str]) -> Mapping | None:
    """Return what the user said of the same header the last time. Raises StoreError."""
    text = store.meta(_key(header))
    try:
        return _MAPPING.validate_json(text) if text else None
    except ValidationError:
        return None
