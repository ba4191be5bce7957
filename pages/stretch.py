"""The guided routine with the hold timer, and the ratings after it."""

from dataclasses import replace

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.edits import merge_edit
from holdwell.domain.models import CrampLeg, Profile, Session, SessionState
from holdwell.guide.load import guide
from holdwell.guide.model import Stretch
from holdwell.i18n.formats import sentence_day_text, sentence_moment_text
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.editing import InputError, check_note
from holdwell.sessions.plan import Plan, plan, short_plan
from holdwell.sessions.timer_report import close_as_is, merge
from holdwell.stats import queries
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box, forms
from holdwell.ui.common.text import held_text
from holdwell.ui.guide import leave_out, situations, steps
from holdwell.ui.runtime import clock, current_person, navigation
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch import check_in
from holdwell.ui.stretch.timer import TimerResult, begin_words, hold_timer, last_report

PAIN_NOW = "hw-pain-now"
ENDED = "hw-ended"
"""In the session state: the ids of sessions that have ended and are completely saved."""
PLANNED = "hw-planned"
SWITCHES = "hw-switches"
"""In the session state: the profile with the switches that the timer was given or last reported."""
SHORT = "short"
"""The choice of the short version, beside the ids of routines."""


def show_stop_signs(store: Store, profile: Profile) -> None:
    """Show the stop signs, which the user has to read before the first session."""
    st.title(say("safety.first_title"), anchor=False)
    steps.show_stop_signs(guide().safety, situations.audience_now(store))
    with st.container(key="hw-accept"):
        if buttons.wide(say("safety.accept"), "hw-accept-tap", primary=True):
            store.change_profile(profile, replace(profile, safety_seen=True), clock.now())
            st.rerun()


def choose_plan(store: Store, profile: Profile, taught: tuple[Stretch, ...]) -> Plan:
    """Let the user choose a routine; return a session planned from it with the stretches `taught`.

    The plan stays the same until the session begins, unless the choice or the routine changes.
    """
    routines = defaults.offered_routines(store)
    usual = defaults.usual_routine(store, clock.now())
    names = {r.id: plain(r.name) for r in routines} | {SHORT: say("stretch.short")}
    with st.container(key="hw-choose"):
        chosen = forms.exactly_one(say("stretch.routine"), names, usual.id, "hw-routine", names)
        if chosen == SHORT:
            low, high = min(s.hold_min for s in taught), max(s.hold_max for s in taught)
            st.caption(say("stretch.short_holds", low=low, high=high))
        if st.button(say("stretch.shape"), key="hw-shape", icon=":material/tune:", type="tertiary"):
            navigation.go("routines")
        shown = forms.initial("hw-ready-here", profile)
        ready = forms.get_ready("hw-ready-here", shown.get_ready_seconds)
    if forms.save_profile(store, "hw-ready-here", replace(shown, get_ready_seconds=ready)):
        st.rerun()
    routine = next((r for r in routines if r.id == chosen), usual)
    ids = tuple(stretch.id for stretch in taught)
    made_for = (routine, chosen == SHORT, profile.get_ready_seconds, ids)
    kept: tuple[object, Plan] | None = st.session_state.get(PLANNED)
    if kept is None or kept[0] != made_for:
        make = short_plan if chosen == SHORT else plan
        kept = made_for, make(routine, taught, profile.get_ready_seconds)
        st.session_state[PLANNED] = kept
    return kept[1]


def save_report(store: Store, report: Session) -> Session | None:
    """Merge a report into its session and save it; None if the session was deleted.

    If the session begins with this report, the pain given above the timer is its pain before.
    """
    pain = st.session_state.get(PAIN_NOW)

    def merged(known: Session | None) -> Session:
        session = merge(known, report)
        return replace(session, pain_before=pain) if known is None else session

    return store.change_session(report.id, merged, clock.now())


def show_timer(store: Store, profile: Profile, session: Session | None) -> None:
    """Show the timer, which begins a session or resumes one, and save what it reports."""
    answers = () if session else check_in.given(store)
    if check_in.stops(answers):
        check_in.not_today(store, answers)
        check_in.ask(store, answers)
        return
    taught = guide().stretches
    # For screen readers only: the timer itself shows what it is.
    st.container(key="hw-stretch-title").title(say("nav.stretch"), anchor=False)
    # Also present, but empty, while a session runs: a timer that changed its place would be remade.
    before = st.container(key="hw-before-timer")
    if session is None:
        with before:
            taught = stretches_now(store)
        if not taught:
            st.text(say("leave_out.nothing"))
            st.text(say("leave_out.not_so"))
            check_in.ask(store, answers)
            link_to_guide(store)
            return
    # The choice is shown below the timer, but has to be made before the timer is drawn.
    above, below = st.container(key="hw-above"), st.container(key="hw-below")
    planned = Plan.from_json(session.plan) if session else None
    if planned is None:
        with below:
            check_in.ask(store, answers)
            planned = choose_plan(store, profile, taught)
    ended: set[str] = st.session_state.setdefault(ENDED, set())
    with above:
        asks = session is None and not answers
        newcomer = queries.first_session_day(store) is None
        begin = begin_words(asks=asks, newcomer=newcomer)
        people = situations.audience_now(store)
        result = hold_timer(planned, profile, session, people=people, begin=begin, ended=ended)
    if result.preferences is None:
        # The timer is new on the page, or got switches that were changed elsewhere.
        st.session_state[SWITCHES] = profile
    save_result(store, planned, result, ended)
    if session is None:
        with below:
            link_to_guide(store)


def stretches_now(store: Store) -> tuple[Stretch, ...]:
    """Show what to know before a session and what is left out, and ask for the pain now.

    Return the stretches that are not left out. If there are none, pain is not asked for.
    """
    situations.ask_birth_once(store)
    left_out = leave_out.now(store)
    leave_out.show(store, left_out)
    situations.show_must_read(store)
    taught = left_out.kept(guide().stretches)
    if taught:
        forms.pain(say("stretch.pain_now"), PAIN_NOW)
    return taught


def save_result(store: Store, planned: Plan, result: TimerResult, ended: set[str]) -> None:
    """Save what the browser reports: kept sessions, the user's switches, then this session.

    It reports all switches in every run. Only those that differ from what it was given, or from
    its last report, are saved.
    """
    for report in result.kept:
        save_kept(store, report, ended)
    is_switched = False
    if result.preferences:
        switches = st.session_state.setdefault(SWITCHES, store.profile())
        preferred = result.preferences.apply(switches)
        is_switched = preferred != switches
        if is_switched:
            store.change_profile(switches, preferred, clock.now())
            st.session_state[SWITCHES] = preferred
    if result.report is not None and result.report.id == planned.id:
        save_current(store, result.report, ended)
    if is_switched:
        # In this run the timer was given the old switches.
        st.rerun()


def save_kept(store: Store, report: Session, ended: set[str]) -> None:
    """Save a session that the browser kept; if it has ended, go on to its ratings."""
    before = store.session(report.id)
    saved = save_report(store, report)
    if saved is not None and saved.state is SessionState.OPEN:
        if before is None:
            # Begun while the server was gone: the next run continues it or offers to resume it.
            st.rerun()
        return
    ended.add(report.id)
    if saved is not None and saved != before:
        current_person.set_address(session=saved.id)
        st.rerun()


def save_current(store: Store, report: Session, ended: set[str]) -> None:
    """Save what the timer on the page reports; if the session has ended, go on to its ratings."""
    saved = save_report(store, report)
    if saved is None:
        current_person.set_address()
        return
    if st.query_params.get("session") != saved.id:
        # Kept in the address, so that a reload returns to this session.
        current_person.set_address(session=saved.id)
    if saved.state is not SessionState.OPEN:
        ended.add(saved.id)
        st.session_state.pop(PLANNED, None)
        st.rerun()


def link_to_guide(store: Store) -> None:
    """Show the button to the guide, and the situations of the guide that apply to the user now."""
    with st.container(key="hw-to-guide"):
        buttons.to_page("guide", say("stretch.learn"), "hw-learn", icon="menu_book")
        for situation in situations.applying_now(store):
            with st.expander(plain(situation.title)):
                situations.show_lines(situation)


def offer_to_resume(store: Store, session: Session) -> None:
    """Offer to resume a session that was not ended, to keep it as it is, or to delete it.

    If an answer of today says not to stretch, only the advice is shown, and nothing changes.
    """
    now = clock.now()
    answers = check_in.given(store)
    if check_in.stops(answers):
        check_in.not_today(store, answers)
        return
    planned = Plan.from_json(session.plan)
    st.title(say("stretch.open_title"), anchor=False)
    when = sentence_moment_text(session.started.local, today=now.local.date())
    total = len(planned.holds) if planned else len(session.holds)
    st.text(say("stretch.open_lead", when=when, held=len(session.holds), count=total))
    resumable = leave_out.can_go_on(store, session)
    with st.container(key="hw-offer"):
        goes_on = resumable and buttons.wide(say("stretch.open_go_on"), "hw-go-on", primary=True)
        # A session without a hold is not worth keeping.
        label = say("stretch.open_keep")
        primary = not resumable
        if session.holds and buttons.wide(label, "hw-keep", primary=primary):
            store.save(close_as_is(session, now), now)
            goes_on = True
        if goes_on:
            current_person.set_address(session=session.id)
            st.rerun()
        if buttons.wide(say("stretch.open_discard"), "hw-discard"):
            store.delete("session", session.id, now)
            current_person.set_address()
            flash(say("stretch.discarded"))
            st.rerun()


def rate(store: Store, session: Session) -> None:
    """Ask how a session was, which has ended and is saved; every answer is optional."""
    stopped = session.state is SessionState.STOPPED
    st.title(say("stretch.after_stopped_title" if stopped else "stretch.after_title"), anchor=False)
    held = held_text(session)
    lead = "stretch.after_lead" if session.counts else "stretch.after_short"
    st.text(say(lead, held=held) if held else say("stretch.after_nothing"))
    night = dates.last_night(session.started.local, store.profile().day_ends_at)
    answer = store.cramp(night)
    key = f"rate-{session.id}"
    shown = forms.initial(f"{key}-note", session)
    with st.form(key, border=False):
        edited = replace(
            shown,
            pain_after=forms.pain(say("form.pain_after"), f"{key}-after", shown.pain_after),
            # Nothing was held that could have been comfortable or not.
            comfort=forms.comfort(f"{key}-comfort", shown.comfort) if held else shown.comfort,
            pain_before=forms.pain(say("form.pain_before"), f"{key}-before", shown.pain_before),
        )
        with st.expander(say("form.pain_where"), expanded=bool(shown.pain_places)):
            places, side = forms.pain_where(key, shown.pain_places, shown.pain_side)
        known_leg = forms.initial(f"{key}-cramp", answer.leg if answer else None)
        label = say("form.cramps", night=sentence_day_text(night, today=night))
        leg = forms.at_most_one(label, CrampLeg, known_leg, f"{key}-cramp", "form.cramp_{}")
        note = forms.note(f"{key}-note", shown.note)
        edited = replace(edited, pain_places=places, pain_side=side, note=note)
        with st.container(key="hw-rate-save", horizontal=True):
            saved = buttons.submit(say("stretch.save"), f"{key}-save", primary=True)
            skipped = buttons.submit(say("stretch.skip"), f"{key}-skip")
    if not (saved or skipped):
        return
    # Both buttons save what was entered, so that nothing typed is lost.
    try:
        check_note(note)
    except InputError as error:
        failure_box.show(plain(str(error)))
        return
    now = clock.now()
    with store.change(now) as change:
        # Keeps what another tab reported or rated meanwhile.
        store.change_session(
            session.id, lambda known: merge_edit(known or session, shown, edited), now
        )
        if leg != known_leg:
            store.save_cramp(night, leg, now)
    if saved or change.written:
        flash(say("today.saved"))
    navigation.go("today")


def page() -> None:
    """Show the stop signs, the ratings, the offer to resume or the timer, whichever comes next."""
    store = current_run().store
    profile = store.profile()
    if not profile.safety_seen:
        show_stop_signs(store, profile)
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
            offer_to_resume(store, waiting)
            return
        session = waiting
    if session is not None and leave_out.blocks(store, session):
        # This run shows no timer, but one that was on the page may have reported its end.
        report = last_report(profile)
        if report is not None and report.id == session.id:
            save_current(store, report, st.session_state.setdefault(ENDED, set()))
        offer_to_resume(store, session)
        return
    show_flash()
    show_timer(store, profile, session)


page()
