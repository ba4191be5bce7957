"""Find out which account of this computer a connection comes from."""

import os
import socket
import struct
from contextlib import suppress
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from holdwell.network.addresses import Address, parse_address

ADMINISTRATOR = 0
"""The uid of root, who can read every file anyway. Port forwarders run as root, too (WSL)."""
_TRIES = 3
"""How often the tables are read: one that changes meanwhile may lack a line."""
_TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))

# A question to the kernel and its answer, as in <linux/inet_diag.h>: sock_diag(7), netlink(7).
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_HEADER = struct.Struct("=IHHII")
_ENDS = struct.Struct("!HH16s16s")
_QUESTION = struct.Struct(f"=BBBxI{_ENDS.size}sIQ")
_ANSWER = struct.Struct(f"=4x{_ENDS.size}sI8x12xII")
_ANY = 0xFFFFFFFF
_ANY_COOKIE = 0xFFFFFFFFFFFFFFFF

PASSED: Final = "holdwell.listener"
"""The key of an ASGI scope for the listener that has let the connection through."""
ACCOUNT: Final = "holdwell.account"
"""The key of an ASGI scope for the `Account` that connected to the listener on this computer."""

End = tuple[str, int]
_Ends = list[tuple[Address | None, int]]


class Account(StrEnum):
    """The account of a connection: this process's (or root), another, or one that is not told."""

    OWN = "own"
    OTHER = "other"
    UNKNOWN = "unknown"


def account_of(client: End, server: End) -> Account:
    """Return which account a connection comes from, given its two ends on this computer."""
    ends = [(parse_address(host), port) for host, port in (client, server)]
    if (uid := _uid_from_kernel(ends)) is not None:
        return _account_of_uid(uid)
    if not tells_accounts():
        return account_by_process(client, server)
    for _ in range(_TRIES):
        if (uid := _uid_from_tables(ends)) is not None:
            return _account_of_uid(uid)
    return Account.UNKNOWN


def _account_of_uid(uid: int) -> Account:
    return Account.OWN if uid in (os.geteuid(), ADMINISTRATOR) else Account.OTHER


def tells_accounts() -> bool:
    """Return whether this system tells the account of every connection."""
    return _TABLES[0].exists()


def account_by_process(client: End, server: End) -> Account:
    """Return the account of a connection by its process, for systems without a table of uids."""
    # Imported here because Linux does not need it.
    import psutil

    ends = [(parse_address(host), port) for host, port in (client, server)]
    try:
        for connection in psutil.net_connections("tcp"):
            found = [
                (parse_address(end.ip), end.port)
                for end in (connection.laddr, connection.raddr)
                if end
            ]
            if found == ends and connection.pid:
                same = psutil.Process(connection.pid).username() == psutil.Process().username()
                return Account.OWN if same else Account.OTHER
    except (psutil.Error, OSError):
        # macOS tells only an administrator; Windows does not name the process of another account.
        pass
    return Account.UNKNOWN


def _uid_from_kernel(ends: _Ends) -> int | None:
    """Ask the kernel for the uid of one connection; return None if it does not tell.

    The tables in /proc have it too, but reading one takes some milliseconds for each file of a
    page, since the kernel goes through its whole hash table, however few connections there are.
    """
    (near, near_port), (far, far_port) = ends
    if not hasattr(socket, "AF_NETLINK") or near is None or far is None:
        return None
    family = socket.AF_INET if near.version == 4 else socket.AF_INET6
    padded = (address.packed.ljust(16, b"\0") for address in (near, far))
    asked = _ENDS.pack(near_port, far_port, *padded)
    question = _QUESTION.pack(family, socket.IPPROTO_TCP, 0, _ANY, asked, 0, _ANY_COOKIE)
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
            # If there is no such connection, the kernel answers with the listener at that port.
            return int(uid) if found == asked and inode else None
    return None


def _uid_from_tables(ends: _Ends) -> int | None:
    """Return the uid of a connection from the kernel's tables; None if no process holds it."""
    for table in _TABLES:
        with suppress(OSError):
            for line in table.read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                # A connection that no process holds any more has inode 0, and root's uid.
                if fields[9] != "0" and [_end(fields[1]), _end(fields[2])] == ends:
                    return int(fields[7])
    return None


def _end(text: str) -> tuple[Address | None, int]:
    """Read the address (hexadecimal 32-bit words in native byte order) and port of one end."""
    host, port = text.split(":")
    words = [int(host[at : at + 8], 16) for at in range(0, len(host), 8)]
    return parse_address(str(ip_address(struct.pack(f"={len(words)}I", *words)))), int(port, 16)
