"""The undo bar: what was just done on a page, with one tap to take it back."""

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
"""With the name of a page, the key of its last change (sentence and id) in the session state."""
PLACES = ("pain", "done", "cramp", "last-night", "goal", "birth")
"""Parts of a page with a bar of their own, which also say there that something was undone."""


@contextmanager
def offering(page: str, text: str, store: Store) -> Iterator[ChangeRecorder]:
    """Write inside as one change, and offer to undo it; `text` says what was done.

    A second click begins a run of its own, while that of the first may still be writing and ends
    wherever it next speaks to Streamlit. So the offer is made before the change is saved: either
    both are there for the next run, or neither. A change that changed nothing, such as that of the
    second click, which waits here for the first, leaves the earlier offer.
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
    """Return whether there is something to undo on a page."""
    return st.session_state.get(KEY + page) is not None


def withdraw(page: str) -> None:
    """Offer no undo on a page any more, because the user has gone on to something else."""
    st.session_state.pop(KEY + page, None)


def show(page: str, store: Store) -> None:
    """Show what was just done on a page, and the bar to undo it, which does so when tapped."""
    place = page if page in PLACES else ""
    show_flash(place)
    offered: tuple[str, str] | None = st.session_state.get(KEY + page)
    if offered is None:
        return
    text, change_id = offered
    if tapped(text, place):
        withdraw(page)
        undo_change(store, change_id, place, keep_newer=True)


def undo_change(
    store: Store, change_id: str, place: str = "", *, keep_newer: bool = False
) -> NoReturn:
    """Undo a change; the next run says at that place whether it was undone.

    With `keep_newer` it is not undone where that would replace a later edit, by another window for
    example, of which the user may not know.
    """
    now = clock.now()
    with store.change(now, undoes=change_id):
        is_newer = keep_newer and undo.was_edited_since(store, change_id)
        undone = None if is_newer else undo.undo(store, change_id, now)
    not_undone = "changes.newer" if is_newer else "changes.none_left"
    flash(say("changes.undone" if undone else not_undone), place)
    st.rerun()


def tapped(text: str, place: str = "") -> bool:
    """Show a bar with a sentence and a button; return whether the button was tapped.

    A run may show the bars of several places, each with keys of its own.
    """
    end = f"-{place}" if place else ""
    return buttons.beside(text, say("changes.undo"), f"hw-undo-tap{end}", line=f"hw-undo-bar{end}")
