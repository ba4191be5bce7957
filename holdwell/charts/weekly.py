"""Bars by week: sessions against the goal, nights with cramps, and the review of six weeks."""

from __future__ import annotations

import altair as alt
import pandas as pd

from holdwell.charts.base import AnyChart, View, layered
from holdwell.i18n.messages import say

BAR = 0.82
"""A bar's share of its week."""


def _placed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with where each week's bar begins and ends."""
    gap = (1 - BAR) / 2
    return frame.assign(x=frame["index"] + gap, x2=frame["index"] + 1 - gap)


def sessions(frame: pd.DataFrame, goal: int | None, height: int, view: View) -> AnyChart:
    """Sessions a week as bars, her goal as a line (None: no line); `height` in pixels."""
    top = max(int(frame["sessions"].max()), goal or 0, 1)
    title = (
        say("progress.axis_title_sessions_goal", goal=goal)
        if goal is not None
        else say("progress.axis_title_sessions")
    )
    scale = alt.Scale(domain=[0, top], nice=True)
    axis = alt.Axis(tickMinStep=1, tickCount=5, format="d")
    bars = (
        alt.Chart(_placed(frame)[["x", "x2", "week", "sessions"]])
        .mark_rect(color=view.palette.bar, cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=view.x(),
            x2="x2:Q",
            y=alt.Y("sessions:Q", title=title, scale=scale, axis=axis),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("week:N", title=say("progress.col_week")),
                alt.Tooltip("sessions:Q", title=say("progress.col_sessions")),
            ],
        )
    )
    layers = [bars]
    if goal is not None:
        line = alt.Chart(pd.DataFrame({"goal": [goal]}))
        rule = line.mark_rule(strokeDash=[6, 4], color=view.palette.before, size=2)
        layers.append(rule.encode(y=alt.Y("goal:Q", title=title, scale=scale, axis=axis)))
    return layered(view, layers, height)


LEGS = ("left", "right", "both")


def cramps(frame: pd.DataFrame, view: View) -> AnyChart:
    """Nights with cramps a week by leg, in front of the nights she answered for."""
    scale = alt.Scale(domain=[0, 7], nice=False)
    axis = alt.Axis(values=list(range(8)), format="d")
    title = say("progress.axis_title_nights")
    tooltip = [
        alt.Tooltip("week:N", title=say("progress.col_week")),
        *(alt.Tooltip(f"{leg}:Q", title=say(f"progress.leg_{leg}")) for leg in LEGS),
        alt.Tooltip("answered:Q", title=say("progress.col_answered")),
    ]
    placed = _placed(frame)
    answered = (
        alt.Chart(placed)
        .mark_rect(fill="transparent", stroke=view.palette.soft, strokeWidth=1.5)
        .encode(
            x=view.x(),
            x2="x2:Q",
            y=alt.Y("answered:Q", title=title, scale=scale, axis=axis),
            y2=alt.datum(0),
            tooltip=tooltip,
        )
    )
    words = [say(f"progress.leg_{leg}") for leg in LEGS]
    parts = []
    for _, row in placed.iterrows():
        base = 0
        for leg, word in zip(LEGS, words, strict=True):
            if row[leg]:
                parts.append(row.to_dict() | {"leg": word, "y": base, "y2": base + row[leg]})
                base += row[leg]
    columns = [*placed.columns, "leg", "y", "y2"]
    nights = (
        alt.Chart(pd.DataFrame(parts, columns=columns))
        .mark_rect()
        .encode(
            x=view.x(),
            x2="x2:Q",
            y=alt.Y("y:Q", title=title, scale=scale, axis=axis),
            y2="y2:Q",
            color=alt.Color(
                "leg:N",
                scale=alt.Scale(
                    domain=words,
                    range=[view.palette.before, view.palette.after, view.palette.text],
                ),
                legend=alt.Legend(title=None, orient="top", symbolType="square"),
            ),
            tooltip=tooltip,
        )
    )
    return layered(view, [answered, nights])


def review(frame: pd.DataFrame, view: View) -> AnyChart:
    """Six weeks: sessions as bars, the median pain before as a mark.

    `frame` has week (text), sessions, pain (0 to 10 or missing).
    """
    palette = view.palette
    order = list(frame["week"])
    x = alt.X("week:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=90))
    base = alt.Chart(frame)
    bars = base.mark_bar(color=palette.bar, size=26).encode(
        x=x,
        y=alt.Y("sessions:Q", title=say("progress.axis_title_sessions"), axis=alt.Axis(format="d")),
        tooltip=[
            alt.Tooltip("week:N", title=say("progress.col_week")),
            alt.Tooltip("sessions:Q", title=say("progress.col_sessions")),
            alt.Tooltip("pain:Q", title=say("progress.col_median"), format=".1f"),
        ],
    )
    numbers = base.mark_text(dy=-8, color=palette.text, fontSize=12).encode(
        x=x, y="sessions:Q", text="sessions:Q"
    )
    pain = (
        base.transform_filter("isValid(datum.pain)")
        .mark_point(
            shape="diamond",
            filled=True,
            size=130,
            color=palette.before,
            stroke=palette.text,
            strokeWidth=1.2,
            opacity=1,
        )
        .encode(
            x=x,
            y=alt.Y(
                "pain:Q",
                title=say("review.axis_pain"),
                scale=alt.Scale(domain=[0, 10]),
                axis=alt.Axis(orient="right", grid=False, values=[0, 2, 4, 6, 8, 10]),
            ),
        )
    )
    layers = alt.layer(alt.layer(bars, numbers), pain).resolve_scale(y="independent")
    found: AnyChart = layers.properties(height=260)
    return found
