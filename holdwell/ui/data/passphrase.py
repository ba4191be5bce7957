"""The part of the people page that sets, changes or removes the passphrase of a database."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from holdwell.encryption import rekey
from holdwell.i18n.messages import counted, say
from holdwell.store import keys, sqlcipher
from holdwell.store.database import ERROR_LOG
from holdwell.store.errors import StoreError
from holdwell.store.files import secure_delete
from holdwell.store.snapshot import CopyError
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.data.unlock_form import ask_for_copies, passphrase_field
from holdwell.ui.runtime import current_person, unlock
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.process_state import database_file
from holdwell.ui.runtime.run_context import current_run

_OPEN_FORM = "hw-passphrase-open"
_FORM_NUMBER = "hw-passphrase-number"


def section(database: Path) -> None:
    """Explain what a passphrase does, and let the user set, change or remove it."""
    encrypted = unlock.has_passphrase(database)
    st.header(say("passphrase.title"), anchor=False)
    st.text(say("passphrase.lead_on" if encrypted else "passphrase.lead_off"))
    # Shown here because the user is looking here, not at the top of a long page.
    show_flash("passphrase")
    if encrypted:
        _other_files(database)
    form = st.session_state.get(_OPEN_FORM)
    if form is not None:
        with st.container(border=True, key="hw-passphrase"):
            _ask(database, form, encrypted=encrypted)
        return
    for kind in ("set", "remove") if encrypted else ("set",):
        label = _label(kind, encrypted=encrypted)
        buttons.wide(label, f"hw-passphrase-{kind}", **buttons.set_on_tap(_OPEN_FORM, kind))


def _label(form: str, *, encrypted: bool) -> str:
    """Return the label of the two buttons that open and send a form."""
    if form == "remove":
        return say("passphrase.remove")
    return say("passphrase.change" if encrypted else "passphrase.set")


def lock_now(database: Path) -> NoReturn:
    """Lock the database in this browser, and forget what this window remembers of it."""
    current_run().close_database()
    unlock.lock(database)
    current_person.forget_window(locked=True)
    st.rerun()


def _other_files(database: Path) -> None:
    """List the files that this passphrase does not protect; ask for an earlier passphrase."""
    files = rekey.not_covered(database_file(database))
    if files:
        text = say("passphrase.others", files=counted("files", len(files)))
        failure_box.show(text, "\n".join(map(str, files)))
        ask_for_copies(database)


def _close() -> None:
    st.session_state[_OPEN_FORM] = None
    # The fields of the next form have new keys, so that this window forgets what was typed.
    st.session_state[_FORM_NUMBER] = st.session_state.get(_FORM_NUMBER, 0) + 1


def _ask(database: Path, form: str, *, encrypted: bool) -> None:
    """Show a form that sets or changes ("set") or removes ("remove") a passphrase; apply it."""
    number = st.session_state.get(_FORM_NUMBER, 0)
    sets = form == "set"
    asks_old = encrypted or not sets
    least = counted("characters", keys.PASSPHRASE_MIN)
    old, new, problem = "", None, ""
    with st.form(f"hw-passphrase-form-{number}", border=False):
        st.text(say("passphrase.advice", least=least) if sets else say("passphrase.remove_lead"))
        if asks_old:
            old = passphrase_field(say("passphrase.current"), f"hw-passphrase-old-{number}")
        if sets:
            new = passphrase_field(say("passphrase.new"), f"hw-passphrase-new-{number}", new=True)
            again = passphrase_field(
                say("passphrase.again"), f"hw-passphrase-again-{number}", new=True
            )
            understood = st.checkbox(say("passphrase.known"), key=f"hw-passphrase-known-{number}")
            problem = _problem(new, again, understood)
        label = _label(form, encrypted=encrypted)
        sure = buttons.submit(label, f"hw-passphrase-yes-{number}", primary=sets)
    buttons.wide(say("record.cancel"), "hw-passphrase-no", on_click=_close)
    if sure and problem:
        failure_box.show(problem)
    elif sure and (not asks_old or _is_passphrase(database, old)):
        done = "changed" if encrypted else "set"
        _apply(database, new, done if sets else "removed")


def _problem(new: str, again: str, understood: bool) -> str:
    """Return a sentence on why a passphrase cannot be set; "" if it can."""
    if len(keys.normalize(new)) < keys.PASSPHRASE_MIN:
        return say("passphrase.short", least=counted("characters", keys.PASSPHRASE_MIN))
    if keys.normalize(new) != keys.normalize(again):
        return say("passphrase.differ")
    return "" if understood else say("passphrase.known_first")


def _is_passphrase(database: Path, passphrase: str) -> bool:
    """Return whether this is the passphrase of the database; say what is wrong if it is not."""
    try:
        if rekey.is_passphrase(database_file(database), passphrase):
            return True
        failure_box.show(say("locked.wrong"))
    except StoreError as error:
        failure_box.show(say(f"errors.{error.problem.value}"))
    return False


def _is_applied(file: DatabaseFile, passphrase: str | None) -> bool:
    """Return whether the database already has this passphrase, or already has none for None.

    It has in the run of a second click, which ended that of the first before it could unlock it.
    """
    if passphrase is None:
        return file.salt() is None
    return rekey.is_passphrase(file, passphrase)


def _apply(database: Path, passphrase: str | None, done: str) -> None:
    """Encrypt the files with a passphrase, or decrypt them for None; `done` says which it is."""
    file = database_file(database)
    salt = file.salt()
    applied = _is_applied(file, passphrase)
    if not applied and (salt is None) != (done == "set"):
        # Another window has set or removed the passphrase since this page was shown.
        st.rerun()
    # The file is replaced, which needs every connection closed.
    current_run().close_database()
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
        # The log of earlier errors may quote what the user wrote.
        secure_delete(database.with_name(ERROR_LOG))
    _close()
    flash(say(f"passphrase.done_{done}"), "passphrase")
    st.rerun()
