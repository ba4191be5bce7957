"""Bars by week: sessions against the goal, nights with cramps, and the review of six weeks."""

from itertools import groupby

import altair as alt
import pandas as pd

from holdwell.charts.base import AnyChart, View, layered
from holdwell.charts.labels import labelled, tooltips
from holdwell.i18n.formats import short_day_text
from holdwell.i18n.messages import say

BAR = 0.82
"""A bar's share of its week."""
LEGS = ("left", "right", "both")


def _placed(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the frame with each week in words, and where its bar begins and ends."""
    gap = (1 - BAR) / 2
    placed = frame.assign(x=frame["index"] + gap, x2=frame["index"] + 1 - gap)
    return labelled(placed, view.axis)


def sessions_by_week(frame: pd.DataFrame, height: int, view: View) -> AnyChart:
    """Draw sessions a week as bars, and the goal of each week as a step line; `height` in pixels.

    Weeks without a goal have no line.
    """
    goals = _goal_steps(frame)
    known = list(goals["goal"].unique())
    title = say("progress.axis_title_sessions")
    if len(known) == 1:
        title = say("progress.axis_title_sessions_goal", goal=known[0])
    elif known:
        title = say("progress.axis_title_sessions_goals")
    scale = alt.Scale(domain=[0, max(int(frame["sessions"].max()), *known, 1)], nice=True)
    axis = alt.Axis(tickMinStep=1, tickCount=5, format="d")
    bars = (
        alt.Chart(_placed(frame, view)[["x", "x2", "week", "sessions"]])
        .mark_rect(color=view.palette.bar, cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=view.x(),
            x2="x2:Q",
            y=alt.Y("sessions:Q", title=title, scale=scale, axis=axis),
            y2=alt.datum(0),
            tooltip=tooltips(week="col_week", sessions="col_sessions"),
        )
    )
    layers = [bars]
    if known:
        rule = alt.Chart(goals).mark_rule(strokeDash=[6, 4], color=view.palette.before, size=2)
        y = alt.Y("goal:Q", title=title, scale=scale, axis=axis)
        layers.append(rule.encode(x=view.x(), x2="x2:Q", y=y))
    return layered(view, layers, height)


def _goal_steps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each run of weeks with the same goal: x, x2, goal."""
    weeks = zip(frame["index"], frame["goal"], strict=True)
    steps = []
    for goal, run in groupby(weeks, key=lambda week: week[1]):
        if not pd.isna(goal):
            indexes = [index for index, _ in run]
            steps.append((indexes[0], indexes[-1] + 1, int(goal)))
    return pd.DataFrame(steps, columns=["x", "x2", "goal"])


def cramp_nights(frame: pd.DataFrame, view: View) -> AnyChart:
    """Draw nights with cramps a week by leg, in front of the nights with an answer."""
    scale = alt.Scale(domain=[0, 7], nice=False)
    axis = alt.Axis(values=list(range(8)), format="d")
    title = say("progress.axis_title_nights")
    legs = {leg: f"leg_{leg}" for leg in LEGS}
    tooltip = tooltips(week="col_week", **legs, answered="col_answered")
    placed = _placed(frame, view)
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
    words = {leg: say(f"progress.{title}") for leg, title in legs.items()}
    stacked = [
        placed.assign(leg=words[leg], y=placed[list(LEGS[:place])].sum(axis=1), nights=placed[leg])
        for place, leg in enumerate(LEGS)
    ]
    parts = (
        pd.concat(stacked).query("nights > 0").assign(y2=lambda part: part["y"] + part["nights"])
    )
    colours = [view.palette.before, view.palette.after, view.palette.text]
    nights = (
        alt.Chart(parts)
        .mark_rect()
        .encode(
            x=view.x(),
            x2="x2:Q",
            y=alt.Y("y:Q", title=title, scale=scale, axis=axis),
            y2="y2:Q",
            color=alt.Color(
                "leg:N",
                scale=alt.Scale(domain=list(words.values()), range=colours),
                legend=alt.Legend(title=None, orient="top", symbolType="square"),
            ),
            tooltip=tooltip,
        )
    )
    return layered(view, [answered, nights])


def review_weeks(frame: pd.DataFrame, view: View) -> AnyChart:
    """Draw six weeks: sessions as bars, the median pain before as a mark.

    `frame` has from_day, sessions, pain (0 to 10 or missing).
    """
    palette = view.palette
    shown = frame.assign(week=[short_day_text(day) for day in frame["from_day"]])
    order = list(shown["week"])
    x = alt.X("week:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=90))
    base = alt.Chart(shown.drop(columns="from_day"))
    bars = base.mark_bar(color=palette.bar, size=26).encode(
        x=x,
        y=alt.Y("sessions:Q", title=say("progress.axis_title_sessions"), axis=alt.Axis(format="d")),
        tooltip=tooltips(week="col_week", sessions="col_sessions", pain="col_median"),
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
    chart: AnyChart = layers.properties(height=260)
    return chart
