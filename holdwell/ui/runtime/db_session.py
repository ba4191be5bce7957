"""The record of the one who is here: one connection for a run of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import Store, opened
from holdwell.ui.runtime import current_person, unlock

_of_this_run: ContextVar[dict[str, Store] | None] = ContextVar("of_this_run", default=None)


@contextmanager
def database() -> Iterator[Store]:
    """The user's record: one connection for a run of a page, closed at its end."""
    path = current_person.database()
    shared = _of_this_run.get()
    if shared is not None and "store" in shared:
        yield shared["store"]
        return
    if not unlock.is_open(path):
        raise StoreError(StoreProblem.SEALED, path)
    if shared is None:
        with opened(path) as store:
            yield store
        return
    shared["store"] = Store(path)
    yield shared["store"]


@contextmanager
def one_connection() -> Iterator[None]:
    """Let all that a run of a page does go through one connection, closed at its end."""
    shared: dict[str, Store] = {}
    token = _of_this_run.set(shared)
    try:
        yield
    finally:
        _of_this_run.reset(token)
        _let_go(shared)


def _let_go(shared: dict[str, Store]) -> None:
    if "store" in shared:
        shared.pop("store").close()


def let_go() -> None:
    """Close this run's connection; the next use of the record opens another."""
    _let_go(_of_this_run.get() or {})
