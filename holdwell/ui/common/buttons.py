"""Buttons as wide as the page, which are easy to hit with a thumb on a phone."""

from collections.abc import Callable
from mimetypes import guess_type
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from holdwell.ui.runtime import deferred_files, navigation


def wide(label: str, key: str, *, icon: str = "", primary: bool = False, **look: Any) -> bool:
    """Show a wide button; return whether it was tapped. `look` goes to `st.button`."""
    look |= {"icon": navigation.icon_of(icon), "type": _kind(primary), "width": "stretch"}
    return st.button(label, key=key, **look)


def beside(text: str, label: str, key: str, *, line: str | None = None, **look: Any) -> bool:
    """Show a text with a button beside it in the container `line`; return whether it was tapped."""
    with st.container(key=line, horizontal=True, vertical_alignment="center"):
        st.text(text)
        return st.button(label, key=key, **look)


def card(key: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return the container of an entry of a list, for its button, and the one for its lines."""
    look: dict[str, Any] = {"border": True, "horizontal": True, "vertical_alignment": "center"}
    whole = st.container(key=f"hw-card-{key}", **look)
    return whole, whole.container(key=f"hw-lines-{key}")


def to_page(name: str, label: str, key: str = "", **look: Any) -> None:
    """Show a wide button that leads to a page; `look` has more arguments of `wide`."""
    if wide(label, key or f"hw-{name}", **look):
        navigation.go(name)


def set_on_tap(state: str, value: object) -> dict[str, Any]:
    """Return button arguments with which a tap sets a value in the session state before its run."""
    return {"on_click": st.session_state.__setitem__, "args": (state, value)}


def submit(label: str, key: str, *, primary: bool = False) -> bool:
    """Show the wide submit button of a form; return whether it was tapped."""
    return st.form_submit_button(label, key=key, type=_kind(primary), width="stretch")


def download(
    label: str,
    data: str | bytes | Callable[[], str | bytes],
    file_name: str,
    key: str,
    *,
    icon: str = "",
    primary: bool = False,
) -> None:
    """Show a wide button that downloads a file.

    If `data` is a function, it makes the file on a tap. The file's type follows from its name.
    """
    st.download_button(
        label,
        deferred_files.newest(key, data) if callable(data) else data,
        file_name,
        guess_type(file_name)[0],
        key=key,
        type=_kind(primary),
        icon=navigation.icon_of(icon),
        on_click="ignore",
        width="stretch",
    )


def _kind(primary: bool) -> Literal["primary", "secondary"]:
    return "primary" if primary else "secondary"
