"""Save a chart as SVG, drawn on this computer without a browser and without a network."""

from collections.abc import Sequence
from textwrap import wrap

import vl_convert

from holdwell.charts.base import LIGHT, AnyChart, to_vega_lite

WIDTH = 760
PAPER = "#FFFFFF"
MARGIN = 24
LINE = 110
"""Letters that fit a line of the picture."""


def to_svg(chart: AnyChart, words: Sequence[str] = ()) -> str:
    """Draw the chart as SVG on white paper, 760 px wide, in the colours it was made with.

    The first of `words` stands above it as a title, the others below that in lines.
    """
    spec = to_vega_lite(chart)
    spec["width"] = WIDTH
    spec["background"] = PAPER
    spec["padding"] = MARGIN
    spec.setdefault("config", {})["font"] = "sans-serif"
    spec["config"]["axis"] = {"labelColor": LIGHT.text, "titleColor": LIGHT.text}
    if words:
        lines = [line for sentence in words[1:] for line in wrap(sentence, LINE)]
        spec["title"] = {
            "text": words[0],
            "subtitle": lines,
            "anchor": "start",
            "fontSize": 18,
            "subtitleFontSize": 13,
            "subtitlePadding": 8,
            "offset": 18,
        }
    # An empty list of addresses: nothing may be fetched while drawing.
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
