"""A short message that one run of a page leaves for the next."""

from __future__ import annotations

import streamlit as st

from holdwell.i18n.messages import plain

_KEY = "hw-flash"


def flash(text: str) -> None:
    """Keep a short message for the next page shown."""
    st.session_state[_KEY] = text


def show_flash() -> None:
    """Show the message kept, once."""
    text = st.session_state.pop(_KEY, None)
    if text:
        st.success(plain(text), icon=":material/check_circle:")
