"""Files that are made when they are asked for, whatever the page is doing at that moment.

A tap can come while the page runs again, or is about to: the tap itself sends what was typed. Then
the button of the run before is still on the screen, Streamlit forgets its file when the run ends,
and drops an answer that is ready before the run begins. So here the file is kept for a while; it
waits until nothing runs, and is what the page wants then.
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
"""How long a file waits until nothing runs."""
LOOKED_EVERY_S = 0.2
"""What a tap sends of the field that it leaves may come to the server a little after it."""
FILES_KEPT = 24
"""The files of a window within reach: of the buttons of the last runs, which may be shown still."""

_MAKERS = "hw-file-makers"


def newest(key: str, make: Maker) -> Maker:
    """Return a function that makes the file of a button, as the last run asked for it.

    The file is in the language of that run.
    """
    makers: dict[str, tuple[Maker, Language]] = st.session_state.setdefault(_MAKERS, {})
    makers[key] = make, language()
    window = window_id()

    def made() -> str | bytes:
        if runtime.exists():
            _wait_for_runs(window)
        make, spoken = makers[key]
        with speaking(spoken):
            return make()

    return made


def _wait_for_runs(window: str) -> None:
    """Wait until no run of a window is under way or asked for.

    Streamlit has no public way to see that, nor to keep a file (`keep_earlier`): the browser test
    of the reminders shows whether these work.
    """
    give_up = time.monotonic() + PATIENCE_S
    is_running = True
    while is_running and time.monotonic() < give_up:
        time.sleep(LOOKED_EVERY_S)
        found = runtime.get_instance()._session_mgr.get_session_info(window)
        is_running = found is not None and found.session._scriptrunner is not None


def keep_earlier() -> None:
    """Keep the files of earlier runs within reach; call it as a run begins."""
    window = window_id()
    if runtime.exists():
        manager = runtime.get_instance().media_file_mgr
        with manager._lock:
            files = manager._deferred_callables.items()
            own = [file_id for file_id, file in files if file["session_id"] == window]
            for number, file_id in enumerate(own[-FILES_KEPT:]):
                manager._files_by_session_and_coord[window][f"earlier/{number}"] = file_id


def window_id() -> str:
    """Return Streamlit's id of the session; "" outside of one, as in a test."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""
