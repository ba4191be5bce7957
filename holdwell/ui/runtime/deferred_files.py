"""Files that are made when the user asks for them, even while the page runs.

A tap on a download button can come just before or during a run: the tap itself sends what was
typed, which begins one. The screen then still shows the button of the earlier run, but Streamlit
forgets its file when the new run ends, and drops an answer that is ready before the run begins. So
the file is kept for a while, and it is made when no run is under way, as the latest run wants it.
"""

import time
from collections.abc import Callable

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from holdwell.i18n.languages import Language
from holdwell.i18n.messages import language, speaking

Maker = Callable[[], str | bytes]

PATIENCE_S = 20.0
"""How long a file waits for runs to end."""
LOOKED_EVERY_S = 0.2
"""A tap may reach the server a little before the value of the field that it left."""
FILES_KEPT = 24
"""How many files of earlier runs a window keeps, as their buttons may still be on the screen."""

_MAKERS = "hw-file-makers"


def newest(key: str, make: Maker) -> Maker:
    """Return a function that makes the file of a button as the latest run asked for it.

    The file is in the language of that run.
    """
    makers: dict[str, tuple[Maker, Language]] = st.session_state.setdefault(_MAKERS, {})
    makers[key] = make, language()
    window = window_id()

    def make_newest() -> str | bytes:
        if runtime.exists():
            _wait_for_runs(window)
        newest_make, newest_language = makers[key]
        with speaking(newest_language):
            return newest_make()

    return make_newest


def _wait_for_runs(window: str) -> None:
    """Wait until no run of a window is under way or requested.

    Streamlit has no public way to see that, nor to keep a file (`keep_earlier`). The browser test
    of the reminders shows whether both work.
    """
    give_up = time.monotonic() + PATIENCE_S
    is_running = True
    while is_running and time.monotonic() < give_up:
        time.sleep(LOOKED_EVERY_S)
        info = runtime.get_instance()._session_mgr.get_session_info(window)
        is_running = info is not None and info.session._scriptrunner is not None


def keep_earlier() -> None:
    """Keep the files of earlier runs available. Call this as a run begins."""
    window = window_id()
    if runtime.exists():
        manager = runtime.get_instance().media_file_mgr
        with manager._lock:
            files = manager._deferred_callables.items()
            own = [file_id for file_id, file in files if file["session_id"] == window]
            for number, file_id in enumerate(own[-FILES_KEPT:]):
                manager._files_by_session_and_coord[window][f"earlier/{number}"] = file_id


def window_id() -> str:
    """Return Streamlit's id of the session, or "" outside of one, as in a test."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""
