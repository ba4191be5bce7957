"""The random UUID that stands for her in files that leave the app: it says nothing of her."""

from __future__ import annotations

from holdwell.domain.models import new_id
from holdwell.store.repository import Store

KEY = "export_id"
"""Its key in `meta`. The profile's own id is the same in every record, so it would not do."""


def export_id(store: Store) -> str:
    """The UUID of this record, made when it is first asked for; the same from then on.

    Raises StoreError.
    """
    known = store.meta(KEY)
    if known is None:
        store.set_meta(KEY, new_id())
        known = store.meta(KEY)
        assert known is not None
    return known
