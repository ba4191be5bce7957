"""What is taught, on the page: stop signs, set-up and stretches, with their drawings."""

from __future__ import annotations

import streamlit as st

from holdwell.domain.models import Side
from holdwell.guide import Guide, Safety, Step
from holdwell.i18n.messages import say
from holdwell.ui.guide.heel_base import base_helper
from holdwell.ui.guide.illustration import picture
from holdwell.ui.guide.situations import cited

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
    cited(safety.sources, "safety")


def lessons(guide: Guide, pregnant: bool) -> None:
    """Which base, then every stretch from there to the hold, for either leg."""
    setup = guide.setup
    base_helper(guide, pregnant)
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
            _steps((*setup.steps, *stretch.steps), number, pregnant, raised)
            with st.container(border=True):
                st.text(stretch.hold_text)


def why(guide: Guide) -> None:
    """Why it hurts, what stretching is for, when, and whose stretches these are."""
    for point in guide.why.points:
        with st.container(border=True):
            st.markdown(f"**{point.title}**")
            st.text(point.text)
    st.caption(guide.why.source.text)


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
