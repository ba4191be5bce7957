"""What Today knows of the day before it shows anything: the stage, and what it may ask for."""

from datetime import timedelta

from holdwell.domain import dates
from holdwell.domain.models import Tracking
from holdwell.guide import guide
from holdwell.stats import queries
from holdwell.stats.queries import DayParts
from holdwell.store.repository import Store
from holdwell.ui.guide import leave_out
from holdwell.ui.runtime import clock
from holdwell.ui.stretch import check_in

STRIP_DAYS = 7
NIGHT_ENDS_AT = 4
"""Up to this hour of the clock Today asks for nothing and counts nothing that is missing."""


class Day:
    """The present moment of a user, and the days up to it."""

    def __init__(self, store: Store) -> None:
        now = clock.now()
        self.store, self.profile, self.now = store, store.profile(), now.local
        self.today = store.local_day(now)
        self.stage = dates.stage_at(store.pregnancy(), now.local, self.today)
        # What the user said before a session today, and whether it says not to stretch.
        self.answers = check_in.given(store)
        self.stopped = check_in.stops(self.answers)
        # Whether the guide leaves every stretch out.
        self.resting = not leave_out.now(store).kept(guide().stretches)
        # The sessions of the last seven days by part of the day, today included; `known` also has
        # those of tomorrow, which there may be after a flight to the west.
        days = [self.today - timedelta(days=ago) for ago in range(STRIP_DAYS - 1, -1, -1)]
        self.known = queries.parts_by_day(store, days[0], self.today + timedelta(days=1))
        known = {row.day: row for row in self.known}
        self.sessions = {day: known.get(day, DayParts(day, 0, 0, 0)) for day in days}

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
            or self.now.hour < NIGHT_ENDS_AT
            or self.stage.kind is dates.StageKind.ENDED
            or self.profile.tracking is Tracking.PAUSED
        )
