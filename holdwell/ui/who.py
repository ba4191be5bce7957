"""Who is here: whose record this browser's pages read, where several people share a computer."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from holdwell import household
from holdwell.household import Person
from holdwell.store import default_folder

_KEY = "hw-person"
_COOKIE = "holdwell_person"
_YEAR_S = 365 * 24 * 3600
_here: ContextVar[Person | None] = ContextVar("here", default=None)

# The browser remembers who she is, so that a reload or the next day needs no tap.
_remember = st.components.v2.component(
    "holdwell_person",
    # The line break tells Streamlit that this is a script and no file's name.
    js=f"""export default ({{ data }}) => {{
      document.cookie = `{_COOKIE}=${{data}}; path=/; max-age={_YEAR_S}; samesite=strict`;
    }};""",
    isolate_styles=False,
)


def everyone() -> list[Person]:
    """Everyone who keeps a record here."""
    return household.people(default_folder())


def settle() -> Person | None:
    """Say at the start of a run who is here; None where several are and none was chosen."""
    known = everyone()
    wanted = st.session_state.get(_KEY) or st.context.cookies.get(_COOKIE)
    found = next((one for one in known if one.id == wanted), None)
    if found is None and len(known) == 1:
        found = known[0]
    if found is not None:
        # Kept, so that another tab's choice does not change whose page this one is.
        st.session_state[_KEY] = found.id
    _here.set(found)
    return found


def nobody() -> bool:
    """Whether several keep a record here and none was chosen."""
    return _here.get() is None and len(everyone()) > 1


def here() -> Person:
    """Who is here; the first one, where nobody was asked for."""
    return _here.get() or everyone()[0]


def database() -> Path:
    """The record of the one who is here."""
    return here().database


def remember() -> None:
    """Have the browser remember who is here."""
    person = _here.get()
    if person is not None and len(everyone()) > 1:
        with st.container(key="hw-who"):
            _remember(key="hw-remember", data=person.id)


def forget() -> None:
    """Drop everything that this window remembers but who is here."""
    known = st.session_state.get(_KEY)
    st.session_state.clear()
    if known is not None:
        st.session_state[_KEY] = known


def become(person: Person, page: str = "") -> None:
    """Go on as someone else, on another `page` if one is named.

    Nothing that this window remembers may come along.
    """
    st.session_state.clear()
    st.session_state[_KEY] = person.id
    st.query_params.clear()
    if page:
        st.switch_page(page)
    st.rerun()
