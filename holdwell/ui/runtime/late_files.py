"""Files that are made when they are asked for, whatever the page is doing at that moment.

A tap can come while the page runs again after a change, with the button of the run before still on
the screen. Streamlit forgets the file of that button as soon as the run ends. Here it is kept for
a while; it waits for the run to end, and is what the page wants then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

Maker = Callable[[], str | bytes]

PATIENCE_S = 20.0
"""How long a file waits for the run to end."""
BUTTONS_KEPT = 3
"""The button of this run, and those of the runs before that may still be on the screen."""

_RUN_OVER = "hw-run-over"
_MAKERS = "hw-file-makers"


@contextmanager
def run_under_way() -> Iterator[None]:
    """Let files that are asked for meanwhile wait until the end of this run."""
    over = _run_over()
    over.clear()
    try:
        yield
    finally:
        over.set()


def _run_over() -> Event:
    event: Event = st.session_state.setdefault(_RUN_OVER, Event())
    return event


def newest(key: str, make: Maker) -> Maker:
    """Return what makes the file of a button as the last run of the page wants it."""
    makers: dict[str, Maker] = st.session_state.setdefault(_MAKERS, {})
    makers[key] = make
    over = _run_over()

    def made() -> str | bytes:
        over.wait(PATIENCE_S)
        return makers[key]()

    return made


def keep_earlier_buttons(key: str) -> None:
    """Keep the files of a button's earlier runs within reach; call it once the button is shown.

    Streamlit has no public way: the browser test of the reminders shows whether this one works.
    """
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return
    manager, session = runtime.get_instance().media_file_mgr, context.session_id
    with manager._lock:
        files = manager._deferred_callables.items()
        own = [i for i, f in files if f["session_id"] == session and f["element_id"].endswith(key)]
        for number, file_id in enumerate(own[-BUTTONS_KEPT:]):
            manager._files_by_session_and_coord[session][f"{key}/{number}"] = file_id
