"""The question before a session, how the user is right now, and what its answers lead to.

An answer is kept for the day, also over a reload. A nervous second tap never takes it back.
"""

from collections.abc import Collection
from datetime import timedelta

import streamlit as st

from holdwell.domain.models import CheckInAnswer
from holdwell.guide import Answer, Audience, Verdict, guide
from holdwell.i18n.messages import say
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.guide import leave_out, phone_numbers, situations
from holdwell.ui.runtime import clock, navigation

TAPPED = "hw-check-in-tapped"
"""In the session state: the answers tapped since the last run, in their order."""
SELF_HARM = "self_harm"
"""The answer beside which a helpline stands."""
STOPPING = (Verdict.CALL_NOW, Verdict.NOT_TODAY)
KEPT_FOR = timedelta(hours=12)
"""An answer given shortly before the day ended is kept for so long."""
DOUBLE_TAP = timedelta(seconds=2)
"""Within this time after an answer, another tap is taken for the second half of a double tap."""


def given(store: Store) -> tuple[Answer, ...]:
    """Save what was just tapped, and return today's answers; none mean that the user is fine."""
    now = clock.now()
    kept = _kept(store)
    for answer in st.session_state.get(TAPPED, ()):
        known = kept.get(answer)
        if known is None:
            kept[answer] = CheckInAnswer(now, store.local_day(now), answer)
            try:
                store.save(kept[answer], now)
            except StoreError as error:
                # What to do is shown all the same, and the next run saves it.
                failure_box.show(say(f"errors.{error.problem.value}"))
                return _answers(kept)
        elif not _just_given(known) and not stops(_answers({answer})):
            store.delete("check_in", kept.pop(answer).id, now)
    st.session_state.pop(TAPPED, None)
    return _answers(kept)


def _answers(ids: Collection[str]) -> tuple[Answer, ...]:
    return tuple(one for one in guide().check_in.answers if one.id in ids)


def _kept(store: Store) -> dict[str, CheckInAnswer]:
    """Return today's answers by the id of the answer."""
    now = clock.now()
    found = store.check_ins(store.local_day(now), now.utc - KEPT_FOR)
    return {one.answer: one for one in found}


def _just_given(answer: CheckInAnswer) -> bool:
    return timedelta(0) <= clock.now().utc - answer.at.utc <= DOUBLE_TAP


def stops(answers: tuple[Answer, ...]) -> bool:
    """Return whether one of the answers says not to stretch today."""
    return any(a.verdict in STOPPING for a in answers)


def _tap(answer: str) -> None:
    st.session_state.setdefault(TAPPED, []).append(answer)


def ask(store: Store, chosen: tuple[Answer, ...]) -> None:
    """Ask, out of the way of a user who is fine. `given` saves each tap in the next run.

    Each answer is a button of its own: where a second tap would switch the first one off, a
    double tap or a slow page could lose it.
    """
    people = situations.audience_now(store)
    # After a birth or a loss no word of contractions, which no answer below has.
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
                    key=answer_key(answer.id),
                    icon=":material/check:" if is_chosen else None,
                    type="primary" if is_chosen else "secondary",
                    on_click=_tap,
                    args=(answer.id,),
                )
        if situations.ask_conditions(store):
            # What it leaves out stands above, and was drawn before.
            leave_out.forget_others(store)
            st.rerun()
    for answer in chosen:
        if answer.verdict is Verdict.GENTLY and not stops(chosen):
            st.info(answer.text, icon=":material/info:")


def answer_key(answer: str) -> str:
    """Return the key of the button of an answer."""
    return f"hw-answer-{answer}"


def show_advice(store: Store, answers: tuple[Answer, ...], title: bool = False) -> None:
    """Show what to do instead of stretching, the most urgent first, and whom to call."""
    call = any(a.verdict is Verdict.CALL_NOW for a in answers)
    # After a loss the call stands, without the words of the pregnancy.
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
    """Say, in place of the timer, what to do instead, with the way back from a wrong tap."""
    show_advice(store, answers, title=True)
    navigation.page_button("safety", say("check_in.signs"), "hw-all-signs")
    if buttons.wide(say("check_in.wrong_tap"), "hw-wrong-tap"):
        kept = _kept(store).values()
        if not any(_just_given(one) for one in kept):
            for one in kept:
                store.delete("check_in", one.id, clock.now())
            st.rerun()
