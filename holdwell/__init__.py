"""Holdwell: two standing stretches against back pain and leg cramps, timed and tracked."""

import sys
from importlib import import_module
from typing import Any


def _import_sqlite_utils() -> None:
    """Import sqlite-utils without pandas and numpy, which it imports wherever they are installed.

    It does so to know their types, and is handed none; they would be a third of a start.
    """
    loaded: dict[str, Any] = sys.modules
    absent = [name for name in ("numpy", "pandas") if name not in loaded]
    # What Python documents for a module that is not to be found.
    loaded.update(dict.fromkeys(absent))
    try:
        import_module("sqlite_utils")
    finally:
        for name in absent:
            del loaded[name]


_import_sqlite_utils()
