"""The one place that knows which encrypted databases this browser has unlocked.

A browser proves what it has unlocked by a token. It keeps the token in its local storage, which no
other port can read, and sends it when a WebSocket opens (`holdwell/network/handshake.js`). The
window in which the passphrase was given knows its token at once, while its connection lasts.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from holdwell.network.middleware import CONNECTION, UNLOCK
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.ui.runtime import streamlit_internals
from holdwell.ui.runtime.process_state import database_file, process_state

if TYPE_CHECKING:
    from holdwell.store.repository import Store

OWN_TOKEN = "hw-unlock"
"""Session state key for the connection of this window and the token made for it."""


def _browser() -> str:
    """Return the token of this browser, or "" if it has unlocked nothing.

    Someone who takes over a closed session by its id has a different connection and gets no token.
    """
    return own_token() or st.context.headers.get(UNLOCK) or ""


def own_token() -> str:
    """Return the token made for this window, which the browser is to keep; "" for none."""
    connection, token = st.session_state.get(OWN_TOKEN, (None, ""))
    return str(token) if connection == st.context.headers.get(CONNECTION) else ""


def has_passphrase(database: Path) -> bool:
    """Return whether a database is encrypted."""
    return database_file(database).salt() is not None


def is_open(database: Path, browser: str = "") -> bool:
    """Return whether a database is unlocked in a browser (by default this one) or not encrypted."""
    salt = database_file(database).salt()
    if salt is None:
        return True
    token = browser or _browser()
    window = streamlit_internals.window_id()
    if token and window:
        process_state().windows[window] = token, salt
    return process_state().unlocks.is_unlocked(token, salt)


def require_open(database: Path, browser: str = "") -> None:
    """Raise StoreError (ENCRYPTED) unless the database `is_open`."""
    if not is_open(database, browser):
        raise StoreError(StoreProblem.ENCRYPTED, database)


def unlock(database: Path) -> None:
    """Unlock a database for this browser, after its passphrase was given or set."""
    salt = database_file(database).salt()
    if salt is not None:
        token = process_state().unlocks.unlock(_browser(), salt)
        st.session_state[OWN_TOKEN] = st.context.headers.get(CONNECTION), token


def lock(database: Path) -> None:
    """Lock a database for this browser, and drop its key if no other browser has it unlocked."""
    salt = database_file(database).salt()
    if salt is not None:
        process_state().unlocks.lock(_browser(), salt)
        drop_files()


def drop_files() -> None:
    """Drop the files that the server holds for windows whose database is now locked.

    These are pictures and downloads, which anyone who knows their address could fetch, and uploaded
    files. If Streamlit raises an error, the next call tries again.
    """
    state = process_state()
    state.unlocks.expire()
    locked = {
        window: unlocked
        for window, unlocked in list(state.windows.items())
        if not state.unlocks.is_unlocked(*unlocked, in_use=False)
    }
    if locked:
        streamlit_internals.drop_files(locked)
    for window, unlocked in locked.items():
        # Keep a window that has been unlocked in the meantime.
        if state.windows.get(window) == unlocked:
            state.windows.pop(window, None)


def while_open(database: Path, make: "Callable[[Store], bytes]") -> Callable[[], bytes]:
    """Return a function to make a file after this run; StoreError (ENCRYPTED) if locked by then."""
    # Imported late: the server starts faster without it.
    from holdwell.store.repository import opened

    browser = _browser()

    def make_file() -> bytes:
        require_open(database, browser)
        with opened(database_file(database)) as store:
            return make(store)

    return make_file
