"""The heatmap of days: a column a week, the morning above and bedtime below in each day."""

import json
from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from holdwell.charts.base import AnyChart, Palette, View, stacked
from holdwell.charts.labels import tooltips
from holdwell.i18n.formats import full_day_text, month_text, weekdays_text
from holdwell.i18n.messages import say

COLUMNS_AT_LEAST = 12
TOP, BOTTOM = 0.08, 0.92
"""Where the drawing of a day begins and ends, in days; the upper half is for the morning."""
BARE: dict[str, Any] = {"ticks": False, "domain": False, "grid": False}
"""An axis of words alone."""
_PARTS = ("morning", "bedtime", "other")


def day_heatmap(frame: pd.DataFrame, view: View) -> AnyChart:
    """Draw a calendar of days from a frame of `frames.daily_parts`, each week from its first day.

    Each day has an upper half for the morning and a lower one for bedtime; a session at another
    time is a dot. An empty half shows the background of the day, which is darker on paused days.
    """
    palette = view.palette
    weeks = {week: number for number, week in enumerate(sorted(set(frame["week"])))}
    left = frame["week"].map(weeks) + 0.06
    names_of_days = weekdays_text()
    begin = next(iter(weeks)).weekday()
    ordered = [*names_of_days[begin:], *names_of_days[:begin]]
    names = [full_day_text(day.date()) for day in frame["day"]]
    shown = frame.assign(x=left, x2=left + 0.88, name=names)
    scale = alt.Scale(domain=[0, max(len(weeks), COLUMNS_AT_LEAST)], nice=False)
    x = alt.X("x:Q", title=None, scale=scale, axis=_month_axis(weeks))
    y = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[7, 0], nice=False),
        axis=alt.Axis(
            values=[number + 0.5 for number in range(7)],
            labelExpr=f"{json.dumps(ordered)}[floor(datum.value)]",
            labelOverlap=False,
            **BARE,
        ),
    )
    paused = shown[shown["paused"]]
    # One strip for each weekday is far less to draw than a mark for each day.
    strips = shown.groupby("weekday", as_index=False).agg({"x": "min", "x2": "max"})
    layers = [_boxes(strips, TOP, BOTTOM, color=palette.shade, tooltip=None)]
    if len(paused):
        word = say("progress.paused")
        days = paused[["weekday", "x", "x2"]].assign(word=word)
        pauses = _boxes(days, TOP, BOTTOM, color=palette.soft)
        layers.append(pauses.encode(tooltip=alt.Tooltip("word:N", title=word)))
    layers += [*_sessions(shown, palette), _legend(paused, palette)]
    return stacked([layer.encode(x=x, y=y) for layer in layers], height=view.height)


def _boxes(days: pd.DataFrame, top: float, bottom: float, **look: Any) -> alt.Chart:
    """Draw a box on each day, between two heights within the day."""
    placed = days.assign(y=days["weekday"] + top, y2=days["weekday"] + bottom)
    marks = alt.Chart(placed.drop(columns="weekday")).mark_rect(**look)
    boxes: alt.Chart = marks.encode(x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
    return boxes


def _sessions(shown: pd.DataFrame, palette: Palette) -> list[alt.Chart]:
    """Draw half of a day for a morning or bedtime session, and a dot for one at another time."""
    tooltip = tooltips(name="col_day", **{part: f"col_{part}" for part in _PARTS})
    days = shown[["weekday", "x", "x2", "name", *_PARTS]]
    morning = _boxes(days[days["morning"] > 0], TOP, 0.49, color=palette.before)
    bedtime = _boxes(days[days["bedtime"] > 0], 0.51, BOTTOM, color=palette.after)
    middles = days.assign(x=days["x"] + 0.44, y=days["weekday"] + 0.5)[days["other"] > 0]
    dots = alt.Chart(middles.drop(columns=["weekday", "x2"]))
    dots = dots.mark_circle(color=palette.text, size=26, opacity=1)
    return [layer.encode(tooltip=tooltip) for layer in (morning, bedtime, dots)]


def _legend(paused: pd.DataFrame, palette: Palette) -> alt.Chart:
    """Draw only the legend of the two halves, the dot and the shade of a pause."""
    words = [say(f"progress.half_{part}") for part in _PARTS]
    kinds = [("square", palette.before), ("square", palette.after), ("circle", palette.text)]
    if len(paused):
        words.append(say("progress.paused"))
        kinds.append(("square", palette.soft))
    shapes = alt.Scale(domain=words, range=[shape for shape, _ in kinds])
    colours = alt.Scale(domain=words, range=[colour for _, colour in kinds])
    # Four words beside each other are wider than a phone.
    columns = 2 if len(paused) else alt.Undefined
    symbols = alt.Legend(
        title=None, orient="bottom", columns=columns, symbolOpacity=1, symbolSize=110
    )
    nowhere = pd.DataFrame({"part": words, "y": -9.0, "x": 0.0})
    marks = alt.Chart(nowhere).mark_point(clip=True, filled=True, opacity=0)
    chart: alt.Chart = marks.encode(
        color=alt.Color("part:N", scale=colours, legend=symbols),
        shape=alt.Shape("part:N", scale=shapes, legend=symbols),
    )
    return chart


def _month_axis(weeks: dict[pd.Timestamp, int]) -> alt.Axis:
    """Return an axis with labels at the columns where a month begins."""
    months: dict[tuple[int, int], int] = {}
    for week, column in weeks.items():
        months.setdefault((week.year, week.month), column)
    starts = {column: month_text(date(*month, 1)) for month, column in months.items()}
    # The first month is often cut short, and its label would run into the next one's.
    if len(starts) > 1 and sorted(starts)[1] < 3:
        del starts[min(starts)]
    return alt.Axis(
        labelExpr=f"{json.dumps(starts)}[datum.value]",
        values=sorted(starts),
        labelAngle=0,
        labelAlign="left",
        labelOverlap=True,
        orient="top",
        **BARE,
    )
