"""The part of the page of people that gives a record a passphrase, another one, or none."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from holdwell.encryption import rekey
from holdwell.i18n.messages import counted, say
from holdwell.store import sqlcipher
from holdwell.store.database import StoreError
from holdwell.store.secure_delete import destroy
from holdwell.store.snapshot import CopyError
from holdwell.ui.data.unlock_form import ask_for_copies, passphrase_field
from holdwell.ui.errors import log_path
from holdwell.ui.runtime import current_person, unlock
from holdwell.ui.runtime.run_context import current_run

_OPEN = "hw-passphrase-open"
_NUMBER = "hw-passphrase-number"
_DONE = "hw-passphrase-done"


def section(database: Path) -> None:
    """What a passphrase does and does not; then setting, changing, or taking it off."""
    sealed = unlock.has_passphrase(database)
    st.header(say("passphrase.title"), anchor=False)
    st.text(say("passphrase.lead_on" if sealed else "passphrase.lead_off"))
    # Here and not at the top of a long page: this is where she looks.
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.success(say(f"passphrase.done_{done}"), icon=":material/check_circle:")
    if sealed:
        _others(database)
    chosen = st.session_state.get(_OPEN)
    if chosen == "set":
        _set(database, sealed)
    elif chosen == "remove":
        _remove(database)
    elif not sealed:
        _choice("set", say("passphrase.set"))
    else:
        _choice("set", say("passphrase.change"))
        _choice("remove", say("passphrase.remove"))


def lock_now(database: Path) -> None:
    """Lock the record in this browser, and forget what this window shows of it."""
    current_run().close_database()
    unlock.lock(database)
    current_person.forget_window()
    current_person.tell_other_tabs()
    st.rerun()


def _others(database: Path) -> None:
    """Say which files have a passphrase of their own, or none; let her give an earlier one."""
    other = rekey.uncovered(database)
    if other:
        st.warning(
            say("passphrase.others", files=counted("files", len(other))), icon=":material/info:"
        )
        st.code("\n".join(map(str, other)), language=None)
        ask_for_copies(database)


def _choice(name: str, label: str) -> None:
    if st.button(label, key=f"hw-passphrase-{name}", width="stretch"):
        st.session_state[_OPEN] = name
        st.rerun()


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    # Fresh fields: what was typed does not stay in this window.
    st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1


def _set(database: Path, sealed: bool) -> None:
    number = st.session_state.get(_NUMBER, 0)
    with st.container(border=True, key="hw-passphrase"):
        with st.form(f"hw-passphrase-form-{number}", border=False):
            st.text(say("passphrase.advice", least=sqlcipher.PASSPHRASE_MIN))
            old = (
                passphrase_field(say("passphrase.current"), f"hw-passphrase-old-{number}")
                if sealed
                else ""
            )
            first = passphrase_field(say("passphrase.new"), f"hw-passphrase-new-{number}", new=True)
            again = passphrase_field(
                say("passphrase.again"), f"hw-passphrase-again-{number}", new=True
            )
            known = st.checkbox(say("passphrase.known"), key=f"hw-passphrase-known-{number}")
            sure = st.form_submit_button(
                say("passphrase.change" if sealed else "passphrase.set"),
                type="primary",
                key=f"hw-passphrase-yes-{number}",
                width="stretch",
            )
        _cancel()
        if not sure:
            return
        problem = _new_problem(first, again)
        if problem:
            st.warning(problem, icon=":material/info:")
        elif not known:
            st.warning(say("passphrase.known_first"), icon=":material/info:")
        elif not sealed or _is_hers(database, old):
            _do(database, first, "changed" if sealed else "set")


def _new_problem(first: str, second: str) -> str:
    """Return a sentence on what keeps a new passphrase from being set; "" for nothing."""
    if len(sqlcipher.tidied(first)) < sqlcipher.PASSPHRASE_MIN:
        return say("passphrase.short", least=sqlcipher.PASSPHRASE_MIN)
    if sqlcipher.tidied(first) != sqlcipher.tidied(second):
        return say("passphrase.differ")
    return ""


def _remove(database: Path) -> None:
    number = st.session_state.get(_NUMBER, 0)
    with st.container(border=True, key="hw-passphrase"):
        with st.form(f"hw-passphrase-form-{number}", border=False):
            st.text(say("passphrase.remove_lead"))
            old = passphrase_field(say("passphrase.current"), f"hw-passphrase-old-{number}")
            sure = st.form_submit_button(
                say("passphrase.remove"), key=f"hw-passphrase-yes-{number}", width="stretch"
            )
        _cancel()
        if sure and _is_hers(database, old):
            _do(database, None, "removed")


def _is_hers(database: Path, passphrase: str) -> bool:
    """Whether the passphrase is that of the record; if not, what is wrong is said."""
    try:
        if rekey.is_passphrase(database, passphrase):
            return True
    except StoreError as error:
        st.warning(say(f"errors.{error.problem.value}"), icon=":material/info:")
        return False
    st.warning(say("locked.wrong"), icon=":material/info:")
    return False


def _cancel() -> None:
    if st.button(say("record.cancel"), key="hw-passphrase-no", width="stretch"):
        _close()
        st.rerun()


def _do(database: Path, passphrase: str | None, done: str) -> None:
    was = sqlcipher.sealed_salt(database)
    if (was is None) != (done == "set"):
        # Another window has set one, or taken it off, since this page was shown.
        st.rerun()
    # The file is replaced, which needs every connection closed.
    current_run().close_database()
    try:
        with st.spinner(say("passphrase.working")):
            rekey.reseal(database, passphrase, was)
    except (StoreError, CopyError, OSError, sqlcipher.Error) as error:
        words = (
            say(f"errors.{error.problem.value}")
            if isinstance(error, StoreError)
            else say("record.failed")
        )
        st.warning(words, icon=":material/info:")
        st.code(str(error), language=None)
        return
    unlock.unlock(database)
    if passphrase is not None:
        # What went wrong once may have been written down with her words.
        destroy(log_path())
    _close()
    st.session_state[_DONE] = done
    st.rerun()
