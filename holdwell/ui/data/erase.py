"""Erasing deleted entries, or everything, for good: explained plainly, and never with one tap."""

from pathlib import Path

import streamlit as st

from holdwell.backup import erase
from holdwell.backup.erase import Scope
from holdwell.i18n.messages import counted, say
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.runtime import clock, current_person
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.run_context import current_run

_CHOSEN = "hw-emptying"
_FORM_NUMBER = "hw-empty-number"
_NOT_ERASED = "hw-emptying-left"


def section(store: Store) -> None:
    """Offer both scopes; for the chosen one, say what it erases and ask for a word."""
    st.header(say("erase.title"), anchor=False)
    st.text(say("erase.lead"))
    # Shown here because the user is looking here, not at the top of a long page.
    show_flash("erase")
    left: list[Path] = st.session_state.pop(_NOT_ERASED, [])
    if left:
        failure_box.show(say("erase.left"), "\n".join(map(str, left)))
    chosen: Scope | None = st.session_state.get(_CHOSEN)
    if chosen is not None:
        with st.container(border=True, key="hw-confirm-empty"):
            _confirm(store, chosen)
        return
    for scope in Scope:
        choose = buttons.set_on_tap(_CHOSEN, scope)
        buttons.wide(say(f"erase.{scope.value}"), f"hw-empty-{scope.value}", **choose)


def _confirm(store: Store, scope: Scope) -> None:
    """Say what would be erased and what stays, and ask the user to type a word."""
    counts = erase.count(store.file)
    entries = counted("entries", counts.entries)
    number = st.session_state.get(_FORM_NUMBER, 0)
    st.markdown(f"**{say(f'erase.{scope.value}')}**")
    # Where several people share a computer, each has a name.
    if name := current_run().user.name:
        st.text(say("erase.whose", name=name))
    deleted, files = counted("entries", counts.deleted), counted("files", counts.files)
    st.text(say(f"erase.{scope.value}_goes", entries=entries, deleted=deleted, files=files))
    st.text(say(f"erase.{scope.value}_stays", entries=entries))
    st.text(say("erase.reach"))
    word = say("erase.word")
    with st.form("hw-empty-form", border=False):
        typed = st.text_input(say("erase.type", word=word), key=f"hw-empty-word-{number}")
        sure = buttons.submit(say("erase.yes"), "hw-empty-yes")
    if buttons.wide(say("erase.cancel"), "hw-empty-no", primary=True):
        st.session_state.update({_CHOSEN: None, _FORM_NUMBER: number + 1})
        st.rerun()
    if sure and typed.strip().strip("“”„‘’«»‹›\"'.").strip().casefold() != word.casefold():
        failure_box.show(say("erase.type_first", word=word))
    elif sure:
        _erase(store, scope)


def _erase(store: Store, scope: Scope) -> None:
    try:
        left = erase.erase(store.file, scope, clock.today())
    except (StoreError, CopyError, OSError) as error:
        failure_box.show(say("erase.unfinished"), error)
        return
    # What this window remembers, such as an undo, must not bring the data back.
    current_person.forget_window()
    if left:
        st.session_state[_NOT_ERASED] = left
    flash(say(f"erase.done_{scope.value}"), "erase")
    st.rerun()
