"""Which encrypted databases this browser has unlocked: asked here, and nowhere else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from holdwell.network.pwa import BROWSER_COOKIE
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.ui.runtime.process_state import database_file, process_state

_TOKEN = "hw-browser"


def _browser() -> str:
    """Return the token of this browser; of this window alone where it keeps no cookies."""
    known = st.context.cookies.get(BROWSER_COOKIE)
    return known or str(st.session_state.setdefault(_TOKEN, secrets.token_urlsafe(24)))


def has_passphrase(database: Path) -> bool:
    """Return whether a database is encrypted."""
    return database_file(database).salt() is not None


def is_open(database: Path, browser: str = "") -> bool:
    """Return whether a browser, or else this one, may read a database.

    It may read what is not encrypted, and what was unlocked in it.
    """
    salt = database_file(database).salt()
    return salt is None or process_state().unlocks.is_unlocked(browser or _browser(), salt)


def require_open(database: Path, browser: str = "") -> None:
    """Raise StoreError (ENCRYPTED) where `is_open` is false."""
    if not is_open(database, browser):
        raise StoreError(StoreProblem.ENCRYPTED, database)


def unlock(database: Path) -> None:
    """Unlock a database for this browser, once its passphrase was given or set."""
    salt = database_file(database).salt()
    if salt is not None:
        process_state().unlocks.unlock(_browser(), salt)


def lock(database: Path) -> None:
    """Lock a database for this browser; when no other has it unlocked, its key is forgotten."""
    salt = database_file(database).salt()
    if salt is not None:
        process_state().unlocks.lock(_browser(), salt)


def later(database: Path, make: Callable[[Store], bytes]) -> Callable[[], bytes]:
    """Return what makes a file for a download, when it is asked for and the run is over.

    It raises StoreError (ENCRYPTED) if the database was locked in the meantime.
    """
    browser = _browser()

    def made() -> bytes:
        require_open(database, browser)
        with opened(database_file(database)) as store:
            return make(store)

    return made
