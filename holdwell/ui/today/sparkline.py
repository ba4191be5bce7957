"""The line of a few weeks of pain as a small picture, without a chart library: it loads at once."""

from collections.abc import Mapping
from datetime import date

from holdwell.domain.models import PAIN_MAX

JOINED_DAYS = 7
"""Scores further apart than this are not joined by a line: nothing is known between them."""


def sparkline(means: Mapping[date, float], first: date, last: date) -> str:
    """Return SVG of the mean pain (0 to 10) of each day from `first` to `last` that has a score.

    It stretches to the size it is given. It is drawn in black, to be a mask for the colour of the
    theme.
    """
    width = max(1, (last - first).days)
    days = sorted(day for day in means if first <= day <= last)
    points = {day: f"{(day - first).days} {PAIN_MAX - means[day]:g}" for day in days}
    line = ""
    for day, before in zip(days, [None, *days], strict=False):
        joined = before is not None and (day - before).days <= JOINED_DAYS
        line += f"{'L' if joined else 'M'}{points[day]}"
    dots = "".join(f"M{point}h0" for point in points.values())
    style = 'fill="none" stroke="#000" vector-effect="non-scaling-stroke"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-0.5 -0.5 {width + 1} {PAIN_MAX + 1}" '
        'preserveAspectRatio="none">'
        f'<path {style} stroke-width="2" stroke-linejoin="round" d="{line}"/>'
        f'<path {style} stroke-width="6" stroke-linecap="round" d="{dots}"/></svg>'
    )
