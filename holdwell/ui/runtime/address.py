"""Choices that live in the page's address: Back, a reload and a shared link keep them.

Streamlit's own `bind="query-params"` (1.67) writes the label of a choice and not its key, so that a
link would be lost on someone who reads another language; and it replaces the entry of the browser's
history, so that Back would leave the page.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from holdwell.ui.common import forms

T = TypeVar("T", bound=str)
_KEPT = "hw-address-"
"""With the name of a page, the key of its address parameters in the session state."""


def value(name: str, options: Sequence[T], default: T) -> T:
    """Return the option that the address names; the default where it names none of them."""
    wanted = st.query_params.get(name)
    return next((option for option in options if option == wanted), default)


def put(name: str, chosen: str, default: str) -> None:
    """Put a choice into the address; for the default, take it out of there."""
    if chosen != default:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def choice(
    label: str, options: Sequence[T], default: T, name: str, words: forms.Words[T], **look: Any
) -> T:
    """Ask for one of a few options, and keep the answer in the address under `name`."""
    chosen = value(name, options, default)
    forms.shown_choice(
        label,
        options,
        chosen,
        f"hw-{name}",
        words,
        lambda tapped: put(name, tapped, default),
        label_visibility="collapsed",
        **{"width": "content", "wrap": True, **look},
    )
    return chosen


def keep(page: str) -> None:
    """Remember the address of a page, for the button of another page that leads back to it."""
    st.session_state[_KEPT + page] = st.query_params.to_dict()


def kept(page: str) -> dict[str, str]:
    """Return the parameters that the page had in its address when it was last shown."""
    found: dict[str, str] = st.session_state.get(_KEPT + page, {})
    return found
