"""A record with a passphrase: opening it for this browser, locking it, and the page in between."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.encryption.unlocks import Vault
from holdwell.i18n.messages import say
from holdwell.network.pwa import BROWSER_COOKIE
from holdwell.store import sqlcipher
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import PASSPHRASE_MIN
from holdwell.ui.runtime import server_hooks
from holdwell.ui.runtime.flash import flash

_TOKEN = "hw-browser"
_LOST = "hw-lost"
DAMAGED = "hw-damaged"
"""In this window: the passphrase was right, or there never was one, and the record is damaged."""
_TRY = "hw-unlock-try"
vault = Vault(sqlcipher.keyring)
"""Which browsers have opened what, for as long as the server runs."""


def _browser() -> str:
    """The token of this browser; of this window alone where the browser keeps no cookies."""
    known = st.context.cookies.get(BROWSER_COOKIE)
    return known or str(st.session_state.setdefault(_TOKEN, secrets.token_urlsafe(24)))


def is_open(database: Path) -> bool:
    """Whether this browser may read a record: it has no passphrase, or was opened here."""
    return _opened(database, _browser())


def _opened(database: Path, browser: str) -> bool:
    salt = sqlcipher.sealed_salt(database)
    return salt is None or vault.is_open(browser, salt)


def let_in(database: Path) -> None:
    """Open a record for this browser, whose passphrase was just given or set."""
    salt = sqlcipher.sealed_salt(database)
    if salt is not None:
        vault.open(_browser(), salt)


def lock(database: Path) -> None:
    """Lock a record for this browser; when no other has it open, its key is forgotten."""
    salt = sqlcipher.sealed_salt(database)
    if salt is not None:
        vault.shut(_browser(), salt)


def has_passphrase(database: Path) -> bool:
    """Whether a record is encrypted."""
    return sqlcipher.sealed_salt(database) is not None


def field(label: str, key: str, *, new: bool = False) -> str:
    """A field for a passphrase, which the browser may offer to keep."""
    return st.text_input(
        label,
        type="password",
        key=key,
        autocomplete="new-password" if new else "current-password",
    )


def page(database: Path) -> None:
    """Ask for the passphrase; what to do where it is forgotten is one tap below."""
    number = st.session_state.get(_TRY, 0)
    st.title(say("locked.title"), anchor=False)
    st.text(say("locked.lead"))
    if not server_hooks.at_this_computer():
        st.text(say("locked.plain_way"))
    with st.form(f"hw-unlock-{number}", border=False):
        given = field(say("locked.passphrase"), f"hw-passphrase-{number}")
        asked = st.form_submit_button(
            say("locked.open"), type="primary", key=f"hw-unlock-tap-{number}", width="stretch"
        )
    if asked and unlocked(database, given):
        let_in(database)
        # The field goes, and what was typed with it.
        st.session_state[_TRY] = number + 1
        st.rerun()
    with st.expander(say("locked.lost")):
        _lost(database, number)
    # Damage that looks like encryption: whoever never set a passphrase has plain backups.
    # Where its key is at hand, as another browser has it open, it is no damage.
    known = sqlcipher.keyring.get(sqlcipher.sealed_salt(database) or b"") is not None
    if not known and any(sqlcipher.salt_of(path) is None for path in rekey.copies(database)):
        with st.expander(say("locked.never")):
            st.text(say("locked.never_lead"))
            if st.button(say("locked.never_yes"), key="hw-locked-never", width="stretch"):
                st.session_state[DAMAGED] = True
                st.rerun()


def unlocked(database: Path, passphrase: str) -> bool:
    """Try a passphrase; say what is wrong if it does not open the record."""
    try:
        rekey.unlock(database, passphrase)
    except WrongPassphraseError:
        st.warning(say("locked.wrong"), icon=":material/info:")
        return False
    except StoreError as error:
        if error.problem is not StoreProblem.DAMAGED:
            st.warning(say(f"errors.{error.problem.value}"), icon=":material/info:")
            return False
        st.session_state[DAMAGED] = True
    return True


def _lost(database: Path, number: int) -> None:
    st.text(say("locked.lost_lead"))
    st.code(str(database.parent), language=None)
    if not server_hooks.at_this_computer():
        # Whoever was let in with a phone need not have a say in this.
        st.text(say("locked.lost_here"))
        return
    if st.checkbox(say("locked.lost_sure"), key=f"{_LOST}-{number}") and st.button(
        say("locked.lost_yes"), key="hw-locked-aside", width="stretch"
    ):
        kept = rekey.set_aside(database)
        flash(say("locked.aside_done", name=kept.name))
        st.rerun()


def ask_for_copies(database: Path) -> None:
    """Ask for the passphrase of backups that are encrypted with one that is not at hand."""
    if not rekey.sealed_copies(database):
        return
    number = st.session_state.get(_TRY, 0)
    with st.form(f"hw-copies-{number}", border=False):
        st.text(say("locked.copies_lead"))
        given = field(say("locked.passphrase"), f"hw-copies-passphrase-{number}")
        asked = st.form_submit_button(
            say("locked.copies_open"), key=f"hw-copies-tap-{number}", width="stretch"
        )
    if not asked:
        return
    if rekey.unlock_copies(database, given):
        rekey.settle(database)
        st.session_state[_TRY] = number + 1
        st.rerun()
    st.warning(say("locked.wrong"), icon=":material/info:")


@contextmanager
def still_open(database: Path, browser: str) -> Iterator[Store]:
    """The record for a file that is made after a page's run: if this browser still may read it.

    Raises StoreError (SEALED) if it was locked in the meantime.
    """
    if not _opened(database, browser):
        raise StoreError(StoreProblem.SEALED, database)
    with opened(database) as store:
        yield store


def later(database: Path, make: Callable[[Store], bytes]) -> Callable[[], bytes]:
    """What makes a file for a download, when it is asked for and the page's run is over."""
    browser = _browser()

    def made() -> bytes:
        with still_open(database, browser) as store:
            return make(store)

    return made


def problem(first: str, second: str) -> str:
    """What keeps a new passphrase from being set, as a sentence; "" for nothing."""
    if len(sqlcipher.tidied(first)) < PASSPHRASE_MIN:
        return say("passphrase.short", least=PASSPHRASE_MIN)
    if sqlcipher.tidied(first) != sqlcipher.tidied(second):
        return say("passphrase.differ")
    return ""
