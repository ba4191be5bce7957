"""What a window is to log, step by step, and whether a database file has what was acknowledged.

A life is one session as the app logs it: begun, hold by hold, finished, rated; each step is one
`Store.change_session`. Lives are made from a seed, so that whoever checks knows every step's
outcome to the last field without having seen it. After a kill the record must be exactly in the
state after the last acknowledged step, or after the one step that was under way; anything else is
lost or half-written.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from holdwell.domain.models import HoldOutcome, Moment, Session, Side
from holdwell.sessions.plan import Lead, Plan, PlannedHold
from holdwell.sessions.timer_report import ReportPhase, TimerReport, merge, read_report
from holdwell.store.repository import Store

FIRST = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
"""When the first life of each window begins; each later one is twelve hours on."""
STRETCHES = ("side_reach", "hinge_forward")
LEAD_S = 10
HOLD_S = 35

Change = Callable[[Session | None], Session]


@dataclass(frozen=True)
class Step:
    """One write: what the app does to the session, and how the session is after it.

    `life` and `number` count from 0: which session of the window, which step of it.
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
        """When the step is said to be written."""
        return self.after.started


def _reports(rng: Random, started: datetime) -> Iterator[TimerReport]:
    """What the browser says of one routine, hold by hold: all of it, each time."""

    def new_id() -> str:
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))

    repeats = rng.choice((1, 1, 2))
    sides = (Side.LEFT, Side.RIGHT)
    holds = tuple(
        PlannedHold(new_id(), stretch, side, HOLD_S, Lead.SWITCH, LEAD_S)
        for stretch in STRETCHES
        for side in sides * repeats
    )
    made = Plan(new_id(), holds)
    # Some routines are stopped on the way.
    reached = len(holds) if rng.random() < 0.8 else rng.randrange(len(holds))
    done: list[dict[str, object]] = []
    clock = started

    def said(phase: ReportPhase) -> TimerReport:
        over = phase is not ReportPhase.RUNNING
        report = read_report(
            {
                "plan": made.to_json(),
                "phase": phase.value,
                "started_at": started.isoformat(),
                "ended_at": clock.isoformat() if over else None,
                "utc_offset": 60,
                "holds": list(done),
            }
        )
        assert report is not None
        return report

    yield said(ReportPhase.RUNNING)
    for hold in holds[:reached]:
        clock += timedelta(seconds=LEAD_S)
        short = rng.random() < 0.2
        held = round(rng.uniform(1, HOLD_S), 3) if short else float(HOLD_S)
        outcome = HoldOutcome.SHORTENED if short else HoldOutcome.FINISHED
        begun = clock.isoformat()
        done.append({"id": hold.id, "held_s": held, "outcome": outcome, "started_at": begun})
        # The record keeps milliseconds.
        clock += timedelta(milliseconds=round(1000 * held))
        yield said(ReportPhase.RUNNING)
    yield said(ReportPhase.DONE if reached == len(holds) else ReportPhase.STOPPED)


def life(seed: int, window: int, number: int) -> list[Step]:
    """Every step of session `number` of a window, as pages/stretch.py makes them."""
    rng = Random(f"{seed}/{window}/{number}")
    started = FIRST + timedelta(hours=12 * number)
    pain = rng.choice((None, rng.randrange(11)))
    steps: list[Step] = []
    known: Session | None = None

    def add(change: Change) -> Session:
        after = change(known)
        steps.append(Step(number, len(steps), change, after))
        return after

    for report in _reports(rng, started):

        def merged(before: Session | None, report: TimerReport = report) -> Session:
            found = merge(before, report)
            return replace(found, pain_before=pain) if before is None else found

        known = add(merged)
    assert known is not None
    finished = known
    pain_after, comfort = rng.randrange(11), rng.randrange(1, 6)
    note = rng.choice(("", "Slept better.", "Left calf again. " * 20))

    def rated(before: Session | None) -> Session:
        return replace(before or finished, pain_after=pain_after, comfort=comfort, note=note)

    add(rated)
    return steps


def steps_from(seed: int, window: int, at: tuple[int, int]) -> Iterator[Step]:
    """The endless steps of a window, from step `at[1]` of life `at[0]` on."""
    for number in count(at[0]):
        steps = life(seed, window, number)
        yield from steps[at[1] :] if number == at[0] else steps


@dataclass
class Found:
    """What is wrong with a record: numbers of rows or steps, and a sentence for each kind."""

    lost: int = 0
    doubled: int = 0
    half: int = 0
    unsound: int = 0
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.half or self.unsound or self.notes)

    def __add__(self, other: Found) -> Found:
        return Found(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.half + other.half,
            self.unsound + other.unsound,
            self.notes + other.notes,
        )


def _number(store: Store, sql: str) -> int:
    return int(store.db.execute(sql).fetchone()[0])


# NOT INDEXED: the table itself is counted, not the index that would refuse a second one.
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


def inspect(store: Store) -> Found:
    """Check the whole file, knowing nothing of what it should hold."""
    found = Found()
    result = [str(row[0]) for row in store.db.execute("PRAGMA integrity_check")]
    orphans = store.db.execute("PRAGMA foreign_key_check").fetchall()
    if result != ["ok"] or orphans:
        found += Found(unsound=1, notes=(f"integrity: {result[:3]} foreign keys: {orphans[:3]}",))
    for what, sql in DOUBLED.items():
        if rows := _number(store, sql):
            found += Found(doubled=rows, notes=(f"{rows} doubled: {what}",))
    for what, sql in HALF.items():
        if rows := _number(store, sql):
            found += Found(half=rows, notes=(f"{rows} broken: {what}",))
    return found


class Window:
    """One window's steps, and how many of them are known to be on disk."""

    def __init__(self, seed: int, number: int = 0) -> None:
        self.seed = seed
        self.number = number
        self.kept = 0
        """Steps on disk when last looked."""
        self.sessions: dict[str, Session] = {}
        """Every session on disk when last looked, as it should be there."""
        self._steps: list[Step] = []
        self._more = steps_from(seed, number, (0, 0))

    def step(self, place: int) -> Step:
        while place >= len(self._steps):
            self._steps.append(next(self._more))
        return self._steps[place]

    @property
    def resumes_at(self) -> int:
        """The place of the next step to write: the last one on disk is said once more, as a
        browser does that does not know whether it was heard."""
        return max(self.kept - 1, 0)

    def at(self, place: int) -> tuple[int, int]:
        """The life and the number in it of the step at a place."""
        step = self.step(place)
        return step.life, step.number

    def expected(self, kept: int, since: int = 0) -> dict[str, Session]:
        """Every session with a step from place `since` on, as it is after `kept` steps."""
        return {self.step(place).id: self.step(place).after for place in range(since, kept)}

    def look(self, store: Store, told: int) -> Found:
        """Compare the record with this window's steps, of which the first `told` were
        acknowledged and the next one may have been under way. Remembers what is kept.
        """
        since = self.resumes_at
        low, high = max(told, self.kept), max(told, since) + 1
        # The step after the one under way belongs to the question too: it must not be there.
        ids = dict.fromkeys(self.step(place).id for place in range(since, high + 1))
        there = {one: store.session(one) for one in ids}
        found = Found()
        for kept in range(high, low - 1, -1):
            expected = self.expected(kept, since)
            if all(there[one] == expected.get(one) for one in ids):
                self.kept = kept
                break
        else:
            self.kept = low
            for one in ids:
                found += self._misses(one, there[one], low)
        self.sessions |= self.expected(self.kept, since)
        return found

    def _misses(self, one: str, there: Session | None, low: int) -> Found:
        """What is wrong with one session of which the steps before `low` should be there."""
        own = [self.step(place) for place in range(low) if self.step(place).id == one]
        if there == (own[-1].after if own else None):
            return Found()
        if there is None:
            return Found(lost=len(own), notes=(f"session {one} is gone",))
        earlier = [step.number for step in own if step.after == there]
        if earlier:
            lost = own[-1].number - earlier[-1]
            return Found(lost=lost, notes=(f"session {one} lacks its last {lost} steps",))
        return Found(half=1, notes=(f"session {one} is as it was after no step: {there}",))


def check_totals(store: Store, expected: dict[str, Session]) -> Found:
    """Whether there are as many rows as these sessions have, in all."""
    found = Found()
    holds = sum(len(session.holds) for session in expected.values())
    for table, wanted in (("session", len(expected)), ("hold", holds)):
        there = _number(store, f"SELECT count(*) FROM {table} NOT INDEXED")
        note = (f"{there} rows in {table} instead of {wanted}",)
        if there > wanted:
            found += Found(doubled=there - wanted, notes=note)
        elif there < wanted:
            found += Found(lost=wanted - there, notes=note)
    return found


def check_all(store: Store, expected: dict[str, Session]) -> Found:
    """Compare every session with what it should be, field by field and hold by hold."""
    found = check_totals(store, expected)
    for one, session in expected.items():
        there = store.session(one)
        if there is None:
            found += Found(lost=1, notes=(f"session {one} is gone",))
        elif there != session:
            found += Found(half=1, notes=(f"session {one} is not as it was saved",))
    return found


WAL_HEADER, FRAME_HEADER = 32, 24
"""Bytes; https://www.sqlite.org/fileformat2.html#the_write_ahead_log."""


def cut_mid_write(wal: Path) -> bool:
    """Whether a write-ahead log ends within a transaction: the kill fell between its pages."""
    try:
        log = wal.read_bytes()
    except FileNotFoundError:
        return False
    if len(log) < WAL_HEADER:
        return len(log) > 0
    page_size = struct.unpack(">I", log[8:12])[0]
    salts = log[16:24]
    committed = True
    for start in range(WAL_HEADER, len(log), FRAME_HEADER + page_size):
        frame = log[start : start + FRAME_HEADER + page_size]
        if len(frame) < FRAME_HEADER + page_size:
            return True
        if frame[8:16] != salts:
            # Left over from before the log was last begun anew.
            break
        committed = frame[4:8] != b"\0\0\0\0"
    return not committed
