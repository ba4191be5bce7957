"""The hold timer as a Streamlit v2 component: what it is given, and what it says back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from holdwell.guide import Guide, illustration
from holdwell.records import Profile, Session
from holdwell.routine import PlannedHold, Report, Routine, read_report
from holdwell.wording import say, section

_HERE = Path(__file__).parent

_timer = st.components.v2.component(
    "holdwell_timer",
    css=(_HERE / "timer.css").read_text(encoding="utf-8"),
    js=(_HERE / "timer.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What she switched on the timer itself."""

    sound: bool
    voice: bool


@dataclass(frozen=True, slots=True)
class TimerResult:
    """What the browser says: this routine, others it had kept, and switches she turned."""

    report: Report | None
    kept: tuple[Report, ...]
    preferences: Preferences | None


def hold_timer(
    routine: Routine,
    guide: Guide,
    profile: Profile,
    *,
    session: Session | None = None,
    at_rest: Collection[str] = (),
) -> TimerResult:
    """Mount the timer for a routine; with a `session`, go on where that one was.

    `at_rest` are ids of sessions that Python has whole, which the browser need keep no longer.
    """
    result = _timer(
        key=f"timer-{routine.id}",
        data={
            "plan": routine.to_json(),
            "routine": {"id": routine.id, "holds": [_hold(h, guide) for h in routine.holds]},
            "done": [_done(session, number) for number in range(len(session.holds))]
            if session
            else [],
            "started_at": session.started.iso if session else None,
            "summary": summary(routine),
            "words": _words(),
            "safety": _safety(guide),
            "sound": profile.sound,
            "voice": profile.voice,
            "at_rest": sorted(at_rest),
        },
        on_report_change=_nothing,
        on_kept_change=_nothing,
        on_preferences_change=_nothing,
    )
    kept = result.get("kept") or ()
    return TimerResult(
        report=read_report(result.get("report")),
        kept=tuple(r for r in map(read_report, kept) if r) if isinstance(kept, list) else (),
        preferences=_preferences(result.get("preferences")),
    )


def _nothing() -> None:
    """The page reads the values itself; Streamlit wants a callback for each that can change."""


def summary(routine: Routine) -> str:
    """How much a routine is, in words."""
    return say(
        "stretch.summary",
        holds=len(routine.holds),
        minutes=max(1, round(routine.seconds / 60)),
    )


def _preferences(raw: Any) -> Preferences | None:
    if not isinstance(raw, dict):
        return None
    sound, voice = raw.get("sound"), raw.get("voice")
    if isinstance(sound, bool) and isinstance(voice, bool):
        return Preferences(sound, voice)
    return None


def _hold(hold: PlannedHold, guide: Guide) -> dict[str, Any]:
    stretch = guide.stretch(hold.stretch)
    known = (
        {
            "name": stretch.name,
            "cue": stretch.cue_for(hold.side),
            "spoken": stretch.spoken_for(hold.side),
            "picture": illustration(stretch.illustration),
        }
        if stretch
        else {"name": hold.stretch, "cue": "", "spoken": "", "picture": ""}
    )
    return {
        "id": hold.id,
        "side": hold.side.value,
        "side_text": say(f"side.{hold.side.value}_up"),
        "hold_s": hold.hold_s,
        "lead": hold.lead.value,
        "lead_s": hold.lead_s,
        **known,
    }


def _done(session: Session, number: int) -> dict[str, Any]:
    hold = session.holds[number]
    return {
        "id": hold.id,
        "held_s": hold.held_s,
        "outcome": hold.outcome.value,
        "started_at": hold.started.iso if hold.started else None,
    }


def _words() -> dict[str, Any]:
    words: dict[str, Any] = section("timer")
    for name in ("sound", "voice"):
        words[name] = {"on": words.pop(f"{name}_on"), "off": words.pop(f"{name}_off")}
    return words


def _safety(guide: Guide) -> dict[str, Any]:
    safety = guide.safety
    return {
        "title": safety.title,
        "lead": safety.lead,
        "groups": [
            {"title": g.title, "whom": g.whom, "signs": list(g.signs)} for g in safety.groups
        ],
        "stretch": {"title": safety.stretch.title, "text": safety.stretch.text},
    }
