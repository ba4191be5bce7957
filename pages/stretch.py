"""The guided routine with its hold timer, the ratings after it, and how the stretches go."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell import guide as content
from holdwell.domain import dates
from holdwell.domain.dates import StageKind
from holdwell.domain.models import Profile, Session, SessionState
from holdwell.guide.situations import audience
from holdwell.i18n.messages import moment_text, plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import Plan, offered_first, plan, short_plan
from holdwell.sessions.timer_report import TimerReport, can_resume, close_as_is, merge
from holdwell.sessions.validation import note_problem
from holdwell.store.repository import Store
from holdwell.ui import frame
from holdwell.ui.common import forms
from holdwell.ui.common.text import held_text
from holdwell.ui.guide import situations, steps
from holdwell.ui.runtime import clock, current_person
from holdwell.ui.stretch import check_in
from holdwell.ui.stretch.timer import hold_timer

frame.framed()

PAIN_NOW = "hw-pain-now"
AT_REST = "hw-at-rest"
PLANNED = "hw-planned"
# The choice of the short version, beside the ids of routines.
SHORT = "short"


def first_signs(store: Store, profile: Profile) -> None:
    """The stop signs, before a first session."""
    st.title(say("safety.first_title"), anchor=False)
    steps.stop_signs(content.guide().safety)
    with st.container(key="hw-accept"):
        if st.button(say("safety.accept"), type="primary", width="stretch", key="hw-accept-tap"):
            store.save_profile(replace(profile, safety_seen=True), clock.now())
            st.rerun()


def choose(store: Store, profile: Profile) -> Plan:
    """Let her choose a routine; return the session planned from it.

    The plan waits unchanged until it is begun: a new one after each session and each change.
    """
    known = defaults.offered_routines(store, profile)
    taught = content.guide().stretches
    usual = offered_first(known, dates.part_of_day(clock.now().local))
    names = {r.id: r.name for r in known} | {SHORT: say("stretch.short")}
    with st.container(key="hw-choose"):
        chosen = st.pills(
            say("stretch.routine"),
            list(names),
            default=usual.id,
            required=True,
            format_func=lambda one: plain(names.get(one, "")),
            key="hw-routine",
            width="stretch",
        )
        if st.button(say("stretch.shape"), key="hw-shape", icon=":material/tune:", type="tertiary"):
            frame.go("routines")
    routine = next((r for r in known if r.id == chosen), usual)
    made_for = (routine, chosen == SHORT, profile.get_ready_seconds)
    kept = st.session_state.get(PLANNED)
    if kept is None or kept[0] != made_for:
        make = short_plan if chosen == SHORT else plan
        kept = (made_for, make(routine, taught, profile.get_ready_seconds))
        st.session_state[PLANNED] = kept
    found: Plan = kept[1]
    return found


def keep(store: Store, report: TimerReport) -> Session | None:
    """Bring a report into the record. Saying it twice changes nothing. None if deleted."""
    pain = st.session_state.get(PAIN_NOW)

    def merged(known: Session | None) -> Session:
        found = merge(known, report)
        return replace(found, pain_before=pain) if known is None else found

    return store.change_session(report.plan.id, merged, clock.now())


def timer(store: Store, profile: Profile, session: Session | None) -> None:
    """Show the timer, and take in what it says."""
    fresh = session is None
    answers = check_in.given(content.guide().check_in) if fresh else ()
    if check_in.stops(answers):
        check_in.not_today(answers)
        check_in.ask(content.guide().check_in, audience(situations.stage_now(store, profile)))
        return
    # The choice stands below the timer, and the timer needs it first.
    above, below = st.container(key="hw-above"), st.container(key="hw-below")
    made = Plan.from_json(session.plan) if session else None
    if made is None:
        with below:
            check_in.ask(content.guide().check_in, audience(situations.stage_now(store, profile)))
            made = choose(store, profile)
    at_rest: set[str] = st.session_state.setdefault(AT_REST, set())
    with above:
        result = hold_timer(
            made,
            content.guide(),
            profile,
            pregnant=situations.stage_now(store, profile).kind is StageKind.PREGNANT,
            session=session,
            whose=current_person.here().id,
            at_rest=at_rest,
            asks=fresh and not answers,
        )
    if session is None:
        with below, st.container(key="hw-before-start"):
            forms.pain(say("stretch.pain_now"), PAIN_NOW)
    wanted = st.query_params.get("session")
    for report in result.kept:
        before = store.session(report.plan.id)
        kept = keep(store, report)
        if kept is None or kept.state is not SessionState.OPEN:
            at_rest.add(report.plan.id)
        if kept is not None and kept.state is not SessionState.OPEN and kept != before:
            # It ended while the app was not answering; now it can be rated.
            current_person.address(session=kept.id)
            st.rerun()
    if result.preferences:
        preferred = result.preferences.applied(profile)
        if preferred != profile:
            store.save_profile(preferred, clock.now())
    if result.report is not None and result.report.plan.id == made.id:
        saved = keep(store, result.report)
        if saved is None:
            current_person.address()
        elif wanted != saved.id:
            # In the address, so that a reload finds the way back into this session.
            current_person.address(session=saved.id)
        if saved is not None and saved.state is not SessionState.OPEN:
            at_rest.add(saved.id)
            st.session_state.pop(PLANNED, None)
            st.rerun()
    if session is None:
        with below:
            to_the_guide(store, profile)


def to_the_guide(store: Store, profile: Profile) -> None:
    """The way to the steps, and what applies where she is now."""
    with st.container(key="hw-to-guide"):
        if st.button(
            say("stretch.learn"), key="hw-learn", icon=":material/menu_book:", width="stretch"
        ):
            frame.go("guide")
        for found in situations.applying(content.guide(), store, profile):
            with st.expander(plain(found.title)):
                situations.lines(found)


def offer(store: Store, session: Session) -> None:
    """A session was begun and not ended: go on, keep what is there, or delete it."""
    now = clock.now()
    made = Plan.from_json(session.plan)
    st.title(say("stretch.open_title"), anchor=False)
    when = moment_text(session.started.local, today=now.local.date())
    total = len(made.holds) if made else len(session.holds)
    st.text(say("stretch.open_lead", when=when, held=len(session.holds), total=total))
    resumable = can_resume(session, now)
    with st.container(key="hw-offer"):
        if resumable and st.button(
            say("stretch.open_go_on"), type="primary", width="stretch", key="hw-go-on"
        ):
            current_person.address(session=session.id)
            st.rerun()
        if st.button(
            say("stretch.open_keep"),
            type="secondary" if resumable else "primary",
            width="stretch",
            key="hw-keep",
        ):
            store.save_session(close_as_is(session, now), now)
            current_person.address(session=session.id)
            st.rerun()
        if st.button(say("stretch.open_discard"), width="stretch", key="hw-discard"):
            store.delete_session(session.id, now)
            current_person.address()
            frame.flash(say("stretch.discarded"))
            st.rerun()


def rate(store: Store, session: Session) -> None:
    """The session is saved; ask how it was, all of it optional."""
    stopped = session.state is SessionState.STOPPED
    st.title(say("stretch.after_stopped_title" if stopped else "stretch.after_title"), anchor=False)
    held = held_text(session)
    st.text(say("stretch.after_lead", held=held) if held else say("stretch.after_nothing"))
    night = dates.last_night(session.started.local)
    answer = store.cramp(night)
    key = f"rate-{session.id}"
    with st.form(key, border=False):
        after = forms.pain(say("form.pain_after"), f"{key}-after", session.pain_after)
        comfort = forms.comfort(f"{key}-comfort", session.comfort)
        with st.container(key="hw-rate-save"):
            saved = st.form_submit_button(
                say("stretch.save"), type="primary", width="stretch", key=f"{key}-save"
            )
        before = forms.pain(say("form.pain_before"), f"{key}-before", session.pain_before)
        leg = forms.cramps(night, f"{key}-cramp", answer.leg if answer else None)
        note = forms.note(f"{key}-note", session.note)
        skipped = st.form_submit_button(say("stretch.skip"), width="stretch", key=f"{key}-skip")
    if saved:
        problem = note_problem(note)
        if problem:
            st.warning(problem, icon=":material/info:")
            return
        now = clock.now()

        def rated(known: Session | None) -> Session:
            # Holds of this session that another tab reports meanwhile are kept.
            return replace(
                known or session,
                pain_before=before,
                pain_after=after,
                comfort=comfort,
                note=note,
            )

        store.change_session(session.id, rated, now)
        if leg is not (answer.leg if answer else None):
            store.save_cramp(night, leg, now)
        frame.flash(say("today.saved"))
    if saved or skipped:
        frame.go("today")


def page() -> None:
    """Which of these it is time for."""
    with frame.database() as store:
        profile = store.profile()
        if not profile.safety_seen:
            first_signs(store, profile)
            return
        wanted = st.query_params.get("session")
        session = store.session(wanted) if wanted else None
        if session is not None and session.state is not SessionState.OPEN:
            rate(store, session)
            return
        if session is None:
            waiting = store.open_session()
            begun_here = st.session_state.get(PLANNED, (None, None))[1]
            if waiting is not None and (begun_here is None or waiting.id != begun_here.id):
                offer(store, waiting)
                return
            session = waiting
        frame.show_flash()
        timer(store, profile, session)


page()
