"""The person whose pages this browser window shows: several people may share a computer."""

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
_PARAMETER = "who"
"""The parameter in a tab's address with the id of its person."""
_LOCKED = "hw-just-locked"
_FORGOTTEN = "hw-forgotten"


def everyone() -> list[Person]:
    """Return all people who have a database here. Raises OSError if the folder cannot be read."""
    return people.people(default_folder())


def find() -> Person | None:
    """Return the person of this window, or None if the page has to ask. Raises OSError.

    A window keeps the person it began with. If they have been removed, it forgets all it knew of
    them and asks, even if one person is left: nothing of one may be shown to another.
    """
    by_id = {person.id: person for person in everyone()}
    person_id = st.session_state.get(_KEY, st.query_params.get(_PARAMETER))
    if person_id is not None:
        person = by_id.get(person_id)
        if person is None:
            _clear()
            st.query_params.clear()
    elif len(by_id) == 1:
        person = next(iter(by_id.values()))
    else:
        person = by_id.get(str(st.context.cookies.get(_COOKIE)))
    if person is not None:
        st.session_state[_KEY] = person.id
    return person


def for_browser(person: Person | None) -> dict[str, object]:
    """Return what person.js and drafts.js need to know about the person.

    The browser remembers the person in a cookie, so that the user need not choose again the next
    day. The tab remembers them in its address, so that a reload keeps the person whatever another
    tab has chosen. When a database is locked, the other tabs of this browser reload: open tabs are
    notified, and a tab that was just loading finds a `generation` later than its own.

    The browser keeps what is typed in a form for this person while their database is open, and only
    in memory if the database is encrypted. It forgets that whenever `forgotten` changes: the time
    (seconds, monotonic) at which this window had to forget the person, 0 for never.
    """
    drafts = {"person": "", "inMemory": False, "forgotten": st.session_state.get(_FORGOTTEN, 0.0)}
    if person is None:
        return {"drafts": drafts}
    # Must be read before the page asks whether its database is open: see `Unlocks.generation`.
    generation = process_state().unlocks.generation
    encrypted = unlock.has_passphrase(person.database)
    is_open = unlock.is_open(person.database)
    return {
        "drafts": drafts | {"person": person.id if is_open else "", "inMemory": encrypted},
        "person": {
            "person": person.id,
            "several": len(everyone()) > 1,
            "locked": st.session_state.pop(_LOCKED, False),
            "generation": generation,
            "unlock": unlock.own_token(),
            "waiting": not is_open,
            # The page must leave the screen after this time; 0 for never.
            "secondsLeft": IDLE_S if encrypted and is_open else 0,
            "cookie": _COOKIE,
            "parameter": _PARAMETER,
        },
    }


def set_address(**parameters: str) -> None:
    """Replace the parameters in the tab's address, but keep the person's id."""
    whose = {_PARAMETER: current_run().user.id} if len(everyone()) > 1 else {}
    st.query_params.from_dict({**parameters, **whose})


def forget_window(*, locked: bool = False) -> None:
    """Drop all that this window remembers of the person: an undo, a filled form, a picture.

    If the database was just `locked`, make the other tabs of this browser reload.
    """
    _clear(_KEY)
    st.session_state.update({_FORGOTTEN: time.monotonic(), _LOCKED: locked})
    st.cache_data.clear()


def _clear(*kept: str) -> None:
    """Drop all that this window remembers, except the `kept` keys and what it has unlocked."""
    known = st.session_state.to_dict()
    st.session_state.clear()
    st.session_state.update({k: known[k] for k in (*kept, unlock.OWN_TOKEN) if k in known})


def switch_to(person: Person, page: str) -> NoReturn:
    """Switch to another person, on the named page, or for "" on the current one.

    Drop all that this window remembers, so that nothing is shown to the wrong person.
    """
    _clear()
    st.session_state[_KEY] = person.id
    st.query_params.clear()
    if page:
        go(page)
    st.rerun()
