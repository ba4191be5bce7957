"""What the guide leaves out of a session: shown above Begin until the user has asked about it."""

import streamlit as st

from holdwell.domain.models import Session
from holdwell.guide.load import guide
from holdwell.guide.situations import LeftOut
from holdwell.i18n.formats import sentence_day_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions import left_out
from holdwell.sessions.plan import Plan
from holdwell.sessions.timer_report import can_resume
from holdwell.store.repository import Store
from holdwell.ui.common import buttons
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock


def _about(store: Store) -> str:
    return left_out.about_now(store.pregnancy(), situations.stage_now(store))


def now(store: Store) -> left_out.LeftOutNow:
    """Return which stretches are left out for the user now."""
    answers = left_out.read_asked(store.meta(left_out.ASKED))
    return left_out.left_out_now(situations.applying_now(store), answers, _about(store))


def blocks(store: Store, session: Session) -> bool:
    """Return whether the rest of a session has a stretch that is left out."""
    plan = Plan.from_json(session.plan)
    behind = {hold.id for hold in session.holds}
    without = now(store).by_stretch
    return plan is not None and any(
        hold.stretch in without for hold in plan.holds if hold.id not in behind
    )


def can_go_on(store: Store, session: Session) -> bool:
    """Return whether the user may go on with an open session."""
    return can_resume(session, clock.now()) and not blocks(store, session)


def show(store: Store, found: left_out.LeftOutNow) -> None:
    """Show each line that leaves something out, and when the user asked about one."""
    titles = {situation.id: situation.title for situation in guide().situations}
    with st.container(key="hw-leave-out"):
        for item in found.lines:
            _show_line(store, item)
        for situation, day in found.asked.items():
            asked_on = sentence_day_text(day, today=store.local_day(clock.now()))
            st.text(say("leave_out.asked_on", day=asked_on, what=titles[situation]))
            key = f"hw-not-asked-{situation}"
            if st.button(say("leave_out.not_asked"), key=key, type="tertiary"):
                _answer(store, situation, asked=False)


def _show_line(store: Store, item: LeftOut) -> None:
    key = f"leave-out-{item.situation.id}-{item.line.kind.value}"
    with st.container(border=True, key=f"hw-{key}"):
        st.markdown(f"**{plain(item.situation.title)}**")
        st.text(item.line.text)
        with st.container(key=f"hw-cited-{key}"):
            st.text("; ".join(source.short for source in item.line.sources))
        if item.until_asked and buttons.wide(say("leave_out.asked"), f"hw-asked-{key}"):
            _answer(store, item.situation.id, asked=True)


def _answer(store: Store, situation: str, *, asked: bool) -> None:
    """Save that the user has asked, or has not, and show the page again."""
    answers = left_out.read_asked(store.meta(left_out.ASKED))
    if asked:
        answers[situation] = left_out.Asked(store.local_day(clock.now()), _about(store))
    else:
        answers.pop(situation, None)
    store.set_meta(left_out.ASKED, left_out.write_asked(answers))
    st.rerun()


def forget_others(store: Store) -> None:
    """Delete answers about situations that no longer apply, so that the question can come back."""
    answers = left_out.read_asked(store.meta(left_out.ASKED))
    kept = left_out.still_applying(answers, situations.applying_now(store))
    if kept != answers:
        store.set_meta(left_out.ASKED, left_out.write_asked(kept))
