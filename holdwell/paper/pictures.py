"""The charts of the report as SVG: those of the pages, in the size and type of the paper."""

from __future__ import annotations

from functools import cache
from typing import Any

import vl_convert

from holdwell import charts, trends
from holdwell.charts import LIGHT, AnyChart, View
from holdwell.paper.letters import FONTS
from holdwell.report import Report

WIDE, HALF = 500, 240
"""Widths in points. One unit of the SVG is about a point of the paper."""
FONT = 7.5
_TYPE = {"labelFontSize": FONT, "titleFontSize": FONT, "titleFontWeight": "normal"}
_COLOURS = {"labelColor": LIGHT.text, "titleColor": LIGHT.text, "gridColor": "#E7E1D8"}


@cache
def _our_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _svg(chart: AnyChart, width: int, height: int) -> str:
    _our_fonts()
    spec = charts.written(chart)
    _small_words(spec)
    spec |= {"width": width, "height": height, "background": "white", "padding": 2}
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    config = spec.setdefault("config", {})
    config["font"] = "Inter"
    config["axis"] = _TYPE | _COLOURS
    config["legend"] = {"labelFontSize": FONT, "symbolSize": 40, "offset": 5, "padding": 3}
    config["view"] = {"stroke": "#D9D2C7"}
    # An empty list of addresses: nothing may be fetched while drawing.
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _small_words(spec: dict[str, Any]) -> None:
    """The names of trimesters in the size of the other words: a page's are larger."""
    for layer in spec.get("layer", []):
        _small_words(layer)
        if layer.get("mark", {}).get("type") == "text":
            layer["mark"]["fontSize"] = FONT


def _view(report: Report) -> View:
    return View(report.axis, report.since or report.first, report.last, LIGHT, report.pregnancy)


def pain(report: Report, height: int) -> str:
    """The trend of pain before; weekly medians alone over a long range. Empty without scores."""
    if not report.week_scores:
        return ""
    view = _view(report)
    weekly = trends.weekly_pain(report.week_scores, report.axis, view.first, report.last)
    chart = (
        charts.pain_weeks(weekly, view)
        if report.too_long_for_trend
        else charts.trend(weekly, report.day_scores, report.levels, view)
    )
    return _svg(chart, WIDE, height)


def change(report: Report, height: int) -> str:
    """How pain changed within sessions. Empty without a pair of scores."""
    if not report.changes:
        return ""
    return _svg(charts.change(report.changes, _view(report)), HALF, height)


def cramps(report: Report, height: int) -> str:
    """Cramp nights a week by leg. Empty where no night has an answer."""
    if not report.week_cramps:
        return ""
    view = _view(report)
    frame = trends.weekly_cramps(report.week_cramps, report.axis, view.first, report.last)
    return _svg(charts.cramps(frame, view), HALF, height)
