"""The hold timer as a Streamlit v2 component: what it is given, and what it reports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from holdwell.domain.models import Hold, Profile, Session
from holdwell.guide import Audience, guide
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import counted, language, say, section
from holdwell.sessions.plan import Plan, PlannedHold
from holdwell.sessions.timer_report import Preferences, TimerReport, read_preferences, read_report
from holdwell.store.people import FIRST
from holdwell.ui.guide.illustration import chosen_skin
from holdwell.ui.runtime.javascript import bundle
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch.walk_through import WalkThrough

_PARTS = Path(__file__).parent / "timer"

_timer = st.components.v2.component(
    "holdwell_timer",
    css="\n".join(
        (_PARTS / f"{name}.css").read_text(encoding="utf-8") for name in ("timer", "bed_mode")
    ),
    js=bundle(_PARTS / "main.js"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class TimerResult:
    """What the browser reports: this session, others that it had kept, and changed preferences."""

    report: TimerReport | None
    kept: tuple[TimerReport, ...]
    preferences: Preferences | None


@dataclass(frozen=True, slots=True)
class BeginButtons:
    """The two buttons to begin: with the holds, and with a walk through the steps.

    The large one teaches a `newcomer`. With `asks` it also answers how the user is: fine.
    """

    asks: bool
    newcomer: bool

    def words(self) -> dict[str, Any]:
        """Return the words of both, and whether the large one teaches."""
        holds, teach = say("timer.begin_holds"), say("timer.begin_teach")
        main, other = (teach, holds) if self.newcomer else (holds, teach)
        return {
            "main": say("check_in.fine_begin", begin=main) if self.asks else main,
            "other": other,
            "teach": self.newcomer,
        }


def hold_timer(
    plan: Plan,
    profile: Profile,
    session: Session | None,
    *,
    people: Audience,
    begin: BeginButtons,
    ended: Collection[str],
) -> TimerResult:
    """Show the timer for a plan; with a `session`, resume that one.

    `people` chooses the figure in the drawings and the stop signs. `ended` are the ids of sessions
    that are saved whole, which the browser need no longer keep. What it kept of another person's
    sessions is not read.
    """
    person = current_run().user.id
    result = _timer(
        # One key for every plan: when the plan changes, the timer changes in its place.
        key="hw-timer",
        # In a list: in a dict Streamlit looks for tables, and imports pandas for it.
        data=[
            {
                "whose": person,
                "plan": plan.to_json(),
                "routine": {"id": plan.id, "holds": _holds(plan, people)},
                "begin": begin.words(),
                "done": [_done(hold) for hold in session.holds] if session else [],
                "started_at": session.started.iso if session else None,
                "summary": say("stretch.summary", what=summary(plan)),
                "words": section("timer"),
                "safety": _safety(people),
                "sounds": _sounds(profile),
                "at_rest": sorted(ended),
            }
        ],
        on_report_change=_ignore,
        on_kept_change=_ignore,
        on_preferences_change=_ignore,
        on_ping_change=_ignore,
    )
    return _result(result, person)


def _ignore() -> None:
    """Do nothing: Streamlit wants a callback for each value, and the page reads them itself."""


def _result(reported: Mapping[str, Any], person: str) -> TimerResult:
    """Read the values that the browser reported, as far as they are this person's."""
    kept = reported.get("kept") or ()
    reports = [_report(raw, person) for raw in kept] if isinstance(kept, list) else []
    return TimerResult(
        report=_report(reported.get("report"), person),
        kept=tuple(report for report in reports if report is not None),
        preferences=read_preferences(reported.get("preferences")),
    )


def _report(raw: object, person: str) -> TimerReport | None:
    """Read a report; None if it is of another person's session, or is none."""
    if isinstance(raw, dict) and raw.get("whose", FIRST) != person:
        return None
    return read_report(raw)


def summary(plan: Plan) -> str:
    """Say how much a plan is: "4 holds, about 3 min"."""
    return say(
        "stretch.amount",
        holds=counted("holds", len(plan.holds)),
        minutes=number_text(max(1, plan.seconds / 60), places=0),
    )


def _holds(plan: Plan, people: Audience) -> list[dict[str, Any]]:
    """Return the holds of a plan, each with the steps into it and the way out."""
    walk = WalkThrough(guide(), people is Audience.PREGNANT, chosen_skin())
    return [
        {**_hold(hold, walk), "steps": steps, "out": walk.way_out(hold)}
        for hold, steps in zip(plan.holds, walk.of(plan.holds), strict=True)
    ]


def _hold(hold: PlannedHold, walk: WalkThrough) -> dict[str, Any]:
    """Return a hold to come with the words and the drawing of its stretch."""
    shown = dict.fromkeys(("cue", "spoken", "breathe", "come_out", "picture", "picture_text"), "")
    shown["name"] = hold.stretch
    stretch = guide().stretch(hold.stretch)
    if stretch is not None:
        side = hold.side
        drawn = walk.picture(stretch.illustration, side)
        shown = {
            "name": stretch.name,
            "cue": stretch.cue[side],
            "spoken": stretch.spoken[side],
            "breathe": stretch.breathe,
            "come_out": stretch.come_out[side],
            "picture": drawn["picture"],
            "picture_text": drawn["picture_text"],
        }
    return {
        "id": hold.id,
        "side": hold.side.value,
        "side_text": say(f"side.{hold.side.value}_up"),
        "hold_s": hold.hold_s,
        "lead": hold.lead.value,
        "lead_s": hold.lead_s,
        "rest_s": hold.rest_s,
        "out_s": hold.out_s,
        **shown,
    }


def _done(hold: Hold) -> dict[str, Any]:
    """Return a hold that is behind the user."""
    return {
        "id": hold.id,
        "held_s": hold.held_s,
        "outcome": hold.outcome.value,
        "started_at": hold.started.iso if hold.started else None,
    }


def _sounds(profile: Profile) -> dict[str, Any]:
    """Return the cues that the user wants, and the language of the voice (BCP 47)."""
    return {
        "tones": profile.sound,
        "voice": profile.voice,
        "vibration": profile.vibration,
        "volume": profile.volume,
        "quiet": sorted(profile.quiet_cues),
        "language": language().locale.replace("_", "-"),
    }


def _safety(people: Audience) -> dict[str, Any]:
    """Return the stop signs, which the timer has at hand while the server cannot be reached."""
    safety = guide().safety
    return {
        "title": safety.title,
        "lead": safety.lead,
        "groups": [
            {"title": g.title, "whom": g.whom, "signs": list(g.signs)}
            for g in safety.groups_for(people)
        ],
        "stretch": {"title": safety.stretch.title, "text": safety.stretch.text},
    }
