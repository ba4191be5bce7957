"""What is taught, on the page: stop signs, set-up and stretches, with their drawings."""

from __future__ import annotations

import base64
from html import escape

import streamlit as st

from holdwell.drawings import alternative, illustration, moves
from holdwell.guide import Guide, Safety, Step
from holdwell.records import Side
from holdwell.wording import plain, say

# Content texts are ours, from content/, and hold no Markdown; they are shown as text all the same.


def stop_signs(safety: Safety) -> None:
    """The signs to stop, whom to call, and where each list comes from."""
    st.text(safety.lead)
    for group in safety.groups:
        with st.container(border=True):
            st.subheader(group.title, anchor=False)
            st.markdown("\n".join(f"- {sign}" for sign in group.signs))
            st.markdown(f"**{group.whom}**")
    with st.container(border=True):
        st.subheader(safety.stretch.title, anchor=False)
        st.text(safety.stretch.text)
    st.text(safety.not_device)
    st.caption(
        plain(say("safety.sources") + ": " + "; ".join(s.line for s in safety.sources) + ".")
    )


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


def lessons(guide: Guide, pregnant: bool) -> None:
    """Both stretches from the base to the hold, for either leg."""
    setup = guide.setup
    raised = st.segmented_control(
        say("guide.raised"),
        list(Side),
        default=Side.LEFT,
        required=True,
        format_func=lambda side: say(f"side.{side.value}"),
        key="hw-raised",
        width="stretch",
    )
    tabs = st.tabs([s.name for s in guide.stretches])
    for number, (tab, stretch) in enumerate(zip(tabs, guide.stretches, strict=True)):
        with tab, st.container(key=f"hw-lesson-{number}"):
            st.text(stretch.summary)
            st.subheader(setup.base_title, anchor=False)
            st.text(setup.base_text)
            with st.container(border=True, key=f"hw-support-{number}"):
                left, right = st.columns([2, 3], vertical_alignment="center")
                with left:
                    picture(setup.support_illustration, pregnant, raised=raised)
                right.text(setup.base_support)
            _steps((*setup.steps, *stretch.steps), number, pregnant, raised)
            with st.container(border=True):
                st.text(stretch.hold_text)


def why(guide: Guide) -> None:
    """Why it hurts, what stretching is for, when, and whose stretches these are."""
    for point in guide.why:
        with st.container(border=True):
            st.markdown(f"**{point.title}**")
            st.text(point.text)
    st.caption(guide.source)


def _steps(items: tuple[Step, ...], lesson: int, pregnant: bool, raised: Side) -> None:
    """Numbered steps with their tips beside a drawing; `lesson` keeps the keys apart."""
    for number, step in enumerate(items, 1):
        with st.container(border=True, key=f"hw-step-{lesson}-{number}"):
            left, right = st.columns([2, 3], vertical_alignment="center")
            with left:
                picture(step.illustration, pregnant, raised=raised)
            with right:
                st.markdown(f"**{number}. {step.title}**")
                st.text(step.text)
                for index, tip in enumerate(step.tips):
                    with st.container(key=f"hw-tip-{lesson}-{number}-{index}"):
                        st.markdown(f"**{tip.title}**")
                        st.text(tip.text)
