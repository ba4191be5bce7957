"""Pages in Streamlit's own test bench, on a store in a folder of their own."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from holdwell.domain.models import Moment, Pregnancy
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.navigation import HOME, page_info
from tests.conftest import TODAY
from tests.support.components import scan_once
from tests.support.histories import new_database

SCRIPT = Path(__file__).parents[2] / "holdwell" / "ui" / "main.py"
OpenPage = Callable[[str], AppTest]
Download = Callable[[AppTest, str], bytes]
PATIENCE_S = 120
"""How long a run may take: a busy machine is slow, not wrong."""

# Every test opens the app as if it were started.
scan_once()


def wait(runner: LocalScriptRunner, timeout: float) -> None:
    """Wait for the end of a run; Streamlit's own wait asks for it a thousand times a second."""
    assert runner._script_thread is not None
    runner._script_thread.join(timeout)
    assert runner.script_stopped(), f"the page took more than {timeout} s"


vars(local_script_runner)["require_widgets_deltas"] = wait
# As in a server, a script is compiled once: the test bench compiles it for each run.
script_cache = cache(ScriptCache)
for bench in (app_test, local_script_runner):
    vars(bench)["ScriptCache"] = script_cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Moment) -> Path:
    """The data folder, and a clock that stands at `now`."""
    monkeypatch.setenv("HOLDWELL_DATA", str(tmp_path))
    monkeypatch.setattr(clock, "zone", lambda: timezone(timedelta(minutes=now.utc_offset)))
    monkeypatch.setattr(clock, "now", lambda: now)
    return tmp_path


@pytest.fixture
def download(monkeypatch: pytest.MonkeyPatch) -> Download:
    """What a download button holds, made as a click would make it."""
    import streamlit as st

    held: dict[str, object] = {}
    original = st.download_button

    def keep(label: str, data: object, *args: object, **kwargs: object) -> bool:
        held[str(kwargs["key"])] = data
        return bool(original(label, data, *args, **kwargs))  # type: ignore[arg-type]

    monkeypatch.setattr(st, "download_button", keep)

    def get(app: AppTest, key: str) -> bytes:
        data = held[key]
        found = data() if callable(data) else data
        assert isinstance(found, bytes | str)
        return found.encode() if isinstance(found, str) else found

    return get


@pytest.fixture
def saved(folder: Path) -> Iterator[Store]:
    """The store behind the pages, to look into."""
    store = Store(new_database(folder / "holdwell.db"))
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
    """Open a page in a window of its own."""

    def open_it(name: str) -> AppTest:
        app = AppTest.from_file(SCRIPT, default_timeout=PATIENCE_S)
        return app.run() if name == HOME else go_to(app, name)

    return open_it


def set_clock(monkeypatch: pytest.MonkeyPatch, wall: datetime) -> None:
    """Let the clock of the pages stand at a wall time of UTC+1."""
    moment = Moment.of(wall.replace(tzinfo=timezone(timedelta(hours=1))))
    monkeypatch.setattr(clock, "now", lambda: moment)


def go_to(app: AppTest, name: str) -> AppTest:
    """Go on to another page in the same window."""
    return app.switch_page(page_info(name).path).run()


def texts(app: AppTest) -> str:
    """Everything the page says, in one text, as it reads once Markdown's escapes are taken off."""
    groups = (app.title, app.header, app.subheader, app.text, app.markdown, app.caption)
    alerts = (app.error, app.warning, app.success, app.info)
    links = (one.proto.label for one in app.get("page_link"))
    said = "\n".join((*(str(e.value) for group in (*groups, *alerts) for e in group), *links))
    return re.sub(r"\\(.)", r"\1", said)


def has_timer(app: AppTest) -> bool:
    """Whether the page shows the hold timer."""
    return any("holdwell_timer" in str(one.proto) for one in app.get("bidi_component"))


def everything(app: AppTest) -> str:
    """All that a page sends to the browser but scripts: labels, options and data, as text."""
    sent = [proto for element in app.main if (proto := getattr(element, "proto", None)) is not None]
    for proto in sent:
        if isinstance(proto, BidiComponent):
            proto.js_content = ""
    return "\n".join(map(str, sent))


def gave_birth(store: Store, days_ago: int, now: Moment) -> None:
    """Let the pregnancy in the store have ended in a birth."""
    pregnancy = store.pregnancy()
    assert pregnancy is not None
    born = replace(pregnancy, due_date=None, birth_date=TODAY - timedelta(days=days_ago))
    store.save_pregnancy(born, now)
