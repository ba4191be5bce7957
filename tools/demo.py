"""An invented history as an example: 30 weeks of pregnancy and 12 weeks after the birth.

`python -m tools.demo FOLDER` creates the database, or replaces an earlier example. The numbers
come from a fixed seed. They show what a history looks like, not what stretching achieves.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from holdwell.cli.parser import refusal
from holdwell.domain.models import (
    CrampLeg,
    CrampNight,
    DayPart,
    Hold,
    HoldOutcome,
    Moment,
    Pregnancy,
    Session,
    SessionState,
    Side,
)
from holdwell.guide.load import guide
from holdwell.store import files, sqlcipher
from holdwell.store.database import is_lost
from holdwell.store.errors import StoreError
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened

SEED = 20260214
WEEKS_PREGNANT = 30
WEEKS_POSTPARTUM = 12
BIRTH_AT_DAYS = 39 * 7 + 4
DAYS_OF_REST = 10
"""Days without a session after the birth."""
NOTES = (
    "Sofa arm was better than the chair today.",
    "Short night, took it slowly.",
    "Felt good, held a little longer.",
    "Back stiff after a long drive.",
)


def pregnancy(today: date) -> Pregnancy:
    """Return the invented pregnancy, with a birth at 39w 4d, twelve weeks before today."""
    birth = today - timedelta(weeks=WEEKS_POSTPARTUM)
    lmp = birth - timedelta(days=BIRTH_AT_DAYS)
    due = lmp + timedelta(days=280)
    return Pregnancy(id=_uuid(random.Random(SEED)), due_date=due, birth_date=birth)


def sessions(
    days: Sequence[date], now: datetime, habit: Callable[[date], tuple[float, float]]
) -> list[Session]:
    """Make morning and bedtime sessions on the days, up to now. `habit` returns the probability of
    a morning session on a day (at bedtime it is 0.15 higher), and the usual pain before it."""
    chance = random.Random(SEED)
    history = []
    for day in days:
        likely, pain = habit(day)
        for part, hour, more in ((DayPart.MORNING, 7, 0.0), (DayPart.BEDTIME, 21, 0.15)):
            clock = time(hour, chance.randrange(60), chance.randrange(60))
            start = datetime.combine(day, clock, now.tzinfo)
            if chance.random() < likely + more and start < now:
                history.append(_session(chance, start, part, pain))
    return history


def _habit(after_birth: int) -> tuple[float, float]:
    """Return the probability of a session and the usual pain, so many days after the birth."""
    if after_birth >= 0:
        return min(0.75, 0.25 + after_birth / 140), max(1.5, 4.5 - after_birth / 24)
    since_lmp = BIRTH_AT_DAYS + after_birth
    return min(0.78, 0.35 + since_lmp / 420), 2.0 + since_lmp / 70


def _cramps(after_birth: int) -> float:
    """Return the probability of a cramp in a night: highest late in pregnancy."""
    return 0.08 if after_birth >= 0 else 0.45 + 0.35 * after_birth / (WEEKS_PREGNANT * 7)


def _session(chance: random.Random, start: datetime, part: DayPart, pain: float) -> Session:
    before = _score(chance.gauss(pain + (0.6 if part is DayPart.BEDTIME else 0.0), 1.3))
    after = _score(chance.gauss(before - 0.9, 1.0))
    rated = chance.random() < 0.85
    holds: list[Hold] = []
    moment = start + timedelta(seconds=12)
    for stretch in guide().stretches:
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
        local_day=start.date(),
        part=part,
        state=SessionState.FINISHED,
        ended=Moment.of(moment),
        pain_before=before,
        pain_after=after if rated else None,
        comfort=min(5, max(1, round(chance.gauss(3.6, 0.9)))) if rated else None,
        note=chance.choice(NOTES) if chance.random() < 0.06 else "",
        holds=tuple(holds),
    )


def cramp_nights(nights: Sequence[date], likely: Callable[[date], float]) -> list[CrampNight]:
    """Make answers for most of the nights; `likely` returns the probability of a cramp."""
    chance = random.Random(SEED + 1)
    answers = []
    for night in nights:
        if chance.random() > 0.7:
            continue
        leg = CrampLeg.NONE
        if chance.random() < likely(night):
            leg = chance.choice((CrampLeg.LEFT, CrampLeg.RIGHT, CrampLeg.LEFT, CrampLeg.BOTH))
        answers.append(CrampNight(night, leg))
    return answers


def _score(value: float) -> int:
    return min(10, max(0, round(value)))


def _uuid(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def make(folder: Path, now: datetime) -> Path:
    """Write the example database into a folder, replacing an earlier example.

    Raises ValueError if the folder holds a database that is not an example but a person's own;
    StoreError for one that cannot be opened, or is lost; OSError. Then the folder is unchanged.
    """
    path = folder / DATABASE_NAME
    if path.exists() or is_lost(path):
        with opened(path) as store:
            is_example = store.meta("demo") == "1"
        if not is_example:
            raise ValueError(f"{path} is a real database, not an example. Name another folder.")
    files.make_private_folder(folder)
    with TemporaryDirectory(dir=folder) as fresh:
        made = Path(fresh) / DATABASE_NAME
        _write(made, now)
        for beside in sqlcipher.side_files(path):
            beside.unlink(missing_ok=True)
        made.replace(path)
    return path


def _write(path: Path, now: datetime) -> None:
    """Create a database with the whole history."""
    moment = Moment.of(now)
    invented = pregnancy(now.date())
    birth = now.date() - timedelta(weeks=WEEKS_POSTPARTUM)
    first = birth - timedelta(weeks=WEEKS_PREGNANT)
    days = [first + timedelta(number) for number in range((now.date() - first).days + 1)]
    with opened(path) as store:
        store.set_meta("demo", "1")
        profile = replace(store.profile(), goal_per_week=10, welcomed=True, safety_seen=True)
        # The goal begins on the first day.
        store.save_profile(profile, Moment.of(now - (now.date() - first)))
        store.save_pregnancy(invented, moment)
        history = sessions(
            [day for day in days if not 0 <= (day - birth).days < DAYS_OF_REST],
            now,
            lambda day: _habit((day - birth).days),
        )
        nights = cramp_nights(days[:-1], lambda night: _cramps((night - birth).days))
        store.save_all([*history, *nights], moment)


def main() -> None:
    """Create the example in the folder named on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.demo",
        description="Write an invented history, replacing one that was written before.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write it")
    try:
        path = make(parser.parse_args().folder, datetime.now().astimezone())
    except ValueError as error:
        parser.exit(1, f"{error}\n")
    except (StoreError, OSError) as error:
        parser.exit(1, f"{refusal(error)}\n")
    print(f"Example history written to {path}")


if __name__ == "__main__":
    main()
