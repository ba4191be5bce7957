"""What all charts share: colours, the axis of weeks, trimesters in the background, the birth.

Colours come from the theme of the page; shapes repeat what the colours say.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from holdwell.charts.labels import when_labels
from holdwell.domain.dates import AFTER_BIRTH, Days, trimester_spans
from holdwell.domain.models import Pregnancy
from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.formats import decimal_marks, digit_groups, short_day_text
from holdwell.i18n.messages import say

# Altair checks every part of a chart against the schema of Vega-Lite as it is made, and the whole
# chart once more, which is half of its time. Here tests/unit/charts checks each kind of chart.
# Reading a channel from text, as in `x2="x2:Q"`, takes 10 ms; `alt.X2("x2:Q")` is the same.
schemapi.disable_debug_mode()


def _rows(frame: Any) -> dict[str, list[dict[str, Any]]]:
    """Return a pandas frame as Vega-Lite's inline data, with None for what is missing."""
    columns = [
        [None if value is pd.NA or value != value else value for value in frame[name].tolist()]
        for name in frame
    ]
    return {"values": [dict(zip(frame, row, strict=True)) for row in zip(*columns, strict=True)]}


# Altair's own way converts each column with pandas, which takes ten times as long.
alt.data_transformers.register("rows", _rows)
alt.data_transformers.enable("rows")

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart

HEIGHT, SMALL_HEIGHT = 320, 206
"""In pixels: of a chart as wide as the page, and of a chart beside others."""
LABEL_WIDTH = 28
"""In pixels, of the numbers beside a chart: it aligns the weeks of all charts on a page."""
LABELS_AT_MOST = 8
LETTER_WIDTH = 5.2
"""In pixels, on average, of a name in the background."""


def to_vega_lite(chart: AnyChart) -> dict[str, Any]:
    """Return the chart as Vega-Lite, with the decimal marks of the reader's language."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    decimal, thousands = decimal_marks()
    marks = {
        "decimal": decimal,
        "thousands": thousands,
        "grouping": digit_groups(),
        "currency": ["", ""],
    }
    # A screen reader would read hundreds of marks one by one, weeks as "2968.5" and 2.5 as "3", and
    # the axes in English. The sentence beside the chart and the table below it say what they show.
    unread = {part: {"aria": False} for part in ("mark", "axis", "legend")}
    spec.setdefault("config", {}).update(locale={"number": marks}, **unread)
    return spec


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme. Teal and orange stay apart in the common colour blindnesses.

    Bars have the colour of `after`.
    """

    before: str
    after: str
    soft: str
    text: str
    shade: str

    def when(self, **legend: Any) -> tuple[alt.Color, alt.Shape]:
        """Return the colour and the shape of pain before and after, with a legend on top."""
        words = list(when_labels().values())
        colours = alt.Scale(domain=words, range=[self.before, self.after])
        shapes = alt.Scale(domain=words, range=["circle", "triangle-up"])
        shown = alt.Legend(title=None, orient="top", **legend)
        return (
            alt.Color("when:N", scale=colours, legend=shown),
            alt.Shape("when:N", scale=shapes, legend=shown),
        )


LIGHT = Palette(before="#C8643B", after="#2B6A6D", soft="#CFC3B4", text="#2A2530", shade="#EFE6DA")
DARK = Palette(before="#E8976D", after="#7CC4C0", soft="#4A4451", text="#EFE8E1", shade="#221F28")


@dataclass(frozen=True, slots=True)
class View:
    """What a chart shows: which days, on which axis, in which colours."""

    axis: WeekAxis
    first: date
    last: date
    palette: Palette
    pregnancy: Pregnancy | None = None
    """Whose trimesters and birth are marked; None marks neither."""
    pauses: tuple[Days, ...] = ()
    """Spans of paused days, which are shaded."""
    height: int = HEIGHT
    font: float = 11
    """The font size of the names of spans of time."""

    @property
    def small(self) -> bool:
        """Whether the chart is too small for a legend; its sentence says what that would."""
        return self.height <= SMALL_HEIGHT

    @property
    def title_anchor(self) -> Any:
        """Where the title below a chart is put: a small chart has room for it only on the left."""
        return "end" if self.small else alt.Undefined

    @property
    def weeks(self) -> tuple[int, int]:
        """The first and the last week shown."""
        return self.axis.index(self.first), self.axis.index(self.last)

    def x(self, field: str = "x") -> alt.X:
        """Return the continuous axis of weeks: a week reaches from its number to the next."""
        begin, end = self.weeks
        labelled = range(begin, end + 1, max(1, -(-(end - begin + 1) // LABELS_AT_MOST)))
        return alt.X(
            f"{field}:Q",
            title=say(f"progress.axis_title_{'stage' if self.axis.by_stage else 'calendar'}"),
            scale=alt.Scale(domain=[begin, end + 1], nice=False, zero=False),
            axis=alt.Axis(
                values=[week + 0.5 for week in labelled],
                labelExpr=self.axis_label(labelled),
                labelAngle=0,
                labelOverlap=True,
                titleAnchor=self.title_anchor,
                grid=False,
                ticks=False,
            ),
        )

    def axis_label(self, weeks: Sequence[int]) -> str:
        """Return the Vega expression that writes a week on the axis."""
        if not self.axis.by_stage:
            days = {str(week): short_day_text(self.axis.first_day(week)) for week in weeks}
            return f"{json.dumps(days, ensure_ascii=False)}[floor(datum.value)]"
        cut = self.axis.birth_index
        earlier = json.dumps(say("progress.axis_before", week="#"))
        label = (
            f"datum.value < 0 ? replace({earlier}, '#', -floor(datum.value)) : floor(datum.value)"
        )
        if cut is None:
            return label
        return f"datum.value > {cut + 1} ? '+' + (floor(datum.value) - {cut + 1}) : {label}"

    def background(self) -> list[alt.Chart]:
        """Return layers for the trimesters, every other one shaded, the birth and the pauses."""
        begin, end = float(self.weeks[0]), float(self.weeks[1] + 1)
        bands = []
        for number, (name, first, last) in enumerate(trimester_spans(self.pregnancy)):
            left, right = self.ends(first, last)
            if self.axis.by_stage and last + timedelta(days=1) == self.axis.birth:
                # The week of the birth is cut short, but drawn as wide as the others.
                right = self.axis.index(last) + 1.0
            left, right = max(begin, left), min(end, right)
            if left < right:
                bands.append((left, right, number % 2 == 0, name))
        # A single band says no more than the axis does.
        layers = _shades(bands, self) if len(bands) > 1 else []
        births = [left for left, _, _, name in bands if name == AFTER_BIRTH and left > begin]
        layers += [_birth_line(left, self) for left in births]
        return layers + (_paused_days(self) if self.pauses else [])

    def ends(self, first: date, last: date) -> tuple[float, float]:
        """Return where a span of days begins and ends on the axis."""
        return self.axis.position(first), self.axis.position(last + timedelta(days=1))

    def fits(self, field: str) -> str:
        """Return the Vega expression that is true if the text in `field` fits between x and x2."""
        begin, end = self.weeks[0], self.weeks[1] + 1
        needed = f"{LETTER_WIDTH * (end - begin):g} * length(datum.{field})"
        return f"(datum.x2 - datum.x) * width >= {needed}"


def _shades(bands: Sequence[tuple[float, float, bool, str]], view: View) -> list[alt.Chart]:
    """Return the layers of trimesters: each has its ends, whether it is shaded, and its key."""
    frame = pd.DataFrame(bands, columns=["x", "x2", "shaded", "name"])
    frame["word"] = [say(f"progress.band_{name}") for name in frame["name"]]
    frame["short"] = [say(f"progress.band_short_{name}") for name in frame["name"]]
    frame = frame.drop(columns="name")
    shades = alt.Chart(frame[frame["shaded"]]).mark_rect(color=view.palette.shade, tooltip=None)
    shown = f"{view.fits('word')} ? datum.word : {view.fits('short')} ? datum.short : ''"
    names = _names(frame, view, shown, baseline="bottom", dy=-4, opacity=0.75)
    return [shades.encode(x=view.x(), x2=alt.X2("x2:Q")), names]


def _names(frame: pd.DataFrame, view: View, shown: str, **look: Any) -> alt.Chart:
    """Return the names of spans in their middles; `shown` is the Vega expression of a name."""
    middles = frame.assign(middle=(frame["x"] + frame["x2"]) / 2)
    marks = alt.Chart(middles).transform_calculate(shown=shown)
    marks = marks.mark_text(fontSize=view.font, color=view.palette.text, **look)
    names: alt.Chart = marks.encode(x=view.x("middle"), y=alt.value(0), text=alt.Text("shown:N"))
    return names


def _birth_line(position: float, view: View) -> alt.Chart:
    word = say("progress.birth")
    marks = alt.Chart(pd.DataFrame({"x": [position], "word": [word]}))
    rule = marks.mark_rule(strokeDash=[4, 3], color=view.palette.text, opacity=0.8, size=1.5)
    line: alt.Chart = rule.encode(x=view.x(), tooltip=alt.Tooltip("word:N", title=word))
    return line


def _paused_days(view: View) -> list[alt.Chart]:
    """Return the shades of paused days, named inside where they are wide enough."""
    word = say("progress.paused")
    ends = [view.ends(*span) for span in view.pauses]
    frame = pd.DataFrame(ends, columns=["x", "x2"]).assign(word=word)
    shades = alt.Chart(frame).mark_rect(color=view.palette.soft, opacity=0.5, clip=True)
    named = alt.Tooltip("word:N", title=word)
    names = _names(frame, view, f"{view.fits('word')} ? datum.word : ''", baseline="top", dy=4)
    return [shades.encode(x=view.x(), x2=alt.X2("x2:Q"), tooltip=named), names]


ROUNDED = {"cornerRadiusTopLeft": 3, "cornerRadiusTopRight": 3}


def bars(frame: pd.DataFrame, x: alt.X, y: alt.Y, **look: Any) -> alt.Chart:
    """Return a bar for each row of a frame, from x to the column x2, up to `y`."""
    marks = alt.Chart(frame).mark_rect(**look)
    chart: alt.Chart = marks.encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2Datum(0))
    return chart


def count_axis(most: int, **look: Any) -> alt.Axis:
    """Return an axis for counts up to `most`, without parts of one: 0.5 would be labelled as 1."""
    return alt.Axis(tickCount=min(5, most), format=",d", **look)


def layered(view: View, layers: Sequence[alt.Chart]) -> AnyChart:
    """Lay the layers over the background, in one size."""
    padding = {"top": 18, "right": 6, "bottom": 4}
    return stacked([*view.background(), *layers], height=view.height, padding=padding)


def stacked(layers: Sequence[alt.Chart], **look: Any) -> alt.LayerChart:
    """Lay charts one over another."""
    chart = alt.LayerChart(**look)
    # `alt.layer` copies each layer three times to move its parameters; our layers have none.
    chart.layer = list(layers)
    return chart
