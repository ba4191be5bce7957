"""Reads and writes of what the user logs, through sqlite-utils. `stats.queries` has the aggregates.

Every method raises StoreError, and a write that raised has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from holdwell.domain import pregnancies
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    Hold,
    Moment,
    Pregnancy,
    Profile,
    Routine,
    Session,
    new_id,
)
from holdwell.domain.pregnancies import EnteredPregnancy, PregnancyPeriod
from holdwell.store import database, rows
from holdwell.store.change_log import ChangeRecorder
from holdwell.store.errors import translating
from holdwell.store.rows import Row
from holdwell.store.sqlcipher import DatabaseFile, Keyring

COUNTED = "deleted_at IS NULL AND (state = 'logged' OR (state <> 'open' AND held_s > 0))"
"""The SQL for a session that counts: at rest, not deleted, and something was held or logged."""
_AT_REST = "deleted_at IS NULL AND state <> 'open'"
_DELETED = "deleted_at IS NOT NULL"

ALWAYS = PregnancyPeriod()
"""All local days: nothing is left out."""
FIRST_PROFILE_ID = "00000000-0000-4000-8000-000000000001"
"""A fixed id, so that two windows opened at once do not make two profiles."""
_EXPORT_ID = "export_id"
"""A key of `meta`. The profile's own id is the same in every database, so it would not do."""


def _within(period: PregnancyPeriod) -> str:
    """Return the SQL that keeps to the local days of a period; "" where there is no border."""
    if period.first is None and period.last is None:
        return ""
    first, last = period.bounds
    return f" AND local_day BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"


@contextmanager
def opened(where: DatabaseFile | Path) -> Iterator[Store]:
    """Open the store for one piece of work and close it after."""
    store = Store(where)
    try:
        yield store
    finally:
        store.close()


class Store:
    """One connection to one database file: the repository of what the user logs."""

    def __init__(self, where: DatabaseFile | Path) -> None:
        """Open or make the file; a path alone if it is not encrypted. Raises StoreError."""
        self.file = where if isinstance(where, DatabaseFile) else DatabaseFile(where, Keyring())
        self.db: Database = database.connect(self.file)
        self._recorder: ChangeRecorder | None = None

    @property
    def path(self) -> Path:
        return self.file.path

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write inside, all or nothing, in a way that cannot be undone: see `change`."""
        with translating(self.path), database.writing(self.db):
            yield

    @contextmanager
    def change(self, now: Moment, undoes: str | None = None) -> Iterator[ChangeRecorder]:
        """Write inside as one change of the user's: all or nothing, and undone as one.

        Every edit and delete runs in a change, its own or the one around it. `undoes` is the id
        of the change that this one takes back.
        """
        if self._recorder is not None:
            yield self._recorder
            return
        with self.writing():
            self._recorder = ChangeRecorder(self.db, now, undoes)
            try:
                yield self._recorder
                self._recorder.write(self.profile().id)
            finally:
                self._recorder = None

    def _note(self, table: str, row_id: str) -> None:
        if self._recorder is not None:
            self._recorder.note(table, row_id)

    def rows(self, sql: str, parameters: Iterable[object] | Row = ()) -> list[Row]:
        """Run a query and return its rows as dictionaries."""
        with translating(self.path):
            given = parameters if isinstance(parameters, dict) else list(parameters)
            return list(self.db.query(sql, given))

    def _first(self, sql: str, parameters: Iterable[object] = ()) -> Row | None:
        return next(iter(self.rows(sql, parameters)), None)

    def _count(self, condition: str) -> int:
        return int(self.rows(f"SELECT count(*) AS n FROM session WHERE {condition}")[0]["n"])

    def _upsert(self, table: str, row: Row, now: Moment) -> None:
        if table != "session":
            # Which saves of a session are the user's is known where they are made.
            self._note(table, row["id"])
        known = self._first(f"SELECT created_at FROM {table} WHERE id = ?", [row["id"]])
        created = known["created_at"] if known else now.iso
        stamps = {"created_at": created, "updated_at": now.iso}
        self.db.table(table, pk="id").upsert(row | stamps)

    def _set_deleted(self, table: str, row_id: str, now: Moment, *, deleted: bool = True) -> None:
        """Put a tombstone on a row, or take it away."""
        self._note(table, row_id)
        self.db.execute(
            f"UPDATE {table} SET deleted_at = ?, updated_at = ? WHERE id = ?",
            [now.iso if deleted else None, now.iso, row_id],
        )

    # -- meta -------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        found = self._first("SELECT value FROM meta WHERE key = ?", [key])
        return str(found["value"]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing():
            self.db.table("meta", pk="key").upsert({"key": key, "value": value})

    def export_id(self) -> str:
        """Return the random UUID that stands for the user in files that leave the app.

        It is made when it is first asked for, and the same from then on.
        """
        if (known := self.meta(_EXPORT_ID)) is not None:
            return known
        with self.writing():
            self.db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", [_EXPORT_ID, new_id()]
            )
        return str(self.meta(_EXPORT_ID))

    # -- profile and pregnancy --------------------------------------------------------------

    def profile(self) -> Profile:
        """Return the profile; the one that a first opening would make if there is none yet."""
        found = self._first("SELECT * FROM profile ORDER BY created_at LIMIT 1")
        return rows.profile(found) if found else Profile(id=FIRST_PROFILE_ID)

    def save_profile(self, profile: Profile, now: Moment) -> None:
        with self.change(now):
            self._put_profile(profile, now)

    def _put_profile(self, profile: Profile, now: Moment) -> None:
        self._upsert("profile", rows.to_row(profile) | {"utc_offset": now.utc_offset}, now)

    def _owner(self, now: Moment) -> Row:
        """Return the column that every row has of its profile, which is made if there is none."""
        profile = self.profile()
        if not self.rows("SELECT 1 FROM profile WHERE id = ?", [profile.id]):
            self._put_profile(profile, now)
        return {"profile_id": profile.id}

    def pregnancy_periods(self) -> tuple[PregnancyPeriod, ...]:
        """Return the pregnancies with the local days of each; one without any if none was given."""
        found = self.rows("SELECT * FROM pregnancy WHERE deleted_at IS NULL")
        entered = [Moment.from_iso(row["created_at"], row["utc_offset"]) for row in found]
        return pregnancies.pregnancy_periods(
            EnteredPregnancy(rows.pregnancy(row), at)
            for row, at in zip(found, entered, strict=True)
        )

    def pregnancy(self) -> Pregnancy | None:
        """Return the current pregnancy, that of the last period, or None."""
        return self.pregnancy_periods()[-1].pregnancy

    def save_pregnancy(self, pregnancy: Pregnancy, now: Moment) -> None:
        with self.change(now):
            owner = self._owner(now) | {"utc_offset": now.utc_offset}
            self._upsert("pregnancy", rows.to_row(pregnancy) | owner, now)

    def delete_pregnancy(self, pregnancy_id: str, now: Moment) -> None:
        """Put a tombstone on a pregnancy. No session goes: its days fall to the one before."""
        with self.change(now):
            self._set_deleted("pregnancy", pregnancy_id, now)

    # -- routines ---------------------------------------------------------------------------

    def routines(self) -> list[Routine]:
        """Return the user's routines in their order; none before the first was made."""
        found = self.rows(
            "SELECT * FROM routine WHERE deleted_at IS NULL ORDER BY position, created_at"
        )
        return [rows.routine(row) for row in found]

    def save_routines(self, routines: Sequence[Routine], now: Moment) -> None:
        """Make these the routines, in this order. Others get a tombstone, and may come back."""
        with self.change(now):
            owner = self._owner(now) | {"utc_offset": now.utc_offset, "deleted_at": None}
            for routine in self.routines():
                self._set_deleted("routine", routine.id, now)
            for position, routine in enumerate(routines):
                self._upsert("routine", rows.to_row(routine) | owner | {"position": position}, now)

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

        Not in the change log: a copy of the whole database undoes it (`backup.daily.save_copy`).
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
            new.insert_all(rows.session_row(session) | stamps for session in given.values())
            holds.insert_all(
                rows.hold_row(hold, one.id) for one in given.values() for hold in one.holds
            )
            for night, leg in cramps:
                self._put_cramp(owner, night, leg, now)

    def _put_session(self, owner: Row, session: Session, now: Moment) -> None:
        self._upsert("session", rows.session_row(session) | owner, now)
        self.db.execute("DELETE FROM hold WHERE session_id = ?", [session.id])
        for hold in session.holds:
            self.db.table("hold", pk="id").insert(rows.hold_row(hold, session.id))

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
        return next(iter(self._read_sessions(condition, parameters)), None)

    def _read_sessions(self, condition: str, parameters: Iterable[object]) -> list[Session]:
        """Return the sessions that fulfil an SQL condition, with their holds."""
        found = self.rows(f"SELECT * FROM session WHERE {condition}", parameters)
        holds: dict[str, list[Hold]] = {row["id"]: [] for row in found}
        marks = ",".join("?" * len(holds))
        for row in self.rows(
            f"SELECT * FROM hold WHERE session_id IN ({marks}) ORDER BY session_id, position",
            holds.keys(),
        ):
            holds[row["session_id"]].append(rows.hold(row))
        return [rows.session(row, tuple(holds[row["id"]])) for row in found]

    def sessions(
        self, *, limit: int, offset: int = 0, within: PregnancyPeriod = ALWAYS
    ) -> list[Session]:
        """Return one page of the sessions at rest, newest first, with their holds."""
        # Of a time long past, the index by day finds the newest; of all times, that by start.
        by_day = "local_day DESC, " if within.first or within.last else ""
        order = f"ORDER BY {by_day}started_at DESC LIMIT ? OFFSET ?"
        return self._read_sessions(f"{_AT_REST}{_within(within)} {order}", [limit, offset])

    def session_count(self, within: PregnancyPeriod = ALWAYS) -> int:
        return self._count(_AT_REST + _within(within))

    def delete_session(self, session_id: str, now: Moment) -> None:
        """Put a tombstone on the session: it is hidden, and `restore_session` brings it back."""
        with self.change(now):
            self._set_deleted("session", session_id, now)

    def restore_session(self, session_id: str, now: Moment) -> None:
        with self.change(now):
            self._set_deleted("session", session_id, now, deleted=False)

    def is_deleted(self, session_id: str) -> bool:
        """Return whether a session with this id carries a tombstone."""
        sql = "SELECT 1 FROM session WHERE id = ? AND deleted_at IS NOT NULL"
        return self._first(sql, [session_id]) is not None

    def deleted_count(self, within: PregnancyPeriod = ALWAYS) -> int:
        return self._count(_DELETED + _within(within))

    def deleted_sessions(self, limit: int, within: PregnancyPeriod = ALWAYS) -> list[Session]:
        """Return the sessions deleted last, newest deletion first."""
        order = "ORDER BY deleted_at DESC LIMIT ?"
        return self._read_sessions(f"{_DELETED}{_within(within)} {order}", [limit])

    # -- cramps -----------------------------------------------------------------------------

    def cramp(self, night: date) -> CrampNight | None:
        """Return the answer for one night, or None if there is none."""
        row = self._first(
            "SELECT * FROM cramp WHERE night = ? AND deleted_at IS NULL",
            [night.isoformat()],
        )
        return CrampNight(night, CrampLeg(row["leg"]), row["id"]) if row else None

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
        row = {
            "id": known.id if known else new_id(),
            "night": night.isoformat(),
            "leg": leg.value,
            "utc_offset": now.utc_offset,
        }
        self._upsert("cramp", row | owner, now)

    def add_cramp(self, night: date, leg: CrampLeg, now: Moment) -> CrampNight:
        """Add a cramp to a night: left and then right in one night make both."""
        with self.change(now):
            known = self.cramp(night)
            legs = {leg, known.leg} - {CrampLeg.NONE} if known else {leg}
            total = leg if len(legs) == 1 else CrampLeg.BOTH
            self.save_cramp(night, total, now)
        return CrampNight(night, total)

    # -- check-ins --------------------------------------------------------------------------

    def save_check_in(self, answer: CheckInAnswer, now: Moment) -> None:
        """Save what the user answered before a session. Safe to repeat."""
        with self.writing():
            self._upsert("check_in", rows.check_in_row(answer) | self._owner(now), now)

    def delete_check_in(self, check_in_id: str, now: Moment) -> None:
        """Put a tombstone on an answer that was a wrong tap."""
        with self.writing():
            self._set_deleted("check_in", check_in_id, now)

    def last_check_in(self) -> CheckInAnswer | None:
        """Return the latest answer, or None."""
        row = self._first(
            "SELECT * FROM check_in WHERE deleted_at IS NULL ORDER BY asked_at DESC LIMIT 1"
        )
        return rows.check_in(row) if row else None
