"""Frames in, Altair charts out. Colours come from the page's theme; shapes say the same again."""

from holdwell.charts.base import DARK, LIGHT, SMALL_HEIGHT, AnyChart, Palette, View, to_vega_lite
from holdwell.charts.day_heatmap import day_heatmap
from holdwell.charts.labels import labelled, week_label
from holdwell.charts.pain import pain_by_group, pain_by_week, pain_change, pain_trend
from holdwell.charts.svg_export import drawer, to_svg
from holdwell.charts.weekly import cramp_nights, sessions_by_week

__all__ = [
    "DARK",
    "LIGHT",
    "SMALL_HEIGHT",
    "AnyChart",
    "Palette",
    "View",
    "cramp_nights",
    "day_heatmap",
    "drawer",
    "labelled",
    "pain_by_group",
    "pain_by_week",
    "pain_change",
    "pain_trend",
    "sessions_by_week",
    "to_svg",
    "to_vega_lite",
    "week_label",
]
