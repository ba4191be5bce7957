"""What reports say of the pregnancy. Pages that show no numbers use it too: it needs no pandas."""

from collections.abc import Callable
from datetime import date

from holdwell.domain.models import DueDate, DueDateSource, Pregnancy, Tracking
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import say
from holdwell.store.repository import Store

_NO_SOURCE = (DueDateSource.DATE, DueDateSource.UNKNOWN)
_WITHOUT_DAYS = (DueDateSource.LAST_PERIOD, DueDateSource.CONCEPTION)
"""Sources that need no number of days: see `DueDate.source_days`."""


def shown_pregnancy(store: Store, within: PregnancyPeriod | None = None) -> Pregnancy | None:
    """Return the pregnancy of a period (None: the current one); None if it ended or is paused."""
    pregnancy = (within or store.pregnancy_periods()[-1]).pregnancy
    if store.profile().tracking is not Tracking.ON or pregnancy is None or pregnancy.ended:
        return None
    return pregnancy


def due_dates(store: Store, pregnancy: Pregnancy | None) -> tuple[DueDate | None, date | None]:
    """Return the due date in use, as it was last given, and the one it corrected, if any."""
    if pregnancy is None:
        return None, None
    given = store.due_dates(pregnancy.id)
    uses = [n for n, due in enumerate(given) if due.due_date == pregnancy.due_date]
    if not uses:
        return None, None
    before = [due.due_date for due in given[: uses[-1]] if due.due_date != pregnancy.due_date]
    return given[uses[-1]], before[-1] if before else None


def due_date_text(due: DueDate, write: Callable[[date], str]) -> str:
    """Write a due date, with what it was worked out from.

    An imported one may lack a part of that; then there is only the date.
    """
    day = write(due.due_date)
    has_days = due.source_days is not None or due.source in _WITHOUT_DAYS
    if due.source in _NO_SOURCE or due.source_day is None or not has_days:
        return day
    weeks, days = divmod(due.source_days or 0, 7)
    age = say("stage.age", weeks=weeks, days=days)
    known = {"day": write(due.source_day), "age": age, "days": due.source_days}
    source = say(f"stage.due_from_{due.source}", **known)
    return f"{day} ({source})"
