"""Frames in, Altair charts out. Colours come from the page's theme; shapes say the same again."""

from holdwell.charts.base import DARK, HEIGHT, LIGHT, AnyChart, Palette, View, written
from holdwell.charts.day_heatmap import calendar
from holdwell.charts.pain import change, groups, pain_weeks, trend
from holdwell.charts.svg_export import svg
from holdwell.charts.weekly import cramps, review, sessions

__all__ = [
    "DARK",
    "HEIGHT",
    "LIGHT",
    "AnyChart",
    "Palette",
    "View",
    "calendar",
    "change",
    "cramps",
    "groups",
    "pain_weeks",
    "review",
    "sessions",
    "svg",
    "trend",
    "written",
]
