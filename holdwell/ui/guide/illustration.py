"""Drawings from content/ on a page, and the choice of their skin tone."""

from contextlib import suppress
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from holdwell.domain.models import Side
from holdwell.guide.illustrations import Skin, catalogue, moves
from holdwell.i18n.messages import say
from holdwell.store.errors import StoreError
from holdwell.ui.common import forms
from holdwell.ui.runtime import drawings
from holdwell.ui.runtime.run_context import current_run

SKIN_TONE = "skin_tone"
"""A key of `meta`: the skin tone that the user chose for the drawings."""


def chosen_skin() -> Skin | None:
    """Return the skin tone that was chosen; None if none was, or if no database is open."""
    with suppress(StoreError, LookupError):
        return catalogue().skins.get(current_run().store.meta(SKIN_TONE) or "")
    return None


def choose_skin() -> None:
    """Let the user choose the skin tone of the drawings, and save it at once."""
    store = current_run().store
    key = "hw-skin"
    saved = chosen_skin()
    shown = forms.initial(key, saved.name if saved else None)
    labels = {name: tone.label for name, tone in catalogue().skins.items()}
    tone = forms.at_most_one(say("settings.skin"), labels, shown, key, labels, width="content")
    if forms.save_if_changed(key, tone, lambda: store.set_meta(SKIN_TONE, tone or "")):
        st.caption(say("settings.saved"))
    show_drawing("rest", pregnant=False)


def show_drawing(name: str, pregnant: bool, *, raised: Side = Side.LEFT) -> None:
    """Show a drawing and its text alternative, with the leg of the side `raised` on the base.

    If there is a drawing of the movement into the pose, the user can start it. It never starts by
    itself, and is not offered to users who prefer reduced motion (theme.css).
    """
    alt = escape(catalogue().alternative(name, pregnant=pregnant, raised=raised))
    skin = chosen_skin()

    def image(css_class: str, *, move: bool = False) -> str:
        source = drawings.address(name, pregnant=pregnant, moving=move, raised=raised, skin=skin)
        # A moving drawing is loaded when it is first shown, so that it starts at its beginning.
        loading = ' loading="lazy"' if move else ""
        return f'<img class="{css_class}" alt="{alt}"{loading} src="{escape(source)}">'

    if not moves(name):
        st.html(f'<div class="hw-drawing">{image("hw-still")}</div>')
        return
    st.html(
        f'<div class="hw-drawing hw-moves">{image("hw-still")}{image("hw-moving", move=True)}'
        f'<label><input type="checkbox">{escape(say("guide.movement"))}</label></div>'
    )


def show_beside(name: str, pregnant: bool, *, raised: Side = Side.LEFT) -> DeltaGenerator:
    """Show a drawing (see `show_drawing`); return the column to its right."""
    left, right = st.columns([2, 3], vertical_alignment="center")
    with left:
        show_drawing(name, pregnant, raised=raised)
    return right
