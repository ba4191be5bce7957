"""The person whose pages this browser window shows, where several people share a computer."""

import time
from typing import NoReturn

import streamlit as st

from holdwell.encryption.unlocks import IDLE_S
from holdwell.store import people
from holdwell.store.people import Person, default_folder
from holdwell.ui.runtime import unlock
from holdwell.ui.runtime.navigation import go
from holdwell.ui.runtime.process_state import process_state
from holdwell.ui.runtime.run_context import current_run

_KEY = "hw-person"
_COOKIE = "holdwell_person"
_ADDRESS = "who"
_LOCKED = "hw-just-locked"
_FORGOTTEN = "hw-forgotten"


def everyone() -> list[Person]:
    """Return all people who keep a database here. Raises OSError where that cannot be read."""
    return people.people(default_folder())


def find() -> Person | None:
    """Return the person of this window; None where the page has to ask. Raises OSError.

    A window stays with the person it began with. If that person is no longer there, the window
    forgets what it knew of them and asks, even where a single person is left: nothing of one
    person may become another's.
    """
    by_id = {one.id: one for one in everyone()}
    own = st.session_state.get(_KEY, st.query_params.get(_ADDRESS))
    if own is not None:
        found = by_id.get(own)
        if found is None:
            _clear()
            st.query_params.clear()
    elif len(by_id) == 1:
        found = next(iter(by_id.values()))
    else:
        found = by_id.get(str(st.context.cookies.get(_COOKIE)))
    if found is not None:
        st.session_state[_KEY] = found.id
    return found


def for_browser(person: Person | None) -> dict[str, object]:
    """Return what the browser and the tab are told of the person: see person.js and drafts.js.

    The browser remembers the person in a cookie, so that the next day needs no tap. The tab does in
    its address, so that a reload keeps the person, whatever another tab has chosen. When a database
    is locked, other tabs of this browser load again and show it no more: those that are open hear
    of it, and one that was just loading finds the number of the lock, which is later than its own.

    What is entered in a form is kept for this person while their database is open. For an encrypted
    one it stays in the browser's memory alone. When this window had to forget all, the browser
    forgets too: `forgotten` is in seconds of a monotonic clock, 0 for never.
    """
    forgotten = float(st.session_state.get(_FORGOTTEN, 0))
    if person is None:
        return {"drafts": {"person": "", "inMemory": False, "forgotten": forgotten}}
    # Read before the page asks whether its database is open: see `Unlocks.generation`.
    generation = process_state().unlocks.generation
    encrypted, is_open = unlock.has_passphrase(person.database), unlock.is_open(person.database)
    drafts_of = person.id if is_open else ""
    return {
        "drafts": {"person": drafts_of, "inMemory": encrypted, "forgotten": forgotten},
        "person": {
            "person": person.id,
            "several": len(everyone()) > 1,
            "locked": st.session_state.pop(_LOCKED, False),
            "generation": generation,
            "unlock": unlock.own_token(),
            "waiting": not is_open,
            # After how long the page has to go from the screen, counted from now; 0 for never.
            "secondsLeft": IDLE_S if encrypted and is_open else 0,
            "cookie": _COOKIE,
            "parameter": _ADDRESS,
        },
    }


def set_address(**parameters: str) -> None:
    """Put parameters into the tab's address, beside the person's id."""
    own = {_ADDRESS: current_run().user.id} if len(everyone()) > 1 else {}
    st.query_params.from_dict({**parameters, **own})


def forget_window(*, locked: bool = False) -> None:
    """Drop all that this window remembers of the person: an undo, a filled form, a picture.

    When the database was just `locked`, have the other tabs of this browser load again.
    """
    _clear(_KEY)
    st.session_state.update({_FORGOTTEN: time.monotonic(), _LOCKED: locked})
    st.cache_data.clear()


def _clear(*kept: str) -> None:
    """Drop what this window remembers, but the keys named and what it has unlocked."""
    known = {k: st.session_state[k] for k in (*kept, unlock.KEPT) if k in st.session_state}
    st.session_state.clear()
    st.session_state.update(known)


def become(person: Person, page: str = "") -> NoReturn:
    """Go on as another person, on the page of that name or on this one.

    Nothing that this window remembers may come along.
    """
    _clear()
    st.session_state[_KEY] = person.id
    st.query_params.clear()
    if page:
        go(page)
    st.rerun()
