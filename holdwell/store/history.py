"""Reading the history: sessions, pain entries and cramp nights in one list."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from holdwell.domain.dates import DaySpan
from holdwell.domain.models import CrampNight, PainEntry, Session
from holdwell.store.repository import ALWAYS, AT_REST, Store, within_sql
from holdwell.store.rows import TABLE_OF
from holdwell.store.sqlite import Database

Entry = Session | PainEntry | CrampNight


class EntryKind(StrEnum):
    """The kinds of entries, with the names of their tables."""

    SESSION = "session"
    PAIN = "pain"
    CRAMP = "cramp"


_TYPES: dict[EntryKind, type[Entry]] = {
    EntryKind.SESSION: Session,
    EntryKind.PAIN: PainEntry,
    EntryKind.CRAMP: CrampNight,
}


class Filter(StrEnum):
    """Which entries a list shows."""

    ALL = "all"
    SESSIONS = "sessions"
    PAIN = "pain"
    CRAMPS = "cramps"
    NOTES = "notes"
    STOPPED = "stopped"
    LEFT_OUT = "left_out"


_ANY = "deleted_at IS NULL"
_LEFT_OUT = "local_day IN (SELECT day FROM left_out_day WHERE deleted_at IS NULL)"
_CONDITIONS: dict[Filter, dict[EntryKind, str]] = {
    Filter.ALL: dict.fromkeys(EntryKind, "1"),
    Filter.SESSIONS: {EntryKind.SESSION: "1"},
    Filter.PAIN: {EntryKind.PAIN: "1"},
    Filter.CRAMPS: {EntryKind.CRAMP: "1"},
    Filter.NOTES: dict.fromkeys((EntryKind.SESSION, EntryKind.PAIN), "note <> ''"),
    Filter.STOPPED: {EntryKind.SESSION: "state = 'stopped'"},
    Filter.LEFT_OUT: dict.fromkeys((EntryKind.SESSION, EntryKind.PAIN), _LEFT_OUT),
}
"""By filter and kind, the SQL condition for entries to show; kinds without one are not shown."""
_SOURCES = {
    # The order within a day is that of `_sort_key`, so that no entry is lost between two pages.
    EntryKind.SESSION: (AT_REST, "local_day", "local_day DESC, time_known, started_at DESC"),
    EntryKind.PAIN: (_ANY, "local_day", "local_day DESC, felt_at IS NOT NULL, felt_at DESC"),
    EntryKind.CRAMP: (_ANY, "night", "night DESC"),
}
"""By kind: the SQL condition for every list, the column of the day, and the order, newest first."""


class Totals(NamedTuple):
    """The number of sessions, the number of entries of all kinds, and the day of the last entry."""

    sessions: int
    entries: int
    until: date | None


def _union(columns: str, within: DaySpan = ALWAYS, tables: Iterable[str] = EntryKind) -> str:
    """Return the SQL for all entries of a period; in `columns`, {kind} and {day} are replaced."""
    return " UNION ALL ".join(
        f"SELECT {columns.format(kind=kind, day=day)} FROM {kind} "
        f"WHERE {kept}{within_sql(within, day)}"
        for kind, (kept, day, _) in _SOURCES.items()
        if kind in tables
    )


def totals(db: Database) -> Totals:
    """Count the entries of an open database of any schema version. Raises sqlcipher.Error."""
    union = _union("'{kind}' AS kind, {day} AS day", tables=db.table_names())
    sql = f"SELECT coalesce(sum(kind = 'session'), 0), count(*), max(day) FROM ({union})"
    sessions, entries, until = db.execute(sql).fetchone()
    return Totals(sessions, entries, date.fromisoformat(until) if until else None)


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """What a list is to show: the days, the kind, and the `words` that a note must all contain."""

    within: DaySpan = ALWAYS
    shown: Filter = Filter.ALL
    words: str = ""


def entries(store: Store, query: EntryQuery, limit: int) -> list[Entry]:
    """Return the newest entries, at most `limit`, reading at most as many rows of each kind."""
    found: list[Entry] = []
    words = query.words.casefold().split()
    if words:
        # SQLite ignores the case of ASCII letters only.
        store.db.register_function(str.casefold, name="casefold", deterministic=True)
    for kind, wanted in _CONDITIONS[query.shown].items():
        if words and kind is EntryKind.CRAMP:
            continue
        kept, column, order = _SOURCES[kind]
        matching = " AND instr(casefold(note), ?) > 0" * len(words)
        condition = f"{kept} AND {wanted}{within_sql(query.within, column)}{matching}"
        found += store.find(_TYPES[kind], condition, words, order=order, limit=limit)
    return sorted(found, key=_sort_key, reverse=True)[:limit]


def _sort_key(entry: Entry) -> tuple[date, int, str]:
    """Return the sort key, newest first: in a day a cramp night, then entries without a time."""
    if isinstance(entry, CrampNight):
        return entry.night, 2, ""
    return day_of(entry), 0 if entry.at else 1, entry.at.iso if entry.at else ""


def day_of(entry: Entry) -> date:
    """Return the local day of an entry; for a cramp night, the day on whose evening it began."""
    return entry.night if isinstance(entry, CrampNight) else entry.local_day


def kind_of(entry: Entry) -> EntryKind:
    """Return the kind of an entry."""
    return EntryKind(TABLE_OF[type(entry)])


def find(store: Store, kind: EntryKind, entry_id: str) -> Entry | None:
    """Return an entry by its id, or None. The id of a cramp night is its day."""
    if kind is EntryKind.CRAMP:
        return store.cramp(date.fromisoformat(entry_id))
    return store.get(_TYPES[kind], entry_id)


def first_day(store: Store, within: DaySpan = ALWAYS) -> date | None:
    """Return the day of the earliest entry, or None if there are no entries."""
    # The earliest day of each kind is found in its index.
    (row,) = store.rows(f"SELECT min(day) AS day FROM ({_union('min({day}) AS day', within)})")
    return date.fromisoformat(row["day"]) if row["day"] else None


def days_with_entries(store: Store, within: DaySpan) -> set[date]:
    """Return the local days that have entries."""
    days = f"SELECT DISTINCT day FROM ({_union('{day} AS day', within)})"
    return {date.fromisoformat(row["day"]) for row in store.rows(days)}


def month_of(day: date) -> DaySpan:
    """Return the days of a day's month."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    return DaySpan(day.replace(day=1), last)
