"""Example sessions and histories for code that cannot use fixtures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from holdwell.domain.models import (
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Pregnancy,
    Routine,
    Session,
    SessionState,
    Side,
    new_id,
)
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import Store, opened
from tools import demo


def session_on(
    day: date,
    part: DayPart = DayPart.BEDTIME,
    before: int | None = None,
    after: int | None = None,
) -> Session:
    """Return a finished session of one hold on a local day."""
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


@cache
def _made() -> bytes:
    """Return the bytes of a new, empty database."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE_NAME
        Store(path).close()
        return path.read_bytes()


def new_database(path: Path) -> Path:
    """Put a new database at a path. It is a copy, because making one runs every migration."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_made())
    return path


def make_known_user(folder: Path, *routines: Routine, **profile: Any) -> None:
    """Make the database of a returning user, with some settings and routines."""
    now = Moment.of(datetime.now().astimezone())
    path = folder / DATABASE_NAME
    with opened(path if path.exists() else new_database(path)) as store:
        known = replace(store.profile(), welcomed=True, safety_seen=True, **profile)
        store.save_profile(known, now)
        if routines:
            store.save_routines(routines, now)


def delete_other_periods(store: Store, period: PregnancyPeriod) -> None:
    """Delete the sessions, cramp nights and check-ins outside a pregnancy period, with no undo."""
    days = [day.isoformat() for day in period.bounds]
    with store.writing():
        for table, column in (
            ("session", "local_day"),
            ("cramp", "night"),
            ("check_in", "local_day"),
        ):
            store.db.execute(f"DELETE FROM {table} WHERE {column} NOT BETWEEN ? AND ?", days)


def long_history(folder: Path, days: int, now: datetime) -> Path:
    """Write two sessions a day for the `days` days before today; return the database's path.

    A history of up to 28 days lies within a pregnancy; a longer one has a birth twelve weeks ago.
    """
    path = folder / DATABASE_NAME
    today, moment = now.date(), Moment.of(now)
    whole = [today - timedelta(back) for back in range(days, 0, -1)]
    within = Pregnancy(due_date=today + timedelta(weeks=16))
    with opened(path) as store:
        known = replace(store.profile(), goal_per_week=10, welcomed=True, safety_seen=True)
        store.save_profile(known, Moment.of(now - timedelta(days)))
        store.save_pregnancy(within if days <= 28 else demo.pregnancy(today), moment)
        store.save_all(
            [
                *demo.sessions(whole, now, lambda _: (1.0, 4.5)),
                *demo.cramp_nights(whole, lambda _: 0.2),
            ],
            moment,
        )
    return path
