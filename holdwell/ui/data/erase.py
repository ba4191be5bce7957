"""Emptying the record for good: two choices, said plainly, and never with one tap."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from holdwell.backup import erase
from holdwell.backup.erase import Choice
from holdwell.i18n.messages import counted, say
from holdwell.store.database import StoreError
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.ui.errors import log_path
from holdwell.ui.runtime import clock, current_person

CHOSEN = "hw-emptying"
LEFT = "hw-emptying-left"
DONE = "hw-emptying-done"


def section(store: Store) -> None:
    """Both choices; then, for the one chosen, what goes and a word to type."""
    st.header(say("emptying.title"), anchor=False)
    st.text(say("emptying.lead"))
    # Here and not at the top of a long page: this is where she looks.
    done: Choice | None = st.session_state.pop(DONE, None)
    if done is not None:
        st.success(say(f"emptying.done_{done.value}"), icon=":material/check_circle:")
    left: list[Path] = st.session_state.pop(LEFT, [])
    if left:
        st.warning(say("emptying.left"), icon=":material/info:")
        st.code("\n".join(map(str, left)), language=None)
    chosen: Choice | None = st.session_state.get(CHOSEN)
    if chosen is not None:
        _confirm(store, chosen)
        return
    for choice in Choice:
        if st.button(
            say(f"emptying.{choice.value}"), key=f"hw-empty-{choice.value}", width="stretch"
        ):
            st.session_state[CHOSEN] = choice
            st.rerun()


def _confirm(store: Store, choice: Choice) -> None:
    found = erase.going(store.path, [log_path()])
    number = st.session_state.get("hw-empty-number", 0)
    with st.container(border=True, key="hw-confirm-empty"):
        st.markdown(f"**{say(f'emptying.{choice.value}')}**")
        st.text(
            say(
                f"emptying.{choice.value}_goes",
                sessions=counted("sessions", found.sessions),
                deleted=counted("entries", found.deleted),
                files=counted("files", found.files),
            )
        )
        st.text(say(f"emptying.{choice.value}_stays", sessions=counted("sessions", found.sessions)))
        st.text(say("emptying.reach"))
        word = say("emptying.word")
        with st.form("hw-empty-form", border=False):
            typed = st.text_input(say("emptying.type", word=word), key=f"hw-empty-word-{number}")
            sure = st.form_submit_button(say("emptying.yes"), key="hw-empty-yes", width="stretch")
        if st.button(say("emptying.cancel"), type="primary", key="hw-empty-no", width="stretch"):
            st.session_state.pop(CHOSEN)
            st.session_state["hw-empty-number"] = number + 1
            st.rerun()
        if sure and typed.strip().strip("“”«»\"'").strip().casefold() != word.casefold():
            st.warning(say("emptying.type_first", word=word), icon=":material/info:")
        elif sure:
            _empty(store, choice)


def _empty(store: Store, choice: Choice) -> None:
    try:
        left = erase.empty(store.path, choice, clock.now().local.date(), [log_path()])
    except (StoreError, CopyError, OSError) as error:
        st.warning(say("emptying.unfinished"), icon=":material/info:")
        st.code(str(error), language=None)
        return
    # Nothing that this window remembers may bring it back.
    current_person.forget_window()
    if left:
        st.session_state[LEFT] = left
    st.session_state[DONE] = choice
    st.rerun()
