"""Merge the edits of a form with what another window saved since the form was drawn."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from holdwell.domain.dated import Pause
from holdwell.domain.models import PainEntry, Session

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

UNITS: Mapping[type, tuple[frozenset[str], ...]] = {
    Session: (
        frozenset({"started", "ended", "local_day", "time_known"}),
        frozenset({"pain_places", "pain_side"}),
        frozenset({"holds"}),
    ),
    PainEntry: (frozenset({"at", "local_day"}), frozenset({"places", "side"})),
    Pause: (frozenset({"from_day", "to_day"}),),
}
"""Fields that only make sense together: they are merged, and undone, as a whole."""


def merge_edit(known: T, shown: T, edited: T) -> T:
    """Return the stored entry `known` with the fields in which `edited` differs from `shown`.

    If one field of a unit was edited, the whole unit is taken from `edited`.
    """
    changed = {f.name for f in fields(shown) if getattr(edited, f.name) != getattr(shown, f.name)}
    for unit in UNITS.get(type(shown), ()):
        if changed & unit:
            changed |= unit
    merged: dict[str, Any] = {name: getattr(edited, name) for name in changed}
    return replace(known, **merged)
