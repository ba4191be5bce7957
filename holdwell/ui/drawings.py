"""A drawing from content/ on the page."""

from __future__ import annotations

import base64
from html import escape

import streamlit as st

from holdwell.guide import illustration
from holdwell.guide.svg import title_of


def picture(name: str, pregnant: bool) -> None:
    """One drawing with its text alternative, the drawing's own title."""
    svg = illustration(name, pregnant=pregnant)
    encoded = base64.b64encode(svg.encode()).decode()
    st.html(
        f'<div class="hw-drawing"><img alt="{escape(title_of(svg))}" '
        f'src="data:image/svg+xml;base64,{encoded}"></div>'
    )
