"""The undo bar: it says what was just done on a page and undoes it with one tap."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from holdwell.i18n.messages import say
from holdwell.store import undo
from holdwell.store.change_log import ChangeRecorder
from holdwell.store.repository import Store
from holdwell.ui.common import buttons
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import flash, show_flash

KEY = "hw-undo-"
"""Prefix of the session state key for the last change of a page: its sentence and its id."""
PAIN, DONE, CRAMP, LAST_NIGHT = "pain", "done", "cramp", "last-night"
GOAL, BIRTH = "goal", "birth"
PLACES = (PAIN, DONE, CRAMP, LAST_NIGHT, GOAL, BIRTH)
"""Parts of a page that have their own undo bar and show there that something was undone."""


@contextmanager
def offering(page: str, text: str, store: Store) -> Iterator[ChangeRecorder]:
    """Save what the block writes as one change, and offer to undo it; `text` says what was done.

    A second click begins its own run while the first may still be writing, and the first then ends
    at its next call of Streamlit. So the offer is made before the change is saved: the next run
    finds both or neither. If nothing was written, the earlier offer stays; this happens in the run
    of the second click, which waits here for the first.
    """
    earlier, is_done = None, False
    try:
        with store.change(clock.now()) as change:
            earlier = st.session_state.get(KEY + page)
            yield change
            st.session_state[KEY + page] = (text, change.id)
        is_done = bool(change.written)
    finally:
        if not is_done:
            if earlier is None:
                withdraw(page)
            else:
                st.session_state[KEY + page] = earlier


def is_offered(page: str) -> bool:
    """Return whether a page has something to undo."""
    return st.session_state.get(KEY + page) is not None


def withdraw(page: str) -> None:
    """Withdraw the offer to undo on a page, because the user has moved on."""
    st.session_state.pop(KEY + page, None)


def show(page: str, store: Store) -> None:
    """Show what was just done on a page with the bar to undo it, and undo it when tapped."""
    place = page if page in PLACES else ""
    show_flash(place)
    offered: tuple[str, str] | None = st.session_state.get(KEY + page)
    if offered is None:
        return
    text, change_id = offered
    if show_bar(text, place):
        withdraw(page)
        undo_change(store, change_id, place, keep_newer=True)


def undo_change(
    store: Store, change_id: str, place: str = "", *, keep_newer: bool = False
) -> NoReturn:
    """Undo a change; the next run says at that place whether it was undone.

    With `keep_newer`, do not undo it if that would replace what another window has edited since.
    """
    now = clock.now()
    with store.change(now, undoes=change_id):
        is_newer = keep_newer and undo.was_edited_elsewhere(store, change_id)
        undone = None if is_newer else undo.undo(store, change_id, now)
    not_undone = "changes.newer" if is_newer else "changes.none_left"
    flash(say("changes.undone" if undone else not_undone), place, done=undone is not None)
    st.rerun()


def show_bar(text: str, place: str = "") -> bool:
    """Show a sentence with the button of its place to undo it; return whether that was tapped."""
    end = f"-{place}" if place else ""
    return buttons.beside(text, say("changes.undo"), f"hw-undo-tap{end}", line=f"hw-undo-bar{end}")
