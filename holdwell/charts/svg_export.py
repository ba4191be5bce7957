"""Charts as SVG, drawn on this computer without a browser and without a network."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from holdwell.charts.base import LIGHT, AnyChart, to_vega_lite

WIDTH = 760
PAPER = "#FFFFFF"
MARGIN = 24
LINE = 110
"""The number of letters that fit on a line of the picture."""
IDLE_S = 60.0
"""How long the process waits for the next chart: starting it takes longer than drawing."""


class SvgDrawer:
    """Draws charts in a child process: the server itself would never free the 100 MB it takes.

    The child starts with the first chart, and ends after `idle_s` seconds without a chart.
    """

    def __init__(self, idle_s: float = IDLE_S) -> None:
        self._idle_s = idle_s
        self._lock = threading.RLock()
        self._child: subprocess.Popen[str] | None = None
        self._ending = threading.Timer(0, self.close)

    def draw(self, spec: dict[str, Any], fonts: Path | None = None) -> str:
        """Return the SVG of a Vega-Lite specification; RuntimeError where it cannot be drawn."""
        with self._lock:
            self._ending.cancel()
            if self._child is None or self._child.poll() is not None:
                self.close()
                self._child = _start()
            try:
                drawn = _ask(self._child, json.dumps([spec, fonts and str(fonts)]))
            except BaseException:
                # A child that has not answered is of no more use.
                self.close()
                raise
            self._ending = threading.Timer(self._idle_s, self.close)
            self._ending.daemon = True
            self._ending.start()
            return str(json.loads(drawn))

    def close(self) -> None:
        """End the child, if there is one; the next chart starts another."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._child.communicate()
                self._child = None


def _start() -> subprocess.Popen[str]:
    # It is started by its path, as it needs nothing of this package. With -P, Python does not
    # search its folder for modules.
    command = [sys.executable, "-P", str(Path(__file__).with_name("svg_child.py"))]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="ascii")


def _ask(child: subprocess.Popen[str], line: str) -> str:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        print(line, file=child.stdin, flush=True)
        answer = child.stdout.readline()
    except OSError as error:
        raise RuntimeError("the chart cannot be drawn") from error
    # The child may have ended in the middle of its answer.
    if not answer.endswith("\n"):
        raise RuntimeError("the chart cannot be drawn")
    return answer


@cache
def drawer() -> SvgDrawer:
    """Return the one drawer of this process."""
    return SvgDrawer()


def to_svg(chart: AnyChart, words: Sequence[str] = ()) -> str:
    """Draw the chart as SVG on white paper, 760 px wide, in the colours it was made with.

    The first of `words` is the title above it, and the others are lines below the title.
    """
    spec = to_vega_lite(chart) | {"width": WIDTH, "background": PAPER, "padding": MARGIN}
    axis = {"labelColor": LIGHT.text, "titleColor": LIGHT.text}
    spec["config"] |= {"font": "sans-serif", "axis": axis}
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
    return drawer().draw(spec)
