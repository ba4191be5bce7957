"""Texts that pages share: the greeting, the stage, what was held and how it was rated."""

from datetime import datetime

from holdwell.domain.dates import Stage, StageKind
from holdwell.domain.models import (
    HoldOutcome,
    PainEntry,
    PainPlace,
    PainSide,
    Session,
    SessionState,
)
from holdwell.i18n.formats import length_text, time_text
from holdwell.i18n.messages import counted, say


def greeting(now: datetime) -> str:
    """Return the greeting for the time of day."""
    hour = now.hour
    if hour < 4:
        return say("today.title_night")
    if hour < 12:
        return say("today.title_morning")
    return say("today.title_afternoon") if hour < 18 else say("today.title_evening")


def stage_text(stage: Stage) -> str:
    """Return the user's stage, such as "24w 3d, second trimester"; "" if no dates are given."""
    if stage.kind is StageKind.PREGNANT and stage.age is not None:
        age = say("stage.age", weeks=stage.age.weeks, days=stage.age.days)
        trimester = say(f"stage.trimester_{stage.age.trimester.value}")
        return say("stage.pregnant", age=age, trimester=trimester)
    if stage.kind is StageKind.POSTPARTUM and stage.weeks_after_birth is not None:
        weeks = stage.weeks_after_birth
        return say("stage.postpartum", count=weeks) if weeks else say("stage.postpartum_0")
    return ""


def shortened(text: str, most: int) -> str:
    """Cut a text to at most four lines and `most` characters, with an ellipsis if it is cut."""
    cut = "\n".join(text.split("\n", 4)[:4])[:most]
    return text if cut == text else f"{cut[: most - 1]}…"


def held_text(session: Session) -> str:
    """Return how much was held, such as "4 holds, 2 min 20 s"; "" if nothing was.

    Of a session that was stopped before a hold was finished, return only the time: "12 s".
    """
    done = [h for h in session.holds if h.outcome is not HoldOutcome.SKIPPED]
    if not done:
        return ""
    length = length_text(session.held_s)
    is_short = session.state is SessionState.STOPPED and not session.counts
    return length if is_short else f"{counted('holds', len(done))}, {length}"


def pain_text(entry: PainEntry, *, timed: bool = True) -> str:
    """Return a pain score with its time, if known: "6 at 21:05, lower back, left".

    Leave out the time unless `timed`, because it is shown elsewhere.
    """
    score = say("pain.score", score=entry.score)
    if timed and entry.at is not None:
        score = say("pain.score_at", score=entry.score, time=time_text(entry.at.local))
    return ", ".join((score, *where_texts(entry.places, entry.side)))


def where_texts(places: frozenset[PainPlace], side: PainSide | None) -> list[str]:
    """Return where it hurts, in the order of the form; [] if the user did not say."""
    texts = [say(f"pain.place_{place.value}") for place in PainPlace if place in places]
    return texts + ([say(f"pain.side_{side.value}")] if side else [])


def scores_text(session: Session) -> str:
    """Return the ratings that the user gave, without those not given."""
    ratings = []
    before, after = session.pain_before, session.pain_after
    if before is not None and after is not None:
        ratings.append(say("history.pain", before=before, after=after))
    elif before is not None:
        ratings.append(say("history.pain_before_only", before=before))
    elif after is not None:
        ratings.append(say("history.pain_after_only", after=after))
    if session.comfort is not None:
        ratings.append(say("history.comfort", comfort=session.comfort))
    return " · ".join(ratings)
