"""The file beside the database with the PIN, the paired phones and the wrong attempts.

Only the user can read the file (mode 0600), and it is neither exported nor backed up. It holds the
PIN in plain text: a hash of six digits is soon reversed, and a program that can read this file can
read the database itself. A phone's token and secret are stored only as hashes.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

from holdwell.network.addresses import parse_address
from holdwell.store import files

FILE_NAME = "home-network.json"
PIN_DIGITS = 6
_PIN = re.compile(f"[0-9]{{{PIN_DIGITS}}}")
ATTEMPTS_BEFORE_WAIT = 5
"""Wrong PINs from one address until it has to wait `WAIT_S` seconds."""
WAIT_S = 15 * 60
ATTEMPTS_PER_ADDRESS = 10
"""Wrong PINs from one address until it is refused for as long as this PIN is valid."""
ATTEMPTS_IN_ALL = 60
"""Wrong PINs from all addresses until the PIN is spent: a guesser's chance is 60 in a million
for each PIN that the user makes, and five devices that have forgotten the PIN do not spend it.

Nobody has to wait for the attempts of others, or a device that guesses could keep out a phone that
knows the PIN.
"""
PHONES_MAX = 20

T = TypeVar("T")


class PinResult(StrEnum):
    """The result of entering a PIN."""

    OPEN = "open"
    WRONG = "wrong"
    WAIT = "wait"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Phone:
    """A paired device: the SHA-256 of its cookie's token, and the day (ISO 8601) of its pairing.

    `secret` is the SHA-256 of the secret that its browser keeps beside the cookie, "" if unknown.
    """

    fingerprint: str
    since: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Wrong PINs from one address; `until` is the end of its wait (Unix time, 0 for none).

    `wrong` counts from 0 again after each wait, `total` does not.
    """

    wrong: int = 0
    until: float = 0.0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Pairing:
    """The content of the file. `address` is where to listen in the home network, "" for nowhere."""

    pin: str
    address: str = ""
    wrong: int = 0
    tries: dict[str, Attempts] = field(default_factory=dict)
    phones: tuple[Phone, ...] = ()

    @property
    def spent(self) -> bool:
        """Whether there were so many wrong attempts that the PIN is no longer accepted."""
        return self.wrong >= ATTEMPTS_IN_ALL


def new_pin() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def renew_pin(pairing: Pairing) -> Pairing:
    """Return the pairing with a new PIN and no attempts; the phones stay."""
    return replace(pairing, pin=new_pin(), wrong=0, tries={})


def forget_phones(pairing: Pairing) -> Pairing:
    """Return the pairing without phones and with a new PIN, as each phone knew the old one."""
    return replace(renew_pin(pairing), phones=())


def enter_pin(pairing: Pairing, pin: str, client: str, now: float) -> tuple[Pairing, PinResult]:
    """Try a PIN from an address at a Unix time; return the pairing afterwards and the result.

    The PIN is not even compared while the address has to wait, or once the PIN is spent.
    """
    device = device_of(client)
    attempts = pairing.tries.get(device, Attempts())
    if pairing.spent or attempts.total >= ATTEMPTS_PER_ADDRESS:
        return pairing, PinResult.SPENT
    # A clock that was set back must not make the wait longer than `WAIT_S`.
    if now < attempts.until <= now + WAIT_S:
        return pairing, PinResult.WAIT
    others = {address: kept for address, kept in pairing.tries.items() if address != device}
    if hmac.compare_digest(pin.encode(), pairing.pin.encode()):
        return replace(pairing, tries=others), PinResult.OPEN
    wrong = attempts.wrong + 1 if attempts.until == 0 else 1
    until = now + WAIT_S if wrong >= ATTEMPTS_BEFORE_WAIT else 0.0
    now_tried = Attempts(wrong, until, attempts.total + 1)
    pairing = replace(pairing, wrong=pairing.wrong + 1, tries={**others, device: now_tried})
    if pairing.spent or now_tried.total >= ATTEMPTS_PER_ADDRESS:
        return pairing, PinResult.SPENT
    return pairing, PinResult.WAIT if until else PinResult.WRONG


def device_of(client: str) -> str:
    """Return the address by which a client's attempts are counted.

    For a public address, which can only be IPv6, this is its /64 network. At home each device is
    counted by itself, so that one device with a forgotten PIN keeps no other out. A device may give
    itself any number of IPv6 addresses within its network (RFC 8981): `ATTEMPTS_IN_ALL` limits how
    often it can guess, and phones that are already paired need no PIN.
    """
    address = parse_address(client)
    if address is None or address.version == 4 or address.is_private:
        return str(address or client)
    return str(ip_network((address, 64), strict=False))


def add_phone(pairing: Pairing, day: str, *, replaces: str = "") -> tuple[Pairing, tuple[str, str]]:
    """Return the pairing with a new phone, and the phone's token and secret.

    The new phone replaces the one whose token is `replaces`; beyond `PHONES_MAX` the oldest goes.
    """
    token, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    earlier = _fingerprint(replaces)
    kept = (phone for phone in pairing.phones if phone.fingerprint != earlier)
    phones = (*kept, Phone(_fingerprint(token), day, _fingerprint(secret)))
    return replace(pairing, phones=phones[-PHONES_MAX:]), (token, secret)


def is_paired(pairing: Pairing, token: str, secret: str | None = None) -> bool:
    """Return whether a paired phone has this token and, if one is given, this secret."""
    sent, kept = _fingerprint(token), _fingerprint(secret or "")
    return any(
        hmac.compare_digest(sent, phone.fingerprint)
        and (secret is None or hmac.compare_digest(kept, phone.secret))
        for phone in pairing.phones
    )


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class PairingFile:
    """The file of a `Pairing`. A change is on disk when `change` returns.

    A file that cannot be read counts as missing: nothing listens, and every phone is forgotten.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._without_file = Pairing(new_pin())

    def read(self) -> Pairing:
        """Return the present content of the file: another window of the app may have changed it."""
        with suppress(OSError, ValueError):
            pairing = _read(self.path.read_bytes())
            if _PIN.fullmatch(pairing.pin):
                # `change` may have saved the old PIN: make a new one, for when the file is gone.
                self._without_file = Pairing(new_pin())
                return pairing
        return self._without_file

    def change(self, edit: Callable[[Pairing], tuple[Pairing, T]]) -> T:
        """Change the file and return the second value of `edit`. OSError: nothing has changed."""
        with self._lock:
            before = self.read()
            pairing, answer = edit(before)
            if pairing != before:
                files.write_private(self.path, json.dumps(asdict(pairing)).encode())
            return answer

    def update(self, edit: Callable[[Pairing], Pairing]) -> None:
        """Change the file. Raises OSError as `change` does."""
        self.change(lambda pairing: (edit(pairing), None))


@lru_cache(maxsize=1)
def _read(text: bytes) -> Pairing:
    # Imported here so that a server without this file can answer before pydantic is imported.
    from pydantic import TypeAdapter

    return TypeAdapter(Pairing).validate_json(text)
