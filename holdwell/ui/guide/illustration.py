"""A drawing from content/ on the page."""

from __future__ import annotations

import base64
from html import escape

import streamlit as st

from holdwell.domain.models import Side
from holdwell.guide.illustrations import alternative, illustration, moves
from holdwell.i18n.messages import say


def picture(
    name: str,
    pregnant: bool,
    *,
    raised: Side = Side.LEFT,
    moving: bool = True,
) -> None:
    """One drawing with its text alternative, with the leg of side `raised` on the base.

    Where the pose is reached from another, she can see the movement for as long as she likes. It
    never begins by itself, and it is not offered where reduced motion is asked for (theme.css).
    """
    alt = escape(alternative(name, pregnant=pregnant, raised=raised))

    def image(kind: str, *, move: bool = False) -> str:
        svg = illustration(name, pregnant=pregnant, moving=move, raised=raised)
        encoded = base64.b64encode(svg.encode()).decode()
        # Loaded only once it is seen, a moving drawing begins at its beginning.
        when = ' loading="lazy"' if move else ""
        source = f"data:image/svg+xml;base64,{encoded}"
        return f'<img class="{kind}" alt="{alt}"{when} src="{source}">'

    if not (moving and moves(name)):
        st.html(f'<div class="hw-drawing">{image("hw-still")}</div>')
        return
    st.html(
        f'<div class="hw-drawing hw-moves">{image("hw-still")}{image("hw-moving", move=True)}'
        f'<label><input type="checkbox">{escape(say("guide.movement"))}</label></div>'
    )
