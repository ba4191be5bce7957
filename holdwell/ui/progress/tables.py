"""The tables of numbers behind charts, under the names that the user reads."""

import pandas as pd

from holdwell import charts
from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.messages import say


def named(frame: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """Return columns of a frame under the names that the user reads, newest first."""
    titles = [say(f"progress.{name}") for name in columns.values()]
    return frame[list(columns)].set_axis(titles, axis=1)[::-1]


def weekly(frame: pd.DataFrame, axis: WeekAxis, *columns: str) -> pd.DataFrame:
    """Return the weekly frame as a table, with each week in words."""
    names = {column: f"col_{column}" for column in ("week", *columns)}
    return named(charts.labelled(frame, axis), **names)
