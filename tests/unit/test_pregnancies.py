"""Every day belongs to one pregnancy: the one before it ends the day before the next begins."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.calendar import DateProblem
from holdwell.pregnancies import Chapter, begin, chapter_of, chapters, in_order, overlap
from holdwell.records import Moment, Pregnancy
from holdwell.store import Store

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PREGNANCIES = st.lists(
    st.builds(
        Pregnancy,
        due_date=st.none() | DAYS,
        birth_date=st.none() | DAYS,
        ended=st.booleans(),
        entered=st.none() | DAYS,
    ),
    max_size=6,
)
FIRST = Pregnancy(due_date=date(2024, 6, 1), birth_date=date(2024, 5, 28))
SECOND = Pregnancy(due_date=date(2026, 12, 1))
SECOND_LMP = date(2026, 2, 24)


@given(pregnancies=PREGNANCIES, day=DAYS)
def test_every_day_is_in_exactly_one_chapter(pregnancies: list[Pregnancy], day: date) -> None:
    found = chapters(pregnancies)
    assert sum(one.has(day) for one in found) == 1
    assert chapter_of(found, day).has(day)


@given(pregnancies=PREGNANCIES)
def test_chapters_follow_each_other_without_a_gap(pregnancies: list[Pregnancy]) -> None:
    found = chapters(pregnancies)
    assert found[0].first is None and found[-1].last is None
    assert [one.is_current for one in found] == [False] * (len(found) - 1) + [True]
    for earlier, later in pairwise(found):
        assert earlier.last is not None and later.first == earlier.last + timedelta(days=1)
    if pregnancies:
        assert found[-1].pregnancy == in_order(pregnancies)[-1]
        ids = [one.pregnancy.id for one in found if one.pregnancy]
        assert ids == [one.id for one in in_order(pregnancies) if one.id in ids]


def test_one_pregnancy_or_none_is_one_chapter_without_ends() -> None:
    assert chapters([]) == [Chapter()]
    assert chapters([FIRST]) == [Chapter(FIRST)]


def test_a_second_begins_with_its_last_period() -> None:
    assert begin(SECOND) == SECOND_LMP
    assert chapters([SECOND, FIRST]) == [
        Chapter(FIRST, None, SECOND_LMP - timedelta(days=1)),
        Chapter(SECOND, SECOND_LMP, None),
    ]


def test_a_beginning_that_is_estimated_gives_way_to_the_birth_before_it() -> None:
    soon = Pregnancy(birth_date=date(2025, 1, 10))
    assert chapters([FIRST, soon])[1].first == date(2024, 5, 29)


def test_a_pregnancy_without_dates_begins_when_it_was_entered() -> None:
    undated = Pregnancy(entered=date(2025, 8, 1))
    assert [one.first for one in chapters([undated, FIRST])] == [None, date(2025, 8, 1)]


def test_a_chapter_clamps() -> None:
    chapter = Chapter(FIRST, date(2024, 1, 1), date(2025, 1, 1))
    assert chapter.from_day(date(2023, 1, 1)) == date(2024, 1, 1)
    assert chapter.from_day(date(2024, 6, 1)) == date(2024, 6, 1)
    assert chapter.to_day(date(2026, 1, 1)) == date(2025, 1, 1)
    assert Chapter().to_day(date(2026, 1, 1)) == Chapter().from_day(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("pregnancy", "problem"),
    [
        (SECOND, None),
        (FIRST, None),
        (Pregnancy(due_date=date(2025, 2, 1)), DateProblem.OVERLAP),
        (Pregnancy(due_date=date(2025, 3, 5)), None),
        (Pregnancy(birth_date=date(2024, 10, 1)), DateProblem.OVERLAP),
        (Pregnancy(birth_date=date(2025, 1, 10)), None),
        (Pregnancy(due_date=date(2024, 5, 1), birth_date=date(2024, 4, 29)), DateProblem.OVERLAP),
        (Pregnancy(due_date=date(2023, 5, 1), birth_date=date(2023, 4, 29)), None),
        (Pregnancy(due_date=date(2023, 5, 1)), None),
    ],
)
def test_a_pregnancy_cannot_begin_before_the_birth_of_another(
    pregnancy: Pregnancy, problem: DateProblem | None
) -> None:
    assert overlap(pregnancy, [FIRST]) is problem


def test_the_record_keeps_them_in_order_and_a_corrected_date_moves_the_border(
    store: Store, now: Moment
) -> None:
    assert store.chapters() == [Chapter()]
    store.save_pregnancy(SECOND, now)
    store.save_pregnancy(FIRST, now)
    assert store.pregnancies() == [FIRST, SECOND]
    assert store.pregnancy() == SECOND
    assert store.pregnancies()[0].entered == now.local.date()
    moved = Pregnancy(id=SECOND.id, due_date=date(2026, 12, 8))
    store.save_pregnancy(moved, now)
    assert store.chapters()[1].first == SECOND_LMP + timedelta(days=7)
