"""sqlite-utils without pandas and numpy, which it imports if they are installed.

It imports them only to recognize their types, which we never pass to it, and they take a third of
the time of a start.

While this module is being imported, no other thread may import pandas or numpy: the import would
fail. So the store imports it, which every run needs before it can draw a chart.
"""

import sys
from typing import Any

_loaded: dict[str, Any] = sys.modules
_absent = [name for name in ("numpy", "pandas") if name not in _loaded]
# Python documents None in sys.modules as the way to make an import fail.
_loaded.update(dict.fromkeys(_absent))
try:
    from sqlite_utils import Database
    from sqlite_utils.create_table_parser import Check
finally:
    for _name in _absent:
        del _loaded[_name]

__all__ = ["Check", "Database"]
