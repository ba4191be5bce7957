"""What the garbage collector ignores while the server runs."""

import gc
import sys

from holdwell.ui.runtime.process_state import ProcessState, process_state


def state() -> ProcessState:
    """Return a state of its own, as a server has it before it has started."""
    known = process_state()
    return ProcessState(known.pairing, known.keyring, known.unlocks)


def test_nothing_is_frozen_where_no_server_runs() -> None:
    """A page that runs in a test or a script leaves the garbage collector as it is."""
    before, mine = gc.get_freeze_count(), state()
    mine.freeze_new_modules()
    assert (gc.get_freeze_count(), mine.modules_frozen) == (before, None)


def test_large_libraries_are_frozen_after_the_page_that_loads_them() -> None:
    """Few new modules change nothing; many are frozen, once."""
    mine = state()
    mine.modules_frozen = len(sys.modules) - 100
    before = gc.get_freeze_count()
    mine.freeze_new_modules()
    assert gc.get_freeze_count() == before
    mine.modules_frozen -= 1
    mine.freeze_new_modules()
    assert gc.get_freeze_count() > before
    assert mine.modules_frozen == len(sys.modules)
