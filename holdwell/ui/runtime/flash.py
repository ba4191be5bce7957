"""A short message that one run of a page leaves for the next run to show."""

import streamlit as st

from holdwell.i18n.messages import plain

_KEY = "hw-flash"


def flash(text: str, place: str = "") -> None:
    """Keep a message for the top of the next page shown, or for one place on it."""
    st.session_state[_KEY + place] = text


def show_flash(place: str = "") -> None:
    """Show the message kept for the page, or for one place on it, and drop it."""
    text = st.session_state.pop(_KEY + place, None)
    if text:
        with st.container(key=f"hw-flash{place and '-'}{place}"):
            st.success(plain(text), icon=":material/check_circle:")
