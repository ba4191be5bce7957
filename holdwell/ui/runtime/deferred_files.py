"""Files that are made when the user asks for them, even while the page runs.

A tap on a download button can come just before or during a run: the tap itself sends what was
typed, which begins one. The screen then still shows the button of the earlier run, but Streamlit
forgets its file when the new run ends, and drops an answer that is ready before the run begins. So
the file is kept for a while (`streamlit_internals.keep_files`), and it is made when no run
is under way, as the latest run wants it.
"""

import time
from collections.abc import Callable

import streamlit as st

from holdwell.i18n.languages import Language
from holdwell.i18n.messages import language, speaking
from holdwell.ui.runtime import streamlit_internals

Maker = Callable[[], str | bytes]

PATIENCE_S = 20.0
"""How long a file waits for runs to end."""
LOOKED_EVERY_S = 0.2
"""A tap may reach the server a little before the value of the field that it left."""

_MAKERS = "hw-file-makers"


def newest(key: str, make: Maker) -> Maker:
    """Return a function that makes a file as the latest run asked for it, and in its language."""
    makers: dict[str, tuple[Maker, Language]] = st.session_state.setdefault(_MAKERS, {})
    makers[key] = make, language()
    window = streamlit_internals.window_id()

    def make_newest() -> str | bytes:
        _wait_for_runs(window)
        newest_make, newest_language = makers[key]
        with speaking(newest_language):
            return newest_make()

    return make_newest


def _wait_for_runs(window: str) -> None:
    """Wait until no run of a window is under way or requested."""
    give_up = time.monotonic() + PATIENCE_S
    is_running = streamlit_internals.is_serving()
    while is_running and time.monotonic() < give_up:
        time.sleep(LOOKED_EVERY_S)
        is_running = streamlit_internals.is_running(window)
