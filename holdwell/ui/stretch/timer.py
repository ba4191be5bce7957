"""The hold timer as a Streamlit v2 component: what it is given, and what it says back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from holdwell.domain.models import VOLUME_MAX, VOLUME_MIN, Profile, Session
from holdwell.guide import Guide
from holdwell.guide.illustrations import alternative, illustration
from holdwell.i18n.messages import counted, language, number_text, say, section
from holdwell.sessions.plan import Plan, PlannedHold
from holdwell.sessions.timer_report import TimerReport, read_report
from holdwell.store.people import FIRST

_PARTS = Path(__file__).parent / "timer"
# One module, in files by concern: a Streamlit component takes a single text.
_SCRIPTS = ("sounds", "ticker", "wake", "bed", "kept", "engine", "line", "view", "mount")

_timer = st.components.v2.component(
    "holdwell_timer",
    css="\n".join(
        (_PARTS / f"{name}.css").read_text(encoding="utf-8") for name in ("timer", "bed")
    ),
    js="\n".join((_PARTS / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What she switched on the timer itself; `volume` in percent."""

    sound: bool
    voice: bool
    vibration: bool
    volume: int

    def applied(self, profile: Profile) -> Profile:
        """The profile with these switches."""
        return replace(
            profile,
            sound=self.sound,
            voice=self.voice,
            vibration=self.vibration,
            volume=self.volume,
        )


@dataclass(frozen=True, slots=True)
class TimerResult:
    """What the browser says: this session, others it had kept, and switches she turned."""

    report: TimerReport | None
    kept: tuple[TimerReport, ...]
    preferences: Preferences | None


def hold_timer(
    plan: Plan,
    guide: Guide,
    profile: Profile,
    *,
    pregnant: bool,
    session: Session | None = None,
    whose: str,
    at_rest: Collection[str] = (),
    asks: bool = False,
) -> TimerResult:
    """Mount the timer for a plan; with a `session`, go on where that one was.

    `pregnant` says whether the figure in the drawings is.
    `whose` is the id of the person: what the browser kept of another's routine is not heard here.
    `asks` lets the button to begin be the answer to how she is: fine.
    `at_rest` are ids of sessions that Python has whole, which the browser need keep no longer.
    """
    result = _timer(
        # One key for every plan: when the plan changes, the timer changes in its place.
        key="hw-timer",
        data={
            "whose": whose,
            "plan": plan.to_json(),
            "routine": {"id": plan.id, "holds": [_hold(h, guide, pregnant) for h in plan.holds]},
            "done": [_done(session, number) for number in range(len(session.holds))]
            if session
            else [],
            "started_at": session.started.iso if session else None,
            "summary": say("stretch.summary", what=summary(plan)),
            "words": _words(asks),
            "safety": _safety(guide),
            "sounds": {
                "tones": profile.sound,
                "voice": profile.voice,
                "vibration": profile.vibration,
                "volume": profile.volume,
                "quiet": sorted(profile.quiet_cues),
                "language": language().locale.replace("_", "-"),
            },
            "at_rest": sorted(at_rest),
        },
        on_report_change=_nothing,
        on_kept_change=_nothing,
        on_preferences_change=_nothing,
        on_ping_change=_nothing,
    )
    kept = result.get("kept") or ()
    heard = (_hers(one, whose) for one in kept) if isinstance(kept, list) else ()
    return TimerResult(
        report=_hers(result.get("report"), whose),
        kept=tuple(one for one in heard if one is not None),
        preferences=_preferences(result.get("preferences")),
    )


def _hers(raw: object, whose: str) -> TimerReport | None:
    """A report, if it is of a routine of this person's."""
    if isinstance(raw, dict) and raw.get("whose", FIRST) != whose:
        return None
    return read_report(raw)


def _nothing() -> None:
    """The page reads the values itself; Streamlit wants a callback for each that can change."""


def summary(plan: Plan) -> str:
    """How much a plan is: "4 holds, about 3 min"."""
    return say(
        "stretch.amount",
        holds=counted("holds", len(plan.holds)),
        minutes=number_text(max(1, round(plan.seconds / 60))),
    )


def _preferences(raw: Any) -> Preferences | None:
    if not isinstance(raw, dict):
        return None
    sound, voice, vibration = (raw.get(name) for name in ("sound", "voice", "vibration"))
    volume = raw.get("volume")
    if not (isinstance(sound, bool) and isinstance(voice, bool) and isinstance(vibration, bool)):
        return None
    if not isinstance(volume, int):
        return None
    return Preferences(sound, voice, vibration, min(max(volume, VOLUME_MIN), VOLUME_MAX))


def _hold(hold: PlannedHold, guide: Guide, pregnant: bool) -> dict[str, Any]:
    stretch = guide.stretch(hold.stretch)
    known = (
        {
            "name": stretch.name,
            "cue": stretch.cue_for(hold.side),
            "spoken": stretch.spoken_for(hold.side),
            "picture": illustration(stretch.illustration, pregnant=pregnant, raised=hold.side),
            "picture_text": alternative(stretch.illustration, pregnant=pregnant, raised=hold.side),
        }
        if stretch
        else {"name": hold.stretch, "cue": "", "spoken": "", "picture": "", "picture_text": ""}
    )
    return {
        "id": hold.id,
        "side": hold.side.value,
        "side_text": say(f"side.{hold.side.value}_up"),
        "hold_s": hold.hold_s,
        "lead": hold.lead.value,
        "lead_s": hold.lead_s,
        "rest_s": hold.rest_s,
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


def _words(asks: bool) -> dict[str, Any]:
    words: dict[str, Any] = section("timer")
    if asks:
        words["begin"] = say("check_in.fine_begin")
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
