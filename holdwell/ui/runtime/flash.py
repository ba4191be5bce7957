"""A short message that one run of a page leaves for the next run to show."""

import streamlit as st

from holdwell.i18n.messages import plain

_KEY = "hw-flash"


def flash(text: str, place: str = "", *, done: bool = True) -> None:
    """Keep a message, that something was `done` or not, for the next page or one place on it."""
    st.session_state[_KEY + place] = text, done


def show_flash(place: str = "") -> None:
    """Show the message kept for the page, or for one place on it, and drop it."""
    text, done = st.session_state.pop(_KEY + place, ("", True))
    if text:
        box, icon = (st.success, "check_circle") if done else (st.info, "info")
        with st.container(key=f"hw-flash-{place}" if place else "hw-flash"):
            box(plain(text), icon=f":material/{icon}:")
