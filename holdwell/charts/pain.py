"""Pain: by week with its spread, the smoothed level, the change within a session, by group."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from holdwell.charts.base import AnyChart, View, layered
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.stats.frames import MUCH_BETTER, NOTICED, Group
from holdwell.stats.queries import DayScore, PainChange
from holdwell.stats.trend_line import LevelDay

SCALE = alt.Scale(domain=[0, 10], nice=False)
TICKS = [0, 2, 4, 6, 8, 10]
NAME_WIDTH = 104


def _y(field: str) -> alt.Y:
    # The same for every layer: layers with axes of their own would have theirs merged.
    axis = alt.Axis(values=TICKS, format="d", labelOverlap=False)
    return alt.Y(f"{field}:Q", title=say("progress.axis_title_pain"), scale=SCALE, axis=axis)


def pain_weeks(frame: pd.DataFrame, view: View) -> AnyChart:
    """Weekly median pain before and after, with the middle half as a band; gaps stay gaps."""
    words = [say("progress.before"), say("progress.after")]
    colours = [view.palette.before, view.palette.after]
    colour = alt.Color(
        "when:N",
        scale=alt.Scale(domain=words, range=colours),
        legend=alt.Legend(title=None, orient="top", symbolSize=90, symbolOpacity=1),
    )
    shape = alt.Shape(
        "when:N", scale=alt.Scale(domain=words, range=["circle", "triangle-up"]), legend=None
    )
    base = alt.Chart(frame.assign(x=frame["index"] + 0.5)).encode(x=view.x(), color=colour)
    band = base.mark_area(opacity=0.18, interpolate="monotone").encode(y=_y("low"), y2="high:Q")
    line = base.mark_line(interpolate="monotone", strokeWidth=2).encode(y=_y("median"))
    points = (
        base.mark_point(filled=True, size=42, opacity=1)
        .encode(
            y=_y("median"),
            shape=shape,
            tooltip=[
                alt.Tooltip("week:N", title=say("progress.col_week")),
                alt.Tooltip("when:N", title=say("progress.col_when")),
                alt.Tooltip("median:Q", title=say("progress.col_median"), format=".1f"),
                alt.Tooltip("low:Q", title=say("progress.col_low"), format=".1f"),
                alt.Tooltip("high:Q", title=say("progress.col_high"), format=".1f"),
                alt.Tooltip("scores:Q", title=say("progress.col_scores")),
            ],
        )
        .transform_filter("isValid(datum.median)")
    )
    return layered(view, [band, line, points])


def trend(
    weekly: pd.DataFrame, scores: Sequence[DayScore], levels: Sequence[LevelDay], view: View
) -> AnyChart:
    """Pain before a session: single scores faint, weekly medians, the smoothed level with its
    95 % band where there are enough days. `weekly` is a frame of `trends.weekly_pain`."""
    axis = view.axis
    single = pd.DataFrame(
        {
            "x": [axis.position(row.day) + 0.5 / 7 for row in scores],
            "score": [row.score for row in scores],
            "count": [row.count for row in scores],
            "day": [day_text(row.day) for row in scores],
        }
    )
    faint = (
        alt.Chart(single)
        .mark_circle(color=view.palette.before, size=22, opacity=0.28)
        .encode(
            x=view.x(),
            y=_y("score"),
            tooltip=[
                alt.Tooltip("day:N", title=say("progress.col_day")),
                alt.Tooltip("score:Q", title=say("progress.before")),
                alt.Tooltip("count:Q", title=say("progress.col_sessions")),
            ],
        )
    )
    level = pd.DataFrame(
        {
            "x": [axis.position(one.day) + 0.5 / 7 for one in levels],
            "level": [one.level for one in levels],
            "low": [one.low for one in levels],
            "high": [one.high for one in levels],
            # The week of the birth is cut short on the axis: a line across it would bend.
            "span": [f"{one.span}-{_side(view, one)}" for one in levels],
        }
    )
    base = alt.Chart(level).encode(x=view.x(), detail="span:N")
    band = base.mark_area(color=view.palette.after, opacity=0.25).encode(y=_y("low"), y2="high:Q")
    line = base.mark_line(color=view.palette.after, strokeWidth=3).encode(y=_y("level"))
    before = weekly[(weekly["when"] == say("progress.before")) & (weekly["scores"] > 0)]
    weeks = alt.Chart(
        before.assign(x=before["index"] + 0.5)[["x", "week", "median", "low", "high", "scores"]]
    )
    spread = weeks.mark_rule(color=view.palette.text, opacity=0.45, size=2).encode(
        x=view.x(), y=_y("low"), y2="high:Q"
    )
    medians = weeks.mark_point(
        shape="diamond", filled=True, size=60, color=view.palette.text, opacity=0.85
    ).encode(
        x=view.x(),
        y=_y("median"),
        tooltip=[
            alt.Tooltip("week:N", title=say("progress.col_week")),
            alt.Tooltip("median:Q", title=say("progress.col_median"), format=".1f"),
            alt.Tooltip("low:Q", title=say("progress.col_low"), format=".1f"),
            alt.Tooltip("high:Q", title=say("progress.col_high"), format=".1f"),
            alt.Tooltip("scores:Q", title=say("progress.col_scores")),
        ],
    )
    return layered(view, [faint, band, line, spread, medians])


def _side(view: View, one: LevelDay) -> str:
    birth = view.axis.birth if view.axis.by_stage else None
    return "after" if birth is not None and one.day >= birth else "before"


def change(rows: Sequence[PainChange], view: View) -> AnyChart:
    """How pain changed within sessions: a bar for each change, with the marks to read it by."""
    palette = view.palette
    reach = max(3, *(abs(row.change) for row in rows))
    known = {row.change: row.count for row in rows}
    steps = list(range(-reach, reach + 1))
    words = {-1: say("progress.change_less"), 0: say("progress.change_same")}
    kinds = [*words.values(), say("progress.change_more")]
    frame = pd.DataFrame(
        {
            "change": steps,
            "label": [f"{step:+d}" if step else "0" for step in steps],
            "sessions": [known.get(step, 0) for step in steps],
            "kind": [kinds[0 if step < 0 else 1 if step == 0 else 2] for step in steps],
        }
    )

    def at(field: str) -> alt.X:
        return alt.X(
            f"{field}:Q",
            title=say("progress.axis_title_change"),
            scale=alt.Scale(domain=[-reach - 0.5, reach + 0.5], nice=False),
            axis=alt.Axis(
                values=steps,
                labelExpr="datum.value > 0 ? '+' + datum.value : datum.value",
                grid=False,
                labelOverlap=True,
                labelAngle=0,
            ),
        )

    y = alt.Y(
        "sessions:Q",
        title=say("progress.axis_title_sessions"),
        axis=alt.Axis(tickMinStep=1, format="d"),
    )
    placed = frame.assign(x=frame["change"] - 0.42, x2=frame["change"] + 0.42)
    bars = (
        alt.Chart(placed)
        .mark_rect(cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=at("x"),
            x2="x2:Q",
            y=y,
            y2=alt.datum(0),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[palette.after, palette.soft, palette.before]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=[
                alt.Tooltip("label:N", title=say("progress.axis_title_change")),
                alt.Tooltip("sessions:Q", title=say("progress.col_sessions")),
            ],
        )
    )
    marks = pd.DataFrame(
        {
            "change": [NOTICED + 0.5, MUCH_BETTER + 0.5],
            "word": [say("progress.mark_noticed"), say("progress.mark_much")],
        }
    )
    rules = (
        alt.Chart(marks)
        .mark_rule(color=palette.text, strokeDash=[3, 3], opacity=0.8)
        .encode(x=at("change"), tooltip=alt.Tooltip("word:N", title=say("progress.mark")))
    )
    return alt.layer(bars, rules).properties(height=280)


def groups(found: Sequence[Group], labels: Sequence[str], view: View) -> AnyChart:
    """One small multiple: for each group the middle half before, its median and that after.

    All of them have the same axis, 0 to 10, so that they can be read one below the other.
    """
    palette = view.palette
    frame = pd.DataFrame(
        {
            "label": list(labels),
            "low": [group.low for group in found],
            "before": [group.before for group in found],
            "high": [group.high for group in found],
            "after": [group.after for group in found],
            "scores": [group.scores for group in found],
        }
    )
    ticks = alt.Axis(values=TICKS, format="d", labelOverlap=False)
    # Names of one width, so that the scales of all multiples lie one below the other.
    names = alt.Axis(labelLimit=NAME_WIDTH, minExtent=NAME_WIDTH, ticks=False)
    y = alt.Y("label:N", sort=list(labels), title=None, axis=names)
    words = [say("progress.before"), say("progress.after")]
    tooltip = [
        alt.Tooltip("label:N", title=say("progress.col_group")),
        alt.Tooltip("before:Q", title=say("progress.before"), format=".1f"),
        alt.Tooltip("after:Q", title=say("progress.after"), format=".1f"),
        alt.Tooltip("scores:Q", title=say("progress.col_scores")),
    ]
    title = say("progress.axis_title_pain")

    def at(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=title, scale=SCALE, axis=ticks)

    half = (
        alt.Chart(frame)
        .mark_bar(size=12, color=palette.soft, cornerRadius=6)
        .encode(x=at("low"), x2="high:Q", y=y, tooltip=tooltip)
    )
    medians = frame.melt(
        id_vars=["label", "scores"], value_vars=["before", "after"], value_name="median"
    ).dropna(subset=["median"])
    medians["when"] = medians["variable"].map({"before": words[0], "after": words[1]})
    wide = medians.merge(frame[["label", "before", "after"]], on="label")
    marks = (
        alt.Chart(wide)
        .mark_point(filled=True, size=120, opacity=1)
        .encode(
            x=at("median"),
            y=y,
            color=alt.Color(
                "when:N",
                scale=alt.Scale(domain=words, range=[palette.before, palette.after]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            shape=alt.Shape(
                "when:N", scale=alt.Scale(domain=words, range=["circle", "triangle-up"])
            ),
            tooltip=tooltip,
        )
    )
    return alt.layer(half, marks).properties(height=110 + 34 * len(found))
