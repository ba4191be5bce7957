"""Bars by week: sessions against the goal, and nights with cramps."""

from itertools import groupby

import altair as alt
import pandas as pd

from holdwell.charts.base import LABEL_WIDTH, AnyChart, View, layered
from holdwell.charts.labels import labelled, tooltips
from holdwell.i18n.messages import say

BAR = 0.82
"""A bar's share of its week."""
NUMBERED = 8
"""So many bars have room for their numbers above them."""
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
    known = list(goals["goal"].unique())
    title = say("progress.axis_title_sessions")
    # A long title does not fit beside a small chart, whose sentence names the goal.
    if len(known) == 1 and not view.small:
        title = say("progress.axis_title_sessions_goal", goal=known[0])
    elif known and not view.small:
        title = say("progress.axis_title_sessions_goals")
    scale = alt.Scale(domain=[0, max(int(frame["sessions"].max()), *known, 1)], nice=True)
    axis = alt.Axis(tickMinStep=1, tickCount=5, format="d", minExtent=LABEL_WIDTH)
    bars = (
        alt.Chart(_placed(frame, view)[["x", "x2", "week", "sessions", "full"]])
        .mark_rect(color=view.palette.bar, cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=view.x(),
            x2="x2:Q",
            y=alt.Y("sessions:Q", title=title, scale=scale, axis=axis),
            y2=alt.datum(0),
            opacity=alt.condition("datum.full", alt.value(1), alt.value(0.55)),
            tooltip=tooltips(week="col_week", sessions="col_sessions"),
        )
    )
    layers = [bars]
    if len(frame) <= NUMBERED:
        middles = frame.assign(x=frame["index"] + 0.5)[["x", "sessions"]]
        numbers = alt.Chart(middles).mark_text(dy=-8, color=view.palette.text, fontSize=12)
        layers.append(numbers.encode(x=view.x(), y="sessions:Q", text="sessions:Q"))
    if known:
        rule = alt.Chart(goals).mark_rule(strokeDash=[6, 4], color=view.palette.before, size=2)
        y = alt.Y("goal:Q", title=title, scale=scale, axis=axis)
        layers.append(rule.encode(x=view.x(), x2="x2:Q", y=y))
    return layered(view, layers)


def _goal_steps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each run of weeks with the same goal: x, x2, goal."""
    judged = frame.dropna(subset="goal")
    steps = []
    for goal, run in groupby(
        zip(judged["index"], judged["goal"], strict=True), lambda week: week[1]
    ):
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
