"""What a session logged by hand must be like: one rule for the form and the command line."""

from datetime import timedelta

from holdwell.domain.dates import POSTPARTUM_YEARS
from holdwell.domain.models import NOTE_MAX, Moment
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import say
from holdwell.sessions.plan import LONGEST_HOLD_S


def when_problem(started: Moment, now: Moment) -> str | None:
    """Return a sentence if a session cannot have begun then, else None."""
    if started.utc > now.utc + timedelta(minutes=1):
        return say("log.day_future")
    if (now.local.date() - started.local.date()).days > POSTPARTUM_YEARS * 366:
        return say("log.day_too_old")
    return None


def hold_problem(what: str, held_s: float) -> str | None:
    """Return a sentence if a hold cannot have lasted `held_s` seconds (0 to 3600), else None."""
    return None if 0 <= held_s <= LONGEST_HOLD_S else say("log.hold_range", what=what)


def note_problem(text: str) -> str | None:
    """Return a sentence if a note is too long, else None."""
    if len(text) <= NOTE_MAX:
        return None
    return say("log.note_long", count=len(text), most=number_text(NOTE_MAX))
