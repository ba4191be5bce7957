"""Who is here: whose record this browser's pages read, where several people share a computer."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from holdwell.store import people
from holdwell.store.people import Person
from holdwell.store.repository import default_folder

_KEY = "hw-person"
_COOKIE = "holdwell_person"
_YEAR_S = 365 * 24 * 3600
_here: ContextVar[Person | None] = ContextVar("here", default=None)

_nobody: ContextVar[bool] = ContextVar("nobody", default=False)
_ADDRESS = "who"
_LOCKED = "hw-just-locked"

# The browser remembers who is here, so that the next day needs no tap; and the tab does, in its
# address, so that it stays hers through a reload or a restart whatever another tab has chosen.
# When she locks her record, her other tabs of this browser are loaded anew and show it no more.
# The line break tells Streamlit that this is a script and no file's name.
_remember = st.components.v2.component(
    "holdwell_person",
    js=f"""export default ({{ data }}) => {{
      const {{ person, several, locked }} = data;
      if (several) {{
        document.cookie = `{_COOKIE}=${{person}}; path=/; max-age={_YEAR_S}; samesite=strict`;
        const here = new URL(location.href);
        if (here.searchParams.get("{_ADDRESS}") !== person) {{
          here.searchParams.set("{_ADDRESS}", person);
          history.replaceState(history.state, "", here);
        }}
      }}
      if (typeof BroadcastChannel !== "function") return;
      window.__holdwellLock ??= new BroadcastChannel("holdwell-lock");
      if (locked) window.__holdwellLock.postMessage(person);
      window.__holdwellLock.onmessage = (said) => {{
        if (said.data === person) location.reload();
      }};
    }};""",
    isolate_styles=False,
)


def everyone() -> list[Person]:
    """Everyone who keeps a record here. Raises OSError where that cannot be read."""
    return people.people(default_folder())


def settle() -> Person | None:
    """Say at the start of a run who is here; None where she has to be asked.

    A window stays with the one it began with. If she is no longer there, it forgets what it knew
    of her and asks, also where a single one is left: nothing of hers may become another's.
    Raises OSError.
    """
    known = {one.id: one for one in everyone()}
    mine = st.session_state.get(_KEY)
    named = st.query_params.get(_ADDRESS)
    if mine is None and isinstance(named, str):
        mine = named
    if mine is None and len(known) == 1:
        found: Person | None = next(iter(known.values()))
    elif mine is None:
        found = known.get(str(st.context.cookies.get(_COOKIE)))
    else:
        found = known.get(mine)
        if found is None:
            st.session_state.clear()
            st.query_params.clear()
    _here.set(found)
    _nobody.set(found is None)
    if found is not None:
        st.session_state[_KEY] = found.id
    return found


def nobody() -> bool:
    """Whether she has to be asked who she is."""
    return _nobody.get()


def here() -> Person:
    """Who is here; the first one, where nobody was asked for."""
    return _here.get() or everyone()[0]


def database() -> Path:
    """The record of the one who is here."""
    return here().database


def remember(page: str) -> None:
    """Have the browser and the tab remember who is here."""
    if _nobody.get():
        return
    with st.container(key="hw-who"):
        _remember(
            key="hw-remember",
            data={
                "person": here().id,
                "several": len(everyone()) > 1,
                "locked": st.session_state.pop(_LOCKED, False),
                # What changes with the address, so that the script runs when it may have to.
                "page": page,
                "address": st.query_params.get(_ADDRESS),
            },
        )


def just_locked() -> None:
    """Have the other tabs of this browser look again: she has locked her record."""
    st.session_state[_LOCKED] = True


def address(**parameters: str) -> None:
    """Put parameters into the tab's address, beside whose it is."""
    own = {_ADDRESS: here().id} if len(everyone()) > 1 else {}
    st.query_params.from_dict({**parameters, **own})


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
