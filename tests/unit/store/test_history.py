"""The history: its order, its filters, its search, and how much it reads."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from holdwell.domain.dates import DaySpan
from holdwell.domain.models import CrampLeg, Moment, PainEntry, SessionState
from holdwell.store import history
from holdwell.store.history import Entry, EntryQuery, Filter
from holdwell.store.repository import Store
from tests.conftest import TODAY, MakeSession

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def full(store: Store, now: Moment, make_session: MakeSession) -> Store:
    """Save a session, pain and a cramp night on one day, and a stopped session the day before."""
    store.save(replace(make_session(TODAY), id="late", note="Größe of the ÄRGER"), now)
    early = replace(make_session(YESTERDAY, state=SessionState.STOPPED), id="early")
    store.save(early, now)
    store.save(PainEntry(TODAY, 4, note="grosse pause", id="pain"), now)
    store.save_cramp(TODAY, CrampLeg.LEFT, now)
    store.leave_out([YESTERDAY], None, now)
    return store


def names(found: list[Entry]) -> list[str]:
    return [(getattr(entry, "night", None) and "night") or entry.id for entry in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (EntryQuery(), ["night", "pain", "late", "early"]),
        (EntryQuery(shown=Filter.SESSIONS), ["late", "early"]),
        (EntryQuery(shown=Filter.PAIN), ["pain"]),
        (EntryQuery(shown=Filter.CRAMPS), ["night"]),
        (EntryQuery(shown=Filter.NOTES), ["pain", "late"]),
        (EntryQuery(shown=Filter.STOPPED), ["early"]),
        (EntryQuery(shown=Filter.LEFT_OUT), ["early"]),
        (EntryQuery(words="größe ärger"), ["late"]),
        (EntryQuery(words="ärger pause"), []),
        (EntryQuery(words="% _"), []),
        (EntryQuery(DaySpan(YESTERDAY, YESTERDAY)), ["early"]),
        (EntryQuery(DaySpan(TODAY, TODAY), Filter.PAIN, "GROSSE"), ["pain"]),
    ],
)
def test_a_list_holds_the_entries_that_match_the_query(
    full: Store, query: EntryQuery, expected: list[str]
) -> None:
    assert names(history.entries(full, query, 9)) == expected
    assert names(history.entries(full, query, 1)) == expected[:1]


def test_days_and_months(full: Store) -> None:
    assert history.first_day(full) == YESTERDAY
    assert history.days_with_entries(full, history.month_of(TODAY)) == {YESTERDAY, TODAY}
    assert history.month_of(date(2024, 2, 29)).bounds == (date(2024, 2, 1), date(2024, 2, 29))
    assert history.month_of(date(2026, 12, 1)).bounds == (date(2026, 12, 1), date(2026, 12, 31))


def test_nothing_is_found_where_nothing_was_logged(store: Store) -> None:
    assert history.first_day(store) is None
    assert history.entries(store, EntryQuery(), 9) == []


@pytest.mark.parametrize("back", [0, 1800])
def test_a_list_from_ten_years_reads_only_what_it_shows(decade: Path, back: int) -> None:
    """SQLite counts its steps: a page costs the same for any of 3,653 days."""
    store = Store(decade)
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 100

    store.db.conn.set_progress_handler(count, 100)
    within = DaySpan(last=TODAY - timedelta(days=back))
    assert len(history.entries(store, EntryQuery(within), 16)) == 16
    history.days_with_entries(store, history.month_of(TODAY - timedelta(days=back)))
    history.first_day(store)
    store.db.conn.set_progress_handler(None, 0)
    store.close()
    assert steps < 20_000, "all of it would take a million"
