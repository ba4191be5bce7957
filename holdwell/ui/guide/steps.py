"""What the guide teaches: the stop signs, and the steps of each stretch with drawings."""

from collections.abc import Sequence

import streamlit as st

from holdwell.domain.models import Side
from holdwell.guide.advice import AskFirst, Audience, Safety, StopGroup
from holdwell.guide.model import Guide, Step
from holdwell.i18n.messages import say
from holdwell.ui.common import forms
from holdwell.ui.guide.heel_base import choose_heel_base
from holdwell.ui.guide.illustration import show_beside, show_drawing
from holdwell.ui.guide.situations import show_sources

# The texts of content/ hold no Markdown; they are shown as plain text all the same.


def show_stop_signs(safety: Safety, people: Audience) -> None:
    """Show the signs by which an audience has to stop, whom to call, and the sources."""
    st.text(safety.lead)
    for group in safety.groups_for(people):
        _show_group(group)
    if people.reads(safety.ask_first.stage):
        _show_group(safety.ask_first)
    with st.container(border=True):
        st.header(safety.stretch.title, anchor=False)
        st.text(safety.stretch.text)
    st.text(safety.not_device)
    show_sources(safety.sources_for(people), "safety")


def _show_group(group: StopGroup) -> None:
    with st.container(border=True):
        st.header(group.title, anchor=False)
        st.markdown("\n".join(f"- {sign}" for sign in group.signs))
        if isinstance(group, AskFirst):
            st.text(group.own)
        st.markdown(f"**{group.whom}**")


def show_cramp_relief(*, is_open: bool = False) -> None:
    """Say in an expander what eases a cramp now, and when it may not be a cramp."""
    with st.expander(say("today.cramp_eases"), is_open):
        st.text(say("today.cramp_lead"))


def show_stretches(guide: Guide, pregnant: bool) -> None:
    """Show how to choose a base, then the steps of each stretch, for the leg that is chosen."""
    choose_heel_base(guide, pregnant)
    label = say("guide.raised")
    raised = forms.exactly_one(label, Side, Side.LEFT, "hw-raised", "side.{}", joined=True)
    tabs = st.tabs([s.name for s in guide.stretches])
    for number, (tab, stretch) in enumerate(zip(tabs, guide.stretches, strict=True)):
        with tab, st.container(key=f"hw-stretch-{number}"):
            st.text(stretch.summary)
            _show_steps((*guide.setup.steps, *stretch.steps), number, pregnant, raised)
            st.container(border=True).text(stretch.hold_text)


def show_reasons(guide: Guide) -> None:
    """Say why it hurts, what stretching does, when to stretch, and who designed the stretches."""
    for point in guide.why.points:
        with st.container(border=True):
            st.markdown(f"**{point.title}**")
            st.text(point.text)
    st.caption(guide.why.source.text)


def _show_steps(steps: Sequence[Step], stretch: int, pregnant: bool, raised: Side) -> None:
    """Show numbered steps with tips beside a drawing; the number `stretch` makes keys unique."""
    for number, step in enumerate(steps, 1):
        with (
            st.container(border=True, key=f"hw-step-{stretch}-{number}"),
            show_beside(step.illustration, pregnant, raised=raised),
        ):
            st.markdown(f"**{number}. {step.title}**")
            st.text(step.text)
            for index, tip in enumerate(step.tips):
                with st.container(key=f"hw-tip-{stretch}-{number}-{index}"):
                    st.markdown(f"**{tip.title}**")
                    st.text(tip.text)
            if step.detail is not None:
                show_drawing(step.detail, pregnant, raised=raised)
