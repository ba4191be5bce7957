"""The check-in before a session: how the user is right now, and what the answers lead to.

An answer holds for the day, even after a reload. A double tap never takes it back.
"""

from collections.abc import Collection
from datetime import timedelta

import streamlit as st

from holdwell.domain.models import CheckInAnswer
from holdwell.guide.advice import SELF_HARM, STOPPING, Answer, Audience, Verdict
from holdwell.guide.load import guide
from holdwell.i18n.messages import say
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.guide import leave_out, phone_numbers, situations
from holdwell.ui.runtime import clock

TAPPED = "hw-check-in-tapped"
"""In the session state: the ids of the answers tapped since the last run, in order."""
KEPT_FOR = timedelta(hours=12)
"""An answer holds at least this long, even if the day ends meanwhile."""
DOUBLE_TAP = timedelta(seconds=2)
"""A tap within this time after an answer counts as the second half of a double tap."""


def given(store: Store) -> tuple[Answer, ...]:
    """Save the answers just tapped, and return today's answers; without any the user is fine."""
    now = clock.now()
    kept = _kept(store)
    for answer in st.session_state.get(TAPPED, ()):
        known = kept.get(answer)
        if known is None:
            kept[answer] = CheckInAnswer(now, store.local_day(now), answer)
            try:
                store.save(kept[answer], now)
            except StoreError as error:
                # The advice is shown all the same, and the next run saves the answer.
                failure_box.show(say(f"errors.{error.problem.value}"))
                return _answers(kept)
        elif not _just_given(known) and not stops(_answers({answer})):
            store.delete("check_in", kept.pop(answer).id, now)
    st.session_state.pop(TAPPED, None)
    return _answers(kept)


def _answers(ids: Collection[str]) -> tuple[Answer, ...]:
    return tuple(answer for answer in guide().check_in.answers if answer.id in ids)


def _kept(store: Store) -> dict[str, CheckInAnswer]:
    """Return today's answers by the id of the answer."""
    now = clock.now()
    answers = store.check_ins(store.local_day(now), now.utc - KEPT_FOR)
    return {saved.answer: saved for saved in answers}


def _just_given(answer: CheckInAnswer) -> bool:
    return timedelta(0) <= clock.now().utc - answer.at.utc <= DOUBLE_TAP


def stops(answers: tuple[Answer, ...]) -> bool:
    """Return whether one of the answers says not to stretch today."""
    return any(a.verdict in STOPPING for a in answers)


def _tap(answer: str) -> None:
    st.session_state.setdefault(TAPPED, []).append(answer)


def ask(store: Store, chosen: tuple[Answer, ...]) -> None:
    """Ask in a closed expander, as most users are fine. `given` saves each tap in the next run.

    Each answer is a button: a switch could lose it by a double tap, or on a slow page.
    """
    people = situations.audience_now(store)
    # After a birth or a loss, neither the label nor an answer mentions contractions.
    is_pregnant = people is Audience.PREGNANT
    label = say("check_in.not_fine_pregnant" if is_pregnant else "check_in.not_fine")
    with st.container(key="hw-check-in"), st.expander(label):
        st.text(guide().check_in.lead)
        with st.container(horizontal=True, key="hw-check-in-answers"):
            for answer in guide().check_in.answers_for(people):
                if answer.verdict is Verdict.GO:
                    continue
                is_chosen = answer in chosen
                st.button(
                    answer.label,
                    key=f"hw-answer-{answer.id}",
                    icon=":material/check:" if is_chosen else None,
                    type="primary" if is_chosen else "secondary",
                    on_click=_tap,
                    args=(answer.id,),
                )
        if situations.ask_conditions(store):
            # What the guide leaves out is shown further up, and was drawn before this answer.
            leave_out.forget_others(store)
            st.rerun()
    for answer in chosen:
        if answer.verdict is Verdict.GENTLY and not stops(chosen):
            st.info(answer.text, icon=":material/info:")


def show_advice(store: Store, answers: tuple[Answer, ...], title: bool = False) -> None:
    """Show what to do instead of stretching, most urgent first, and whom to call."""
    call = any(a.verdict is Verdict.CALL_NOW for a in answers)
    # After a loss the heading still says to call, but texts about a pregnancy are left out.
    told = guide().check_in.answers_for(situations.audience_now(store))
    heading = st.title if title else st.header
    with st.container(border=True, key="hw-not-today"):
        heading(say("check_in.call_now" if call else "check_in.not_today"), anchor=False)
        for verdict in STOPPING:
            for answer in answers:
                if answer.verdict is verdict and answer in told:
                    st.text(answer.text)
        helpline = any(a.id == SELF_HARM for a in answers)
        phone_numbers.show_links(store, "check-in", helpline=helpline)


def not_today(store: Store, answers: tuple[Answer, ...]) -> None:
    """Show the advice in place of the timer, with a button to take back a wrong tap."""
    show_advice(store, answers, title=True)
    buttons.to_page("safety", say("check_in.signs"), "hw-all-signs")
    if buttons.wide(say("check_in.wrong_tap"), "hw-wrong-tap"):
        kept = _kept(store).values()
        if not any(map(_just_given, kept)):
            for answer in kept:
                store.delete("check_in", answer.id, clock.now())
            st.rerun()
