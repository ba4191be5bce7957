"""The present moment where the user is: the browser's time zone, else this computer's."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import Moment
from holdwell.i18n.messages import language


def zone() -> tzinfo | None:
    """Return her browser's time zone, or None for this computer's own."""
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def now() -> Moment:
    """Return the present moment with her local offset."""
    return Moment.of(datetime.now(UTC).astimezone(zone()))


def at_wall_time(wall: datetime) -> Moment:
    """Return the moment of a naive wall-clock time at her place: see `dates.moment_at`."""
    return dates.moment_at(wall, zone())


def date_format() -> str:
    """The order of day, month and year that her language and region write."""
    return "MM/DD/YYYY" if language().locale == "en_US" else "DD/MM/YYYY"
