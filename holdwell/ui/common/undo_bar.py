"""The undo bar: what was just done on a page, with one tap to take it back."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from holdwell.i18n.messages import say
from holdwell.store import undo
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import flash

KEY = "hw-undo-"
"""In the session state, with the name of a page: the sentence and the id of its step."""


def offer(page: str, text: str, step: str) -> None:
    """Offer to undo a step on a page, from the next run on; `text` says what was done."""
    st.session_state[KEY + page] = (text, step)


def withdraw(page: str) -> None:
    """Offer no undo on a page any more: the user went on to something else."""
    st.session_state.pop(KEY + page, None)


def show(page: str, store: Store) -> None:
    """Show the bar if an undo is offered on this page, and undo the step when it is tapped."""
    offered: tuple[str, str] | None = st.session_state.get(KEY + page)
    if offered is None:
        return
    text, step = offered
    if tapped(text):
        withdraw(page)
        undo_step(store, step)


def undo_step(store: Store, step: str) -> NoReturn:
    """Undo a step, and say on the next run whether there was something to undo."""
    undone = undo.undo(store, step, clock.now())
    flash(say("changes.undone" if undone else "changes.none_left"))
    st.rerun()


def tapped(text: str) -> bool:
    """Show a bar with a sentence and a button; return whether the button was tapped."""
    with st.container(key="hw-undo-bar", horizontal=True, vertical_alignment="center"):
        st.text(text)
        return st.button(say("changes.undo"), key="hw-undo-tap")
