"""The profile and what holds from a day on: goals, pauses, pregnancies and their due dates."""

from dataclasses import replace
from datetime import date, timedelta

from holdwell.domain import pregnancies
from holdwell.domain.dated import GoalHistory
from holdwell.domain.dates import local_day
from holdwell.domain.edits import merge_edit
from holdwell.domain.models import DueDate, Goal, Moment, Pause, Pregnancy, Profile, Tracking
from holdwell.domain.pregnancies import EnteredPregnancy, PregnancyPeriod
from holdwell.store.base import FIRST_PROFILE_ID, BaseStore
from holdwell.store.rows import Row, from_row, to_row


class DatedStore(BaseStore):
    """The repository of the settings and dates, which keep what they were before."""

    # -- profile ----------------------------------------------------------------------------

    def profile(self) -> Profile:
        """Return the profile; the one that a first opening would make if there is none yet."""
        found = self.read_once("SELECT * FROM profile ORDER BY created_at LIMIT 1")
        return from_row(Profile, found[0]) if found else Profile(id=FIRST_PROFILE_ID)

    def save_profile(self, profile: Profile, now: Moment) -> None:
        """Save the whole profile; a page has only edits of what it showed: see `change_profile`.

        A new goal, and a pause begun or ended, hold from today on.
        """
        with self.change(now):
            self._put_profile(profile, now)

    def change_profile(self, shown: Profile, edited: Profile, now: Moment) -> None:
        """Save what was edited of the profile that a page showed.

        What another window saved since, in this run of the page or long after the page was drawn,
        stays as it is.
        """
        with self.change(now):
            known = self.profile()
            if (profile := merge_edit(known, shown, edited)) != known:
                self._put_profile(profile, now)

    def _put_profile(self, profile: Profile, now: Moment) -> None:
        known = self._first("SELECT 1 FROM profile WHERE id = ?", [profile.id]) is not None
        goal_before = self.profile().goal_per_week
        self._upsert("profile", to_row(profile) | {"utc_offset": now.utc_offset}, now)
        today = local_day(now.local, profile.day_ends_at)
        if profile.goal_per_week != goal_before:
            self._put_goal(Goal(today, profile.goal_per_week), now, by_user=known)
        self._put_tracking(profile.tracking, today, now, by_user=known)

    def _owner(self, now: Moment) -> Row:
        """Return the column that every row has of its profile, which is made if there is none."""
        profile = self.profile()
        if not self.rows("SELECT 1 FROM profile WHERE id = ?", [profile.id]):
            self._put_profile(profile, now)
        return {"profile_id": profile.id}

    def local_day(self, moment: Moment) -> date:
        """Return the day that the user would call it: see `domain.dates.local_day`."""
        return local_day(moment.local, self.profile().day_ends_at)

    # -- goals and pauses -------------------------------------------------------------------

    def goals(self) -> tuple[Goal, ...]:
        """Return every goal, the earliest first: each holds until the next begins."""
        return tuple(self.find(Goal, "1 ORDER BY from_day"))

    def goal_history(self) -> GoalHistory:
        """Return the goals by which every week is judged, and the pauses.

        There is no goal before one was chosen, while tracking is paused, and after a pregnancy
        that ended.
        """
        pregnancy = self.pregnancy()
        ended = pregnancy is not None and pregnancy.ended
        judged = self.profile().tracking is Tracking.ON and not ended
        return GoalHistory(self.goals() if judged else (), self.pauses())

    def choose_goal(self, goal_per_week: int, now: Moment) -> None:
        """Make this the goal from today on. There is none before the first was chosen."""
        with self.change(now):
            profile = replace(self.profile(), goal_per_week=goal_per_week)
            self._put_profile(profile, now)
            if GoalHistory(self.goals()).goal_on(self.local_day(now)) != goal_per_week:
                self._put_goal(Goal(self.local_day(now), goal_per_week), now, by_user=True)

    def drop_goals(self, now: Moment) -> None:
        """Put a tombstone on every goal: no week is judged any more."""
        with self.change(now):
            for goal in self.goals():
                self._set_deleted("goal", goal.id, now)

    def _put_goal(self, goal: Goal, now: Moment, *, by_user: bool) -> None:
        of_the_day = next((one for one in self.goals() if one.from_day == goal.from_day), goal)
        row = to_row(replace(goal, id=of_the_day.id)) | {"profile_id": self._profile_id()}
        self._upsert("goal", row, now, by_user=by_user)

    def pauses(self) -> tuple[Pause, ...]:
        """Return every pause, the earliest first. The last may still go on."""
        return tuple(self.find(Pause, "1 ORDER BY from_day"))

    def save_pause(self, pause: Pause, now: Moment) -> None:
        """Insert or replace a pause; one of the same days is not doubled.

        ValueError if it ends before it begins.
        """
        if pause.to_day is not None and pause.to_day < pause.from_day:
            raise ValueError("a pause ends on or after its first day")
        with self.change(now):
            days = pause.from_day, pause.to_day
            others = (one for one in self.pauses() if one.id != pause.id)
            if all((one.from_day, one.to_day) != days for one in others):
                self._upsert("pause", to_row(pause) | self._owner(now), now)

    def delete_pause(self, pause_id: str, now: Moment) -> None:
        """Put a tombstone on a pause: its days count again."""
        self._set_deleted("pause", pause_id, now)

    def _put_tracking(self, tracking: Tracking, today: date, now: Moment, *, by_user: bool) -> None:
        """Begin a pause today, or end the one that goes on: today counts again."""
        pauses, owner = self.pauses(), {"profile_id": self._profile_id()}
        current = next((pause for pause in pauses if pause.to_day is None), None)
        if tracking is Tracking.PAUSED and current is None:
            of_today = next((one for one in pauses if one.from_day == today), Pause(today))
            begun = replace(of_today, to_day=None)
            self._upsert("pause", to_row(begun) | owner, now, by_user=by_user)
        elif tracking is Tracking.ON and current is not None:
            if current.from_day >= today:
                self._set_deleted("pause", current.id, now)
            else:
                ended = replace(current, to_day=today - timedelta(days=1))
                self._upsert("pause", to_row(ended) | owner, now)

    # -- pregnancies and due dates ----------------------------------------------------------

    def pregnancy_periods(self) -> tuple[PregnancyPeriod, ...]:
        """Return the pregnancies with the local days of each; one without any if none was given."""
        found = self.read_once("SELECT * FROM pregnancy WHERE deleted_at IS NULL")
        entered = [
            EnteredPregnancy(
                from_row(Pregnancy, row), Moment.from_iso(row["created_at"], row["utc_offset"])
            )
            for row in found
        ]
        return pregnancies.pregnancy_periods(entered, self.profile().day_ends_at)

    def pregnancy(self) -> Pregnancy | None:
        """Return the current pregnancy, that of the last period, or None."""
        return self.pregnancy_periods()[-1].pregnancy

    def save_pregnancy(
        self, pregnancy: Pregnancy, now: Moment, given: DueDate | None = None
    ) -> None:
        """Insert or replace a pregnancy. A due date that changed is kept beside the earlier ones.

        `given` is what the due date was given from; without it, it was given as a date.
        ValueError if `given` is of another date or another pregnancy.
        """
        if given is not None and (given.pregnancy_id, given.due_date) != (
            pregnancy.id,
            pregnancy.due_date,
        ):
            raise ValueError("the due date given is not that of the pregnancy")
        with self.change(now):
            owner = self._owner(now)
            row = to_row(pregnancy) | owner | {"utc_offset": now.utc_offset}
            self._upsert("pregnancy", row, now)
            last = next(reversed(self.due_dates(pregnancy.id)), None)
            due = pregnancy.due_date
            if due is None or (given is None and last is not None and last.due_date == due):
                return
            given = given or DueDate(pregnancy.id, due)
            if last is not None and replace(given, id=last.id, given_on=last.given_on) == last:
                return
            today = self.local_day(now)
            self._upsert("due_date", to_row(replace(given, given_on=today)) | owner, now)

    def change_pregnancy(self, shown: Pregnancy, edited: Pregnancy, now: Moment) -> None:
        """Save what was edited of the pregnancy that a page showed: see `change_profile`.

        One that was deleted since stays so.
        """
        with self.change(now):
            for known in self.find(Pregnancy, "id = ?", [shown.id]):
                self.save_pregnancy(merge_edit(known, shown, edited), now)

    def due_dates(self, pregnancy_id: str) -> tuple[DueDate, ...]:
        """Return the due dates given for a pregnancy, in the order in which they were given."""
        condition = "pregnancy_id = ? ORDER BY created_at, rowid"
        return tuple(self.find(DueDate, condition, [pregnancy_id]))

    def delete_pregnancy(self, pregnancy_id: str, now: Moment) -> None:
        """Put a tombstone on a pregnancy. No session goes: its days fall to the one before."""
        self._set_deleted("pregnancy", pregnancy_id, now)
