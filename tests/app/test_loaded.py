"""What is imported before the server answers, and with pages that need no charts."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from holdwell.ui.runtime.navigation import page_path
from tests.app.conftest import SCRIPT
from tests.support.histories import long_history

LATER = {
    "altair",
    "icalendar",
    "numpy",
    "pandas",
    "pyarrow",
    "segno",
    "statsmodels",
    "typst",
    "vl_convert",
}
"""Modules that only some pages need, and that are slow to import or need much memory."""
OF_CHARTS = LATER - {"icalendar", "segno"}
NOT_TO_ANSWER = LATER | {
    "holdwell.guide",
    "holdwell.store.repository",
    "psutil",
    "pydantic",
    "sqlite_utils",
}
"""Modules that the server does not need before the first page."""
START = """
import json, sys
import app
from holdwell.network import plain_pages
plain_pages.first_screen("en"), plain_pages.not_found("en")
print(json.dumps(sorted(sys.modules)))
"""
TODAY = f"""
import json, sys
from streamlit.testing.v1 import AppTest
shown = AppTest.from_file({str(SCRIPT)!r}, default_timeout=120).run()
assert not shown.exception and shown.title, shown
{{}}
print(json.dumps(sorted(sys.modules)))
"""
OTHER_PAGES = """
from holdwell.ui.runtime.navigation import PAGES, page_path
for page in PAGES:
    if page.name not in ("today", "progress", "review", "report"):
        assert not shown.switch_page(page_path(page.name)).run().exception, page
"""
TABLE = f"""
(uploader,) = shown.switch_page({page_path("record")!r}).run().file_uploader
uploader.set_value(("d.csv", b"Date,Pain,Note\\n2026-11-20,4,fine\\n", "text/csv")).run()
assert not shown.exception and any("|4|fine|" in text.value for text in shown.markdown), shown
"""

TITLES = f"""
import streamlit as st
title, early = st.title, []
st.title = lambda text, **look: (early.append([text, "altair" in sys.modules]), title(text, **look))
shown.switch_page({page_path("progress")!r}).run()
assert not shown.exception and [title.value for title in shown.title] == ["Progress"], shown
assert not any("One moment" in text.value for text in shown.text), shown
print(json.dumps(early))
"""


@pytest.mark.parametrize(
    ("script", "unwanted"),
    [
        pytest.param(START, NOT_TO_ANSWER, id="start"),
        pytest.param(TODAY.format(OTHER_PAGES), OF_CHARTS, id="pages without charts"),
        pytest.param(TODAY.format(TABLE), LATER, id="today and a table of another tracker"),
    ],
)
def test_nothing_is_imported_before_it_is_needed(
    script: str, unwanted: set[str], tmp_path: Path
) -> None:
    loaded = _last_line(script, tmp_path)
    assert "holdwell.ui.runtime" in loaded
    assert not unwanted.intersection(loaded)


def test_the_title_of_progress_is_shown_before_its_charts_are_loaded(tmp_path: Path) -> None:
    assert _last_line(TODAY.format(TITLES + "sys.exit()"), tmp_path) == [["Progress", False]]


def _last_line(script: str, folder: Path) -> list[Any]:
    """Run a script on a history of 40 days; return the last line of its output, read as JSON."""
    long_history(folder, 40, datetime.now().astimezone())
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "HOLDWELL_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found
