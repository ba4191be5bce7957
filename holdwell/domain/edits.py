"""What a form changed, apart from what another window changed since the form was drawn."""

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Entry = TypeVar("Entry", bound="DataclassInstance")


def merge_edit(known: Entry, shown: Entry, edited: Entry) -> Entry:
    """Return what is `known` with the fields in which `edited` differs from what was `shown`."""
    changed: dict[str, Any] = {
        one.name: getattr(edited, one.name)
        for one in fields(shown)
        if getattr(edited, one.name) != getattr(shown, one.name)
    }
    return replace(known, **changed)
