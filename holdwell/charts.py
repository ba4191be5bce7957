"""Frames in, Altair charts out. Colours come from the page's theme; shapes say the same again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from holdwell.weeks import EPOCH_MONDAY, Axis
from holdwell.wording import say

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart

HEIGHT = 320
LABELS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme. Teal and orange stay apart in the common colour blindnesses."""

    before: str
    after: str
    bar: str
    soft: str
    text: str
    steps: tuple[str, str, str]
    """No, one, and two or more sessions in a day: three steps of lightness, one hue."""


LIGHT = Palette(
    before="#C8643B",
    after="#2B6A6D",
    bar="#2B6A6D",
    soft="#CFC3B4",
    text="#2A2530",
    steps=("#EBE2D7", "#8FB9B7", "#2B6A6D"),
)
DARK = Palette(
    before="#E8976D",
    after="#7CC4C0",
    bar="#7CC4C0",
    soft="#4A4451",
    text="#EFE8E1",
    steps=("#2B2731", "#3F7573", "#8ED6D2"),
)


def _week_axis(axis: Axis, weeks: list[int]) -> alt.X:
    every = max(1, -(-len(weeks) // LABELS_AT_MOST))
    if axis.by_stage:
        cut = axis.birth_index
        label = (
            f"datum.value > {cut} ? '+' + (datum.value - {cut + 1}) : datum.value"
            if cut is not None
            else "datum.value"
        )
        title = say("progress.axis_title_stage")
    else:
        # Months in a JavaScript date count from 0.
        start = EPOCH_MONDAY
        label = (
            f"timeFormat(datetime({start.year}, {start.month - 1}, "
            f"{start.day} + 7 * datum.value), '%-d %b')"
        )
        title = say("progress.axis_title_calendar")
    return alt.X(
        "index:O",
        title=title,
        sort=None,
        scale=alt.Scale(domain=weeks),
        axis=alt.Axis(
            labelExpr=label,
            values=weeks[::every],
            labelAngle=0,
            labelOverlap=True,
            grid=False,
            ticks=False,
        ),
    )


def _birth_mark(axis: Axis, weeks: list[int], palette: Palette) -> list[alt.Chart]:
    """A line and a word where the birth is, if it is in view."""
    cut = axis.birth_index
    if cut is None or not axis.by_stage or cut + 1 not in weeks or cut + 1 == weeks[0]:
        return []
    frame = pd.DataFrame({"index": [cut + 1], "word": [say("progress.birth")]})
    x = alt.X("index:O", scale=alt.Scale(domain=weeks), bandPosition=0)
    rule = alt.Chart(frame).mark_rule(strokeDash=[4, 3], color=palette.text, opacity=0.7)
    word = alt.Chart(frame).mark_text(
        align="right", dx=-4, dy=-4, baseline="bottom", color=palette.text, fontSize=12
    )
    return [rule.encode(x=x), word.encode(x=x, y=alt.value(0), text="word:N")]


def _finish(layers: list[alt.Chart]) -> AnyChart:
    return alt.layer(*layers).properties(height=HEIGHT, padding={"top": 16, "right": 4})


def sessions(frame: pd.DataFrame, axis: Axis, goal: int | None, palette: Palette) -> AnyChart:
    """Sessions a week as bars, her goal as a line (None: no line)."""
    weeks = [int(i) for i in frame["index"]]
    top = max(int(frame["sessions"].max()), goal or 0, 1)
    bars = (
        alt.Chart(frame[["index", "week", "sessions"]])
        .mark_bar(color=palette.bar, cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=_week_axis(axis, weeks),
            y=alt.Y(
                "sessions:Q",
                title=say("progress.axis_title_sessions_goal", goal=goal)
                if goal is not None
                else say("progress.axis_title_sessions"),
                scale=alt.Scale(domain=[0, top], nice=True),
                axis=alt.Axis(tickMinStep=1, tickCount=5, format="d"),
            ),
            tooltip=[
                alt.Tooltip("week:N", title=say("progress.col_week")),
                alt.Tooltip("sessions:Q", title=say("progress.col_sessions")),
            ],
        )
    )
    layers = [bars]
    if goal is not None:
        line = pd.DataFrame({"goal": [goal]})
        layers.append(
            alt.Chart(line)
            .mark_rule(strokeDash=[6, 4], color=palette.before, size=2)
            .encode(y="goal:Q")
        )
    return _finish(layers + _birth_mark(axis, weeks, palette))


def pain(frame: pd.DataFrame, axis: Axis, palette: Palette) -> AnyChart:
    """Weekly median pain before and after, with the middle half as a band; gaps stay gaps."""
    weeks = sorted({int(i) for i in frame["index"]})
    words = [say("progress.before"), say("progress.after")]
    colour = alt.Color(
        "when:N",
        scale=alt.Scale(domain=words, range=[palette.before, palette.after]),
        legend=alt.Legend(title=None, orient="top", symbolSize=90, symbolOpacity=1),
    )
    shape = alt.Shape(
        "when:N", scale=alt.Scale(domain=words, range=["circle", "triangle-up"]), legend=None
    )
    scale = alt.Scale(domain=[0, 10], nice=False)
    ticks = alt.Axis(values=[0, 2, 4, 6, 8, 10], format="d", labelOverlap=False)
    base = alt.Chart(frame).encode(x=_week_axis(axis, weeks), color=colour)
    band = base.mark_area(opacity=0.18, interpolate="monotone").encode(
        y=alt.Y("low:Q", title=say("progress.axis_title_pain"), scale=scale, axis=ticks),
        y2="high:Q",
    )
    line = base.mark_line(interpolate="monotone", strokeWidth=2).encode(
        y=alt.Y("median:Q", title=None, scale=scale, axis=ticks)
    )
    points = (
        base.mark_point(filled=True, size=42, opacity=1)
        .encode(
            y=alt.Y("median:Q", title=None, scale=scale, axis=ticks),
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
    return _finish([band, line, points, *_birth_mark(axis, weeks, palette)])


def cramps(frame: pd.DataFrame, axis: Axis, palette: Palette) -> AnyChart:
    """Nights with cramps a week, in front of the nights she answered for."""
    weeks = [int(i) for i in frame["index"]]
    x = _week_axis(axis, weeks)
    scale = alt.Scale(domain=[0, 7], nice=False)
    tooltip = [
        alt.Tooltip("week:N", title=say("progress.col_week")),
        alt.Tooltip("cramps:Q", title=say("progress.col_nights")),
        alt.Tooltip("answered:Q", title=say("progress.col_answered")),
    ]
    answered = (
        alt.Chart(frame)
        .mark_bar(color="transparent", stroke=palette.soft, strokeWidth=1.5)
        .encode(
            x=x,
            y=alt.Y("answered:Q", title=say("progress.axis_title_nights"), scale=scale),
            tooltip=tooltip,
        )
    )
    nights = (
        alt.Chart(frame)
        .mark_bar(color=palette.before)
        .encode(x=x, y=alt.Y("cramps:Q", scale=scale), tooltip=tooltip)
    )
    return _finish([answered, nights, *_birth_mark(axis, weeks, palette)])


def calendar(frame: pd.DataFrame, palette: Palette) -> AnyChart:
    """A calendar of days: a column a week; the more sessions, the stronger the cell."""
    words = [say("progress.day_none"), say("progress.day_one"), say("progress.day_more")]
    mondays = sorted(frame["monday"].unique())
    shown = frame.assign(
        column=[mondays.index(monday) for monday in frame["monday"]],
        amount=[words[min(int(total), 2)] for total in frame["total"]],
        name=[f"{d:%A}, {d.day} {d:%B %Y}" for d in frame["day"]],
    )
    months, names = _months(shown)
    chart: AnyChart = (
        alt.Chart(shown)
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X(
                "column:O",
                title=None,
                # At least a phone's worth of columns, so that one week is not one wide bar.
                scale=alt.Scale(domain=list(range(max(len(mondays), 12))), paddingInner=0.12),
                axis=alt.Axis(
                    labelExpr=f"{json.dumps(names)}[datum.value]",
                    values=months,
                    labelAngle=0,
                    labelAlign="left",
                    labelOverlap=True,
                    ticks=False,
                    domain=False,
                    grid=False,
                    orient="top",
                ),
            ),
            y=alt.Y(
                "weekday:O",
                title=None,
                scale=alt.Scale(domain=list(range(7)), paddingInner=0.12),
                axis=alt.Axis(
                    labelExpr="['Mon','Tue','Wed','Thu','Fri','Sat','Sun'][datum.value]",
                    ticks=False,
                    domain=False,
                    grid=False,
                ),
            ),
            color=alt.Color(
                "amount:N",
                scale=alt.Scale(domain=words, range=list(palette.steps)),
                legend=alt.Legend(
                    title=say("progress.legend_sessions"), orient="bottom", symbolType="square"
                ),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=say("progress.col_day")),
                alt.Tooltip("morning:Q", title=say("progress.col_morning")),
                alt.Tooltip("bedtime:Q", title=say("progress.col_bedtime")),
                alt.Tooltip("other:Q", title=say("progress.col_other")),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart


def _months(frame: pd.DataFrame) -> tuple[list[int], dict[int, str]]:
    """The columns where a month begins, and its short name, for the labels on top."""
    firsts = frame.drop_duplicates("column")
    found: dict[tuple[int, int], int] = {}
    for column, monday in zip(firsts["column"], firsts["monday"], strict=True):
        found.setdefault((monday.year, monday.month), int(column))
    starts = {column: f"{date(*month, 1):%b}" for month, column in found.items()}
    # The first month is often cut short, and its label would run into the next one's.
    if len(starts) > 1 and sorted(starts)[1] < 3:
        del starts[min(starts)]
    return sorted(starts), starts
