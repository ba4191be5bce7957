"""The routines to choose from: the user's own, or the two that every user starts with."""

from collections.abc import Sequence
from dataclasses import replace

from holdwell.domain import dates
from holdwell.domain.models import DayPart, Moment, Profile, Routine
from holdwell.guide.load import guide
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import say, wording
from holdwell.sessions.plan import BEDTIME_ID, MORNING_ID, offered_first, usual_item
from holdwell.store.repository import Store

STARTING = (
    (MORNING_ID, DayPart.MORNING, "routines.morning_name"),
    (BEDTIME_ID, DayPart.BEDTIME, "routines.bedtime_name"),
)
"""The two routines to begin with: id, part of the day, and the key of the name."""
NEW_NAME = "routines.new_name"


def starting_routines(profile: Profile) -> tuple[Routine, ...]:
    """Return the two routines to begin with, for morning and bedtime, of all stretches taught."""
    items = tuple(usual_item(stretch, profile) for stretch in guide().stretches)
    return tuple(
        Routine(routine_id, say(name), items, part=part, first_side=profile.first_side)
        for routine_id, part, name in STARTING
    )


def offered_routines(store: Store) -> Sequence[Routine]:
    """Return the user's routines in their order, or the two to begin with if there are none."""
    own = [_in_language_of_page(routine) for routine in store.routines()]
    return own or starting_routines(store.profile())


def usual_routine(store: Store, now: Moment) -> Routine:
    """Return the routine that is offered first at this time of day."""
    part = dates.part_of_day(now.local, store.profile().day_ends_at)
    return offered_first(offered_routines(store), part)


def _in_language_of_page(routine: Routine) -> Routine:
    """Return a routine; if the app named it, with its name in the language of the page."""
    wordings = [wording(language.code) for language in languages(content_folder())]
    for key in (*(name for *_, name in STARTING), NEW_NAME):
        if any(routine.name == texts[key] for texts in wordings):
            return replace(routine, name=say(key))
    return routine
