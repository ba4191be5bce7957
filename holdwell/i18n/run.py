"""The context of a run of a page or a command, in the app's only ContextVar.

It has the language, which texts need everywhere; `holdwell/ui/runtime/run_context.py` adds the
person and their database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from holdwell.i18n.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. `language` is None if content/ cannot be read."""

    language: Language | None = None


_run: ContextVar[Run | None] = ContextVar("run", default=None)


def running() -> Run | None:
    """Return the run that this code is part of, or None outside a run."""
    return _run.get()


@contextmanager
def inside(run: Run) -> Iterator[None]:
    """Make the block part of a run."""
    token = _run.set(run)
    try:
        yield
    finally:
        _run.reset(token)
