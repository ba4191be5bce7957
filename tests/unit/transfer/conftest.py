"""A database with a little of everything, and a second one to import into."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdwell.domain.dated import Pause
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    LeftOutReason,
    Moment,
    PainEntry,
    PainPlace,
    Pregnancy,
    Routine,
    RoutineStretch,
    new_id,
)
from holdwell.store.repository import Store
from holdwell.transfer import exporting
from tests.conftest import MakeSession
from tests.support.exports import packed, unpacked
from tests.support.histories import new_database

DAY = date(2026, 11, 24)
NOW = Moment.of(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A second database to import into."""
    opened = Store(new_database(tmp_path / "other" / "holdwell.db"))
    opened.db.execute("PRAGMA synchronous=OFF")
    yield opened
    opened.close()


@pytest.fixture
def full(store: Store, now: Moment, make_session: MakeSession) -> Store:
    """A store with a little of everything, and a tombstone of each kind."""
    store.save_profile(replace(store.profile(), goal_per_week=9), now)
    store.save_pregnancy(Pregnancy(due_date=DAY + timedelta(100)), now)
    sessions = [
        replace(make_session(DAY - timedelta(n), before=6, after=4), note="=1+1 ☂\r\n'x'")
        for n in range(3)
    ]
    nights = [CrampNight(DAY, CrampLeg.LEFT), CrampNight(DAY - timedelta(5), CrampLeg.NONE)]
    store.save_all([*sessions, *nights], now)
    store.delete("session", sessions[1].id, now)
    store.save_cramp(DAY, None, now)
    routines = [
        Routine(new_id(), name, (RoutineStretch("side_reach", 60),)) for name in ("Quick", "Long")
    ]
    store.save_routines(routines, now)
    store.save_routines(routines[:1], now)
    store.save(CheckInAnswer(now, DAY, "fine"), now)
    pains = [PainEntry(DAY, score, now, frozenset({PainPlace.HIP})) for score in (7, 8)]
    store.save_all(pains, now)
    store.delete("pain", pains[1].id, now)
    store.save_pause(Pause(DAY - timedelta(20), DAY - timedelta(14)), now)
    store.leave_out([DAY - timedelta(1)], LeftOutReason.ILLNESS, now)
    store.set_meta("seen", "yes")
    store.set_meta("demo", "1")
    return store


def changed(full: Store, change: Callable[[Any], object]) -> bytes:
    """Return an export whose JSON `change` has altered."""
    content = unpacked(exporting.export(full, NOW))
    change(content)
    return packed(content)
