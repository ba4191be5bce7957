"""What History shows, read from and written to the address: Back, a reload and a link keep it."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import streamlit as st

from holdwell.store.history import EntryKind, Filter
from holdwell.ui.common import address

NEW_NIGHT = "new"
"""Stands for a cramp night still to be chosen; other nights have their day as id."""


@dataclass(frozen=True, slots=True)
class FormAddress:
    """The form that is open, with the id of its entry; a new entry gets one as its form opens."""

    kind: EntryKind
    entry_id: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What is shown: entries up to a month (given by its first day) or of a day; or a form."""

    month: date | None = None
    day: date | None = None
    shown: Filter = Filter.ALL
    form: FormAddress | None = None


def read() -> HistoryView:
    """Return the view that the address names; parameters without a sensible value are ignored."""
    given = st.query_params
    month, day = _day(f"{given.get('month', '')}-01"), _day(given.get("day", ""))
    shown = address.value("show", list(Filter), Filter.ALL)
    return HistoryView(month, day, shown, _form(given.get("edit", "")))


def change(**changes: object) -> None:
    """Change the view in the address; its other parameters stay."""
    view = replace(read(), **changes)  # type: ignore[arg-type]
    parameters = {
        "month": view.month.isoformat()[:7] if view.month else "",
        "day": view.day.isoformat() if view.day else "",
        "show": view.shown.value if view.shown is not Filter.ALL else "",
        "edit": f"{view.form.kind}.{view.form.entry_id}" if view.form else "",
    }
    wanted = st.query_params.to_dict() | parameters
    st.query_params.from_dict({name: value for name, value in wanted.items() if value})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _form(text: str) -> FormAddress | None:
    kind, _, entry_id = text.partition(".")
    try:
        if EntryKind(kind) is not EntryKind.CRAMP:
            entry_id = str(UUID(entry_id))
        elif entry_id != NEW_NIGHT:
            date.fromisoformat(entry_id)
    except ValueError:
        return None
    return FormAddress(EntryKind(kind), entry_id)
