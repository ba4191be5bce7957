"""The question before a session, how the user is right now, and what its answers lead to."""

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CheckInAnswer
from holdwell.guide import Answer, CheckIn, For, Verdict
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons
from holdwell.ui.guide import leave_out, phone_numbers, situations
from holdwell.ui.runtime import clock, navigation

KEY = "hw-check-in-answers"
SAVED = "hw-check-in-saved"
"""For each answer given on this visit, the id of its row in the database."""
SELF_HARM = "self_harm"
"""The answer beside which a helpline stands."""
STOPPING = (Verdict.CALL_NOW, Verdict.NOT_TODAY)


def given(check_in: CheckIn) -> tuple[Answer, ...]:
    """Return the answers given on this visit; none mean that the user is fine."""
    chosen = st.session_state.get(KEY) or ()
    return tuple(a for a in check_in.answers if a.id in chosen)


def stops(answers: tuple[Answer, ...]) -> bool:
    """Return whether one of the answers says not to stretch today."""
    return any(a.verdict in STOPPING for a in answers)


def ask(store: Store, check_in: CheckIn, stage: For) -> None:
    """Ask, out of the way of a user who is fine. Each tap is saved at once."""
    if KEY not in st.session_state:
        st.session_state[SAVED] = {}
    answers = {a.id: a for a in check_in.answers_for(stage) if a.verdict is not Verdict.GO}
    chosen = given(check_in)
    with st.container(key="hw-check-in"), st.expander(say("check_in.not_fine")):
        st.text(check_in.lead)
        st.pills(
            check_in.title,
            list(answers),
            selection_mode="multi",
            format_func=lambda one: answers[one].label,
            key=KEY,
            width="stretch",
            label_visibility="collapsed",
        )
        profile = store.profile()
        known = profile.conditions
        profile = situations.ask_conditions(store, profile)
        if profile.conditions != known:
            # What it leaves out stands above, and was drawn before.
            leave_out.forget_others(store, profile)
            st.rerun()
    _save(store)
    for answer in chosen:
        if answer.verdict is Verdict.GENTLY:
            st.info(answer.text, icon=":material/info:")


def _save(store: Store) -> None:
    """Save the answers given, and delete those taken back."""
    now = clock.now()
    chosen = set(st.session_state.get(KEY) or ())
    saved: dict[str, str] = st.session_state.setdefault(SAVED, {})
    for answer in sorted(chosen - saved.keys()):
        checked = CheckInAnswer(now, dates.local_day(now.local), answer)
        store.save_check_in(checked, now)
        saved[answer] = checked.id
    for answer in sorted(saved.keys() - chosen):
        store.delete_check_in(saved.pop(answer), now)


def not_today(store: Store, answers: tuple[Answer, ...], people: For) -> None:
    """Say, in place of the timer, what to do instead of stretching, the most urgent first."""
    call = any(a.verdict is Verdict.CALL_NOW for a in answers)
    with st.container(border=True, key="hw-not-today"):
        st.title(say("check_in.call_now" if call else "check_in.not_today"), anchor=False)
        for verdict in STOPPING:
            for answer in answers:
                if answer.verdict is verdict:
                    st.text(answer.text)
        phone_numbers.show_links(
            store, people, "check-in", helpline=any(a.id == SELF_HARM for a in answers)
        )
    if buttons.wide(say("check_in.signs"), "hw-all-signs", primary=True):
        navigation.go("safety")
    if buttons.wide(say("check_in.wrong_tap"), "hw-wrong-tap"):
        # The choice itself is drawn after this, so that it may still be changed here.
        st.session_state[KEY] = []
        _save(store)
        st.rerun()
