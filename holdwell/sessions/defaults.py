"""The routines to choose from: the user's own, or the two that everyone begins with."""

from collections.abc import Sequence

from holdwell.domain.models import DayPart, Profile, Routine
from holdwell.guide import guide
from holdwell.i18n.messages import say
from holdwell.sessions.plan import starting_routines
from holdwell.store.repository import Store


def offered_routines(store: Store, profile: Profile) -> Sequence[Routine]:
    """Return the user's routines in their order, else one for the morning and one for bedtime."""
    names = {
        DayPart.MORNING: say("routines.morning_name"),
        DayPart.BEDTIME: say("routines.bedtime_name"),
    }
    return store.routines() or starting_routines(names, guide().stretches, profile)
