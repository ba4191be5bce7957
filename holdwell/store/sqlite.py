"""sqlite-utils without pandas and numpy, which it imports wherever they are installed.

It does so to know their types, and is handed none; they would be a third of a start.

While this module is imported, no other thread may import either of the two: it would be told that
there is none. So it is imported by the store, which every run needs before it can draw a chart.
"""

import sys
from typing import Any

_loaded: dict[str, Any] = sys.modules
_absent = [name for name in ("numpy", "pandas") if name not in _loaded]
# What Python documents for a module that is not to be found.
_loaded.update(dict.fromkeys(_absent))
try:
    from sqlite_utils import Database
    from sqlite_utils.create_table_parser import Check
finally:
    for _name in _absent:
        del _loaded[_name]

__all__ = ["Check", "Database"]
