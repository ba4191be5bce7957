"""The tables of numbers behind charts, under the names that the user reads."""

import pandas as pd

from holdwell import charts
from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.messages import say


def named(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return columns of a frame under the names that the user reads, newest first."""
    own = ("before", "after")
    keys = [column if column in own else f"col_{column}" for column in columns]
    return frame[list(columns)].set_axis([say(f"progress.{key}") for key in keys], axis=1)[::-1]


def weekly(frame: pd.DataFrame, axis: WeekAxis, *columns: str) -> pd.DataFrame:
    """Return the weekly frame as a table, with each week in words."""
    return named(charts.labelled(frame, axis), "week", *columns)
