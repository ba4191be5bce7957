"""What tests of the change log share."""

from datetime import timedelta

from holdwell.domain.models import Moment
from holdwell.store import undo
from holdwell.store.repository import Store


def later(now: Moment, **time: float) -> Moment:
    """Return the moment that comes a time after another, such as `days=3`."""
    return Moment(now.utc + timedelta(**time), now.utc_offset)


def last(store: Store) -> str:
    """Return the id of the newest change."""
    return undo.changes(store, limit=1)[0].id
