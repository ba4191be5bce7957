"""Sessions of another tracker into the record: only those that are not there, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from holdwell.domain.models import Moment, Session
from holdwell.store.repository import Store


def unknown(store: Store, sessions: Sequence[Session]) -> list[Session]:
    """Leave out what is already there. Raises StoreError.

    That is a row that was brought in before, also if she has since edited or deleted it; and one
    that she logged herself: the same local day, time to the minute, and scores.
    """
    known = {str(row["id"]) for row in store.rows("SELECT id FROM session")}
    fresh = [session for session in sessions if session.id not in known]
    if not fresh:
        return []
    days = sorted(session.local_day.isoformat() for session in fresh)
    mine = {session.id for session in sessions}
    logged = Counter(
        (row["local_day"], row["at"], row["pain_before"], row["pain_after"])
        for row in store.rows(
            "SELECT id, local_day, pain_before, pain_after, "
            "strftime('%H:%M', started_at, utc_offset || ' minutes') AS at FROM session "
            "WHERE profile_id = ? AND deleted_at IS NULL AND local_day BETWEEN ? AND ?",
            [store.profile().id, days[0], days[-1]],
        )
        if row["id"] not in mine
    )
    found = []
    for session in fresh:
        at = session.started.local.strftime("%H:%M")
        key = (session.local_day.isoformat(), at, session.pain_before, session.pain_after)
        # One entry of hers stands for one row.
        if logged[key]:
            logged[key] -= 1
            continue
        found.append(session)
    return found


def bring_in(store: Store, sessions: Sequence[Session], now: Moment) -> int:
    """Save what is not there yet in one transaction; return how many. Raises StoreError."""
    fresh = unknown(store, sessions)
    store.save_all(fresh, [], now)
    return len(fresh)
