"""A session in a form: which fields it has, what can be saved, and what an edit leaves alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.dates import local_day
from holdwell.domain.models import (
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Session,
    SessionState,
    Side,
)
from holdwell.guide.load import guide
from holdwell.i18n.formats import half_up
from holdwell.sessions.editing import (
    GivenTime,
    InputError,
    blank_session,
    edited_holds,
    empty_hold,
    filled_session,
    given_time,
    hold_fields,
    hold_label,
    latest_at,
    moved_start,
    outcome,
)
from tests.conftest import MakeSession

DAY = date(2026, 11, 24)


BLANK = blank_session(Moment(datetime(2026, 11, 24, 20, tzinfo=UTC), 60))


def filled(
    now: Moment,
    started: Moment,
    shown: Session = BLANK,
    held: Sequence[tuple[Hold, float]] = (),
    **changed: Any,
) -> Session:
    """Fill a form with a pain score and nothing else."""
    when = GivenTime(started, local_day(started.local))
    values = {"pain_before": 0, "pain_after": None, "comfort": None, "note": "", **changed}
    return filled_session(replace(shown, **values), when, held, now)


def test_a_blank_session_begins_in_this_minute(now: Moment) -> None:
    session = blank_session(replace(now, utc=now.utc + timedelta(seconds=42)))
    assert session.started == now
    assert (session.local_day, session.part) == (DAY, DayPart.BEDTIME)
    assert (session.state, session.ended, session.holds) == (SessionState.LOGGED, None, ())


def test_every_taught_stretch_has_a_field_for_each_side(make_session: MakeSession) -> None:
    holds = make_session(DAY).holds
    gone = replace(holds[0], stretch="no_longer_taught")
    fields = hold_fields((gone, holds[1]), guide().stretches)
    assert fields[:2] == [gone, holds[1]]
    assert hold_label(fields[0]) == "no_longer_taught, left"
    assert hold_label(fields[1]) == "Side reach, right"
    assert [(field.stretch, field.side) for field in fields[2:]] == [
        (stretch.id, side)
        for stretch in guide().stretches
        for side in Side
        if (stretch.id, side) != (holds[1].stretch, holds[1].side)
    ]
    assert not any(field.id or field.held_s for field in fields[2:])


FIELD = empty_hold("side_reach", Side.LEFT)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"started": Moment(datetime(2026, 11, 25, tzinfo=UTC), 60)}, "has not come yet"),
        ({"held": [(FIELD, 3601)]}, "from 0 to 3,600"),
        ({"note": "x" * 2001}, "2,001 characters"),
        ({"pain_before": None, "held": [(FIELD, 0)]}, "Nothing to save yet"),
    ],
)
def test_what_cannot_be_saved_has_a_sentence(
    now: Moment, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        filled(now, **{"started": now, **changed})


def test_a_form_without_a_day_has_no_time(now: Moment) -> None:
    with pytest.raises(InputError, match="choose the day"):
        given_time(None, time(7, 30), None, now, BERLIN, 4)


@pytest.mark.parametrize(
    "changed",
    [
        {"pain_before": 0},
        {"pain_before": None, "pain_after": 0},
        {"pain_before": None, "comfort": 1},
        {"pain_before": None, "note": "x"},
        {"pain_before": None, "held": [(FIELD, 5)]},
    ],
)
def test_one_value_is_enough_to_save(now: Moment, changed: dict[str, Any]) -> None:
    assert filled(now, now, **changed).id == BLANK.id


def test_an_edit_keeps_the_end_only_with_the_beginning(make_session: MakeSession) -> None:
    session = replace(make_session(DAY), plan="{}")
    now = Moment(session.started.utc + timedelta(days=1), 60)
    same = filled(now, session.started, session)
    assert (same.id, same.state, same.plan) == (session.id, session.state, session.plan)
    assert same.ended == session.ended
    moved = filled(now, Moment(session.started.utc - timedelta(days=2), 60), session)
    assert (moved.ended, moved.local_day) == (None, DAY - timedelta(days=2))


@given(st.lists(st.tuples(st.floats(0, 3600), st.floats(1, 3600)), max_size=6))
def test_holds_that_are_left_as_shown_stay_as_they_were(lengths: list[tuple[float, float]]) -> None:
    holds = tuple(
        Hold(str(n), n, "side_reach", Side.LEFT, planned, held, HoldOutcome.FINISHED)
        for n, (held, planned) in enumerate(lengths)
    )
    fields = hold_fields(holds, guide().stretches)
    shown = [(field, int(half_up(field.held_s))) for field in fields]
    assert edited_holds(shown) == holds


@pytest.mark.parametrize(
    ("held", "planned", "expected"),
    [
        (0, 35, HoldOutcome.SKIPPED),
        (34.9, 35, HoldOutcome.SHORTENED),
        (35, 35, HoldOutcome.FINISHED),
        (50, 35, HoldOutcome.FINISHED),
    ],
)
def test_outcome_against_the_plan(held: float, planned: float, expected: HoldOutcome) -> None:
    assert outcome(held, planned) is expected


def test_changed_and_new_holds_are_in_order(make_session: MakeSession) -> None:
    session: Session = make_session(DAY)
    fields = hold_fields(session.holds, guide().stretches)
    seconds = [35, 0, 20, *[0] * (len(fields) - 3)]
    first, second, third = edited_holds([*zip(fields, seconds, strict=True)])
    assert first == session.holds[0]
    assert second == replace(session.holds[1], held_s=0, outcome=HoldOutcome.SKIPPED)
    assert (third.position, third.held_s, third.planned_s) == (2, 20, 20)
    assert (third.outcome, third.started) == (HoldOutcome.FINISHED, None)


NEW_YORK, TOKYO, BERLIN = (
    ZoneInfo(name) for name in ("America/New_York", "Asia/Tokyo", "Europe/Berlin")
)


def test_a_time_corrected_after_a_flight_stays_in_the_zone_of_the_session() -> None:
    started = Moment.of(datetime(2026, 11, 25, 9, tzinfo=TOKYO))
    moved = moved_start(started, datetime(2026, 11, 25, 9, 5), NEW_YORK)
    assert moved == Moment.of(datetime(2026, 11, 25, 9, 5, tzinfo=TOKYO))


def test_a_day_corrected_at_home_has_the_offset_of_that_day() -> None:
    started = Moment.of(datetime(2026, 11, 25, 9, tzinfo=BERLIN))
    moved = moved_start(started, datetime(2026, 7, 1, 9), BERLIN)
    assert moved == Moment.of(datetime(2026, 7, 1, 9, tzinfo=BERLIN))
    assert moved.utc_offset == 120


@pytest.mark.parametrize("fold", [0, 1])
def test_a_session_of_the_hour_that_comes_twice_is_moved_as_any_other(fold: int) -> None:
    """On 25 October 2026 the clock in Berlin shows 02:00 to 03:00 twice."""
    started = Moment.of(datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=BERLIN))

    def moved(wall: datetime) -> Moment:
        return moved_start(started, wall, BERLIN)

    assert moved(datetime(2026, 10, 25, 2, 35)) == Moment(
        started.utc + timedelta(minutes=5), [120, 60][fold]
    )
    assert moved(datetime(2026, 7, 1, 9)) == Moment.of(datetime(2026, 7, 1, 9, tzinfo=BERLIN))
    assert moved(datetime(2026, 11, 1, 9)) == Moment.of(datetime(2026, 11, 1, 9, tzinfo=BERLIN))


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 5, 12])
def test_a_time_of_today_is_the_latest_that_is_past(hour: int) -> None:
    """Checks every half hour of a day of 25 hours and of the next morning."""
    at, midnight = time(hour, 15), datetime(2026, 10, 25, tzinfo=BERLIN).astimezone(UTC)
    shown = [midnight + timedelta(minutes=15 * n) for n in range(-96, 160)]
    matching = [moment for moment in shown if moment.astimezone(BERLIN).time() == at]
    for half_hours in range(60):
        now = Moment.of((midnight + timedelta(minutes=30 * half_hours)).astimezone(BERLIN))
        latest = max(moment for moment in matching if moment <= now.utc)
        assert latest_at(at, now, BERLIN) == Moment.of(latest.astimezone(BERLIN))
