"""Which encrypted databases this browser has unlocked: asked here, and nowhere else.

A browser shows what it has unlocked by a token that it keeps where the port counts, and sends as a
WebSocket opens (`holdwell/network/handshake.js`). The window in which a passphrase was given knows
its token at once, for as long as its connection lasts.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit import runtime

from holdwell.network.middleware import CONNECTION, UNLOCK
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.ui.runtime import late_files
from holdwell.ui.runtime.process_state import database_file, process_state

if TYPE_CHECKING:
    from holdwell.store.repository import Store

KEPT = "hw-unlock"
"""In this window: its connection, and the token that was made for it."""


def _browser() -> str:
    """Return the token of this browser; "" if it has unlocked nothing.

    Someone who takes over a closed session by its id has another connection, and gets none.
    """
    return own_token() or st.context.headers.get(UNLOCK) or ""


def own_token() -> str:
    """Return the token that was made for this window, for the browser to keep; "" for none."""
    connection, token = st.session_state.get(KEPT, (None, ""))
    return str(token) if connection == st.context.headers.get(CONNECTION) else ""


def has_passphrase(database: Path) -> bool:
    """Return whether a database is encrypted."""
    return database_file(database).salt() is not None


def is_open(database: Path, browser: str = "") -> bool:
    """Return whether a browser, or else this one, may read a database.

    It may read what is not encrypted, and what was unlocked in it.
    """
    salt = database_file(database).salt()
    if salt is None:
        return True
    token, window = browser or _browser(), late_files.window_id()
    if token and window:
        process_state().windows[window] = token, salt
    return process_state().unlocks.is_unlocked(token, salt)


def require_open(database: Path, browser: str = "") -> None:
    """Raise StoreError (ENCRYPTED) where `is_open` is false."""
    if not is_open(database, browser):
        raise StoreError(StoreProblem.ENCRYPTED, database)


def unlock(database: Path) -> None:
    """Unlock a database for this browser, once its passphrase was given or set."""
    salt = database_file(database).salt()
    if salt is not None:
        token = process_state().unlocks.unlock(_browser(), salt)
        st.session_state[KEPT] = st.context.headers.get(CONNECTION), token


def lock(database: Path) -> None:
    """Lock a database for this browser; when no other has it unlocked, its key is forgotten."""
    salt = database_file(database).salt()
    if salt is not None:
        process_state().unlocks.lock(_browser(), salt)
        drop_files()


def drop_files() -> None:
    """Drop what the server has ready for windows whose database is locked by now.

    That is pictures and downloads, which need no more than their address, and chosen files. After
    a fault of Streamlit's, which is raised, the next call tries again.
    """
    state = process_state()
    state.unlocks.expire()
    locked = {
        window: unlocked
        for window, unlocked in list(state.windows.items())
        if not state.unlocks.is_unlocked(*unlocked, in_use=False)
    }
    if not locked:
        return
    if runtime.exists():
        server = runtime.get_instance()
        for window in locked:
            server.media_file_mgr.clear_session_refs(window)
            server.uploaded_file_mgr.remove_session_files(window)
        # A download goes the second time: the first only marks it.
        for _ in range(2):
            server.media_file_mgr.remove_orphaned_files()
    for window, unlocked in locked.items():
        # Not one that has been unlocked in the meantime.
        if state.windows.get(window) == unlocked:
            state.windows.pop(window, None)


def later(database: Path, make: "Callable[[Store], bytes]") -> Callable[[], bytes]:
    """Return what makes a file for a download, when it is asked for and the run is over.

    It raises StoreError (ENCRYPTED) if the database was locked in the meantime.
    """
    # Not before the server answers, which needs no database for it.
    from holdwell.store.repository import opened

    browser = _browser()

    def made() -> bytes:
        require_open(database, browser)
        with opened(database_file(database)) as store:
            return make(store)

    return made
