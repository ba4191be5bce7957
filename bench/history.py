"""Invented histories of a known size for `bench/pages`: two sessions a day, four holds each.

The numbers come from a fixed seed and are nobody's. The same days and the same moment make the
same history.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path

from holdwell.domain.dates import PREGNANCY_DAYS, local_day
from holdwell.domain.models import (
    HOLD_SECONDS_DEFAULT,
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
from holdwell.guide import guide
from holdwell.store.database import DATABASE_NAME
from holdwell.store.repository import Store

SEED = 20261125
HOLDS = 4
GOAL = 10
"""Sessions a week; the history has fourteen."""
PREGNANT_TO_DAYS = 28
"""A history of at most so many days lies within a pregnancy; a longer one goes past a birth."""
WEEKS_TO_GO = 16
WEEKS_SINCE_BIRTH = 12
BORN_AT_DAYS = 39 * 7 + 4
PAUSE_S = 10
NOTED, SHORTENED, CRAMPED = 0.06, 0.15, 0.2
"""Shares of sessions with a note, of holds ended early, and of nights with a cramp."""
NOTES = (
    "Short night, took it slowly.",
    "Back stiff after a long drive, the left side more than the right.",
    "Felt good, held a little longer.",
)


def pregnancy(days: int, today: date) -> Pregnancy:
    """Sixteen weeks before the due date, or after a long history twelve weeks after the birth."""
    chance = random.Random(SEED)
    if days <= PREGNANT_TO_DAYS:
        return Pregnancy(id=_uuid(chance), due_date=today + timedelta(weeks=WEEKS_TO_GO))
    birth = today - timedelta(weeks=WEEKS_SINCE_BIRTH)
    due = birth + timedelta(days=PREGNANCY_DAYS - BORN_AT_DAYS)
    return Pregnancy(id=_uuid(chance), due_date=due, birth_date=birth)


def sessions(days: int, now: datetime) -> list[Session]:
    """Morning and bedtime of each of the `days` days before today, which nobody has left out."""
    chance = random.Random(SEED)
    # The usual pairs of stretch and side, as many as four holds need.
    pairs = [(s.id, side) for s, side in product(guide().stretches, Side)]
    holds = [pairs[number % len(pairs)] for number in range(HOLDS)]
    found = []
    for day in _days(days, now):
        for part, hour in ((DayPart.MORNING, 7), (DayPart.BEDTIME, 21)):
            at = time(hour, chance.randrange(60), chance.randrange(60))
            found.append(_session(chance, day, datetime.combine(day, at, now.tzinfo), part, holds))
    return found


def _session(
    chance: random.Random,
    day: date,
    start: datetime,
    part: DayPart,
    planned: list[tuple[str, Side]],
) -> Session:
    before = _score(chance.gauss(4.5, 1.5))
    moment = start
    holds = []
    for position, (stretch, side) in enumerate(planned):
        shortened = chance.random() < SHORTENED
        held = float(chance.randrange(10, HOLD_SECONDS_DEFAULT) if shortened else 0)
        holds.append(
            Hold(
                id=_uuid(chance),
                position=position,
                stretch=stretch,
                side=side,
                planned_s=float(HOLD_SECONDS_DEFAULT),
                held_s=held or float(HOLD_SECONDS_DEFAULT),
                outcome=HoldOutcome.SHORTENED if shortened else HoldOutcome.FINISHED,
                started=Moment.of(moment),
            )
        )
        moment += timedelta(seconds=holds[-1].held_s + PAUSE_S)
    return Session(
        id=_uuid(chance),
        started=Moment.of(start),
        local_day=day,
        part=part,
        state=SessionState.FINISHED,
        ended=Moment.of(moment),
        pain_before=before,
        pain_after=_score(chance.gauss(before - 1, 1)),
        comfort=min(5, max(1, round(chance.gauss(3.6, 0.9)))),
        note=chance.choice(NOTES) if chance.random() < NOTED else "",
        holds=tuple(holds),
    )


def cramp_nights(days: int, now: datetime) -> list[tuple[date, CrampLeg]]:
    """An answer for the night that began on each of the days."""
    chance = random.Random(SEED + 1)
    legs = (CrampLeg.LEFT, CrampLeg.RIGHT, CrampLeg.BOTH)
    return [
        (day, chance.choice(legs) if chance.random() < CRAMPED else CrampLeg.NONE)
        for day in _days(days, now)
    ]


def _days(days: int, now: datetime) -> list[date]:
    # Whole days only, up to yesterday: tonight's session would lie ahead of a bench run at noon.
    today = local_day(now)
    return [today - timedelta(days=back) for back in range(days, 0, -1)]


def _score(value: float) -> int:
    return min(10, max(0, round(value)))


def _uuid(chance: random.Random) -> str:
    value = f"{chance.getrandbits(128):032x}"
    return f"{value[:8]}-{value[8:12]}-4{value[13:16]}-a{value[17:20]}-{value[20:]}"


def make(folder: Path, days: int, now: datetime) -> Path:
    """Write a history of `days` days up to the aware moment `now` into an empty folder."""
    path = folder / DATABASE_NAME
    if path.exists():
        raise ValueError(f"{path} is there already, and may be somebody's.")
    store = Store(path)
    moment = Moment.of(now)
    known = replace(store.profile(), goal_per_week=GOAL, welcomed=True, safety_seen=True)
    store.save_profile(known, moment)
    store.save_pregnancy(pregnancy(days, now.date()), moment)
    store.save_all(sessions(days, now), cramp_nights(days, now), moment)
    store.close()
    return path
