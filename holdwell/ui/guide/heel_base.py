"""Three questions that find a base for the heel, and how far to stand from it."""

from enum import StrEnum
from typing import Any

import streamlit as st

from holdwell.guide.heel_base import AtHand, Base, BaseChoice, Flexible, Steady, choose
from holdwell.guide.model import BaseHelper, Guide, Question
from holdwell.i18n.formats import listed_text
from holdwell.ui.guide.illustration import show_beside

KEY = "hw-base"


def choose_heel_base(guide: Guide, pregnant: bool) -> None:
    """Ask the questions and show the base found; until all are answered, show general advice.

    The answers are about the room that the user is in now, so they are never saved.
    """
    setup, helper = guide.setup, guide.base
    with st.container(border=True, key=f"{KEY}-helper"):
        st.header(setup.base.title, anchor=False)
        st.text(setup.base.text)
        facts = st.container(key=f"{KEY}-facts")
        st.markdown(f"**{helper.title}**")
        st.text(helper.lead)
        at_hand: list[AtHand] = _ask("at_hand", helper.at_hand, AtHand, selection_mode="multi")
        choice: BaseChoice | None = None
        if set(at_hand) == {AtHand.NOTHING}:
            # The other two answers would make no difference.
            choice = choose(at_hand, Flexible.STIFF, Steady.UNSURE)
        else:
            _ask("flexible", helper.flexible, Flexible)
            _ask("steady", helper.steady, Steady)
            choice = answered()
        if choice is not None and choice.base is not None:
            _show_choice(guide, choice, choice.base, pregnant)
            return
        if choice is not None:
            with st.container(key=f"{KEY}-nothing"):
                st.markdown(f"**{helper.nothing.title}**")
                show_beside(helper.nothing.illustration, pregnant).text(helper.nothing.text)
        with facts:
            show_beside(setup.base.support_illustration, pregnant).text(setup.base.support)


def answered() -> BaseChoice | None:
    """Return the base that the answers of this visit lead to; None while an answer is missing."""
    at_hand, flexible, steady = (
        st.session_state.get(f"{KEY}-{name}") for name in ("at_hand", "flexible", "steady")
    )
    return choose(at_hand, flexible, steady) if at_hand and flexible and steady else None


def _ask(name: str, question: Question, answers: type[StrEnum], **options: Any) -> Any:
    """Ask one question; return the value of `st.pills`: an answer or None, or a list of answers."""
    options |= {"format_func": question.label, "width": "stretch", "persist_state": "session"}
    return st.pills(question.question, list(answers), key=f"{KEY}-{name}", **options)


def _show_choice(guide: Guide, choice: BaseChoice, base: Base, pregnant: bool) -> None:
    """Show the base found, the distance to it, and how to notice that it is too high."""
    helper = guide.base
    with st.container(key=f"{KEY}-choice"):
        st.subheader(helper.words(base).take, anchor=False)
        text = " ".join(_sentences(helper, choice))
        drawing = guide.setup.base.illustration
        if choice.second_chair:
            text += f"\n\n{helper.choice.second_chair}"
            drawing = guide.setup.base.support_illustration
        show_beside(drawing, pregnant).text(text)
        st.markdown(f"**{helper.distance.title}**")
        steps = helper.distance.steps(second_chair=choice.second_chair)
        for number, step in enumerate(steps, 1):
            st.text(f"{number}. {step}")
        with st.container(key="hw-tip-base"):
            st.markdown(f"**{helper.too_high.title}**")
            st.text(helper.too_high.text)


def _sentences(helper: BaseHelper, choice: BaseChoice) -> list[str]:
    """Return sentences on why it is this base, and which others would do as well."""
    low = [helper.words(base).name for base in choice.others if base is not Base.CHAIR_BACK]
    words = helper.choice
    sentences = [words.low if low else words.only]
    if low:
        sentences.append(words.others.format(bases=listed_text(low)))
    if Base.CHAIR_BACK in choice.others:
        sentences.append(words.chair_back)
    return sentences
