"""Choices kept in the page's address, so that they survive Back, a reload and a shared link.

Streamlit's own `bind="query-params"` (1.67) does not serve: it writes the label of a choice, not
its key, so a link would not work in another language; and it replaces the entry in the browser's
history, so Back would leave the page.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from holdwell.ui.common import forms

T = TypeVar("T", bound=str)
_REMEMBERED = "hw-address-"
"""Prefix of the session state key for a page's address parameters; the page's name follows."""


def value(name: str, options: Sequence[T], default: T) -> T:
    """Return the option that the address names, or the default if it names none of them."""
    wanted = st.query_params.get(name)
    return next((option for option in options if option == wanted), default)


def put(name: str, chosen: str, default: str) -> None:
    """Write a choice into the address, or remove the parameter for the default."""
    if chosen != default:
        st.query_params[name] = chosen
    else:
        st.query_params.pop(name, None)


def choice(
    label: str, options: Sequence[T], default: T, name: str, words: forms.Labels[T], **look: Any
) -> T:
    """Ask for one of a few options; the answer is kept in the address under `name`."""
    chosen = value(name, options, default)
    look = {"label_visibility": "collapsed", "width": "content", "wrap": True, **look}
    on_tap = partial(put, name, default=default)
    forms.display_choice(label, options, chosen, f"hw-{name}", words, on_tap, **look)
    return chosen


def remember(page: str) -> None:
    """Remember the address of a page, for the button on another page that leads back to it."""
    st.session_state[_REMEMBERED + page] = st.query_params.to_dict()


def remembered(page: str) -> dict[str, str]:
    """Return the address parameters with which a page was last shown."""
    parameters: dict[str, str] = st.session_state.get(_REMEMBERED + page, {})
    return parameters
