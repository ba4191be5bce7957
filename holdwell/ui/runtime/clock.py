"""The time where the user is, in the browser's time zone or else in this computer's."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from holdwell.domain.models import Moment


def zone_name() -> str:
    """Return the name of the browser's time zone, such as Europe/Madrid, or "" if unknown."""
    return st.context.timezone or ""


def zone() -> tzinfo | None:
    """Return the browser's time zone, or None for this computer's time zone."""
    name = zone_name()
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def now() -> Moment:
    """Return the current moment with the user's offset from UTC."""
    return Moment.of(datetime.now(UTC).astimezone(zone()))


def today() -> date:
    """Return the date on the user's clock; their day may end later, see `Store.local_day`."""
    return now().local.date()
