"""The present moment where the user is: the browser's time zone, else this computer's."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from holdwell.records import Moment
from holdwell.store import system_now


def now() -> Moment:
    """Return the present moment with her local offset."""
    try:
        name = st.context.timezone
        return Moment.of(datetime.now(ZoneInfo(name))) if name else system_now()
    except (ZoneInfoNotFoundError, ValueError):
        return system_now()


def date_format() -> str:
    """The order of day, month and year that her browser's region writes."""
    return "MM/DD/YYYY" if st.context.locale == "en-US" else "DD/MM/YYYY"


def at_wall_time(wall: datetime) -> Moment:
    """Return the moment of a naive wall-clock time at her place, for sessions added later."""
    try:
        name = st.context.timezone
        zone = ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        zone = None
    aware = wall.replace(tzinfo=zone) if zone else wall.astimezone()
    return Moment.of(aware.astimezone(UTC)).at_offset(
        round((aware.utcoffset() or UTC.utcoffset(None)).total_seconds() / 60)
    )
