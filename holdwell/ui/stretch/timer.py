"""The hold timer as a Streamlit v2 component: the data it gets and what it reports."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from holdwell.domain.models import Profile, Session
from holdwell.guide.advice import Audience
from holdwell.guide.load import guide
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import counted, language, say, section
from holdwell.sessions.plan import Plan
from holdwell.sessions.timer_report import Preferences, read_preferences, read_report
from holdwell.store.errors import StoreError
from holdwell.store.people import FIRST
from holdwell.ui.guide import phone_numbers
from holdwell.ui.guide.illustration import chosen_skin
from holdwell.ui.guide.situations import stop_groups
from holdwell.ui.runtime.javascript import component, no_callbacks
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch.walk_through import WalkThrough

_PARTS = Path(__file__).parent / "timer"
SCRIPT = _PARTS / "main.js"
_KEY = "hw-timer"
STYLE = "\n".join(
    (_PARTS / f"{name}.css").read_text(encoding="utf-8") for name in ("timer", "bed_mode")
)

_timer = component("holdwell_timer", SCRIPT, css=STYLE)


@dataclass(frozen=True, slots=True)
class TimerResult:
    """What the browser reports: this session, others that it kept, and the user's switches."""

    report: Session | None
    kept: tuple[Session, ...]
    preferences: Preferences | None


def begin_words(*, asks: bool, newcomer: bool = False) -> dict[str, Any]:
    """Return the labels of the two buttons to begin, at the holds or with the steps taught first.

    For a `newcomer` the large button teaches. With `asks` it also answers that the user is fine.
    """
    holds, teach = say("timer.begin_holds"), say("timer.begin_teach")
    main, other = (teach, holds) if newcomer else (holds, teach)
    main = say("check_in.fine_begin", begin=main) if asks else main
    return {"main": main, "other": other, "teach": newcomer}


def hold_timer(
    plan: Plan,
    profile: Profile,
    session: Session | None,
    *,
    people: Audience,
    begin: Mapping[str, Any],
    ended: Collection[str],
) -> TimerResult:
    """Show the timer for a plan; with a `session`, resume that one.

    `people` decides which figure the drawings show and which stop signs; `begin` has the
    `begin_words`. `ended` has the ids of sessions that are completely saved, which the browser may
    delete. Sessions that it kept for another person are not read.
    """
    result = _timer(
        # One key for all plans, so that a new plan is shown by the timer that is on the page.
        key=_KEY,
        # In a list: Streamlit searches a dict for tables, and imports pandas to do so.
        data=[
            {
                **timer_data(plan, profile, session, people),
                "whose": current_run().user.id,
                "begin": begin,
                "at_rest": sorted(ended),
                "numbers": _numbers(),
            }
        ],
        **no_callbacks("report", "kept", "preferences", "ping"),
    )
    kept = result.get("kept")
    reports = [_report(raw, profile) for raw in kept] if isinstance(kept, list) else []
    return TimerResult(
        report=_report(result.get("report"), profile),
        kept=tuple(report for report in reports if report is not None),
        preferences=read_preferences(result.get("preferences")),
    )


def last_report(profile: Profile) -> Session | None:
    """Return what the timer last reported, also in a run that does not show it."""
    return _report(st.session_state.get(_KEY, {}).get("report"), profile)


def timer_data(
    plan: Plan, profile: Profile, session: Session | None, people: Audience
) -> dict[str, Any]:
    """Return what the browser needs to know about a plan and the holds already done."""
    walk_through = WalkThrough(guide(), people is Audience.PREGNANT, chosen_skin())
    return {
        "plan": plan.to_json(),
        "routine": {"id": plan.id, "holds": walk_through.holds(plan.holds)},
        "done": [
            {
                "id": hold.id,
                "held_s": hold.held_s,
                "outcome": hold.outcome.value,
                "started_at": hold.started.iso if hold.started else None,
            }
            for hold in (session.holds if session else ())
        ],
        "started_at": session.started.iso if session else None,
        "summary": say("stretch.summary", what=summary(plan)),
        "words": section("timer"),
        "safety": _safety(people),
        "sounds": _sounds(profile),
    }


def _report(raw: object, profile: Profile) -> Session | None:
    """Read a report; None if it is invalid or of another person's session."""
    if isinstance(raw, dict) and raw.get("whose", FIRST) != current_run().user.id:
        return None
    return read_report(raw, profile.day_ends_at)


def summary(plan: Plan) -> str:
    """Return the size of a plan as text: "4 holds, about 3 min"."""
    holds, minutes = counted("holds", len(plan.holds)), max(1, plan.seconds / 60)
    return say("stretch.amount", holds=holds, minutes=number_text(minutes, places=0))


def _sounds(profile: Profile) -> dict[str, Any]:
    """Return which cues the user wants, and the language of the voice (BCP 47)."""
    return {
        "tones": profile.sound,
        "voice": profile.voice,
        "vibration": profile.vibration,
        "volume": profile.volume,
        "quiet": sorted(profile.quiet_cues),
        "language": language().locale.replace("_", "-"),
    }


def _numbers() -> list[tuple[str, str]]:
    """Return the label and address of each number to call, also while the database is locked."""
    store = None
    with suppress(StoreError):
        store = current_run().store
    return phone_numbers.numbers(store, helpline=True)


def _safety(people: Audience) -> dict[str, Any]:
    """Return the stop signs, which the timer can show while the server cannot be reached."""
    safety = guide().safety
    shown = safety.model_dump(include={"title": True, "lead": True, "stretch": {"title", "text"}})
    return {**shown, "groups": stop_groups(people)}
