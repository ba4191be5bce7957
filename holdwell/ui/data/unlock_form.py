"""The page of a locked database: it asks for the passphrase, and helps a user who has none."""

from pathlib import Path

import streamlit as st

from holdwell.backup import daily
from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.i18n.messages import say
from holdwell.store import sqlcipher
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.runtime import run_context, unlock
from holdwell.ui.runtime.flash import flash
from holdwell.ui.runtime.process_state import database_file
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch import locked
from holdwell.ui.today import kept_cramps

DAMAGED = "hw-damaged"
"""In the session state: whether the database is damaged rather than locked."""
_TRY = "hw-unlock-try"
"""In the session state: how many passphrases were given, so that each form begins empty."""


def show(database: Path) -> None:
    """Ask for the passphrase, and show below what can be done without it."""
    person = current_run().person
    number = st.session_state.get(_TRY, 0)
    st.title(say("locked.title"), anchor=False)
    st.text(say("locked.lead"))
    if not run_context.at_this_computer():
        st.text(say("locked.plain_way"))
    with st.form(f"hw-unlock-{number}", border=False):
        given = passphrase_field(say("locked.passphrase"), f"hw-passphrase-{number}")
        asked = buttons.submit(say("locked.open"), f"hw-unlock-tap-{number}", primary=True)
    if asked and _opens(database, given):
        unlock.unlock(database)
        # The field gets a new key, so that this window forgets what was typed.
        st.session_state[_TRY] = number + 1
        st.rerun()
    locked.offer()
    if person is not None:
        kept_cramps.ask(person)
    with st.expander(say("locked.lost")):
        _lost_passphrase(database, number)
    if _may_be_damaged(database):
        with st.expander(say("locked.never")):
            st.text(say("locked.never_lead"))
            damaged = buttons.set_on_tap(DAMAGED, True)
            buttons.wide(say("locked.never_yes"), "hw-locked-never", **damaged)


def _may_be_damaged(database: Path) -> bool:
    """Return whether the database may be damaged, which can look like encryption.

    That is possible if a backup is not encrypted, nothing says that the database ever was, and no
    other browser has unlocked it. It is False on a phone: what follows may move the database away.
    """
    file = database_file(database)
    is_plain = (sqlcipher.read_salt(path) is None for path in rekey.copies(database))
    return (
        run_context.at_this_computer()
        and file.is_locked()
        and not daily.is_known_encrypted(file)
        and any(is_plain)
    )


def passphrase_field(label: str, key: str, *, new: bool = False) -> str:
    """Show a field for a passphrase, which the browser may offer to remember."""
    return st.text_input(
        label, type="password", key=key, autocomplete="new-password" if new else "current-password"
    )


def _opens(database: Path, passphrase: str) -> bool:
    """Return whether a passphrase opens the database; say what is wrong if it does not."""
    try:
        rekey.unlock(database_file(database), passphrase)
    except WrongPassphraseError:
        failure_box.show(say("locked.wrong"))
        return False
    except StoreError as error:
        if error.problem is not StoreProblem.DAMAGED:
            failure_box.show(say(f"errors.{error.problem.value}"))
            return False
        st.session_state[DAMAGED] = True
    return True


def _lost_passphrase(database: Path, number: int) -> None:
    """Offer to quarantine the locked database and begin a new one, on the computer itself only."""
    st.text(say("locked.lost_lead"))
    st.code(str(database.parent), language=None)
    if not run_context.at_this_computer():
        st.text(say("locked.lost_here"))
        return
    sure = st.checkbox(say("locked.lost_sure"), key=f"hw-lost-{number}")
    if sure and buttons.wide(say("locked.lost_yes"), "hw-locked-aside"):
        kept = rekey.quarantine(database_file(database))
        flash(say("locked.quarantine_done", name=kept.name))
        st.rerun()


def ask_for_copies(database: Path) -> None:
    """Ask for the passphrase of encrypted backups whose key this process does not have."""
    if not rekey.locked_copies(database_file(database)):
        return
    number = st.session_state.get(_TRY, 0)
    with st.form(f"hw-copies-{number}", border=False):
        st.text(say("locked.copies_lead"))
        given = passphrase_field(say("locked.passphrase"), f"hw-copies-passphrase-{number}")
        asked = buttons.submit(say("locked.copies_open"), f"hw-copies-tap-{number}")
    if not asked:
        return
    if rekey.unlock_copies(database_file(database), given):
        rekey.convert_copies(database_file(database))
        st.session_state[_TRY] = number + 1
        st.rerun()
    failure_box.show(say("locked.wrong"))
