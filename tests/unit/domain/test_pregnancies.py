"""Every day is in exactly one pregnancy period, whatever dates the user gave."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.dates import DateProblem, local_day
from holdwell.domain.models import Moment, Pregnancy
from holdwell.domain.pregnancies import (
    EnteredPregnancy,
    PregnancyPeriod,
    check_order,
    period_of,
    pregnancy_periods,
)
from holdwell.store.repository import Store

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
NEAR = st.dates(date(2026, 1, 1), date(2026, 3, 1))
"""Days close together: the same dates, and ones that overlap."""


def entered(days: st.SearchStrategy[date]) -> st.SearchStrategy[EnteredPregnancy]:
    moments = st.builds(
        lambda day, hour, offset: Moment(
            datetime(day.year, day.month, day.day, hour, tzinfo=UTC), offset
        ),
        days,
        st.integers(0, 23),
        st.integers(-720, 720),
    )
    made = st.builds(
        Pregnancy,
        id=st.uuids().map(str),
        due_date=st.none() | days,
        birth_date=st.none() | days,
        ended=st.booleans(),
    )
    return st.builds(EnteredPregnancy, made, moments)


ANY = st.lists(entered(DAYS) | entered(NEAR), max_size=6, unique_by=lambda one: one.pregnancy.id)


def at(day: date) -> Moment:
    return Moment.of(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


@given(ANY, st.lists(DAYS | NEAR, min_size=1))
def test_every_day_is_in_exactly_one_period(
    known: list[EnteredPregnancy], asked: list[date]
) -> None:
    made = pregnancy_periods(known)
    borders = [day for one in made for day in (one.first, one.last) if day]
    around = [b + timedelta(n) for b in borders for n in (-1, 0, 1)]
    for day in (*asked, *around, date.min, date.max):
        assert sum(one.has(day) for one in made) == 1
        assert period_of(made, day).has(day)


@given(ANY)
def test_periods_follow_each_other_without_a_gap(known: list[EnteredPregnancy]) -> None:
    made = pregnancy_periods(known)
    assert len(made) == max(1, len(known))
    assert {one.id for one in made} == ({one.pregnancy.id for one in known} or {""})
    assert made[0].first is None and made[-1].last is None
    for before, after in itertools.pairwise(made):
        assert before.last is not None and after.first is not None
        assert after.first == after.begins == before.last + timedelta(1)
        assert before.begins is not None and before.begins < after.first


@given(ANY, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_a_second_look_changes_anything(
    known: list[EnteredPregnancy], chance: Random
) -> None:
    mixed = list(known)
    chance.shuffle(mixed)
    assert pregnancy_periods(mixed) == pregnancy_periods(known)


@given(ANY)
def test_a_pregnancy_that_ended_is_not_current_once_another_is_entered(
    known: list[EnteredPregnancy],
) -> None:
    made = pregnancy_periods(known)
    by_id = {one.pregnancy.id: one for one in known}
    current = made[-1].pregnancy
    if current is not None and current.ended:
        assert by_id[current.id].at.iso == max(one.at.iso for one in known)


@given(DAYS, DAYS, st.booleans())
def test_one_pregnancy_has_all_days(due: date, day: date, ended: bool) -> None:
    made = Pregnancy(due_date=due, ended=ended)
    (only,) = pregnancy_periods([EnteredPregnancy(made, at(day))])
    assert only == PregnancyPeriod(pregnancy=made, begins=due - timedelta(280))
    assert only.clamp(date.min, date.max) == (date.min, date.max)
    assert pregnancy_periods([]) == (PregnancyPeriod(),)


def test_a_pregnancy_without_dates_begins_on_the_users_day(store: Store, now: Moment) -> None:
    """Entered at 05:00, it begins on the day before where days end at 06:00 for night feeds."""
    store.save_pregnancy(Pregnancy(), Moment(datetime(2026, 7, 2, 5, tzinfo=UTC), 0))
    assert store.pregnancy_periods()[0].begins == date(2026, 7, 2)
    store.save_profile(replace(store.profile(), day_ends_at=6), now)
    assert store.pregnancy_periods()[0].begins == date(2026, 7, 1)


FIRST = Pregnancy(due_date=date(2024, 12, 20), birth_date=date(2024, 12, 14))
NOW = Pregnancy(due_date=date(2027, 3, 13))


def test_a_border_lies_on_the_first_day_and_moves_with_it() -> None:
    known = [
        EnteredPregnancy(FIRST, at(date(2024, 4, 1))),
        EnteredPregnancy(NOW, at(date(2026, 7, 1))),
    ]
    before, now = pregnancy_periods(known)
    assert (before.first, before.begins, before.last) == (None, date(2024, 3, 15), date(2026, 6, 5))
    assert (now.first, now.last) == (date(2026, 6, 6), None)
    later = replace(NOW, due_date=date(2027, 3, 20))
    before, now = pregnancy_periods([known[0], EnteredPregnancy(later, at(date(2026, 7, 1)))])
    assert (before.last, now.first) == (date(2026, 6, 12), date(2026, 6, 13))


def test_a_birth_alone_counts_from_forty_weeks_before_and_after_the_birth_before() -> None:
    born = Pregnancy(birth_date=date(2026, 3, 1))
    (_, now) = pregnancy_periods(
        [
            EnteredPregnancy(FIRST, at(date(2024, 4, 1))),
            EnteredPregnancy(born, at(date(2026, 3, 9))),
        ]
    )
    assert now.first == date(2026, 3, 1) - timedelta(280)
    soon = Pregnancy(birth_date=date(2025, 9, 10))
    (_, now) = pregnancy_periods(
        [
            EnteredPregnancy(FIRST, at(date(2024, 4, 1))),
            EnteredPregnancy(soon, at(date(2025, 9, 20))),
        ]
    )
    assert now.first == date(2024, 12, 15), "never before the birth of the one before"


def test_a_pregnancy_without_dates_begins_on_the_local_day_of_its_entry() -> None:
    late = Moment.of(datetime(2026, 8, 10, 1, 30, tzinfo=UTC))
    known = [EnteredPregnancy(FIRST, at(date(2024, 4, 1))), EnteredPregnancy(Pregnancy(), late)]
    assert pregnancy_periods(known)[-1].first == date(2026, 8, 9) == local_day(late.local)
    # Two without dates are in the order in which the user entered them, each with its own days.
    one = EnteredPregnancy(Pregnancy(id="a"), Moment.of(datetime(2026, 8, 10, 11, tzinfo=UTC)))
    two = EnteredPregnancy(Pregnancy(id="b"), at(date(2026, 8, 10)))
    first, second = pregnancy_periods([two, one])
    assert (first.id, second.id, second.first) == ("a", "b", date(2026, 8, 10))


def test_a_pregnancy_without_dates_or_that_ended_never_hides_a_later_one() -> None:
    given_now = EnteredPregnancy(NOW, at(date(2026, 11, 24)))
    for earlier in (
        Pregnancy(),
        Pregnancy(ended=True),
        Pregnancy(ended=True, due_date=NOW.due_date),
        Pregnancy(ended=True, due_date=date(2027, 3, 20)),
    ):
        before, now = pregnancy_periods(
            [EnteredPregnancy(earlier, at(date(2026, 11, 20))), given_now]
        )
        assert (before.pregnancy, now.pregnancy) == (earlier, NOW)
        assert now.first == date(2026, 6, 6)


@pytest.mark.parametrize(
    ("pregnancy", "problem"),
    [
        (NOW, None),
        (Pregnancy(due_date=date(2024, 12, 20)), DateProblem.BEFORE_EARLIER),
        (Pregnancy(due_date=date(2025, 9, 20)), DateProblem.BEFORE_EARLIER),
        (Pregnancy(due_date=date(2025, 9, 21)), None),
        (Pregnancy(birth_date=date(2025, 4, 1)), DateProblem.BEFORE_EARLIER),
        (Pregnancy(birth_date=date(2025, 9, 1)), None),
        (Pregnancy(), None),
    ],
)
def test_a_pregnancy_begins_after_the_birth_before_it(
    pregnancy: Pregnancy, problem: DateProblem | None
) -> None:
    known = pregnancy_periods([EnteredPregnancy(FIRST, at(date(2024, 4, 1)))])
    assert check_order(known, pregnancy) is problem


def test_corrected_dates_stay_between_their_neighbours() -> None:
    known = pregnancy_periods(
        [EnteredPregnancy(FIRST, at(date(2024, 4, 1))), EnteredPregnancy(NOW, at(date(2026, 7, 1)))]
    )
    assert check_order(known, replace(FIRST, birth_date=date(2024, 12, 1))) is None
    assert check_order(known, replace(FIRST, due_date=NOW.due_date)) is DateProblem.AFTER_LATER
    reaching = replace(FIRST, due_date=None, birth_date=date(2026, 6, 6))
    assert check_order(known, reaching) is DateProblem.AFTER_LATER
    assert check_order(known, replace(NOW, due_date=date(2024, 1, 1))) is DateProblem.BEFORE_EARLIER
    ended = pregnancy_periods(
        [
            EnteredPregnancy(replace(NOW, id="e", ended=True), at(date(2026, 7, 1))),
            EnteredPregnancy(NOW, at(date(2026, 8, 1))),
        ]
    )
    assert check_order(ended, Pregnancy(due_date=NOW.due_date)) is DateProblem.BEFORE_EARLIER
    born = replace(NOW, birth_date=date(2027, 3, 1))
    assert check_order(ended, born) is None, "nobody is kept from giving the birth"


@given(DAYS, DAYS, DAYS, DAYS)
def test_clamping_gives_the_days_in_both(a: date, b: date, c: date, d: date) -> None:
    one = PregnancyPeriod(min(a, b), max(a, b), FIRST, min(a, b))
    low, high = min(c, d), max(c, d)
    found = one.clamp(low, high)
    for day in (a, b, c, d):
        inside = found is not None and found[0] <= day <= found[1]
        assert inside == (one.has(day) and low <= day <= high)


def test_the_store_has_the_current_one_last(store: Store, now: Moment) -> None:
    assert store.pregnancy_periods() == (PregnancyPeriod(),)
    store.save_pregnancy(NOW, now)
    assert store.pregnancy_periods() == (PregnancyPeriod(pregnancy=NOW, begins=date(2026, 6, 6)),)
    # An import may add the earlier one later.
    store.save_pregnancy(FIRST, Moment(now.utc + timedelta(hours=1), now.utc_offset))
    assert [one.pregnancy for one in store.pregnancy_periods()] == [FIRST, NOW]
    assert store.pregnancy() == NOW
    store.delete("pregnancy", NOW.id, now)
    assert store.pregnancy() == FIRST
