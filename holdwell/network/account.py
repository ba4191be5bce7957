"""Which account of this computer a connection comes from, as the system tells it."""

import os
import socket
import struct
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from holdwell.network.addresses import Address, parse_address

ADMINISTRATOR = 0
"""The uid of root, who can read every file anyway and who runs what forwards ports (WSL)."""
_TRIES = 3
"""A table that changes while it is read may lack a line."""
_MAPPED = bytes(10) + b"\xff\xff"  # RFC 4291, section 2.5.5.2

# One question to the kernel and its answer, sock_diag(7) and netlink(7), in <linux/inet_diag.h>.
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_HEADER = struct.Struct("=IHHII")
_ENDS = struct.Struct("!HH16s16s")
_QUESTION = struct.Struct(f"=BBBxI{_ENDS.size}sIQ")
_ANSWER = struct.Struct(f"=4x{_ENDS.size}sI8x12xII")
_ANY = 0xFFFFFFFF
_ANY_COOKIE = 0xFFFFFFFFFFFFFFFF

PASSED: Final = "holdwell.listener"
"""In an ASGI scope: the listener that has let this connection through."""
ACCOUNT: Final = "holdwell.account"
"""In an ASGI scope: whose connection it is, at the listener of this computer."""

End = tuple[str, int]


class Account(StrEnum):
    """Whose connection it is. `UNKNOWN`: the system does not tell."""

    OWN = "own"
    OTHER = "other"
    UNKNOWN = "unknown"


def account_of(client: End, server: End) -> Account:
    """Return whose connection it is, by its two ends on this computer."""
    if (tables := _tables(client, server)) is None:
        return Account.UNKNOWN
    if (uid := _asked_uid(client, server)) is not None:
        return _whose(uid)
    if not any(table.exists() for table in tables):
        return by_process(client, server)
    for _ in range(_TRIES):
        for table, ends in tables.items():
            if (uid := _uid(table, ends)) is not None:
                return _whose(uid)
    return Account.UNKNOWN


def _whose(uid: int) -> Account:
    return Account.OWN if uid in (os.geteuid(), ADMINISTRATOR) else Account.OTHER


def system_tells() -> bool:
    """Return whether this system names the account of every connection."""
    return Path("/proc/self/net/tcp").exists()


def by_process(client: End, server: End) -> Account:
    """Return whose connection it is by the process that holds it, where no table has the uid."""
    # Only here: Linux needs no process for it.
    import psutil

    ends = [(parse_address(host), port) for host, port in (client, server)]
    try:
        for one in psutil.net_connections("tcp"):
            found = [(parse_address(end.ip), end.port) for end in (one.laddr, one.raddr) if end]
            if found == ends and one.pid:
                same = psutil.Process(one.pid).username() == psutil.Process().username()
                return Account.OWN if same else Account.OTHER
    except (psutil.Error, OSError):
        # macOS tells only an administrator, and Windows does not name another's process.
        pass
    return Account.UNKNOWN


def _asked_uid(client: End, server: End) -> int | None:
    """Ask the kernel for the uid of one connection; None where it does not tell.

    The table tells it too. To read that takes some milliseconds for each file of a page, since the
    kernel goes through all its connections, however few they are.
    """
    near, far = parse_address(client[0]), parse_address(server[0])
    if not hasattr(socket, "AF_NETLINK") or near is None or far is None:
        return None
    family = socket.AF_INET if near.version == 4 else socket.AF_INET6
    padded = (address.packed.ljust(16, b"\0") for address in (near, far))
    ends = _ENDS.pack(client[1], server[1], *padded)
    question = _QUESTION.pack(family, socket.IPPROTO_TCP, 0, _ANY, ends, 0, _ANY_COOKIE)
    length = _HEADER.size + len(question)
    with (
        suppress(OSError),
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as kernel,
    ):
        kernel.settimeout(1)
        kernel.send(_HEADER.pack(length, _SOCK_DIAG_BY_FAMILY, 1, 0, 0) + question)
        answer = kernel.recv(4096)
        if _HEADER.unpack_from(answer)[1] == _SOCK_DIAG_BY_FAMILY:
            found, _, uid, inode = _ANSWER.unpack_from(answer, _HEADER.size)
            # Without such a connection the kernel names who listens at its end, if anyone does.
            return int(uid) if found == ends and inode else None
    return None


def _tables(client: End, server: End) -> dict[Path, tuple[str, str]] | None:
    """Return the kernel's tables of connections, with what both ends are called in each."""
    near, far = parse_address(client[0]), parse_address(server[0])
    if near is None or far is None or near.version != far.version:
        return None
    ports = client[1], server[1]
    tables = {Path("/proc/self/net/tcp6"): (_name(near, ports[0], 6), _name(far, ports[1], 6))}
    if near.version == 4:
        ends = _name(near, ports[0], 4), _name(far, ports[1], 4)
        tables = {Path("/proc/self/net/tcp"): ends, **tables}
    return tables


def _name(address: Address, port: int, version: int) -> str:
    """Return an end as the table has it: words of 32 bits in the machine's own byte order."""
    packed = address.packed
    if version == 6 and address.version == 4:
        packed = _MAPPED + packed
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return "".join(f"{word:08X}" for word in words) + f":{port:04X}"


def _uid(table: Path, ends: tuple[str, str]) -> int | None:
    """Return the uid of the connection with these ends; None if no process holds it."""
    with suppress(OSError):
        for line in table.read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            # A connection that no process holds any more has no inode, and is said to be root's.
            if (fields[1], fields[2]) == ends and fields[9] != "0":
                return int(fields[7])
    return None
