"""Runs pages in Streamlit's AppTest, with each test's data in its own folder."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.runtime import Runtime, context
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.element_tree import Block, Node
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from holdwell.domain.models import CrampLeg, Moment, Pregnancy, Session
from holdwell.report import figures
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.navigation import HOME, page_path
from tests.conftest import TODAY
from tests.support.components import scan_once
from tests.support.drawn_once import DrawnOnce
from tests.support.histories import new_database

SCRIPT = Path(__file__).parents[2] / "holdwell" / "ui" / "main.py"
OpenPage = Callable[[str], AppTest]
Download = Callable[[AppTest, str], bytes]
PATIENCE_S = 120
"""How long a run may take at most: long, because a busy machine is slow."""

# Each test starts the app afresh, and would search for components each time.
scan_once()


def wait(runner: LocalScriptRunner, timeout: float) -> None:
    """Wait for the end of a run by joining its thread; Streamlit's own wait polls every ms."""
    assert runner._script_thread is not None
    runner._script_thread.join(timeout)
    assert runner.script_stopped(), f"the page took more than {timeout} s"


vars(local_script_runner)["require_widgets_deltas"] = wait
# AppTest makes stand-ins for the browser's connection and the server in every run.
connection, server = MagicMock(), MagicMock(spec=Runtime)
vars(context)["_get_client_context"] = lambda: connection
vars(app_test)["MagicMock"] = lambda spec: server


def nodes_of(block: Block) -> Iterator[Node]:
    """Yield a block and all within it; Streamlit's own way hands on each node by each parent."""
    waiting: list[Node] = [block]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Block):
            waiting.extend(reversed(node.children.values()))


Block.__iter__ = nodes_of  # type: ignore[method-assign]
# Compile each script only once, as a server does; AppTest would compile it for every run.
script_cache = cache(ScriptCache)
for bench in (app_test, local_script_runner):
    vars(bench)["ScriptCache"] = script_cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Moment) -> Path:
    """The data folder; the pages' clock stands still at `now`."""
    monkeypatch.setattr(figures, "drawer", DrawnOnce)
    monkeypatch.setenv("HOLDWELL_DATA", str(tmp_path))
    monkeypatch.setattr(clock, "zone", lambda: timezone(timedelta(minutes=now.utc_offset)))
    monkeypatch.setattr(clock, "now", lambda: now)
    return tmp_path


@pytest.fixture
def download(monkeypatch: pytest.MonkeyPatch) -> Download:
    """A function that returns a download button's data, generated as by a click."""
    import streamlit as st

    held: dict[str, object] = {}
    original = st.download_button

    def keep(label: str, data: object, *args: object, **kwargs: object) -> bool:
        held[str(kwargs["key"])] = data
        return bool(original(label, data, *args, **kwargs))  # type: ignore[arg-type]

    monkeypatch.setattr(st, "download_button", keep)

    def get(app: AppTest, key: str) -> bytes:
        data = held[key]
        file = data() if callable(data) else data
        assert isinstance(file, bytes | str)
        return file.encode() if isinstance(file, str) else file

    return get


@pytest.fixture
def saved(folder: Path) -> Iterator[Store]:
    """The store that the pages use, for tests to fill and read."""
    store = Store(new_database(folder / "holdwell.db"))
    yield store
    store.close()


@pytest.fixture
def known(saved: Store, now: Moment) -> Store:
    """The store of a returning user, 24w 3d pregnant, who has confirmed the stop signs."""
    saved.save_profile(replace(saved.profile(), welcomed=True, safety_seen=True), now)
    saved.save_pregnancy(Pregnancy(due_date=date(2027, 3, 13)), now)
    return saved


@pytest.fixture
def open_page(folder: Path) -> OpenPage:
    """A function that opens a page in a new window."""

    def open_it(name: str) -> AppTest:
        app = AppTest.from_file(SCRIPT, default_timeout=PATIENCE_S)
        return app.run() if name == HOME else go_to(app, name)

    return open_it


def set_clock(monkeypatch: pytest.MonkeyPatch, wall: datetime) -> None:
    """Make the pages' clock stand still at a wall time in UTC+1."""
    moment = Moment.of(wall.replace(tzinfo=timezone(timedelta(hours=1))))
    monkeypatch.setattr(clock, "now", lambda: moment)


def go_to(app: AppTest, name: str) -> AppTest:
    """Open another page in the same window."""
    return app.switch_page(page_path(name)).run()


def edit_saved(open_page: OpenPage, store: Store, session: Session, now: Moment) -> AppTest:
    """Save a session, open History, and open the form that edits it."""
    store.save(session, now)
    app = open_page("history")
    return app.button(f"edit-{session.id}").click().run()


def texts(app: AppTest) -> str:
    """Return all text on the page as the user reads it, without Markdown's backslashes."""
    groups = (app.title, app.header, app.subheader, app.text, app.markdown, app.caption)
    alerts = (app.error, app.warning, app.success, app.info)
    links = (link.proto.label for link in app.get("page_link"))
    text = "\n".join((*(str(e.value) for group in (*groups, *alerts) for e in group), *links))
    return re.sub(r"\\(.)", r"\1", text)


def has_timer(app: AppTest) -> bool:
    """Return whether the page shows the hold timer."""
    return any("holdwell_timer" in str(component.proto) for component in app.get("bidi_component"))


def everything(app: AppTest) -> str:
    """Return all that a page sends to the browser except scripts: labels, options and data."""
    sent = [proto for element in app.main if (proto := getattr(element, "proto", None)) is not None]
    for proto in sent:
        if isinstance(proto, BidiComponent):
            proto.js_content = ""
    return "\n".join(map(str, sent))


def cramps(store: Store, night: date) -> CrampLeg | None:
    """Return what is saved about the cramps of a night."""
    answer = store.cramp(night)
    return answer.leg if answer else None


def current_pregnancy(store: Store) -> Pregnancy:
    """Return the current pregnancy, of which the store must have one."""
    pregnancy = store.pregnancy()
    assert pregnancy is not None
    return pregnancy


def edit_pregnancy(store: Store, now: Moment, **changes: Any) -> None:
    """Save changes to the current pregnancy."""
    store.save_pregnancy(replace(current_pregnancy(store), **changes), now)


def gave_birth(store: Store, days_ago: int, now: Moment) -> None:
    """Change the stored pregnancy into one that ended in a birth `days_ago` days before TODAY."""
    edit_pregnancy(store, now, due_date=None, birth_date=TODAY - timedelta(days=days_ago))


def charts_of(app: AppTest) -> int:
    """Return the number of charts on a page."""
    return len(app.get("vega_lite_chart")) + len(app.get("arrow_vega_lite_chart"))
