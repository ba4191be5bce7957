"""Gestational age, trimesters, postpartum weeks, local days, and impossible dates."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain import dates
from holdwell.domain.dates import DateProblem, GestationalAge, StageKind, Trimester
from holdwell.domain.models import DayPart, DueDateSource, Pregnancy

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_due_date_of_a_worked_example() -> None:
    # Naegele by hand: 1 January 2026 plus 280 days is 8 October 2026.
    assert dates.due_date_from(DueDateSource.LAST_PERIOD, date(2026, 1, 1)) == date(2026, 10, 8)


@given(DAYS)
def test_due_date_and_last_period_are_inverse(day: date) -> None:
    assert dates.lmp_from_due_date(dates.due_date_from(DueDateSource.LAST_PERIOD, day)) == day


@given(DAYS, st.integers(0, 308))
def test_gestational_age_counts_days_from_the_last_period(lmp: date, days: int) -> None:
    due = dates.due_date_from(DueDateSource.LAST_PERIOD, lmp)
    age = dates.stage(Pregnancy(due_date=due), lmp + timedelta(days)).age
    assert age is not None
    assert age.weeks * 7 + age.days == age.total_days == days


def test_gestational_age_on_the_due_date_is_forty_weeks() -> None:
    assert dates.stage(Pregnancy(due_date=TODAY), TODAY).age == GestationalAge(40 * 7)


def test_no_gestational_age_before_day_zero() -> None:
    before = dates.stage(Pregnancy(due_date=TODAY), TODAY - timedelta(281))
    assert (before.kind, before.age) == (StageKind.UNSTATED, None)
    with pytest.raises(ValueError, match="negative"):
        GestationalAge(-1)


@pytest.mark.parametrize(
    ("label_days", "trimester"),
    [
        (0, Trimester.FIRST),
        (13 * 7 + 6, Trimester.FIRST),
        (14 * 7, Trimester.SECOND),
        (27 * 7 + 6, Trimester.SECOND),
        (28 * 7, Trimester.THIRD),
        (41 * 7, Trimester.THIRD),
    ],
)
def test_trimester_bounds(label_days: int, trimester: Trimester) -> None:
    assert GestationalAge(label_days).trimester is trimester


@pytest.mark.parametrize(("days", "week"), [(0, 0), (6, 0), (7, 1), (35, 5), (41, 5), (-1, None)])
def test_postpartum_week(days: int, week: int | None) -> None:
    stage = dates.stage(Pregnancy(birth_date=TODAY), TODAY + timedelta(days))
    assert stage.weeks_after_birth == week


def test_stage_of_someone_pregnant() -> None:
    due = TODAY + timedelta(280 - (24 * 7 + 3))
    stage = dates.stage(Pregnancy(due_date=due), TODAY)
    assert stage.kind is StageKind.PREGNANT
    assert stage.age is not None
    assert (stage.age.weeks, stage.age.days, stage.age.trimester) == (24, 3, Trimester.SECOND)


def test_stage_changes_on_the_day_of_birth() -> None:
    pregnancy = Pregnancy(due_date=TODAY + timedelta(5), birth_date=TODAY)
    assert dates.stage(pregnancy, TODAY - timedelta(1)).kind is StageKind.PREGNANT
    after = dates.stage(pregnancy, TODAY)
    assert (after.kind, after.weeks_after_birth) == (StageKind.POSTPARTUM, 0)


@pytest.mark.parametrize(
    "pregnancy",
    [
        None,
        Pregnancy(),
        Pregnancy(due_date=TODAY - timedelta(60)),
    ],
)
def test_stage_is_unstated_rather_than_wrong_or_hurtful(
    pregnancy: Pregnancy | None,
) -> None:
    assert dates.stage(pregnancy, TODAY).kind is StageKind.UNSTATED


@pytest.mark.parametrize("given", ["due_date", "birth_date"])
def test_a_pregnancy_that_ended_has_no_weeks(given: str) -> None:
    stage = dates.stage(Pregnancy(ended=True, **{given: TODAY}), TODAY)  # type: ignore[arg-type]
    assert stage == dates.Stage(StageKind.ENDED)


@pytest.mark.parametrize(
    ("clock", "day"),
    [("2026-11-24 23:59", 24), ("2026-11-25 00:30", 24), ("2026-11-25 03:59", 24),
     ("2026-11-25 04:00", 25)],
)  # fmt: skip
def test_a_local_day_ends_at_four(clock: str, day: int) -> None:
    assert dates.local_day(datetime.fromisoformat(clock)) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("clock", "night"),
    [("2026-11-24 03:00", 23), ("2026-11-24 09:00", 23), ("2026-11-24 17:59", 23),
     ("2026-11-24 23:00", 24)],
)  # fmt: skip
def test_a_cramp_now_belongs_to_the_night_that_began_in_the_evening(clock: str, night: int) -> None:
    assert dates.night_of(datetime.fromisoformat(clock)) == date(2026, 11, night)


@pytest.mark.parametrize(
    ("clock", "night"),
    [("2026-11-24T22:30", 23), ("2026-11-25T00:30", 23), ("2026-11-25T04:00", 24)],
)
def test_the_night_before_is_over_at_every_hour(clock: str, night: int) -> None:
    """At half past midnight it is not the night that has just begun."""
    assert dates.last_night(datetime.fromisoformat(clock)) == date(2026, 11, night)


@pytest.mark.parametrize(
    ("clock", "part"),
    [("04:00", DayPart.MORNING), ("11:59", DayPart.MORNING), ("12:00", DayPart.OTHER),
     ("17:59", DayPart.OTHER), ("18:00", DayPart.BEDTIME), ("03:59", DayPart.BEDTIME)],
)  # fmt: skip
def test_part_of_day(clock: str, part: DayPart) -> None:
    assert dates.part_of_day(datetime.fromisoformat(f"2026-11-24 {clock}")) is part


@pytest.mark.parametrize(
    ("days", "problem"),
    [(1, DateProblem.LMP_FUTURE), (0, None), (-308, None), (-309, DateProblem.LMP_TOO_OLD),
     (-50 * 365, DateProblem.LMP_TOO_OLD)],
)  # fmt: skip
def test_check_lmp(days: int, problem: DateProblem | None) -> None:
    assert dates.check_lmp(TODAY + timedelta(days), TODAY) is problem


@pytest.mark.parametrize(
    ("days", "problem"),
    [(281, DateProblem.DUE_TOO_FAR), (280, None), (-28, None), (-29, DateProblem.DUE_LONG_PAST),
     (-50 * 365, DateProblem.DUE_LONG_PAST)],
)  # fmt: skip
def test_check_due_date(days: int, problem: DateProblem | None) -> None:
    assert dates.check_due_date(TODAY + timedelta(days), TODAY) is problem


@pytest.mark.parametrize(
    ("birth", "due", "problem"),
    [
        (1, None, DateProblem.BIRTH_FUTURE),
        (0, None, None),
        (-50 * 365, None, DateProblem.BIRTH_TOO_OLD),
        (-30, -30 + 140, None),
        (-30, -30 + 141, DateProblem.BIRTH_TOO_EARLY_FOR_DUE),
        (-30, -30 - 28, None),
        (-30, -30 - 29, DateProblem.BIRTH_TOO_LATE_FOR_DUE),
    ],
)
def test_check_birth(birth: int, due: int | None, problem: DateProblem | None) -> None:
    due_date = None if due is None else TODAY + timedelta(due)
    assert dates.check_birth(TODAY + timedelta(birth), due_date, TODAY) is problem


@given(DAYS)
def test_week_starts_on_the_monday_before(day: date) -> None:
    monday = dates.week_start(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days <= 6
