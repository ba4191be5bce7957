"""The history of two weeks that the tests of the report's numbers and sentences read."""

from datetime import date, timedelta

import pytest

from holdwell.domain.models import CrampLeg, CrampNight, DayPart, Moment, Pregnancy
from holdwell.report import summary
from holdwell.store.repository import Store
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)
FIRST = TODAY - timedelta(27)
DUE = date(2027, 3, 13)


@pytest.fixture
def filled(store: Store, now: Moment, make_session: MakeSession) -> Store:
    """Two weeks of a 24-week pregnancy: mornings 3 to 3, evenings 6 to 4, one unrated."""
    made = []
    for back in range(14):
        day = TODAY - timedelta(back)
        made.append(make_session(day, 7, before=3, after=3, part=DayPart.MORNING))
        made.append(make_session(day, 20, before=6, after=4))
    made.append(make_session(TODAY, 12, part=DayPart.OTHER))
    nights = [
        CrampNight(TODAY - timedelta(1), CrampLeg.LEFT),
        CrampNight(TODAY - timedelta(2), CrampLeg.BOTH),
        CrampNight(TODAY - timedelta(3), CrampLeg.NONE),
    ]
    store.save_all([*made, *nights], now)
    store.save_pregnancy(Pregnancy(due_date=DUE), now)
    return store


def read(store: Store, notes: frozenset[str] | None = frozenset()) -> summary.Report:
    return summary.read(store, FIRST, TODAY, TODAY, notes)
