"""An invented history to look at: 30 weeks of pregnancy and 12 weeks after the birth.

`python -m holdwell.demo FOLDER` makes the database anew. The numbers come from a fixed seed and
are nobody's; they show what a history looks like, not what stretching does.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from holdwell.domain.dates import lmp_from_due_date
from holdwell.domain.models import (
    CrampLeg,
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Pregnancy,
    Session,
    SessionState,
    Side,
)
from holdwell.guide import Stretch, guide
from holdwell.store.database import DATABASE_NAME
from holdwell.store.repository import Store

SEED = 20260214
WEEKS_PREGNANT = 30
WEEKS_POSTPARTUM = 12
BIRTH_AT_DAYS = 39 * 7 + 4
NOTES = (
    "Sofa arm was better than the chair today.",
    "Short night, took it slowly.",
    "Felt good, held a little longer.",
    "Back stiff after a long drive.",
)


def dates(today: date) -> Pregnancy:
    """The invented pregnancy: born at 39w 4d, twelve weeks before today."""
    birth = today - timedelta(weeks=WEEKS_POSTPARTUM)
    lmp = birth - timedelta(days=BIRTH_AT_DAYS)
    due = lmp + timedelta(days=280)
    return Pregnancy(id=_uuid(random.Random(SEED)), due_date=due, birth_date=birth)


def sessions(pregnancy: Pregnancy, now: datetime, stretches: Sequence[Stretch]) -> list[Session]:
    """Every session from ten weeks or so on to now, morning and bedtime, some days left out."""
    assert pregnancy.birth_date is not None and pregnancy.due_date is not None
    chance = random.Random(SEED)
    found = []
    first = pregnancy.birth_date - timedelta(weeks=WEEKS_PREGNANT)
    lmp = lmp_from_due_date(pregnancy.due_date)
    for number in range((now.date() - first).days + 1):
        day = first + timedelta(days=number)
        after_birth = (day - pregnancy.birth_date).days
        if 0 <= after_birth < 10:
            continue
        rhythm = _rhythm((day - lmp).days, after_birth)
        ache = _ache((day - lmp).days, after_birth)
        for part, hour, keen in (
            (DayPart.MORNING, 7, rhythm),
            (DayPart.BEDTIME, 21, rhythm + 0.15),
        ):
            start = datetime.combine(
                day, time(hour, chance.randrange(60), chance.randrange(60)), now.tzinfo
            )
            if chance.random() < keen and start < now:
                found.append(_session(chance, day, start, part, ache, stretches))
    return found


def _rhythm(day_of_pregnancy: int, after_birth: int) -> float:
    if after_birth >= 0:
        return min(0.75, 0.25 + after_birth / 140)
    return min(0.78, 0.35 + day_of_pregnancy / 420)


def _ache(day_of_pregnancy: int, after_birth: int) -> float:
    if after_birth >= 0:
        return max(1.5, 4.5 - after_birth / 24)
    return 2.0 + day_of_pregnancy / 70


def _session(
    chance: random.Random,
    day: date,
    start: datetime,
    part: DayPart,
    ache: float,
    stretches: Sequence[Stretch],
) -> Session:
    before = _score(chance.gauss(ache + (0.6 if part is DayPart.BEDTIME else 0.0), 1.3))
    after = _score(chance.gauss(before - 0.9, 1.0))
    rated = chance.random() < 0.85
    holds: list[Hold] = []
    moment = start + timedelta(seconds=12)
    for stretch in stretches:
        for side in Side:
            held = 35.0 if chance.random() < 0.85 else float(chance.randrange(12, 34))
            holds.append(
                Hold(
                    id=_uuid(chance),
                    position=len(holds),
                    stretch=stretch.id,
                    side=side,
                    planned_s=35.0,
                    held_s=held,
                    outcome=HoldOutcome.FINISHED if held >= 35 else HoldOutcome.SHORTENED,
                    started=Moment.of(moment),
                )
            )
            moment += timedelta(seconds=held + 10)
    return Session(
        id=_uuid(chance),
        started=Moment.of(start),
        local_day=day,
        part=part,
        state=SessionState.FINISHED,
        ended=Moment.of(moment),
        pain_before=before,
        pain_after=after if rated else None,
        comfort=min(5, max(1, round(chance.gauss(3.6, 0.9)))) if rated else None,
        note=chance.choice(NOTES) if chance.random() < 0.06 else "",
        holds=tuple(holds),
    )


def cramp_nights(pregnancy: Pregnancy, now: datetime) -> list[tuple[date, CrampLeg]]:
    """Answers for most nights, cramps mostly late in pregnancy."""
    assert pregnancy.birth_date is not None
    chance = random.Random(SEED + 1)
    found = []
    first = pregnancy.birth_date - timedelta(weeks=WEEKS_PREGNANT)
    for number in range((now.date() - first).days):
        night = first + timedelta(days=number)
        if chance.random() > 0.7:
            continue
        share = number / (WEEKS_PREGNANT * 7)
        likely = 0.1 + 0.35 * share if night < pregnancy.birth_date else 0.08
        leg = (
            chance.choice((CrampLeg.LEFT, CrampLeg.RIGHT, CrampLeg.LEFT, CrampLeg.BOTH))
            if chance.random() < likely
            else CrampLeg.NONE
        )
        found.append((night, leg))
    return found


def _score(value: float) -> int:
    return min(10, max(0, round(value)))


def _uuid(chance: random.Random) -> str:
    value = f"{chance.getrandbits(128):032x}"
    return f"{value[:8]}-{value[8:12]}-4{value[13:16]}-a{value[17:20]}-{value[20:]}"


def make(folder: Path, now: datetime) -> Path:
    """Write the example database into a folder, replacing an example made before.

    ValueError if the folder holds a database that is not an example: that would be somebody's.
    """
    path = folder / DATABASE_NAME
    if path.exists():
        old = Store(path)
        example = old.meta("demo") == "1"
        old.close()
        if not example:
            raise ValueError(f"{path} is a real record, not an example. Name another folder.")
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    store = Store(path)
    moment = Moment.of(now)
    pregnancy = dates(now.date())
    store.set_meta("demo", "1")
    store.save_profile(
        replace(store.profile(), goal_per_week=10, welcomed=True, safety_seen=True), moment
    )
    store.save_pregnancy(pregnancy, moment)
    store.save_all(
        sessions(pregnancy, now, guide().stretches), cramp_nights(pregnancy, now), moment
    )
    store.close()
    return path


def main() -> None:
    """Make the example in the folder named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit("Usage: python -m holdwell.demo FOLDER")
    try:
        print(f"Example history written to {make(Path(sys.argv[1]), datetime.now().astimezone())}")
    except ValueError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
