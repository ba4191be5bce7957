"""Reads and writes of what the user logs, through sqlite-utils. `stats.queries` has the aggregates.

Every method raises StoreError, and a write that raised has changed nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    Hold,
    LeftOutDay,
    LeftOutReason,
    Moment,
    PainEntry,
    Routine,
    Session,
    new_id,
)
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.store.dated import DatedStore
from holdwell.store.rows import Row, from_row, hold_row, session_row, to_row
from holdwell.store.sqlcipher import DatabaseFile

COUNTED = (
    "session.deleted_at IS NULL AND (state = 'logged' OR (state = 'finished' AND held_s > 0) OR "
    "(state = 'stopped' AND EXISTS (SELECT 1 FROM hold WHERE hold.session_id = session.id "
    "AND hold.outcome = 'finished')))"
)
"""The SQL for a session that counts: logged, gone through, or stopped after a finished hold."""
AT_REST = "deleted_at IS NULL AND state <> 'open'"
_DELETED = "deleted_at IS NOT NULL"

ALWAYS = PregnancyPeriod()
"""All local days: nothing is left out."""


def within_sql(period: PregnancyPeriod, column: str = "local_day") -> str:
    """Return the SQL that keeps to the local days of a period; "" where there is no border."""
    if period.first is None and period.last is None:
        return ""
    first, last = period.bounds
    return f" AND {column} BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"


@contextmanager
def opened(where: DatabaseFile | Path) -> Iterator[Store]:
    """Open the store for one piece of work and close it after."""
    store = Store(where)
    try:
        yield store
    finally:
        store.close()


class Store(DatedStore):
    """The repository of what the user logs, over that of the settings and dates."""

    def _count(self, condition: str) -> int:
        return int(self.rows(f"SELECT count(*) AS n FROM session WHERE {condition}")[0]["n"])

    # -- routines ---------------------------------------------------------------------------

    def routines(self) -> list[Routine]:
        """Return the user's routines in their order; none before the first was made."""
        return self.find(Routine, "1 ORDER BY position, created_at")

    def save_routines(self, routines: Sequence[Routine], now: Moment) -> None:
        """Make these the routines, in this order. Others get a tombstone, and may come back."""
        with self.change(now):
            owner = self._owner(now) | {"utc_offset": now.utc_offset, "deleted_at": None}
            for routine in self.routines():
                self._set_deleted("routine", routine.id, now)
            for position, routine in enumerate(routines):
                self._upsert("routine", to_row(routine) | owner | {"position": position}, now)

    # -- sessions ---------------------------------------------------------------------------

    def save_session(self, session: Session, now: Moment) -> None:
        """Insert or replace a session and its holds, all or nothing. Safe to repeat."""
        with self.change(now):
            self._note("session", session.id)
            self._put_session(self._owner(now), session, now)

    def save_all(
        self,
        sessions: Iterable[Session],
        cramps: Iterable[tuple[date, CrampLeg]],
        now: Moment,
    ) -> None:
        """Save many sessions and cramp nights in one transaction, all or nothing.

        Not in the change log: `transfer.import_undo` takes them back.
        """
        with self.writing():
            owner = self._owner(now)
            known = {row["id"] for row in self.rows("SELECT id FROM session")}
            given = {session.id: session for session in sessions}
            for session_id in known & given.keys():
                self._put_session(owner, given.pop(session_id), now)
            # New ones all at once, which is far quicker than one after the other.
            stamps = owner | {"created_at": now.iso, "updated_at": now.iso}
            new, holds = (self.db.table(name, pk="id") for name in ("session", "hold"))
            new.insert_all(session_row(session) | stamps for session in given.values())
            holds.insert_all(hold_row(hold, one.id) for one in given.values() for hold in one.holds)
            for night, leg in cramps:
                self._put_cramp(owner, night, leg, now)

    def _put_session(self, owner: Row, session: Session, now: Moment) -> None:
        # Which saves of a session are the user's is known where they are made.
        self._upsert("session", session_row(session) | owner, now, by_user=False)
        self.db.execute("DELETE FROM hold WHERE session_id = ?", [session.id])
        for hold in session.holds:
            self.db.table("hold", pk="id").insert(hold_row(hold, session.id))

    def change_session(
        self, session_id: str, change: Callable[[Session | None], Session], now: Moment
    ) -> Session | None:
        """Read a session, change it and save it, with no other window's write in between.

        `change` gets None for a session not yet known. A deleted one stays so: returns None.
        """
        with self.change(now):
            if self.is_deleted(session_id):
                return None
            known = self.session(session_id)
            changed = change(known)
            if changed != known:
                # A late report of the timer adds holds and takes nothing away: no edit.
                if known is None or replace(changed, holds=known.holds, ended=known.ended) != known:
                    self._note("session", session_id)
                self._put_session(self._owner(now), changed, now)
            return changed

    def session(self, session_id: str) -> Session | None:
        """Return one session that is not deleted, with its holds."""
        return self._one_session("id = ? AND deleted_at IS NULL", [session_id])

    def open_session(self) -> Session | None:
        """Return the newest session that was begun and not ended."""
        return self._one_session(
            "state = 'open' AND deleted_at IS NULL ORDER BY started_at DESC LIMIT 1"
        )

    def _one_session(self, condition: str, parameters: Iterable[object] = ()) -> Session | None:
        return next(iter(self.read_sessions(condition, parameters)), None)

    def read_sessions(self, condition: str, parameters: Iterable[object]) -> list[Session]:
        """Return the sessions that fulfil an SQL condition, with their holds."""
        found = self.rows(f"SELECT * FROM session WHERE {condition}", parameters)
        if not found:
            return []
        holds: dict[str, list[Hold]] = {row["id"]: [] for row in found}
        # As one parameter, for SQLite takes a limited number of them.
        for row in self.rows(
            "SELECT * FROM hold WHERE session_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY session_id, position",
            [json.dumps(list(holds))],
        ):
            holds[row["session_id"]].append(from_row(Hold, row))
        return [from_row(Session, row, holds=tuple(holds[row["id"]])) for row in found]

    def sessions(self, *, limit: int, within: PregnancyPeriod = ALWAYS) -> list[Session]:
        """Return the newest sessions at rest, newest first, with their holds."""
        # Of a time long past, the index by day finds the newest; of all times, that by start.
        by_day = "local_day DESC, " if within.first or within.last else ""
        order = f"ORDER BY {by_day}started_at DESC LIMIT ?"
        return self.read_sessions(f"{AT_REST}{within_sql(within)} {order}", [limit])

    def session_count(self, within: PregnancyPeriod = ALWAYS) -> int:
        return self._count(AT_REST + within_sql(within))

    def delete_session(self, session_id: str, now: Moment) -> None:
        """Put a tombstone on the session: it is hidden, and `restore_session` brings it back."""
        self._set_deleted("session", session_id, now)

    def restore_session(self, session_id: str, now: Moment) -> None:
        self._set_deleted("session", session_id, now, deleted=False)

    def is_deleted(self, entry_id: str, table: str = "session") -> bool:
        """Return whether a session, or a row of another table, carries a tombstone."""
        sql = f"SELECT 1 FROM {table} WHERE id = ? AND deleted_at IS NOT NULL"
        return self._first(sql, [entry_id]) is not None

    def deleted_count(self, within: PregnancyPeriod = ALWAYS) -> int:
        return self._count(_DELETED + within_sql(within))

    def deleted_sessions(self, limit: int, within: PregnancyPeriod = ALWAYS) -> list[Session]:
        """Return the sessions deleted last, newest deletion first."""
        order = "ORDER BY deleted_at DESC LIMIT ?"
        return self.read_sessions(f"{_DELETED}{within_sql(within)} {order}", [limit])

    # -- cramps -----------------------------------------------------------------------------

    def cramp(self, night: date) -> CrampNight | None:
        """Return the answer for one night, or None if there is none."""
        return next(iter(self.find(CrampNight, "night = ?", [night.isoformat()])), None)

    def save_cramp(self, night: date, leg: CrampLeg | None, now: Moment) -> None:
        """Set the answer for a night; None takes the answer back (a tombstone)."""
        with self.change(now):
            owner = self._owner(now)
            if leg is not None:
                self._put_cramp(owner, night, leg, now)
            elif (known := self.cramp(night)) is not None:
                self._set_deleted("cramp", known.id, now)

    def _put_cramp(self, owner: Row, night: date, leg: CrampLeg, now: Moment) -> None:
        known = self.cramp(night)
        row = to_row(CrampNight(night, leg, known.id if known else new_id()))
        self._upsert("cramp", row | owner | {"utc_offset": now.utc_offset}, now)

    def add_cramp(self, night: date, leg: CrampLeg, now: Moment) -> CrampNight:
        """Add a cramp to a night: left and then right in one night make both."""
        with self.change(now):
            known = self.cramp(night)
            total = leg.after(known.leg if known else None)
            self.save_cramp(night, total, now)
        return CrampNight(night, total)

    # -- check-ins --------------------------------------------------------------------------

    def save_check_in(self, answer: CheckInAnswer, now: Moment) -> None:
        """Save what the user answered before a session. Safe to repeat."""
        with self.writing():
            self._upsert("check_in", to_row(answer) | self._owner(now), now)

    def delete_check_in(self, check_in_id: str, now: Moment) -> None:
        """Put a tombstone on an answer that was a wrong tap."""
        self._set_deleted("check_in", check_in_id, now)

    def check_ins(self, day: date, since: datetime) -> list[CheckInAnswer]:
        """Return the answers of a local day, and those given `since` a moment."""
        condition = "(local_day = ? OR asked_at >= ?) ORDER BY asked_at"
        return self.find(CheckInAnswer, condition, [day.isoformat(), Moment.of(since).iso])

    # -- pain by itself, and days left out of the trend ---------------------------------------

    def save_pain(self, entry: PainEntry, now: Moment) -> None:
        """Insert or replace a pain entry. Safe to repeat."""
        with self.change(now):
            self._upsert("pain", to_row(entry) | self._owner(now), now)

    def save_pains(self, entries: Iterable[PainEntry], now: Moment) -> None:
        """Insert pain entries that are not there, all or nothing. Not in the change log."""
        with self.writing():
            stamps = self._owner(now) | {"created_at": now.iso, "updated_at": now.iso}
            made = (to_row(entry) | stamps for entry in entries)
            self.db.table("pain", pk="id").insert_all(made, ignore=True)

    def pains(self, *, limit: int, within: PregnancyPeriod = ALWAYS) -> list[PainEntry]:
        """Return the newest pain entries, newest first; those without a time end their day."""
        order = "ORDER BY local_day DESC, felt_at DESC, created_at DESC LIMIT ?"
        return self.find(PainEntry, f"1{within_sql(within)} {order}", [limit])

    def pain(self, pain_id: str) -> PainEntry | None:
        """Return one pain entry that is not deleted."""
        return next(iter(self.find(PainEntry, "id = ?", [pain_id])), None)

    def delete_pain(self, pain_id: str, now: Moment) -> None:
        """Put a tombstone on a pain entry; undoing the change brings it back."""
        self._set_deleted("pain", pain_id, now)

    def left_out_days(self) -> tuple[LeftOutDay, ...]:
        """Return the days that are left out of the trend, the earliest first."""
        return tuple(self.find(LeftOutDay, "1 ORDER BY day"))

    def leave_out(self, days: Iterable[date], reason: LeftOutReason | None, now: Moment) -> None:
        """Leave days out of the trend, for a reason or none; one that is left out stays so."""
        with self.change(now):
            owner = self._owner(now)
            known = {one.day: one.id for one in self.left_out_days()}
            for day in days:
                one = LeftOutDay(day, reason, known.get(day) or new_id())
                self._upsert("left_out_day", to_row(one) | owner, now)

    def take_in(self, days: Iterable[date], now: Moment) -> None:
        """Take days that were left out into the trend again."""
        with self.change(now):
            taken = set(days)
            for one in self.left_out_days():
                if one.day in taken:
                    self._set_deleted("left_out_day", one.id, now)
