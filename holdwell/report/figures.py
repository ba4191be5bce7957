"""The charts of the report as SVG: those of the pages, in the size and font of the report."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from holdwell.charts.base import LIGHT, AnyChart, View, to_vega_lite
from holdwell.charts.pain import pain_by_week, pain_change, pain_trend
from holdwell.charts.svg_export import drawer
from holdwell.charts.weekly import cramp_nights
from holdwell.i18n.formats import month_text
from holdwell.report.fonts import FONTS
from holdwell.report.summary import Report
from holdwell.stats import frames
from holdwell.stats.queries import ScoreCount

WIDE, HALF = 500, 240
"""Widths in points. One unit of the SVG is about one point on the page."""
FONT = 7.5
MEDIANS_AT_MOST = 54
_TYPE = {"labelFontSize": FONT, "titleFontSize": FONT, "titleFontWeight": "normal"}
_COLOURS = {"labelColor": LIGHT.text, "titleColor": LIGHT.text, "gridColor": "#E7E1D8"}

Draw = Callable[[AnyChart, int, int], str]
"""A function that draws a chart as SVG with a width and a height."""


def blank(_: AnyChart, width: int, height: int) -> str:
    """Return an empty SVG as large as the chart, which takes no time to make."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'


def svg(chart: AnyChart, width: int, height: int) -> str:
    """Draw a chart in the type and the colours of the report."""
    spec = to_vega_lite(chart)
    spec |= {"width": width, "height": height, "background": "white", "padding": 2}
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    legend = {"labelFontSize": FONT, "symbolSize": 40, "padding": 3}
    if width == HALF:
        legend["offset"] = 5
    spec["config"] |= {"font": "Inter", "axis": _TYPE | _COLOURS, "legend": legend}
    spec["config"]["view"] = {"stroke": "#D9D2C7"}
    return drawer().draw(spec, FONTS)


class _Years(View):
    """A view of years, whose weeks are labelled with month and year."""

    def axis_label(self, weeks: Sequence[int]) -> str:
        days = {week: self.axis.first_day(week) for week in weeks}
        names = {str(week): f"{month_text(day)} {day.year}" for week, day in days.items()}
        return f"{json.dumps(names, ensure_ascii=False)}[floor(datum.value)]"


def _view(report: Report) -> View:
    kind = _Years if report.too_long_for_trend else View
    days = report.axis, report.drawn_from, report.last
    return kind(*days, LIGHT, report.pregnancy, report.pauses, font=FONT)


def weeks_each(report: Report) -> int:
    """Return how many weeks each median in the chart of years is taken over."""
    begin, end = _view(report).weeks
    return -(-(end - begin + 1) // MEDIANS_AT_MOST)


def pain(report: Report) -> AnyChart | None:
    """Return the trend of pain, or over years medians of several weeks; None without scores."""
    is_long = report.too_long_for_trend
    # The chart of years does not show the scores of days left out.
    drawn = any(not (is_long and row.left_out) for row in report.day_scores)
    if not report.week_scores and not drawn:
        return None
    view = _view(report)
    if is_long:
        return pain_by_week(medians(report, report.week_scores), view, alone(report))
    return pain_trend(report.day_scores, report.levels, view)


def alone(report: Report) -> pd.DataFrame:
    """Return `medians` of the scores logged by themselves, without those of days left out."""
    week = report.axis.index
    rows = [row for row in report.day_scores if not row.left_out]
    counts = [ScoreCount(week(row.day), False, row.score, row.alone) for row in rows]
    frame = medians(report, counts)
    return frame[frame["when"] == frames.BEFORE]


def medians(report: Report, rows: Iterable[ScoreCount[int]]) -> pd.DataFrame:
    """Return a frame like `frames.weekly_pain`, a row for several weeks, the last for the rest."""
    view = _view(report)
    each, (begin, end) = weeks_each(report), view.weeks
    rows = [replace(row, group=begin + (row.group - begin) // each * each) for row in rows]
    frame = frames.weekly_pain(rows, report.axis, view.first, report.last)
    kept = frame[(frame["index"] - begin) % each == 0]
    return kept.assign(index=(kept["index"] + (kept["index"] + each - 1).clip(upper=end)) / 2)


def change(report: Report) -> AnyChart | None:
    """Return how pain changed within sessions; None without a pair of scores."""
    return pain_change(report.changes, _view(report)) if report.changes else None


def cramps(report: Report) -> AnyChart | None:
    """Return cramp nights a week by leg; None if no night has an answer, and over years."""
    if not report.week_cramps or report.too_long_for_trend:
        return None
    # Without the names of trimesters: the chart above has them, and here is no room for them.
    view = replace(_view(report), pregnancy=None)
    frame = frames.weekly_cramps(report.week_cramps, report.axis, view.first, report.last)
    return cramp_nights(frame, view)
