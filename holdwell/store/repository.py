"""Reads and writes of records, through sqlite-utils. Aggregates for charts live in `queries`.

Every method raises StoreError, and a write that raised has changed nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import platformdirs
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
from holdwell.store import database
from holdwell.store import rows as mapping
from holdwell.store.change_log import Journal
from holdwell.store.rows import Row

COUNTED = "deleted_at IS NULL AND (state = 'logged' OR (state <> 'open' AND held_s > 0))"
"""The SQL for a session that counts: at rest, not deleted, and something was held or logged."""

ALWAYS = PregnancyPeriod()
"""All local days: nothing is left out."""


def _within(period: PregnancyPeriod) -> str:
    """The SQL that keeps to the local days of a period; empty where there is no border."""
    if period.first is None and period.last is None:
        return ""
    first, last = period.bounds
    return f" AND local_day BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"


def default_folder() -> Path:
    """Return the folder that HOLDWELL_DATA names, else data/ of the checkout this code runs in.

    Where Holdwell is installed as a package: the user's data folder, as the system has it.
    """
    named = os.environ.get("HOLDWELL_DATA", "").strip()
    if named:
        return Path(named).expanduser()
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").exists():
        return root / "data"
    return platformdirs.user_data_path("Holdwell", appauthor=False)


def default_path() -> Path:
    return default_folder() / database.DATABASE_NAME


@contextmanager
def opened(path: Path | None = None) -> Iterator[Store]:
    """Open the store for one piece of work and close it after."""
    store = Store(path or default_path())
    try:
        yield store
    finally:
        store.close()


class Store:
    """One connection to one database file, speaking in records."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises StoreError."""
        self.path = path
        self.db: Database = database.connect(path)
        self._journal: Journal | None = None

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write inside, all or nothing, in a way that is no step of hers: see `step`."""
        with database.translating(self.path), database.writing(self.db):
            yield

    @contextmanager
    def step(self, now: Moment, undoes: str | None = None) -> Iterator[Journal]:
        """Everything written inside is one step of hers: all or nothing, and undone as one.

        Every edit and delete runs in a step, its own or the one around it. `undoes` names the
        step that this one takes back.
        """
        if self._journal is not None:
            yield self._journal
            return
        with self.writing():
            self._journal = Journal(self.db, now, undoes)
            try:
                yield self._journal
                self._journal.write(self.profile().id)
            finally:
                self._journal = None

    def _note(self, table: str, row_id: str) -> None:
        if self._journal is not None:
            self._journal.note(table, row_id)

    def rows(self, sql: str, parameters: Iterable[object] | Row = ()) -> list[Row]:
        """Run a query and return its rows as dictionaries."""
        with database.translating(self.path):
            given = parameters if isinstance(parameters, dict) else list(parameters)
            return list(self.db.query(sql, given))

    # -- meta -------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        found = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return str(found[0]["value"]) if found else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing():
            self.db.table("meta", pk="key").upsert({"key": key, "value": value})

    # -- profile and pregnancy --------------------------------------------------------------

    def profile(self) -> Profile:
        """Return her profile; the one that a first opening would make if there is none yet."""
        found = self.rows("SELECT * FROM profile ORDER BY created_at LIMIT 1")
        if not found:
            return Profile(id=FIRST_PROFILE_ID)
        return mapping.profile(found[0])

    def save_profile(self, profile: Profile, now: Moment) -> None:
        with self.step(now):
            self._put_profile(profile, now)

    def _put_profile(self, profile: Profile, now: Moment) -> None:
        self._upsert("profile", mapping.profile_row(profile) | {"utc_offset": now.utc_offset}, now)

    def pregnancy_periods(self) -> tuple[PregnancyPeriod, ...]:
        """Return her pregnancies with the local days of each; one without any if she gave none."""
        found = self.rows(
            "SELECT * FROM pregnancy WHERE profile_id = ? AND deleted_at IS NULL",
            [self.profile().id],
        )
        return pregnancies.pregnancy_periods(
            EnteredPregnancy(
                mapping.pregnancy(row), Moment.from_iso(row["created_at"], row["utc_offset"])
            )
            for row in found
        )

    def pregnancy(self) -> Pregnancy | None:
        """Return the current pregnancy, that of the last period, or None."""
        return self.pregnancy_periods()[-1].pregnancy

    def save_pregnancy(self, pregnancy: Pregnancy, now: Moment) -> None:
        with self.step(now):
            profile = self._ensure_profile(now)
            owner = {"profile_id": profile.id, "utc_offset": now.utc_offset}
            self._upsert("pregnancy", mapping.pregnancy_row(pregnancy) | owner, now)

    def delete_pregnancy(self, pregnancy_id: str, now: Moment) -> None:
        """Put a tombstone on a pregnancy. No session goes: its days fall to the one before."""
        with self.step(now):
            self._note("pregnancy", pregnancy_id)
            self.db.execute(
                "UPDATE pregnancy SET deleted_at = ?, updated_at = ? WHERE id = ?",
                [now.iso, now.iso, pregnancy_id],
            )

    def _ensure_profile(self, now: Moment) -> Profile:
        profile = self.profile()
        if not self.rows("SELECT 1 FROM profile WHERE id = ?", [profile.id]):
            self._put_profile(profile, now)
        return profile

    # -- routines ---------------------------------------------------------------------------

    def routines(self) -> list[Routine]:
        """Return her routines in her order; none before she has shaped any."""
        found = self.rows(
            "SELECT * FROM routine WHERE profile_id = ? AND deleted_at IS NULL "
            "ORDER BY position, created_at",
            [self.profile().id],
        )
        return [mapping.routine(row) for row in found]

    def save_routines(self, routines: Sequence[Routine], now: Moment) -> None:
        """Make these her routines, in this order. Others get a tombstone, and may come back."""
        with self.step(now):
            profile = self._ensure_profile(now)
            for routine in self.routines():
                self._note("routine", routine.id)
            self.db.execute(
                "UPDATE routine SET deleted_at = ?, updated_at = ? "
                "WHERE profile_id = ? AND deleted_at IS NULL",
                [now.iso, now.iso, profile.id],
            )
            for position, routine in enumerate(routines):
                place = {"profile_id": profile.id, "position": position, "deleted_at": None}
                row = mapping.routine_row(routine) | place | {"utc_offset": now.utc_offset}
                self._upsert("routine", row, now)

    # -- sessions ---------------------------------------------------------------------------

    def save_session(self, session: Session, now: Moment) -> None:
        """Insert or replace a session and its holds, all or nothing. Safe to repeat."""
        with self.step(now):
            self._note("session", session.id)
            self._put_session(self._ensure_profile(now), session, now)

    def save_all(
        self,
        sessions: Iterable[Session],
        cramps: Iterable[tuple[date, CrampLeg]],
        now: Moment,
    ) -> None:
        """Save many sessions and cramp nights in one transaction, all or nothing.

        What comes in bulk is no step: its undo is a copy of the record (`backup.keep`).
        """
        with self.writing():
            profile = self._ensure_profile(now)
            for session in sessions:
                self._put_session(profile, session, now)
            for night, leg in cramps:
                self._put_cramp(profile, night, leg, now)

    def _put_session(self, profile: Profile, session: Session, now: Moment) -> None:
        self._upsert("session", mapping.session_row(session, profile.id), now)
        self.db.execute("DELETE FROM hold WHERE session_id = ?", [session.id])
        for hold in session.holds:
            self.db.table("hold", pk="id").insert(mapping.hold_row(hold, session.id))

    def change_session(
        self, session_id: str, change: Callable[[Session | None], Session], now: Moment
    ) -> Session | None:
        """Read a session, change it and save it as one step that no other window can cut into.

        `change` gets None for a session not yet known. A deleted one stays so: returns None.
        """
        with self.step(now):
            if self.is_deleted(session_id):
                return None
            known = self.session(session_id)
            changed = change(known)
            if changed != known:
                # A late report of the timer adds holds and takes nothing away: no edit of hers.
                if known is None or replace(changed, holds=known.holds, ended=known.ended) != known:
                    self._note("session", session_id)
                self._put_session(self._ensure_profile(now), changed, now)
            return changed

    def session(self, session_id: str) -> Session | None:
        """Return one session that is not deleted, with its holds."""
        found = self.rows("SELECT * FROM session WHERE id = ? AND deleted_at IS NULL", [session_id])
        return self._with_holds(found)[0] if found else None

    def open_session(self) -> Session | None:
        """Return the newest session that was begun and not ended."""
        found = self.rows(
            "SELECT * FROM session WHERE profile_id = ? AND state = 'open' "
            "AND deleted_at IS NULL ORDER BY started_at DESC LIMIT 1",
            [self.profile().id],
        )
        return self._with_holds(found)[0] if found else None

    def sessions(
        self, *, limit: int, offset: int = 0, within: PregnancyPeriod = ALWAYS
    ) -> list[Session]:
        """Return one page of the sessions at rest, newest first, with their holds."""
        # Of a time long past, the index by day finds the newest; of all times, that by start.
        by_day = "local_day DESC, " if within.first or within.last else ""
        found = self.rows(
            "SELECT * FROM session WHERE profile_id = ? AND deleted_at IS NULL "
            f"AND state <> 'open'{_within(within)} "
            f"ORDER BY {by_day}started_at DESC LIMIT ? OFFSET ?",
            [self.profile().id, limit, offset],
        )
        return self._with_holds(found)

    def session_count(self, within: PregnancyPeriod = ALWAYS) -> int:
        found = self.rows(
            "SELECT count(*) AS n FROM session WHERE profile_id = ? AND deleted_at IS NULL "
            f"AND state <> 'open'{_within(within)}",
            [self.profile().id],
        )
        return int(found[0]["n"])

    def delete_session(self, session_id: str, now: Moment) -> None:
        """Put a tombstone on the session: it is hidden, and `restore_session` brings it back."""
        self._set_deleted(session_id, now.iso, now)

    def restore_session(self, session_id: str, now: Moment) -> None:
        self._set_deleted(session_id, None, now)

    def _set_deleted(self, session_id: str, deleted_at: str | None, now: Moment) -> None:
        with self.step(now):
            self._note("session", session_id)
            self.db.execute(
                "UPDATE session SET deleted_at = ?, updated_at = ? WHERE id = ?",
                [deleted_at, now.iso, session_id],
            )

    def is_deleted(self, session_id: str) -> bool:
        """Whether a session with this id carries a tombstone."""
        return bool(
            self.rows("SELECT 1 FROM session WHERE id = ? AND deleted_at IS NOT NULL", [session_id])
        )

    def deleted_count(self, within: PregnancyPeriod = ALWAYS) -> int:
        found = self.rows(
            "SELECT count(*) AS n FROM session WHERE profile_id = ? AND deleted_at IS NOT NULL"
            + _within(within),
            [self.profile().id],
        )
        return int(found[0]["n"])

    def deleted_sessions(self, limit: int, within: PregnancyPeriod = ALWAYS) -> list[Session]:
        """Return the sessions deleted last, newest deletion first."""
        found = self.rows(
            "SELECT * FROM session WHERE profile_id = ? AND deleted_at IS NOT NULL"
            f"{_within(within)} ORDER BY deleted_at DESC LIMIT ?",
            [self.profile().id, limit],
        )
        return self._with_holds(found)

    def _with_holds(self, rows: list[Row]) -> list[Session]:
        by_session: dict[str, list[Hold]] = {row["id"]: [] for row in rows}
        marks = ",".join("?" * len(by_session))
        for row in self.rows(
            f"SELECT * FROM hold WHERE session_id IN ({marks}) ORDER BY session_id, position",
            list(by_session),
        ):
            by_session[row["session_id"]].append(mapping.hold(row))
        return [mapping.session(row, tuple(by_session[row["id"]])) for row in rows]

    # -- cramps -----------------------------------------------------------------------------

    def cramp(self, night: date) -> CrampNight | None:
        """Return her answer for one night, or None if she gave none."""
        found = self.rows(
            "SELECT * FROM cramp WHERE profile_id = ? AND night = ? AND deleted_at IS NULL",
            [self.profile().id, night.isoformat()],
        )
        if not found:
            return None
        row = found[0]
        return CrampNight(
            night=date.fromisoformat(row["night"]), leg=CrampLeg(row["leg"]), id=row["id"]
        )

    def save_cramp(self, night: date, leg: CrampLeg | None, now: Moment) -> None:
        """Set her answer for a night; None takes the answer back (a tombstone)."""
        with self.step(now):
            profile = self._ensure_profile(now)
            if leg is not None:
                self._put_cramp(profile, night, leg, now)
                return
            known = self.cramp(night)
            if known is not None:
                self._note("cramp", known.id)
            self.db.execute(
                "UPDATE cramp SET deleted_at = ?, updated_at = ? "
                "WHERE profile_id = ? AND night = ? AND deleted_at IS NULL",
                [now.iso, now.iso, profile.id, night.isoformat()],
            )

    def _put_cramp(self, profile: Profile, night: date, leg: CrampLeg, now: Moment) -> None:
        known = self.cramp(night)
        row = {
            "id": known.id if known else new_id(),
            "profile_id": profile.id,
            "night": night.isoformat(),
            "leg": leg.value,
            "utc_offset": now.utc_offset,
        }
        self._upsert("cramp", row, now)

    def add_cramp(self, night: date, leg: CrampLeg, now: Moment) -> CrampNight:
        """Add a cramp to a night: left and then right in one night make both."""
        with self.step(now):
            known = self.cramp(night)
            legs = {leg, known.leg} - {CrampLeg.NONE} if known else {leg}
            total = leg if len(legs) == 1 else CrampLeg.BOTH
            self.save_cramp(night, total, now)
        return CrampNight(night, total)

    # -- check-ins --------------------------------------------------------------------------

    def save_check_in(self, checked: CheckInAnswer, now: Moment) -> None:
        """Keep what she answered before a session. Safe to repeat."""
        with self.writing():
            profile = self._ensure_profile(now)
            self._upsert(
                "check_in", mapping.check_in_row(checked) | {"profile_id": profile.id}, now
            )

    def take_back_check_in(self, check_in_id: str, now: Moment) -> None:
        """Put a tombstone on an answer that was a wrong tap."""
        with self.writing():
            self.db.execute(
                "UPDATE check_in SET deleted_at = ?, updated_at = ? WHERE id = ?",
                [now.iso, now.iso, check_in_id],
            )

    def last_check_in(self) -> CheckInAnswer | None:
        """Return her latest answer, or None."""
        found = self.rows(
            "SELECT * FROM check_in WHERE profile_id = ? AND deleted_at IS NULL "
            "ORDER BY asked_at DESC LIMIT 1",
            [self.profile().id],
        )
        return mapping.check_in(found[0]) if found else None

    def _upsert(self, table: str, row: Row, now: Moment) -> None:
        if table != "session":
            self._note(table, row["id"])
        known = self.db.execute(
            f"SELECT created_at FROM {table} WHERE id = ?", [row["id"]]
        ).fetchone()
        stamped = {**row, "created_at": known[0] if known else now.iso, "updated_at": now.iso}
        self.db.table(table, pk="id").upsert(stamped)


FIRST_PROFILE_ID = "00000000-0000-4000-8000-000000000001"
"""A fixed id, so that two windows opened at once do not make two profiles."""
