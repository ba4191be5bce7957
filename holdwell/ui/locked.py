"""A record with a passphrase: opening it for this browser, locking it, and the page in between."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import streamlit as st

from holdwell import engine, sealing
from holdwell.engine import PASSPHRASE_MIN
from holdwell.home.look import BROWSER_COOKIE
from holdwell.sealing import WrongPassphraseError
from holdwell.ui import doors
from holdwell.vault import Vault
from holdwell.wording import say

_TOKEN = "hw-browser"
_LOST = "hw-lost"
_TRY = "hw-unlock-try"
vault = Vault(engine.keyring)
"""Which browsers have opened what, for as long as the server runs."""


def _browser() -> str:
    """The token of this browser; of this window alone where the browser keeps no cookies."""
    known = st.context.cookies.get(BROWSER_COOKIE)
    return known or str(st.session_state.setdefault(_TOKEN, secrets.token_urlsafe(24)))


def is_open(database: Path) -> bool:
    """Whether this browser may read a record: it has no passphrase, or was opened here."""
    salt = engine.met_salt(database)
    return salt is None or vault.is_open(_browser(), salt, time.time())


def let_in(database: Path) -> None:
    """Open a record for this browser, whose passphrase was just given or set."""
    salt = engine.sealed_salt(database)
    if salt is not None:
        vault.open(_browser(), salt, time.time())


def lock(database: Path) -> None:
    """Lock a record for this browser; when no other has it open, its key is forgotten."""
    salt = engine.sealed_salt(database)
    if salt is not None:
        vault.shut(_browser(), salt, time.time())


def has_passphrase(database: Path) -> bool:
    """Whether a record is encrypted."""
    return engine.sealed_salt(database) is not None


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
    if not doors.at_this_computer():
        st.text(say("locked.plain_way"))
    with st.form(f"hw-unlock-{number}", border=False):
        given = field(say("locked.passphrase"), f"hw-passphrase-{number}")
        asked = st.form_submit_button(
            say("locked.open"), type="primary", key=f"hw-unlock-tap-{number}", width="stretch"
        )
    if asked:
        try:
            sealing.unlock(database, given)
        except WrongPassphraseError:
            st.warning(say("locked.wrong"), icon=":material/info:")
        else:
            let_in(database)
            # The field goes, and what was typed with it.
            st.session_state[_TRY] = number + 1
            st.rerun()
    with st.expander(say("locked.lost")):
        st.text(say("locked.lost_lead"))
        st.code(str(database.parent), language=None)
        if st.checkbox(say("locked.lost_sure"), key=f"{_LOST}-{number}") and st.button(
            say("locked.lost_yes"), key="hw-locked-aside", width="stretch"
        ):
            kept = sealing.set_aside(database)
            st.session_state["hw-flash"] = say("locked.aside_done", name=kept.name)
            st.rerun()


def problem(first: str, second: str) -> str:
    """What keeps a new passphrase from being set, as a sentence; "" for nothing."""
    if len(engine.tidied(first)) < PASSPHRASE_MIN:
        return say("passphrase.short", least=PASSPHRASE_MIN)
    if engine.tidied(first) != engine.tidied(second):
        return say("passphrase.differ")
    return ""
