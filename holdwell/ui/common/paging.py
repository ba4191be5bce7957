"""Long lists a page at a time, with a button that shows more."""

import streamlit as st

from holdwell.ui.common import buttons

PAGE = 15


def shown(key: str) -> int:
    """Return how many entries of the list `key` are shown."""
    number: int = st.session_state.get(key, PAGE)
    return number


def more_button(key: str, total: int, label: str) -> None:
    """Show the button that shows another page of the list, where there are more entries."""
    if total > shown(key) and buttons.wide(label, f"{key}-more"):
        st.session_state[key] = shown(key) + PAGE
        st.rerun()
