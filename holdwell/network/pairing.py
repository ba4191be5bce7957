"""The PIN, the phones that have entered it, and the guesses: in one file beside the record.

The file is readable by her alone (mode 0600) and is neither exported nor backed up. It holds the
PIN as it is: of six digits any fingerprint is soon undone, and whoever can read this file can read
the record itself. Of a phone's token it holds only the fingerprint.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

FILE_NAME = "home-network.json"
PIN_DIGITS = 6
TRIES_EACH = 5
"""Wrong PINs from one address before it has to wait."""
WAIT_S = 15 * 60
TRIES_IN_ALL = 20
"""Wrong PINs from all addresses before a PIN opens nothing any more: a guesser's chance is
20 in a million for each PIN that she makes."""
PHONES_MAX = 20

T = TypeVar("T")


class Verdict(StrEnum):
    """What came of a PIN that was entered."""

    OPEN = "open"
    WRONG = "wrong"
    WAIT = "wait"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Phone:
    """A device that may come in: its token's SHA-256, and the day (ISO 8601) of its PIN."""

    fingerprint: str
    since: str


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong PINs from one address; `until` is the end of its wait (Unix time), 0 for none."""

    wrong: int = 0
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of the home network. `address` is where she asked to listen, "" for nowhere."""

    pin: str
    address: str = ""
    wrong: int = 0
    tries: dict[str, Tries] = field(default_factory=dict)
    phones: tuple[Phone, ...] = ()

    @property
    def spent(self) -> bool:
        """Whether the PIN was guessed at so often that it opens nothing any more."""
        return self.wrong >= TRIES_IN_ALL


def new_pin() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def fresh(keys: Keys) -> Keys:
    """With a new PIN; the guesses at the last one are forgotten, the phones are not."""
    return replace(keys, pin=new_pin(), wrong=0, tries={})


def forgotten(keys: Keys) -> Keys:
    """Without any phone, and with a new PIN: who had one knew the last."""
    return replace(fresh(keys), phones=())


def entered(keys: Keys, given: str, client: str, now: float) -> tuple[Keys, Verdict]:
    """Try a PIN from an address at a Unix time. A wait, and a spent PIN, are not even compared."""
    if keys.spent:
        return keys, Verdict.SPENT
    tries = keys.tries.get(client, Tries())
    # A clock that was set back must not make a wait longer than it is.
    if now < tries.until <= now + WAIT_S:
        return keys, Verdict.WAIT
    if hmac.compare_digest(given.encode(), keys.pin.encode()):
        return replace(keys, tries={k: v for k, v in keys.tries.items() if k != client}), (
            Verdict.OPEN
        )
    wrong = tries.wrong + 1 if tries.until == 0 else 1
    noted = Tries(wrong, now + WAIT_S if wrong >= TRIES_EACH else 0.0)
    keys = replace(keys, wrong=keys.wrong + 1, tries={**keys.tries, client: noted})
    if keys.spent:
        return keys, Verdict.SPENT
    return keys, Verdict.WAIT if noted.until else Verdict.WRONG


def admitted(keys: Keys, day: str) -> tuple[Keys, str]:
    """With one phone more, and the token it shall keep. The oldest makes room."""
    token = secrets.token_urlsafe(32)
    phones = (*keys.phones, Phone(_fingerprint(token), day))
    return replace(keys, phones=phones[-PHONES_MAX:]), token


def knows(keys: Keys, token: str) -> bool:
    """Whether a token is that of a phone that was let in. Takes the same time for each phone."""
    given = _fingerprint(token)
    return sum(hmac.compare_digest(given, phone.fingerprint) for phone in keys.phones) > 0


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class KeyFile:
    """The file of the keys. Reads are cheap; each change is on disk when `change` returns.

    A file that cannot be read counts as none: the door stays shut, every phone is forgotten.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._keys = Keys(new_pin())

    def read(self) -> Keys:
        """What the file says now. Another window of the app may have changed it."""
        with self._lock:
            return self._read()

    def change(self, made: Callable[[Keys], tuple[Keys, T]]) -> T:
        """Change the file. OSError, with nothing changed, if it cannot be written."""
        with self._lock:
            keys, answer = made(self._read())
            if keys != self._keys or self._seen is None:
                self._write(keys)
            return answer

    def set(self, made: Callable[[Keys], Keys]) -> None:
        """Change the file, with nothing to tell. OSError as in `change`."""
        self.change(lambda keys: (made(keys), None))

    def _read(self) -> Keys:
        seen = self._look()
        if seen != self._seen:
            self._keys = self._parsed() or Keys(new_pin())
            self._seen = seen
        return self._keys

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _parsed(self) -> Keys | None:
        try:
            raw: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            pin = str(raw["pin"])
            if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
                return None
            return Keys(
                pin,
                str(raw["address"]),
                int(raw["wrong"]),
                {
                    str(k): Tries(int(v["wrong"]), float(v["until"]))
                    for k, v in raw["tries"].items()
                },
                tuple(Phone(str(p["fingerprint"]), str(p["since"])) for p in raw["phones"]),
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _write(self, keys: Keys) -> None:
        part = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.part")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                json.dump(asdict(keys), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)
        self._keys, self._seen = keys, self._look()
