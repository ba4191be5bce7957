"""Pages in Streamlit's own test bench, on a store in a folder of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import Moment, Pregnancy
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock

ROOT = Path(__file__).parent.parent.parent
OpenPage = Callable[[str], AppTest]


@pytest.fixture(autouse=True)
def settled_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what st.navigation settles once in a server's life; AppTest forgets it at each run.

    That a server's very first visit may be to any page is a browser test.
    """
    original = PagesManager.__init__

    def init(self: PagesManager, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", init)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Moment) -> Path:
    """The data folder, and a clock that stands at `now`."""
    monkeypatch.setenv("HOLDWELL_DATA", str(tmp_path))
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(clock, "zone", lambda: timezone(timedelta(minutes=now.utc_offset)))
    monkeypatch.setattr(clock, "now", lambda: now)
    return tmp_path


@pytest.fixture
def saved(folder: Path) -> Iterator[Store]:
    """The store behind the pages, to look into."""
    store = Store(folder / "holdwell.db")
    yield store
    store.close()


@pytest.fixture
def known(saved: Store, now: Moment) -> Store:
    """Someone who has been here: 24w 3d pregnant, stop signs read."""
    saved.save_profile(replace(saved.profile(), welcomed=True, safety_seen=True), now)
    saved.save_pregnancy(Pregnancy(due_date=date(2027, 3, 13)), now)
    return saved


@pytest.fixture
def open_page(folder: Path) -> OpenPage:
    """Open a page as a first visit to its address would."""

    def open_it(name: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.run()
        if name != "today":
            app.switch_page(f"pages/{name}.py").run()
        return app

    return open_it


def texts(app: AppTest) -> str:
    """Everything the page says, in one text, as it reads once Markdown's escapes are taken off."""
    groups = (app.title, app.header, app.subheader, app.text, app.markdown, app.caption)
    alerts = (app.error, app.warning, app.success, app.info)
    said = "\n".join(str(e.value) for group in (*groups, *alerts) for e in group)
    return re.sub(r"\\(.)", r"\1", said)
