"""Pain: by week with its spread, the trend line, the change within a session, and by group."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from holdwell.charts import base
from holdwell.charts.base import AnyChart, View
from holdwell.charts.labels import labelled, tooltips, when_labels
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.stats.frames import CLEAR_CHANGE, PainGroup, weekly_medians
from holdwell.stats.queries import DayScore
from holdwell.stats.trend_line import TrendDay, is_too_long

SCALE = alt.Scale(domain=[0, 10], nice=False)
TICKS: dict[str, Any] = {"values": [0, 2, 4, 6, 8, 10], "format": "d", "labelOverlap": False}
NAME_WIDTH = 104
FEW_DOTS = 60
"""Up to this many single scores are drawn strongly; more would hide the line."""
_SPREAD = {"median": "col_median", "low": "col_low", "high": "col_high", "scores": "col_scores"}


def _y(field: str) -> alt.Y:
    # The same for every layer: Vega-Lite would merge axes that differ.
    axis = alt.Axis(**TICKS, minExtent=base.LABEL_WIDTH)
    return alt.Y(f"{field}:Q", title=say("progress.axis_title_pain"), scale=SCALE, axis=axis)


def pain_by_week(frame: pd.DataFrame, view: View, alone: pd.DataFrame | None = None) -> AnyChart:
    """Draw weekly median pain before and after, with the middle half as a band and with its gaps.

    `alone` are the medians of scores logged without a session, as in `frames.weekly_medians`. If
    there are no other scores, there is no legend of before and after.
    """
    colour, shape = view.palette.when(symbolSize=90, symbolOpacity=1)
    shown = labelled(frame.assign(x=frame["index"] + 0.5), view.axis)
    weeks = alt.Chart(shown).encode(x=view.x(), color=colour)
    band = weeks.mark_area(opacity=0.18, interpolate="monotone").encode(
        y=_y("low"), y2=alt.Y2("high:Q")
    )
    line = weeks.mark_line(interpolate="monotone", strokeWidth=2).encode(y=_y("median"))
    points = weeks.transform_filter("isValid(datum.median)").mark_point(
        filled=True, size=42, opacity=1
    )
    points = points.encode(
        y=_y("median"),
        shape=shape.legend(None),
        tooltip=tooltips(week="col_week", when="col_when", **_SPREAD),
    )
    layers = [] if alone is None else _medians(alone, view)
    return base.layered(view, [band, line, points, *layers] if frame["scores"].any() else layers)


def pain_trend(scores: Sequence[DayScore], levels: Sequence[TrendDay], view: View) -> AnyChart:
    """Draw the trend: single scores, their weekly medians, and the trend line with its band
    where there are enough days. Over years only the single scores of days left out are drawn."""
    long = is_too_long(view.first, view.last)
    single = [row for row in scores if row.left_out or not long]
    weekly = weekly_medians(scores, view.axis, view.first, view.last)
    layers = *_single_scores(single, view), *_trend_line(levels, view), *_medians(weekly, view)
    return base.layered(view, layers)


def _single_scores(scores: Sequence[DayScore], view: View) -> list[alt.Chart]:
    """Draw each score as a dot, faint if there are many; those of days left out are hollow."""
    frame = pd.DataFrame(scores, columns=["day", "score", "count", "left_out"])
    frame["x"] = [view.axis.position(day) + 0.5 / 7 for day in frame["day"]]
    frame["day"] = [day_text(day) for day in frame["day"]]
    left_out = frame["left_out"].astype(bool)
    dot = 0.8 if len(frame) <= FEW_DOTS else 0.28
    tooltip = tooltips(day="col_day", score="col_pain", count="col_scores")
    return [
        alt.Chart(frame[rows].drop(columns="left_out"))
        .mark_point(shape="circle", color=view.palette.before, size=22, filled=filled, opacity=dark)
        .encode(x=view.x(), y=_y("score"), tooltip=tooltip)
        for rows, filled, dark in ((~left_out, True, dot), (left_out, False, 0.8))
        if filled or rows.any()
    ]


def _trend_line(levels: Sequence[TrendDay], view: View) -> list[alt.Chart]:
    birth = view.axis.birth if view.axis.by_stage else None
    frame = pd.DataFrame(levels, columns=["day", "level", "low", "high", "span"])
    frame["x"] = [view.axis.position(day) + 0.5 / 7 for day in frame["day"]]
    # The week of the birth is cut short on the axis: a line across it would bend.
    frame["span"] = [f"{day.span}-{birth is not None and day.day >= birth}" for day in levels]
    days = alt.Chart(frame.drop(columns="day")).encode(x=view.x(), detail=alt.Detail("span:N"))
    colour = view.palette.after
    return [
        days.mark_area(color=colour, opacity=0.25).encode(y=_y("low"), y2=alt.Y2("high:Q")),
        days.mark_line(color=colour, strokeWidth=3).encode(y=_y("level")),
    ]


def _medians(weekly: pd.DataFrame, view: View) -> list[alt.Chart]:
    rated = weekly[weekly["scores"] > 0]
    shown = labelled(rated.assign(x=rated["index"] + 0.5), view.axis)
    weeks = alt.Chart(shown[["x", "week", *_SPREAD]]).encode(x=view.x())
    text = view.palette.text
    spread = weeks.mark_rule(color=text, opacity=0.45, size=2).encode(
        y=_y("low"), y2=alt.Y2("high:Q")
    )
    medians = weeks.mark_point(shape="diamond", filled=True, size=60, color=text, opacity=0.85)
    tooltip = tooltips(week="col_week", **_SPREAD)
    return [spread, medians.encode(y=_y("median"), tooltip=tooltip)]


def pain_change(counts: Mapping[int, int], view: View) -> AnyChart:
    """Draw how pain changed within sessions: a bar for each change, and marks of a clear change."""
    palette = view.palette
    kinds = [say(f"progress.change_{kind}") for kind in ("less", "little", "more")]
    frame = _changes(counts, kinds)
    reach = int(frame["step"].max())
    axis = alt.Axis(
        values=list(frame["step"]),
        labelExpr="datum.value > 0 ? '+' + datum.value : datum.value",
        grid=False,
        labelOverlap=True,
        labelAngle=0,
        titleAnchor=view.title_anchor,
    )
    scale = alt.Scale(domain=[-reach - 0.5, reach + 0.5], nice=False)
    x = alt.X("x:Q", title=say("progress.axis_title_change"), scale=scale, axis=axis)
    title, most = say("progress.axis_title_sessions"), max(counts.values())
    y = alt.Y("sessions:Q", title=title, axis=base.count_axis(most))
    colours = alt.Scale(domain=kinds, range=[palette.after, palette.soft, palette.before])
    legend = None if view.small else alt.Legend(title=None, orient="top", columns=1)
    shown = base.bars(frame.drop(columns="step"), x, y, **base.ROUNDED).encode(
        color=alt.Color("kind:N", scale=colours, legend=legend),
        tooltip=tooltips(label="axis_title_change", sessions="col_sessions"),
    )
    padding = {"right": 6, "bottom": 4}
    return base.stacked([shown, _clear_change_marks(x, view)], height=view.height, padding=padding)


def _changes(counts: Mapping[int, int], kinds: Sequence[str]) -> pd.DataFrame:
    """Return one row for each change that the axis shows: step, x, x2, label, sessions, kind.

    `kinds` are the words for less pain, little change and more pain.
    """
    reach = max(3, *map(abs, counts))
    steps = pd.Series(range(-reach, reach + 1))
    bounds = [-reach - 1, -CLEAR_CHANGE, CLEAR_CHANGE - 1, reach]
    return pd.DataFrame(
        {
            "step": steps,
            "x": steps - 0.42,
            "x2": steps + 0.42,
            "label": [f"{step:+d}" if step else "0" for step in steps],
            "sessions": [counts.get(step, 0) for step in steps],
            "kind": pd.cut(steps, bounds, labels=list(kinds)).astype(str),
        }
    )


def _clear_change_marks(x: alt.X, view: View) -> alt.Chart:
    words = [say("progress.mark_less"), say("progress.mark_more")]
    frame = pd.DataFrame({"x": [0.5 - CLEAR_CHANGE, CLEAR_CHANGE - 0.5], "word": words})
    marks = alt.Chart(frame).mark_rule(color=view.palette.text, strokeDash=[3, 3], opacity=0.8)
    rules: alt.Chart = marks.encode(x=x, tooltip=alt.Tooltip("word:N", title=say("progress.mark")))
    return rules


def pain_by_group(groups: Sequence[PainGroup], labels: Sequence[str], view: View) -> AnyChart:
    """Draw for each group the middle half of pain before, and the medians before and after.

    All such charts have the same axis, 0 to 10, so that they can be compared.
    """
    palette = view.palette
    frame = pd.DataFrame(groups).assign(label=list(labels))
    # Names have one width, so that the scales of charts one below the other are aligned.
    least = 0 if view.small else NAME_WIDTH
    names = alt.Axis(labelLimit=NAME_WIDTH, minExtent=least, ticks=False)
    y = alt.Y("label:N", sort=list(labels), title=None, axis=names)
    tooltip = tooltips(label="col_group", before="before", after="after", scores="col_scores")

    def x(field: str) -> alt.X:
        title = say("progress.axis_title_pain")
        axis = alt.Axis(**TICKS)
        return alt.X(f"{field}:Q", title=title, scale=SCALE, axis=axis)

    half = (
        alt.Chart(frame)
        .mark_bar(size=12, color=palette.soft, cornerRadius=6)
        .encode(x=x("low"), x2=alt.X2("high:Q"), y=y, tooltip=tooltip)
    )
    colour, shape = palette.when()
    # One is a little above the other, so that equal medians do not hide each other.
    marks = [
        alt.Chart(frame.assign(when=word, median=frame[when]).dropna(subset=["median"]))
        .mark_point(filled=True, size=120, opacity=1, yOffset=offset)
        .encode(x=x("median"), y=y, color=colour, shape=shape, tooltip=tooltip)
        for (when, word), offset in zip(when_labels().items(), (-6, 6), strict=True)
    ]
    height = 110 + 34 * len(groups)
    padding = {"right": 12, "bottom": 6}
    return base.stacked([half, *marks], height=height, padding=padding)
