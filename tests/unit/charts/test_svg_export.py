"""Charts as SVG: drawn by a child process, which keeps its memory and ends with it."""

import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from holdwell.charts import svg_export
from holdwell.charts.svg_export import SvgDrawer

SPEC: dict[str, Any] = {"data": {"values": [{"a": 1}]}, "mark": "point", "title": "Crampón"}


def children() -> set[psutil.Process]:
    return set(psutil.Process().children())


def test_charts_are_drawn_in_a_child_process_that_ends_when_idle() -> None:
    before = children()
    drawn = SvgDrawer(idle_s=0).draw(SPEC)
    assert drawn.startswith("<svg")
    assert "Crampón" in drawn
    assert "vl_convert" not in sys.modules
    _, alive = psutil.wait_procs(children() - before, timeout=60)
    assert not alive


def test_a_child_that_ends_amid_its_answer_has_drawn_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "svg_child.py").write_text("input()\nprint('\"<svg', end='')\n")
    monkeypatch.setattr(svg_export, "__file__", str(tmp_path / "svg_export.py"))
    with pytest.raises(RuntimeError, match="cannot be drawn"):
        SvgDrawer().draw(SPEC)


def test_a_chart_that_cannot_be_drawn_says_so_and_the_next_one_is_drawn() -> None:
    before, drawer = children(), SvgDrawer()
    with pytest.raises(RuntimeError, match="cannot be drawn"):
        drawer.draw({"mark": "nothing known"})
    assert children() == before
    assert drawer.draw(SPEC).startswith("<svg")
    (child,) = children() - before
    child.kill()
    child.wait()
    assert drawer.draw(SPEC).startswith("<svg")
    drawer.close()
    assert children() == before
