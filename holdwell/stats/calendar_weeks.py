"""Calendar weeks as the user counts them: from the region's first weekday, or the chosen one.

Also the last four weeks and the four before. The page Today uses this module, so it imports nothing
that is slow to import, such as pandas.
"""

from datetime import date, timedelta

from holdwell.domain.dates import Days, DaySpan
from holdwell.domain.models import Profile
from holdwell.domain.week_axis import WeekAxis, calendar_axis
from holdwell.i18n.formats import region_first_weekday

FOUR_WEEKS_DAYS = 28
"""The number of days in "the last 4 weeks", and in the 4 weeks before."""


def first_weekday(profile: Profile) -> int:
    """Return the day on which a week begins, 0 (Monday) to 6: the chosen one, else the region's."""
    chosen = profile.week_starts_on
    return region_first_weekday() if chosen is None else chosen


def calendar_weeks(profile: Profile) -> WeekAxis:
    """Return the axis of calendar weeks, by which every goal is judged."""
    return calendar_axis(first_weekday(profile))


def last_and_before(last: date, period: DaySpan, began: date | None) -> tuple[Days, Days | None]:
    """Return the last 4 weeks, as far as they lie in the period, and the 4 before.

    The latter are None if the user `began` after their first day: that would be less than 4 weeks.
    """
    begin = last - timedelta(days=FOUR_WEEKS_DAYS - 1)
    before = begin - timedelta(days=FOUR_WEEKS_DAYS), begin - timedelta(days=1)
    is_known = began is not None and began <= before[0]
    return (max(period.bounds[0], begin), last), before if is_known else None
