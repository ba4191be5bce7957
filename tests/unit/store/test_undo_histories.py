"""Undo in any history: random edits are undone one by one, back to each state they came from."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from holdwell.domain.models import (
    CrampLeg,
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Pregnancy,
    Profile,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.store import change_log, undo
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from tests.conftest import scratch_folder
from tests.support.histories import new_database
from tests.unit.store.conftest import last, later

DAY = date(2026, 11, 24)
IGNORED = {"created_at", "updated_at"}
pains = st.none() | st.integers(0, 10)
nights = st.sampled_from([DAY, DAY - timedelta(1)])


def state_of(store: Store) -> dict[str, Any]:
    """Return all rows as the user sees them, without the stamps; None for deleted rows."""
    found: dict[str, Any] = {}
    for table in change_log.TRACKED:
        for row in store.rows(f"SELECT id FROM {table}"):
            current = change_log.read_row(store.db, table, row["id"])
            assert current is not None
            found[row["id"]] = _seen(current)
    return {key: row for key, row in found.items() if row is not None}


def _seen(row: Row) -> Row | None:
    if row.get("deleted_at"):
        return None
    return {key: value for key, value in copy.deepcopy(row).items() if key not in IGNORED}


class Histories(RuleBasedStateMachine):
    """Random edits in random order: undoing them from the last to the first restores each state."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = scratch_folder()
        self.store = Store(new_database(Path(self.folder.name) / "holdwell.db"))
        self.store.db.execute("PRAGMA synchronous=OFF")
        self.now = Moment.of(datetime(2026, 11, 24, 20, tzinfo=UTC))
        self.sessions: list[str] = []
        self.before: dict[str, dict[str, Any]] = {}

    @initialize()
    def begin(self) -> None:
        self.store.save_profile(replace(self.store.profile(), welcomed=True), self.now)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Remember the state before a change under its id."""
        before, count = state_of(self.store), undo.change_count(self.store)
        yield
        if undo.change_count(self.store) > count:
            self.before[last(self.store)] = before
        else:
            assert state_of(self.store) == before, "what changed is a step"

    @rule(before=pains, after=pains, note=st.text(max_size=5), holds=st.integers(0, 2))
    def add(self, before: int | None, after: int | None, note: str, holds: int) -> None:
        with self.noted():
            made = replace(a_session(holds), pain_before=before, pain_after=after, note=note)
            self.store.save(made, self.now)
        self.sessions.append(made.id)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), after=pains, holds=st.integers(0, 2), days=st.integers(0, 2))
    def edit(self, data: st.DataObject, after: int | None, holds: int, days: int) -> None:
        known = self.store.session(data.draw(st.sampled_from(self.sessions)))
        if known is None:
            return
        with self.noted():
            moved = {"started": later(known.started, days=-days),
                     "local_day": known.local_day - timedelta(days)}  # fmt: skip
            kept = known.holds[:holds]
            self.store.save(replace(known, pain_after=after, holds=kept, **moved), self.now)  # type: ignore[arg-type]

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), deleted=st.booleans())
    def delete_or_bring_back(self, data: st.DataObject, deleted: bool) -> None:
        session_id = data.draw(st.sampled_from(self.sessions))
        if self.store.is_deleted("session", session_id) == deleted:
            return
        with self.noted():
            act = self.store.delete if deleted else self.store.restore
            act("session", session_id, self.now)

    @rule(night=nights, leg=st.none() | st.sampled_from(list(CrampLeg)))
    def cramp(self, night: date, leg: CrampLeg | None) -> None:
        with self.noted():
            self.store.save_cramp(night, leg, self.now)

    @rule(due=st.none() | st.dates(DAY, DAY + timedelta(9)), ended=st.booleans())
    def dates(self, due: date | None, ended: bool) -> None:
        known = self.store.pregnancy() or Pregnancy()
        # Pregnancies entered at the same moment are ordered by their ids, which are random.
        self.now = later(self.now, seconds=1)
        with self.noted():
            self.store.save_pregnancy(replace(known, due_date=due, ended=ended), self.now)

    @rule(goal=st.integers(1, 3), side=st.sampled_from(list(Side)))
    def settings(self, goal: int, side: Side) -> None:
        changed: Profile = replace(self.store.profile(), goal_per_week=goal, first_side=side)
        with self.noted():
            self.store.save_profile(changed, self.now)

    @rule(data=st.data(), more=st.integers(0, 2))
    def routines(self, data: st.DataObject, more: int) -> None:
        made = [Routine(new_id(), f"R{n}", (RoutineStretch("x"),)) for n in range(more)]
        known = data.draw(st.permutations([*self.store.routines(), *made]))
        with self.noted():
            self.store.save_routines(known[: data.draw(st.integers(0, len(known)))], self.now)

    @precondition(lambda self: self.before)
    @rule(data=st.data())
    def undo_any(self, data: st.DataObject) -> None:
        """Undo any change, also one that is itself an undo."""
        with self.noted():
            undo.undo(self.store, data.draw(st.sampled_from(list(self.before))), self.now)

    @precondition(lambda self: self.before)
    @rule()
    def undo_the_last(self) -> None:
        one = last(self.store)
        with self.noted():
            undo.undo(self.store, one, self.now)
        assert state_of(self.store) == self.before[one]

    @invariant()
    def sound(self) -> None:
        assert self.store.db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert self.store.sessions(limit=99) is not None

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


def a_session(holds: int) -> Session:
    """Add a session by hand."""
    at = Moment.of(datetime(2026, 11, 23, 20, tzinfo=UTC))
    made = tuple(
        Hold(new_id(), place, "side_reach", Side.LEFT, 35, 35, HoldOutcome.FINISHED, at)
        for place in range(holds)
    )
    return Session(new_id(), at, at.local.date(), DayPart.BEDTIME, SessionState.LOGGED, holds=made)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
