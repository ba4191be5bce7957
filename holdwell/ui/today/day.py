"""What Today knows of the day before it shows anything: the stage, and what it may ask for."""

from dataclasses import dataclass
from datetime import date, datetime

from holdwell.domain import dates
from holdwell.domain.models import Profile, Tracking
from holdwell.guide import Answer, guide
from holdwell.store.repository import Store
from holdwell.ui.guide import leave_out
from holdwell.ui.runtime import clock
from holdwell.ui.stretch import check_in

NIGHT_ENDS_AT = 4
"""Up to this hour of the clock Today asks for nothing and counts nothing that is missing."""


@dataclass(frozen=True, slots=True)
class Day:
    """The present moment of a user.

    `answers` are what the user said before a session today. `resting` says that the guide leaves
    every stretch out, `stopped` that an answer says not to stretch today.
    """

    store: Store
    profile: Profile
    now: datetime
    today: date
    stage: dates.Stage
    answers: tuple[Answer, ...]
    resting: bool

    @property
    def stopped(self) -> bool:
        return check_in.stops(self.answers)

    @property
    def is_night(self) -> bool:
        return self.now.hour < NIGHT_ENDS_AT

    @property
    def expects_sessions(self) -> bool:
        """Whether a session that was not done may be spoken of, and a goal.

        Not where the guide or an answer says to rest, not past the due date, not after a pregnancy
        that ended, not while tracking is paused, and at night never.
        """
        age = self.stage.age
        overdue = age is not None and age.total_days > dates.PREGNANCY_DAYS
        return not (
            self.resting
            or self.stopped
            or overdue
            or self.is_night
            or self.stage.kind is dates.StageKind.ENDED
            or self.profile.tracking is Tracking.PAUSED
        )


def read(store: Store, profile: Profile) -> Day:
    """Read what Today has to know of the present moment."""
    now = clock.now()
    today = store.local_day(now)
    return Day(
        store=store,
        profile=profile,
        now=now.local,
        today=today,
        stage=dates.stage_at(store.pregnancy(), now.local, today),
        answers=check_in.given(store),
        resting=not leave_out.now(store).kept(guide().stretches),
    )
