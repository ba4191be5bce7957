"""Week axes for generated examples."""

from datetime import date, timedelta

from hypothesis import strategies as st

from holdwell.domain.models import Pregnancy
from holdwell.domain.week_axis import WeekAxis, calendar_axis, stage_axis

DAYS = st.dates(date(2020, 1, 1), date(2031, 12, 31))


@st.composite
def week_axes(draw: st.DrawFn) -> WeekAxis:
    birth = draw(st.none() | DAYS)
    due = draw(st.none() | DAYS)
    if birth is not None and due is not None:
        due = birth + timedelta(draw(st.integers(-28, 140)))
    return stage_axis(Pregnancy(due_date=due, birth_date=birth)) or calendar_axis()
