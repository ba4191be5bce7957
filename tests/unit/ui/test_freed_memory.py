"""A server gives memory back to the system."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes
from holdwell.ui.runtime.server_hooks import return_freed_memory

class Use(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
        "fordblks", "keepcost")]

mallinfo = ctypes.CDLL(None).mallinfo2
mallinfo.restype = Use
if ARE_RETURNED:
    return_freed_memory()
# Once such a piece is freed, glibc keeps smaller ones.
bytes(20 * 2**20)
before = mallinfo().hblkhd
piece = bytes(2 * 2**20)
print(mallinfo().hblkhd - before >= len(piece))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps freed memory")
@pytest.mark.parametrize("are_returned", [True, False])
def test_large_pieces_of_memory_are_the_systems_own(*, are_returned: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("ARE_RETURNED", str(are_returned))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[-1] == str(are_returned)
