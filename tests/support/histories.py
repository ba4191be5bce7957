"""Sessions for generated histories, where a fixture cannot reach."""

from datetime import UTC, date, datetime

from holdwell.domain.models import (
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.store.repository import Store


def session_on(
    day: date,
    part: DayPart = DayPart.BEDTIME,
    before: int | None = None,
    after: int | None = None,
) -> Session:
    """One session of one hold on a local day."""
    started = Moment.of(datetime(day.year, day.month, day.day, 20, tzinfo=UTC))
    hold = Hold(new_id(), 0, "side_reach", Side.LEFT, 35.0, 35.0, HoldOutcome.FINISHED, started)
    return Session(
        id=new_id(),
        started=started,
        local_day=day,
        part=part,
        state=SessionState.FINISHED,
        ended=started,
        pain_before=before,
        pain_after=after,
        holds=(hold,),
    )


def alone(store: Store, period: PregnancyPeriod) -> None:
    """Take every row of the other pregnancies out, past all undoing."""
    days = [day.isoformat() for day in period.bounds]
    with store.writing():
        for table, column in (
            ("session", "local_day"),
            ("cramp", "night"),
            ("check_in", "local_day"),
        ):
            store.db.execute(f"DELETE FROM {table} WHERE {column} NOT BETWEEN ? AND ?", days)
