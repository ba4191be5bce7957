"""The account of a connection, from Linux and from the list of processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from holdwell.network import account
from holdwell.network.account import Account, End, account_by_process, account_of

NOBODY = 65534
LOOPBACK = ["127.0.0.1", "::1"]
# Connects as another account, prints its port, and stays until its input ends.
AS_ANOTHER = f"""
import encodings.idna, os, socket, sys
os.setuid({NOBODY})
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as near:
    print(near.getsockname()[1], flush=True)
    sys.stdin.read()
"""
needs_linux = pytest.mark.skipif(
    not account.tells_accounts(), reason="this system has no table of connections (/proc/net/tcp)"
)
needs_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="only root can become another account"
)


def kernel_answers() -> bool:
    """Return whether this kernel answers questions about single connections (protocol 4)."""
    known = Path("/proc/net/netlink")
    return known.exists() and any(line.split()[1] == "4" for line in known.open())


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as far:
        try:
            far.bind((address, 0))
        except OSError:
            pytest.skip(f"this computer has no {address}")
        far.listen()
        yield far


@contextmanager
def as_another(far: socket.socket) -> Iterator[tuple[End, End]]:
    address, port = far.getsockname()[:2]
    child = subprocess.Popen(
        [sys.executable, "-c", AS_ANOTHER, address, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        yield (address, int(child.stdout.readline())), (address, port)
    finally:
        child.communicate("")


@pytest.mark.parametrize("address", LOOPBACK)
def test_a_connection_of_this_account_is_its_own(address: str) -> None:
    with listening(address) as far, socket.create_connection(far.getsockname()[:2]) as near:
        ends = near.getsockname()[:2], far.getsockname()[:2]
        if account.tells_accounts():
            assert account_of(*ends) is Account.OWN
        assert account_by_process(*ends) in (Account.OWN, Account.UNKNOWN)


@needs_linux
@needs_root
@pytest.mark.parametrize("address", LOOPBACK)
def test_a_connection_of_another_account_is_recognised(address: str) -> None:
    with listening(address) as far, as_another(far) as ends:
        assert account_of(*ends) is Account.OTHER
        assert account_by_process(*ends) is Account.OTHER
        # With the ends swapped it is the listener's side of the connection.
        assert account_of(*reversed(ends)) is not Account.OTHER


@needs_linux
@pytest.mark.skipif(not kernel_answers(), reason="this kernel answers about no single connection")
@pytest.mark.parametrize("address", LOOPBACK)
def test_the_kernel_is_asked_before_its_table_is_read(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    read: list[object] = []
    monkeypatch.setattr(account, "_uid_from_tables", lambda ends: read.append(ends))
    with listening(address) as far, socket.create_connection(far.getsockname()[:2]) as near:
        ends = near.getsockname()[:2], far.getsockname()[:2]
        assert account_of(*ends) is Account.OWN
        assert read == []
        # Without such a connection the kernel names the listener, which is not the answer.
        assert account_of(ends[1], (ends[0][0], 1)) is Account.UNKNOWN
        assert read != []


@needs_linux
def test_the_table_is_read_if_the_kernel_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(socket, "AF_NETLINK")
    with listening("127.0.0.1") as far, socket.create_connection(far.getsockname()) as near:
        assert account_of(near.getsockname(), far.getsockname()) is Account.OWN


@needs_linux
def test_an_ipv4_connection_through_an_ipv6_socket_is_found() -> None:
    with listening("127.0.0.1") as far, socket.socket(socket.AF_INET6) as near:
        near.connect(("::ffff:127.0.0.1", far.getsockname()[1]))
        assert account_of(("127.0.0.1", near.getsockname()[1]), far.getsockname()) is Account.OWN


@needs_linux
def test_a_connection_that_no_process_holds_has_no_known_account() -> None:
    """The kernel gives root as the owner of such a connection."""
    with listening("127.0.0.1") as far:
        near = socket.create_connection(far.getsockname())
        ends = near.getsockname(), far.getsockname()
        near.close()
        assert account_of(*ends) is Account.UNKNOWN
    assert account_of(("127.0.0.1", 1), ("127.0.0.1", 2)) is Account.UNKNOWN
    assert account_of(("nonsense", 1), ("127.0.0.1", 2)) is Account.UNKNOWN


@needs_linux
def test_a_different_uid_is_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening("127.0.0.1") as far, socket.create_connection(far.getsockname()) as near:
        ends = near.getsockname(), far.getsockname()
        monkeypatch.setattr(account, "ADMINISTRATOR", -1)
        monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
        assert account_of(*ends) is Account.OTHER


@needs_linux
def test_if_no_table_can_be_read_the_account_is_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tcp").mkdir()
    monkeypatch.setattr(account, "_TABLES", (tmp_path / "tcp",))
    assert account_of(("127.0.0.1", 1), ("127.0.0.1", 2)) is Account.UNKNOWN
