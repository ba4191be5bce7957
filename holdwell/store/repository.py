"""Reading and writing what the user logs; `stats.queries` has the aggregates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from holdwell.domain import pregnancies
from holdwell.domain.dated import Goal, GoalHistory, Pause
from holdwell.domain.dates import DaySpan, local_day
from holdwell.domain.edits import merge_edit
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    DueDate,
    LeftOutDay,
    LeftOutReason,
    Moment,
    PainEntry,
    Pregnancy,
    Profile,
    Routine,
    Session,
    Tracking,
)
from holdwell.domain.pregnancies import EnteredPregnancy, PregnancyPeriod
from holdwell.store.base import BaseStore
from holdwell.store.rows import from_row
from holdwell.store.sqlcipher import DatabaseFile

COUNTED = (
    "session.deleted_at IS NULL AND (state = 'logged' OR (state = 'finished' AND held_s > 0) OR "
    "(state = 'stopped' AND EXISTS (SELECT 1 FROM hold WHERE hold.session_id = session.id "
    "AND hold.outcome = 'finished')))"
)
"""The SQL for sessions that count: logged, completed, or stopped after a finished hold."""
AT_REST = "deleted_at IS NULL AND state <> 'open'"

ALWAYS = DaySpan()
"""All local days."""


def within_sql(period: DaySpan, column: str = "local_day") -> str:
    """Return SQL that limits a column to the local days of a period; "" if it has no limits."""
    if period.first is None and period.last is None:
        return ""
    first, last = period.bounds
    return f" AND {column} BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"


def opened(where: DatabaseFile | Path) -> closing[Store]:
    """Open the store for one piece of work, and close it afterwards."""
    return closing(Store(where))


class Store(BaseStore):
    """The repository of what the user logs and chooses. Earlier goals and due dates are kept."""

    # -- profile ----------------------------------------------------------------------------

    def save_profile(self, profile: Profile, now: Moment) -> None:
        """Save the whole profile. Pages save only what was edited: see `change_profile`.

        A new goal, and the beginning or end of a pause, take effect today.
        """
        with self.change(now):
            known = self._first("SELECT 1 FROM profile WHERE id = ?", [profile.id]) is not None
            goal_before = self.profile().goal_per_week
            self._put(profile, now)
            today = self.local_day(now)
            if profile.goal_per_week != goal_before:
                self._put_goal(profile.goal_per_week, now, by_user=known)
            current = next((pause for pause in self.pauses() if pause.to_day is None), None)
            if profile.tracking is Tracking.PAUSED and current is None:
                self._put_of_day(Pause(today), now, by_user=known)
            elif profile.tracking is Tracking.ON and current is not None:
                # Tracking resumes today, so today is no longer part of the pause.
                if current.from_day >= today:
                    self.delete("pause", current.id, now)
                else:
                    self._put(replace(current, to_day=today - timedelta(days=1)), now)

    def change_profile(self, shown: Profile, edited: Profile, now: Moment) -> None:
        """Save what the user edited in the profile `shown`. What was saved since then stays."""
        with self.change(now):
            known = self.profile()
            if (profile := merge_edit(known, shown, edited)) != known:
                self.save_profile(profile, now)

    def _put_goal(self, goal_per_week: int, now: Moment, *, by_user: bool = True) -> None:
        """Make this the goal from today on."""
        today = self.local_day(now)
        for goal in self.goals():
            # It was set before a flight to the west, or by a wrong clock.
            if goal.from_day > today:
                self.delete("goal", goal.id, now)
        self._put_of_day(Goal(today, goal_per_week), now, by_user=by_user)

    def local_day(self, moment: Moment) -> date:
        """Return the day that the user would say it is: see `domain.dates.local_day`."""
        return local_day(moment.local, self.profile().day_ends_at)

    # -- goals and pauses -------------------------------------------------------------------

    def goals(self) -> tuple[Goal, ...]:
        """Return every goal, the earliest first: each holds until the next begins."""
        return tuple(self.find(Goal, order="from_day"))

    def goal_history(self) -> GoalHistory:
        """Return the goals by which each week is judged, and the pauses.

        There are no goals before the user has chosen one, while tracking is paused, and after a
        pregnancy that ended.
        """
        pregnancy = self.pregnancy()
        ended = pregnancy is not None and pregnancy.ended
        judged = self.profile().tracking is Tracking.ON and not ended
        return GoalHistory(self.goals() if judged else (), self.pauses())

    def choose_goal(self, goal_per_week: int, now: Moment) -> None:
        """Make this the goal from today on, also as the first goal."""
        with self.change(now):
            self.save_profile(replace(self.profile(), goal_per_week=goal_per_week), now)
            days = (self.local_day(now), date.max)
            goals = GoalHistory(self.goals())
            if any(goals.goal_on(day) != goal_per_week for day in days):
                self._put_goal(goal_per_week, now)

    def drop_goals(self, now: Moment) -> None:
        """Put a tombstone on every goal, so that no week is judged."""
        with self.change(now):
            for goal in self.goals():
                self.delete("goal", goal.id, now)

    def pauses(self) -> tuple[Pause, ...]:
        """Return every pause, the earliest first. The last one may still be going on."""
        return tuple(self.find(Pause, order="from_day"))

    def save_pause(self, pause: Pause, now: Moment) -> None:
        """Save a pause, unless another has its days. ValueError if it ends before it begins."""
        if pause.to_day is not None and pause.to_day < pause.from_day:
            raise ValueError("a pause ends on or after its first day")
        with self.change(now):
            days = pause.from_day, pause.to_day
            others = (other for other in self.pauses() if other.id != pause.id)
            if all((other.from_day, other.to_day) != days for other in others):
                self._put(pause, now)

    # -- pregnancies and due dates ----------------------------------------------------------

    def pregnancy_periods(self) -> tuple[PregnancyPeriod, ...]:
        """Return the period of each pregnancy; one of all days if no pregnancy was entered."""
        return self._read_once(self._pregnancy_periods)

    def _pregnancy_periods(self) -> tuple[PregnancyPeriod, ...]:
        entered = [
            EnteredPregnancy(
                from_row(Pregnancy, row), Moment.from_iso(row["created_at"], row["utc_offset"])
            )
            for row in self.rows("SELECT * FROM pregnancy WHERE deleted_at IS NULL")
        ]
        return pregnancies.pregnancy_periods(entered, self.profile().day_ends_at)

    def pregnancy(self) -> Pregnancy | None:
        """Return the pregnancy of the last period, which is the current one, or None."""
        return self.pregnancy_periods()[-1].pregnancy

    def save_pregnancy(
        self, pregnancy: Pregnancy, now: Moment, given: DueDate | None = None
    ) -> None:
        """Insert or replace a pregnancy. A changed due date is added to the earlier ones.

        `given` says what the due date was calculated from; None: the user entered the date itself.
        ValueError if `given` has another date or belongs to another pregnancy.
        """
        if given and (given.pregnancy_id, given.due_date) != (pregnancy.id, pregnancy.due_date):
            raise ValueError("the due date given is not that of the pregnancy")
        with self.change(now):
            self._put(pregnancy, now)
            last = next(reversed(self.due_dates(pregnancy.id)), None)
            due = pregnancy.due_date
            if due is None or (given is None and last is not None and last.due_date == due):
                return
            given = given or DueDate(pregnancy.id, due)
            if last is not None and replace(given, id=last.id, given_on=last.given_on) == last:
                return
            self._put(replace(given, given_on=self.local_day(now)), now)

    def change_pregnancy(self, shown: Pregnancy, edited: Pregnancy, now: Moment) -> None:
        """Save what the user edited in the pregnancy `shown`, unless it was deleted since then."""
        with self.change(now):
            if (known := self.get(Pregnancy, shown.id)) is not None:
                self.save_pregnancy(merge_edit(known, shown, edited), now)

    def due_dates(self, pregnancy_id: str) -> tuple[DueDate, ...]:
        """Return the due dates that were given for a pregnancy, in that order."""
        of_it = "pregnancy_id = ?"
        return tuple(self.find(DueDate, of_it, [pregnancy_id], order="created_at, rowid"))

    # -- routines ---------------------------------------------------------------------------

    def routines(self) -> list[Routine]:
        """Return the user's own routines in their order."""
        return self.find(Routine, order="position, created_at")

    def save_routines(self, routines: Sequence[Routine], now: Moment) -> None:
        """Make these the routines, in this order. Others get a tombstone, and can be restored."""
        with self.change(now):
            for routine in self.routines():
                self.delete("routine", routine.id, now)
            for position, routine in enumerate(routines):
                self._put(routine, now, position=position, deleted_at=None)

    # -- sessions ---------------------------------------------------------------------------

    def change_session(
        self, session_id: str, change: Callable[[Session | None], Session], now: Moment
    ) -> Session | None:
        """Read, change and save a session, with no write of another window in between.

        `change` is given None if the session does not exist yet. A deleted session stays deleted,
        and None is returned.
        """
        with self.change(now):
            if self.is_deleted("session", session_id):
                return None
            known = self.get(Session, session_id)
            changed = change(known)
            if changed != known:
                # A late report of the timer, which only adds holds, is not an edit by the user.
                by_user = (
                    known is None or replace(changed, holds=known.holds, ended=known.ended) != known
                )
                self._put(changed, now, by_user=by_user)
            return changed

    def session(self, session_id: str) -> Session | None:
        """Return a session that is not deleted, with its holds."""
        return self.get(Session, session_id)

    def open_session(self) -> Session | None:
        """Return the newest session that has begun and not ended."""
        found = self.find(Session, "state = 'open'", order="started_at DESC", limit=1)
        return next(iter(found), None)

    def sessions(self, *, limit: int, within: DaySpan = ALWAYS) -> list[Session]:
        """Return the newest sessions at rest, newest first, with their holds."""
        # Within a period the index by day finds the newest; without one, the index by start.
        by_day = "local_day DESC, " if within.first or within.last else ""
        order = f"{by_day}started_at DESC"
        return self.find(Session, AT_REST + within_sql(within), order=order, limit=limit)

    def session_count(self, within: DaySpan = ALWAYS, *, deleted: bool = False) -> int:
        """Return how many sessions are at rest or, with `deleted`, have a tombstone."""
        counted = "deleted_at IS NOT NULL" if deleted else AT_REST
        sql = f"SELECT count(*) AS n FROM session WHERE {counted}{within_sql(within)}"
        return int(self.rows(sql)[0]["n"])

    def deleted_sessions(self, limit: int, within: DaySpan = ALWAYS) -> list[Session]:
        """Return the most recently deleted sessions, the latest deletion first."""
        condition = f"1{within_sql(within)}"
        order = "deleted_at DESC"
        return self.find(Session, condition, order=order, limit=limit, deleted=True)

    # -- cramps -----------------------------------------------------------------------------

    def cramp(self, night: date) -> CrampNight | None:
        """Return the answer for a night, or None."""
        return next(iter(self.find(CrampNight, "night = ?", [night.isoformat()])), None)

    def save_cramp(self, night: date, leg: CrampLeg | None, now: Moment) -> None:
        """Set the answer for a night; None removes the answer (with a tombstone)."""
        with self.change(now):
            if leg is not None:
                self._put_of_day(CrampNight(night, leg), now)
            elif (known := self.cramp(night)) is not None:
                self.delete("cramp", known.id, now)

    def add_cramp(self, night: date, leg: CrampLeg, now: Moment) -> CrampNight:
        """Add a cramp to a night: left and then right in the same night make both."""
        with self.change(now):
            known = self.cramp(night)
            total = leg.after(known.leg if known else None)
            self.save_cramp(night, total, now)
        return CrampNight(night, total)

    # -- check-ins, pain by itself, and days left out of the trend ----------------------------

    def check_ins(self, day: date, since: datetime) -> list[CheckInAnswer]:
        """Return the answers of a local day, and those given since a moment."""
        condition = "(local_day = ? OR asked_at >= ?)"
        values = [day.isoformat(), Moment.of(since).iso]
        return self.find(CheckInAnswer, condition, values, order="asked_at")

    def pains(self, *, limit: int, within: DaySpan = ALWAYS) -> list[PainEntry]:
        """Return the newest pain entries, newest first. In a day, those without a time are last."""
        order = "local_day DESC, felt_at DESC, created_at DESC"
        return self.find(PainEntry, f"1{within_sql(within)}", order=order, limit=limit)

    def left_out_days(self) -> tuple[LeftOutDay, ...]:
        """Return the days that are left out of the trend, the earliest first."""
        return tuple(self.find(LeftOutDay, order="day"))

    def leave_out(self, days: Iterable[date], reason: LeftOutReason | None, now: Moment) -> None:
        """Leave days out of the trend, with an optional reason. Days already left out stay so."""
        with self.change(now):
            for day in days:
                self._put_of_day(LeftOutDay(day, reason), now)
