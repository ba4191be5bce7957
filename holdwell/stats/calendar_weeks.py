"""Calendar weeks as the user counts them: from the region's first weekday, or the chosen one."""

from holdwell.domain.models import Profile
from holdwell.domain.week_axis import WeekAxis, calendar_axis
from holdwell.i18n.formats import region_first_weekday


def first_weekday(profile: Profile) -> int:
    """Return the day on which a week begins, 0 (Monday) to 6: the chosen one, else the region's."""
    chosen = profile.week_starts_on
    return region_first_weekday() if chosen is None else chosen


def calendar_weeks(profile: Profile) -> WeekAxis:
    """Return the axis of calendar weeks, by which every goal is judged."""
    return calendar_axis(first_weekday(profile))
