"""The writes that windows log, and checks that a database holds all that was acknowledged.

A life is one session as the app logs it: begun, hold by hold, finished, rated. Each of its writes
is one `Store.change_session`. Lives are generated from a seed, so that a check can compute the
session after every write, down to the last field. After a kill the database must be exactly as
after the last acknowledged write, or as after the write that was under way. The checks return each
fault as a sentence, and an empty list if there is none.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from random import Random

from holdwell.domain.models import HoldOutcome, Moment, Session, Side
from holdwell.sessions.plan import Lead, Plan, PlannedHold
from holdwell.sessions.timer_report import merge, read_report
from holdwell.store.repository import Store

FIRST = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
"""When the first life of each window begins; each later one begins twelve hours after the last."""
STRETCHES = ("side_reach", "hinge_forward")
LEAD_S = 10
HOLD_S = 35

Change = Callable[[Session | None], Session]


@dataclass(frozen=True)
class Write:
    """One write: the change that the app makes to a session, and the session after it.

    `life` is the index of the session in its window, `number` that of the write in its session;
    both count from 0.
    """

    life: int
    number: int
    change: Change
    after: Session

    @property
    def id(self) -> str:
        """The session's UUID."""
        return self.after.id

    @property
    def now(self) -> Moment:
        """The app's current time at this write."""
        return self.after.started


def _reports(rng: Random, started: datetime) -> Iterator[Session]:
    """Yield the browser's reports of one routine, hold by hold; each repeats all holds so far."""

    def new_id() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))

    repeats = rng.choice((1, 1, 2))
    sides = (Side.LEFT, Side.RIGHT)
    holds = tuple(
        PlannedHold(new_id(), stretch, side, HOLD_S, Lead.SWITCH, LEAD_S)
        for stretch in STRETCHES
        for side in sides * repeats
    )
    plan = Plan(new_id(), holds)
    # Some routines are stopped before the end.
    reached = len(holds) if rng.random() < 0.8 else rng.randrange(len(holds))
    done: list[dict[str, object]] = []
    clock = started

    def reported(phase: str) -> Session:
        report = read_report(
            {
                "plan": plan.to_json(),
                "phase": phase,
                "started_at": started.isoformat(),
                "ended_at": None if phase == "running" else clock.isoformat(),
                "utc_offset": 60,
                "holds": list(done),
            }
        )
        assert report is not None
        return report

    yield reported("running")
    for hold in holds[:reached]:
        clock += timedelta(seconds=LEAD_S)
        short = rng.random() < 0.2
        held = round(rng.uniform(1, HOLD_S), 3) if short else float(HOLD_S)
        outcome = HoldOutcome.SHORTENED if short else HoldOutcome.FINISHED
        begun = clock.isoformat()
        done.append({"id": hold.id, "held_s": held, "outcome": outcome, "started_at": begun})
        # Round to milliseconds, as the database does.
        clock += timedelta(milliseconds=round(1000 * held))
        yield reported("running")
    yield reported("done" if reached == len(holds) else "stopped")


@cache
def life(seed: int, window: int, number: int) -> Sequence[Write]:
    """Return all writes of session `number` of a window, as pages/stretch.py makes them."""
    rng = Random(f"{seed}/{window}/{number}")
    started = FIRST + timedelta(hours=12 * number)
    pain = rng.choice((None, rng.randrange(11)))
    writes: list[Write] = []
    known: Session | None = None

    def add(change: Change) -> Session:
        after = change(known)
        writes.append(Write(number, len(writes), change, after))
        return after

    for report in _reports(rng, started):

        def merged(before: Session | None, report: Session = report) -> Session:
            session = merge(before, report)
            return replace(session, pain_before=pain) if before is None else session

        known = add(merged)
    assert known is not None
    finished = known
    pain_after, comfort = rng.randrange(11), rng.randrange(1, 6)
    note = rng.choice(("", "Slept better.", "Left calf again. " * 20))

    def rated(before: Session | None) -> Session:
        return replace(before or finished, pain_after=pain_after, comfort=comfort, note=note)

    add(rated)
    return writes


def writes_from(seed: int, window: int, at: tuple[int, int]) -> Iterator[Write]:
    """Yield the endless writes of a window, starting with write `at[1]` of life `at[0]`."""
    for number in count(at[0]):
        writes = life(seed, window, number)
        yield from writes[at[1] :] if number == at[0] else writes


def _number(store: Store, sql: str) -> int:
    return int(store.db.execute(sql).fetchone()[0])


# NOT INDEXED: count the rows of the table itself, not of the index that should refuse duplicates.
DOUBLED = {
    "session id": "SELECT count(*) - count(DISTINCT id) FROM session NOT INDEXED",
    "hold id": "SELECT count(*) - count(DISTINCT id) FROM hold NOT INDEXED",
    "place in a session": (
        "SELECT count(*) FROM (SELECT 1 FROM hold NOT INDEXED "
        "GROUP BY session_id, position HAVING count(*) > 1)"
    ),
}
HALF = {
    "the session's seconds are those of its holds": (
        "SELECT count(*) FROM session AS s WHERE abs(s.held_s - "
        "(SELECT total(held_s) FROM hold WHERE session_id = s.id)) > 0.01"
    ),
    "holds are numbered from 0 without a gap": (
        "SELECT count(*) FROM (SELECT 1 FROM hold GROUP BY session_id "
        "HAVING max(position) <> count(*) - 1)"
    ),
    "every session has an owner": (
        "SELECT count(*) FROM session WHERE profile_id NOT IN (SELECT id FROM profile)"
    ),
}


def inspect(store: Store) -> list[str]:
    """Return what is wrong with the file as a whole, whatever sessions it should hold."""
    integrity = [str(row[0]) for row in store.db.execute("PRAGMA integrity_check")]
    orphans = store.db.execute("PRAGMA foreign_key_check").fetchall()
    faults = []
    if integrity != ["ok"] or orphans:
        faults.append(f"unsound: {integrity[:3]}, foreign keys {orphans[:3]}")
    for kind, queries in (("doubled", DOUBLED), ("broken", HALF)):
        for what, sql in queries.items():
            if rows := _number(store, sql):
                faults.append(f"{kind}: {what}, {rows} times")
    return faults


class Window:
    """One window's writes, and how many of them are known to be on disk."""

    def __init__(self, seed: int, number: int = 0) -> None:
        self.seed = seed
        self.number = number
        self.kept = 0
        """The number of writes on disk at the last look."""
        self.sessions: dict[str, Session] = {}
        """Every session on disk at the last look, as it should be there."""
        self._writes: list[Write] = []
        self._more = writes_from(seed, number, (0, 0))

    def write(self, place: int) -> Write:
        while place >= len(self._writes):
            self._writes.append(next(self._more))
        return self._writes[place]

    @property
    def resumes_at(self) -> int:
        """The index of the next write. The last one on disk is repeated, as by a browser that does
        not know whether it was received."""
        return max(self.kept - 1, 0)

    def at(self, place: int) -> tuple[int, int]:
        """Return the life and number (see `Write`) of the write at an index."""
        write = self.write(place)
        return write.life, write.number

    def expected(self, kept: int, since: int = 0) -> dict[str, Session]:
        """Return every session written from index `since` on, as it is after `kept` writes."""
        return {self.write(place).id: self.write(place).after for place in range(since, kept)}

    def look(self, store: Store, acknowledged: int) -> list[str]:
        """Return what is wrong with this window's sessions in the database, and note what is kept.

        The first `told` writes were acknowledged, and the next one may have been under way.
        """
        since = self.resumes_at
        low, high = max(acknowledged, self.kept), max(acknowledged, since) + 1
        # The write after the one under way is looked for too: it must not be there.
        ids = dict.fromkeys(self.write(place).id for place in range(since, high + 1))
        stored = {session_id: store.session(session_id) for session_id in ids}
        faults: list[str] = []
        for kept in range(high, low - 1, -1):
            expected = self.expected(kept, since)
            if all(stored[session_id] == expected.get(session_id) for session_id in ids):
                self.kept = kept
                break
        else:
            self.kept = low
            for session_id in ids:
                faults += self._misses(session_id, stored[session_id], low)
        self.sessions |= self.expected(self.kept, since)
        return faults

    def _misses(self, session_id: str, stored: Session | None, low: int) -> list[str]:
        """Return what is wrong with one session whose writes before index `low` must be there."""
        own = [self.write(place) for place in range(low) if self.write(place).id == session_id]
        if stored == (own[-1].after if own else None):
            return []
        if stored is None:
            return [f"lost: session {session_id}"]
        earlier = [write.number for write in own if write.after == stored]
        if earlier:
            return [f"lost: the last {own[-1].number - earlier[-1]} writes of session {session_id}"]
        return [f"half-written: session {session_id} is as after no write: {stored}"]


def check_totals(store: Store, expected: dict[str, Session]) -> list[str]:
    """Return a fault for each table with more or fewer rows than these sessions have."""
    holds = sum(len(session.holds) for session in expected.values())
    faults = []
    for table, wanted in (("session", len(expected)), ("hold", holds)):
        count = _number(store, f"SELECT count(*) FROM {table} NOT INDEXED")
        if count != wanted:
            kind = "doubled" if count > wanted else "lost"
            faults.append(f"{kind}: {count} rows in {table} instead of {wanted}")
    return faults


def check_all(store: Store, expected: dict[str, Session]) -> list[str]:
    """Compare every session with what it should be, including its holds."""
    faults = check_totals(store, expected)
    for session_id, session in expected.items():
        stored = store.session(session_id)
        if stored is None:
            faults.append(f"lost: session {session_id}")
        elif stored != session:
            faults.append(f"half-written: session {session_id} is not as it was saved")
    return faults
