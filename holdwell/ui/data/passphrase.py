"""The part of the page of people that sets, changes or removes the passphrase of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import streamlit as st

from holdwell.encryption import rekey
from holdwell.i18n.messages import counted, say
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError
from holdwell.store.files import secure_delete
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.data.unlock_form import ask_for_copies, passphrase_field
from holdwell.ui.errors import log_path
from holdwell.ui.runtime import current_person, unlock
from holdwell.ui.runtime.process_state import database_file
from holdwell.ui.runtime.run_context import current_run

_OPEN = "hw-passphrase-open"
_NUMBER = "hw-passphrase-number"
_DONE = "hw-passphrase-done"


def section(database: Path) -> None:
    """Say what a passphrase does and does not; then let the user set, change or remove it."""
    encrypted = unlock.has_passphrase(database)
    st.header(say("passphrase.title"), anchor=False)
    st.text(say("passphrase.lead_on" if encrypted else "passphrase.lead_off"))
    # Here and not at the top of a long page: this is where the user looks.
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.success(say(f"passphrase.done_{done}"), icon=":material/check_circle:")
    if encrypted:
        _other_files(database)
    form = st.session_state.get(_OPEN)
    if form is not None:
        with st.container(border=True, key="hw-passphrase"):
            _set(database, encrypted) if form == "set" else _remove(database)
    elif not encrypted:
        _open_button("set", say("passphrase.set"))
    else:
        _open_button("set", say("passphrase.change"))
        _open_button("remove", say("passphrase.remove"))


def lock_now(database: Path) -> NoReturn:
    """Lock the database in this browser, and forget what this window shows of it."""
    current_run().session.close()
    unlock.lock(database)
    current_person.forget_window()
    current_person.tell_other_tabs()
    st.rerun()


def _other_files(database: Path) -> None:
    """Name the files with another passphrase or none; ask for an earlier passphrase."""
    others = rekey.not_covered(database_file(database))
    if others:
        text = say("passphrase.others", files=counted("files", len(others)))
        failure_box.show(text, "\n".join(map(str, others)))
        ask_for_copies(database)


def _open_button(form: str, label: str) -> None:
    if buttons.wide(label, f"hw-passphrase-{form}"):
        st.session_state[_OPEN] = form
        st.rerun()


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    # The next form has fresh fields: what was typed does not stay in this window.
    st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1


@contextmanager
def _form() -> Iterator[int]:
    """Show a form, and a button to cancel it; yield the number for the keys of its fields."""
    number = st.session_state.get(_NUMBER, 0)
    with st.form(f"hw-passphrase-form-{number}", border=False):
        yield number
    if buttons.wide(say("record.cancel"), "hw-passphrase-no"):
        _close()
        st.rerun()


def _set(database: Path, encrypted: bool) -> None:
    old = ""
    with _form() as number:
        st.text(say("passphrase.advice", least=counted("characters", sqlcipher.PASSPHRASE_MIN)))
        if encrypted:
            old = passphrase_field(say("passphrase.current"), f"hw-passphrase-old-{number}")
        new = passphrase_field(say("passphrase.new"), f"hw-passphrase-new-{number}", new=True)
        again = passphrase_field(say("passphrase.again"), f"hw-passphrase-again-{number}", new=True)
        known = st.checkbox(say("passphrase.known"), key=f"hw-passphrase-known-{number}")
        label = say("passphrase.change" if encrypted else "passphrase.set")
        sure = buttons.submit(label, f"hw-passphrase-yes-{number}", primary=True)
    if not sure:
        return
    problem = _problem(new, again, known)
    if problem:
        failure_box.show(problem)
    elif not encrypted or _is_passphrase(database, old):
        _apply(database, new, "changed" if encrypted else "set")


def _problem(new: str, again: str, known: bool) -> str:
    """Return a sentence on what keeps a passphrase from being set; "" for nothing."""
    if len(sqlcipher.normalize(new)) < sqlcipher.PASSPHRASE_MIN:
        return say("passphrase.short", least=counted("characters", sqlcipher.PASSPHRASE_MIN))
    if sqlcipher.normalize(new) != sqlcipher.normalize(again):
        return say("passphrase.differ")
    return "" if known else say("passphrase.known_first")


def _remove(database: Path) -> None:
    with _form() as number:
        st.text(say("passphrase.remove_lead"))
        old = passphrase_field(say("passphrase.current"), f"hw-passphrase-old-{number}")
        sure = buttons.submit(say("passphrase.remove"), f"hw-passphrase-yes-{number}")
    if sure and _is_passphrase(database, old):
        _apply(database, None, "removed")


def _is_passphrase(database: Path, passphrase: str) -> bool:
    """Return whether the passphrase is that of the database; say what is wrong if not."""
    try:
        if rekey.is_passphrase(database_file(database), passphrase):
            return True
        failure_box.show(say("locked.wrong"))
    except StoreError as error:
        failure_box.show(say(f"errors.{error.problem.value}"))
    return False


def _is_applied(file: DatabaseFile, passphrase: str | None) -> bool:
    """Return whether the database has this passphrase already, or for None has none.

    Then the first of two clicks has done it, whose run ended before it unlocked the database here.
    """
    salt = file.salt()
    if passphrase is None or salt is None:
        return passphrase is None and salt is None
    return rekey.is_passphrase(file, passphrase)


def _apply(database: Path, passphrase: str | None, done: str) -> None:
    """Encrypt the files with a passphrase, or decrypt them for None; `done` names the change."""
    file = database_file(database)
    salt = file.salt()
    applied = _is_applied(file, passphrase)
    if not applied and (salt is None) != (done == "set"):
        # Another window has set or removed the passphrase since this page was shown.
        st.rerun()
    # The file is replaced, which needs every connection closed.
    current_run().session.close()
    try:
        with st.spinner(say("passphrase.working")):
            if not applied:
                rekey.change_passphrase(file, passphrase, salt)
    except (StoreError, CopyError, OSError, sqlcipher.Error) as error:
        if not _is_applied(file, passphrase):
            problem = (
                f"errors.{error.problem}" if isinstance(error, StoreError) else "record.failed"
            )
            failure_box.show(say(problem), error)
            return
    unlock.unlock(database)
    if passphrase is not None:
        # The log of earlier faults may quote what the user wrote.
        secure_delete(log_path())
    _close()
    st.session_state[_DONE] = done
    st.rerun()
