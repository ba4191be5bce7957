"""Draws the app's icon in the sizes that phones ask for: `python docs/draw_icons.py`.

The one that systems cut to their own shape keeps everything in the middle 80 % (W3C, maskable).
"""

from pathlib import Path

import vl_convert

FOLDER = Path(__file__).parent.parent / "holdwell" / "network" / "icons"
FIGURE = (
    '<path d="M70 160 C63 118 62 54 113 52 C130 51 140 60 150 70" stroke="#FBF7F2"/>'
    '<path d="M73 110 L146 124" stroke="#E8976D"/>'
    '<circle cx="77" cy="51" r="17" fill="#FBF7F2" stroke="none"/>'
)


def icon(size: int, share: float) -> str:
    """Return the icon as SVG, with the figure on `share` (0 to 1) of it."""
    aside = 192 * (1 - share) / 2 - 8 * share
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 192 192" width="{size}" '
        f'height="{size}"><rect width="192" height="192" fill="#2B6A6D"/>'
        f'<g transform="translate({aside + 4 * share} {aside + 2}) scale({share})" fill="none" '
        f'stroke-width="17" stroke-linecap="round">{FIGURE}</g></svg>'
    )


for name, size, share in (
    ("icon-180", 180, 1.0),
    ("icon-192", 192, 1.0),
    ("icon-512", 512, 1.0),
    ("icon-mask-512", 512, 0.74),
):
    (FOLDER / f"{name}.png").write_bytes(vl_convert.svg_to_png(icon(size, share)))
