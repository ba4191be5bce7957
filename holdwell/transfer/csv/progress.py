"""How far the work on many rows is, told while it goes on."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")
Tell = Callable[[float], object]
"""Hears the share that is done, 0 to 1."""
EVERY = 1_000


def unheard(share: float) -> None:
    """Tell nobody."""


def watched(rows: Iterable[Row], total: int, tell: Tell) -> Iterator[Row]:
    """Yield rows, and tell after every 1,000 of them how far it is."""
    for number, row in enumerate(rows, 1):
        yield row
        if number % EVERY == 0:
            tell(min(number / total, 1.0))
