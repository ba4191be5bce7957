"""Long lists, shown a page at a time, with a button that shows more."""

import streamlit as st

from holdwell.ui.common import buttons

PAGE = 15


def shown(key: str, of: str = "") -> int:
    """Return how many entries of the list `key` are shown: one page again when `of` has changed."""
    listed, number = st.session_state.get(key, (of, PAGE))
    return int(number) if listed == of else PAGE


def more_button(key: str, total: int, label: str, of: str = "") -> None:
    """Show the button that shows one more page of the list, if there are more entries."""
    number = shown(key, of)
    if total > number:
        buttons.wide(label, f"{key}-more", **buttons.set_on_tap(key, (of, number + PAGE)))
