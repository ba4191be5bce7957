"""Bars by week: sessions against the goal, and nights with cramps."""

from typing import Any

import altair as alt
import pandas as pd

from holdwell.charts.base import LABEL_WIDTH, ROUNDED, AnyChart, View, bars, count_axis, layered
from holdwell.charts.labels import labelled, tooltips
from holdwell.i18n.messages import say

BAR = 0.82
"""A bar's share of its week."""
NUMBERED = 8
"""Up to so many bars have room for their numbers above them."""
LEGS = ("left", "right", "both")


def _placed(frame: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the frame with each week in words, and where its bar begins and ends."""
    gap = (1 - BAR) / 2
    placed = frame.assign(x=frame["index"] + gap, x2=frame["index"] + 1 - gap)
    return labelled(placed, view.axis)


def sessions_by_week(frame: pd.DataFrame, view: View) -> AnyChart:
    """Draw sessions a week as bars, and the goal of each week as a step line.

    Weeks without a goal have no line. A week that is not full is paler.
    """
    goals = _goal_steps(frame)
    goal_values = list(goals["goal"].unique())
    title = say("progress.axis_title_sessions")
    # A long title does not fit beside a small chart, whose sentence names the goal.
    if len(goal_values) == 1 and not view.small:
        title = say("progress.axis_title_sessions_goal", goal=goal_values[0])
    elif goal_values and not view.small:
        title = say("progress.axis_title_sessions_goals")
    most = max(int(frame["sessions"].max()), *map(int, goal_values), 1)
    scale = alt.Scale(domain=[0, most], nice=True)
    axis = count_axis(most, minExtent=LABEL_WIDTH)
    shown = _placed(frame, view)[["x", "x2", "week", "sessions", "full"]]
    y = alt.Y("sessions:Q", title=title, scale=scale, axis=axis)
    bar = bars(shown, view.x(), y, color=view.palette.after, **ROUNDED)
    layers = [
        bar.encode(
            opacity=alt.OpacityValue(0.55, condition={"test": "datum.full", "value": 1}),
            tooltip=tooltips(week="col_week", sessions="col_sessions"),
        )
    ]
    if len(frame) <= NUMBERED:
        middles = frame.assign(x=frame["index"] + 0.5)[["x", "sessions"]]
        numbers = alt.Chart(middles).mark_text(dy=-8, color=view.palette.text, fontSize=12)
        layers.append(
            numbers.encode(x=view.x(), y=alt.Y("sessions:Q"), text=alt.Text("sessions:Q"))
        )
    if goal_values:
        rule = alt.Chart(goals).mark_rule(strokeDash=[6, 4], color=view.palette.before, size=2)
        y = alt.Y("goal:Q", title=title, scale=scale, axis=axis)
        layers.append(rule.encode(x=view.x(), x2=alt.X2("x2:Q"), y=y))
    return layered(view, layers)


def _goal_steps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each run of weeks with the same goal: x, x2, goal."""
    judged = frame.dropna(subset="goal")[["index", "goal"]].astype(int)
    runs = judged.groupby((judged["goal"].diff() != 0).cumsum())
    steps = runs.agg(x=("index", "first"), x2=("index", "last"), goal=("goal", "first"))
    return steps.assign(x2=steps["x2"] + 1)


def cramp_nights(frame: pd.DataFrame, view: View) -> AnyChart:
    """Draw nights with cramps a week by leg, in front of the nights with an answer."""
    look: dict[str, Any] = {
        "title": say("progress.axis_title_nights"),
        "scale": alt.Scale(domain=[0, 7], nice=False),
        "axis": alt.Axis(values=list(range(8)), format="d"),
    }
    legs = {leg: f"leg_{leg}" for leg in LEGS}
    words = {leg: say(f"progress.{title}") for leg, title in legs.items()}
    tooltip = tooltips(week="col_week", **legs, answered="col_answered")
    placed = _placed(frame, view)
    outline = {"fill": "transparent", "stroke": view.palette.soft, "strokeWidth": 1.5}
    answered = bars(placed, view.x(), alt.Y("answered:Q", **look), **outline)
    stacked = [
        placed.assign(leg=words[leg], y=placed[list(LEGS[:place])].sum(axis=1), nights=placed[leg])
        for place, leg in enumerate(LEGS)
    ]
    parts = (
        pd.concat(stacked).query("nights > 0").assign(y2=lambda rows: rows["y"] + rows["nights"])
    )
    colours = [view.palette.before, view.palette.after, view.palette.text]
    nights = bars(parts, view.x(), alt.Y("y:Q", **look)).encode(
        y2=alt.Y2("y2:Q"),
        color=alt.Color(
            "leg:N",
            scale=alt.Scale(domain=list(words.values()), range=colours),
            # Three names beside each other are too wide for a phone.
            legend=alt.Legend(title=None, orient="top", symbolType="square", columns=2),
        ),
    )
    return layered(view, [layer.encode(tooltip=tooltip) for layer in (answered, nights)])
