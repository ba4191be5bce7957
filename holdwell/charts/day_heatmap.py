"""The calendar of days: a column a week, the morning above and bedtime below in each day."""

from __future__ import annotations

import json
from datetime import date

import altair as alt
import pandas as pd

from holdwell.charts.base import HEIGHT, AnyChart, Palette, View
from holdwell.i18n.formats import full_day_text, month_text, weekdays_text
from holdwell.i18n.messages import say

COLUMNS_AT_LEAST = 12
HALF = 0.42
"""The height of each half of a day, in days."""


def calendar(frame: pd.DataFrame, view: View) -> AnyChart:
    """A calendar of days from a frame of `trends.days`.

    Each day has an upper half for the morning and a lower one for bedtime; a session at another
    time is a dot. A half that is empty shows the paper of the day.
    """
    palette = view.palette
    mondays = {monday: number for number, monday in enumerate(sorted(set(frame["monday"])))}
    shown = frame.assign(
        x=[mondays[monday] + 0.06 for monday in frame["monday"]],
        name=[full_day_text(d.date()) for d in frame["day"]],
    )
    shown["x2"] = shown["x"] + 0.88
    columns = max(len(mondays), COLUMNS_AT_LEAST)
    tooltip = [
        alt.Tooltip("name:N", title=say("progress.col_day")),
        alt.Tooltip("morning:Q", title=say("progress.col_morning")),
        alt.Tooltip("bedtime:Q", title=say("progress.col_bedtime")),
        alt.Tooltip("other:Q", title=say("progress.col_other")),
    ]
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[0, columns], nice=False),
        axis=_month_axis(shown, mondays),
    )
    y = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[7, 0], nice=False),
        axis=alt.Axis(
            values=[n + 0.5 for n in range(7)],
            labelExpr=f"{json.dumps(weekdays_text())}[floor(datum.value)]",
            labelOverlap=False,
            ticks=False,
            domain=False,
            grid=False,
        ),
    )

    def cells(rows: pd.DataFrame, top: float, bottom: float, colour: str) -> alt.Chart:
        placed = rows.assign(y=rows["weekday"] + top, y2=rows["weekday"] + bottom)
        columns = ["x", "x2", "y", "y2", "name", "morning", "bedtime", "other"]
        marks = alt.Chart(placed[columns]).mark_rect(color=colour)
        found: alt.Chart = marks.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", tooltip=tooltip)
        return found

    # One strip for each weekday: a mark for each empty day would be most of the drawing.
    strips = pd.DataFrame(
        {
            "x": [shown.loc[shown["weekday"] == n, "x"].min() for n in range(7)],
            "x2": [shown.loc[shown["weekday"] == n, "x2"].max() for n in range(7)],
            "y": [n + 0.5 - HALF for n in range(7)],
            "y2": [n + 0.5 + HALF for n in range(7)],
        }
    ).dropna()
    paper = (
        alt.Chart(strips)
        .mark_rect(color=palette.shade, tooltip=None)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    morning = cells(shown[shown["morning"] > 0], 0.5 - HALF, 0.49, palette.before)
    bedtime = cells(shown[shown["bedtime"] > 0], 0.51, 0.5 + HALF, palette.bar)
    others = shown[shown["other"] > 0].assign(
        x=lambda rows: rows["x"] + 0.44, y=lambda rows: rows["weekday"] + 0.5
    )
    dots = (
        alt.Chart(others[["x", "y", "name", "morning", "bedtime", "other"]])
        .mark_circle(color=palette.text, size=26, opacity=1)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    legend = _legend(palette).encode(x=x, y=y)
    layers = alt.layer(paper, morning, bedtime, dots, legend).properties(height=HEIGHT)
    # Hundreds of marks that a screen reader would read one by one; the sentence beside the chart
    # and the table below it say what they show.
    found: AnyChart = layers.configure_mark(aria=False)
    return found


def _legend(palette: Palette) -> alt.Chart:
    """Nothing but the legend: what the two halves and the dot mean."""
    words = [say(f"progress.half_{part}") for part in ("morning", "bedtime", "other")]
    shapes = alt.Scale(domain=words, range=["square", "square", "circle"])
    colours = alt.Scale(domain=words, range=[palette.before, palette.bar, palette.text])
    symbols = alt.Legend(title=None, orient="bottom", symbolOpacity=1, symbolSize=110)
    legend: alt.Chart = (
        alt.Chart(pd.DataFrame({"part": words, "y": [-9.0] * 3, "x": [0.0] * 3}))
        .mark_point(clip=True, filled=True, opacity=0)
        .encode(
            color=alt.Color("part:N", scale=colours, legend=symbols),
            shape=alt.Shape("part:N", scale=shapes, legend=symbols),
        )
    )
    return legend


def _month_axis(frame: pd.DataFrame, mondays: dict[pd.Timestamp, int]) -> alt.Axis:
    """Labels at the columns where a month begins."""
    found: dict[tuple[int, int], int] = {}
    for monday, column in mondays.items():
        found.setdefault((monday.year, monday.month), column)
    starts = {column: month_text(date(*month, 1)) for month, column in found.items()}
    # The first month is often cut short, and its label would run into the next one's.
    if len(starts) > 1 and sorted(starts)[1] < 3:
        del starts[min(starts)]
    return alt.Axis(
        labelExpr=f"{json.dumps(starts)}[datum.value]",
        values=sorted(starts),
        labelAngle=0,
        labelAlign="left",
        labelOverlap=True,
        ticks=False,
        domain=False,
        grid=False,
        orient="top",
    )
