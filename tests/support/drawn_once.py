"""Charts of the report that are drawn once: many tests make the report of the same numbers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from holdwell.charts.svg_export import drawer


@cache
def _drawn(spec: str, fonts: Path) -> str:
    return drawer().draw(json.loads(spec), fonts)


class DrawnOnce:
    """Draws a chart as the app does, unless an earlier test has drawn the very same one."""

    def draw(self, spec: dict[str, Any], fonts: Path) -> str:
        return _drawn(json.dumps(spec), fonts)
