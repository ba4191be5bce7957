"""A drawing from content/, shown on a page."""

from __future__ import annotations

import base64
from html import escape

import streamlit as st

from holdwell.domain.models import Side
from holdwell.guide.illustrations import alternative, illustration, moves
from holdwell.i18n.messages import say


def show_drawing(name: str, pregnant: bool, *, raised: Side = Side.LEFT) -> None:
    """Show a drawing with its text alternative, with the leg of side `raised` on the base.

    Where the pose is reached from another, the user can watch the movement. It never begins by
    itself, and it is not offered where reduced motion is asked for (theme.css).
    """
    alt = escape(alternative(name, pregnant=pregnant, raised=raised))

    def image(css_class: str, *, move: bool = False) -> str:
        svg = illustration(name, pregnant=pregnant, moving=move, raised=raised)
        encoded = base64.b64encode(svg.encode()).decode()
        # A moving drawing is loaded only when it is seen, and so begins at its beginning.
        loading = ' loading="lazy"' if move else ""
        source = f"data:image/svg+xml;base64,{encoded}"
        return f'<img class="{css_class}" alt="{alt}"{loading} src="{source}">'

    if not moves(name):
        st.html(f'<div class="hw-drawing">{image("hw-still")}</div>')
        return
    st.html(
        f'<div class="hw-drawing hw-moves">{image("hw-still")}{image("hw-moving", move=True)}'
        f'<label><input type="checkbox">{escape(say("guide.movement"))}</label></div>'
    )
