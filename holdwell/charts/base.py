"""What all charts share: colours, the axis of weeks, trimesters behind and the birth's line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from holdwell.domain.models import Pregnancy
from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.formats import decimal_marks, short_day_text
from holdwell.i18n.messages import say
from holdwell.stats.queries import AFTER_BIRTH, trimester_spans

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart


def written(chart: AnyChart) -> dict[str, Any]:
    """The chart as Vega-Lite, with the decimal marks of the reader's language."""
    spec: dict[str, Any] = chart.to_dict()
    decimal, thousands = decimal_marks()
    marks = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    spec.setdefault("config", {})["locale"] = {"number": marks}
    return spec


HEIGHT = 320
LABELS_AT_MOST = 8
# A name needs about this share of a phone's width to stand in a trimester without a collision.
NAMED_FROM = 0.16


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme. Teal and orange stay apart in the common colour blindnesses."""

    before: str
    after: str
    bar: str
    soft: str
    text: str
    shade: str


LIGHT = Palette(
    before="#C8643B",
    after="#2B6A6D",
    bar="#2B6A6D",
    soft="#CFC3B4",
    text="#2A2530",
    shade="#EFE6DA",
)
DARK = Palette(
    before="#E8976D",
    after="#7CC4C0",
    bar="#7CC4C0",
    soft="#4A4451",
    text="#EFE8E1",
    shade="#221F28",
)


@dataclass(frozen=True, slots=True)
class View:
    """What a chart shows: which days, on which axis, in which colours."""

    axis: WeekAxis
    first: date
    last: date
    palette: Palette
    pregnancy: Pregnancy | None = None
    """Whose trimesters and birth are marked; None marks neither."""

    @property
    def weeks(self) -> tuple[int, int]:
        """The first and the last week shown."""
        return self.axis.index(self.first), self.axis.index(self.last)

    def x(self, field: str = "x") -> alt.X:
        """The axis of weeks, continuous: a week reaches from its number to the next."""
        begin, end = self.weeks
        every = max(1, -(-(end - begin + 1) // LABELS_AT_MOST))
        return alt.X(
            f"{field}:Q",
            title=self.title,
            scale=alt.Scale(domain=[begin, end + 1], nice=False, zero=False),
            axis=alt.Axis(
                values=[week + 0.5 for week in range(begin, end + 1, every)],
                labelExpr=self._label(range(begin, end + 1, every)),
                labelAngle=0,
                labelOverlap=True,
                grid=False,
                ticks=False,
            ),
        )

    @property
    def title(self) -> str:
        by = "stage" if self.axis.by_stage else "calendar"
        return say(f"progress.axis_title_{by}")

    def _label(self, weeks: Sequence[int]) -> str:
        if not self.axis.by_stage:
            days = {str(week): short_day_text(self.axis.first_day(week)) for week in weeks}
            return f"{json.dumps(days, ensure_ascii=False)}[floor(datum.value)]"
        cut = self.axis.birth_index
        if cut is None:
            return "floor(datum.value)"
        after = f"'+' + (floor(datum.value) - {cut + 1})"
        return f"datum.value > {cut + 1} ? {after} : floor(datum.value)"

    def backdrop(self) -> list[alt.Chart]:
        """Trimesters as shades, every other one, with their names; the birth as a dashed line."""
        begin, end = self.weeks[0], self.weeks[1] + 1
        bands = []
        for number, (name, first, last) in enumerate(trimester_spans(self.pregnancy)):
            left = max(float(begin), self.axis.position(first))
            right = min(float(end), self.axis.position(last + timedelta(days=1)))
            if self.axis.by_stage and name != AFTER_BIRTH and self._is_cut(last):
                # The week of the birth is drawn whole though it is cut short.
                right = min(float(end), float(self.axis.index(last) + 1))
            if left < right:
                wide = (right - left) / (end - begin) >= NAMED_FROM
                words = say(f"progress.band_{name}") if wide else ""
                bands.append((left, right, words, number % 2 == 0, name))
        if not bands:
            return []
        # A single band says nothing that the axis does not.
        layers = _shades(bands, self) if len(bands) > 1 else []
        births = [left for left, _, _, _, name in bands if name == AFTER_BIRTH and left > begin]
        return layers + [_birth(left, self) for left in births]

    def _is_cut(self, day: date) -> bool:
        return self.axis.birth is not None and day == self.axis.birth - timedelta(days=1)


Band = tuple[float, float, str, bool, str]


def _shades(bands: Sequence[Band], view: View) -> list[alt.Chart]:
    frame = pd.DataFrame(
        {
            "x": [left for left, *_ in bands],
            "x2": [right for _, right, *_ in bands],
            "middle": [(left + right) / 2 for left, right, *_ in bands],
            "word": [word for _, _, word, *_ in bands],
            "shaded": [shaded for _, _, _, shaded, _ in bands],
        }
    )
    shade = (
        alt.Chart(frame[frame["shaded"]])
        .mark_rect(color=view.palette.shade, tooltip=None)
        .encode(x=view.x(), x2="x2:Q")
    )
    words = (
        alt.Chart(frame)
        .mark_text(baseline="bottom", dy=-4, fontSize=11, color=view.palette.text, opacity=0.75)
        .encode(x=view.x("middle"), y=alt.value(0), text="word:N")
    )
    return [shade, words]


def _birth(position: float, view: View) -> alt.Chart:
    frame = pd.DataFrame({"x": [position], "word": [say("progress.birth")]})
    rule = alt.Chart(frame).mark_rule(
        strokeDash=[4, 3], color=view.palette.text, opacity=0.8, size=1.5
    )
    line: alt.Chart = rule.encode(
        x=view.x(), tooltip=alt.Tooltip("word:N", title=say("progress.birth"))
    )
    return line


def layered(view: View, layers: Sequence[alt.Chart], height: int = HEIGHT) -> AnyChart:
    """The layers over the backdrop, in one size."""
    return alt.layer(*view.backdrop(), *layers).properties(
        height=height, padding={"top": 18, "right": 6}
    )
