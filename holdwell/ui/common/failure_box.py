"""The box that says what did not work, and what to do about it."""

import streamlit as st


def show(text: str, detail: object = "", *, severe: bool = False) -> None:
    """Say what did not work; `detail` is a path or an error, shown verbatim.

    A failure is `severe` only if the whole page does not work.
    """
    box = st.error if severe else st.warning
    box(text, icon=":material/info:")
    if detail:
        st.code(str(detail), language=None)
