"""A chart as a picture to keep, drawn on this machine without a browser and without a network."""

from __future__ import annotations

from typing import Any

import vl_convert

from holdwell.charts.frame import LIGHT, AnyChart

WIDTH = 760
PAPER = "#FFFFFF"


def svg(chart: AnyChart) -> str:
    """The chart as SVG on white paper, 760 px wide, in the colours it was made with."""
    spec: dict[str, Any] = chart.to_dict()
    spec["width"] = WIDTH
    spec["background"] = PAPER
    spec.setdefault("config", {})["font"] = "sans-serif"
    spec["config"]["axis"] = {"labelColor": LIGHT.text, "titleColor": LIGHT.text}
    # An empty list of addresses: nothing may be fetched while drawing.
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
