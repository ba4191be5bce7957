"""Which browsers may read which encrypted record, for how long: in memory alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from holdwell.store.sqlcipher import Keyring

IDLE_S = 12 * 3600
"""After so long without use a record locks itself: longer than a night, so that a cramp at three
needs no passphrase, and shorter than a day away."""


class Vault:
    """Who has opened what. When the last browser has left, the key is dropped from the keyring.

    A browser is known by a random token; `clock` gives seconds. The time is taken under the lock,
    and where the clock is set back nothing counts as idle.
    """

    def __init__(self, keyring: Keyring, clock: Callable[[], float] = time.time) -> None:
        self._keyring = keyring
        self._clock = clock
        self._used: dict[tuple[str, bytes], float] = {}
        self._lock = threading.Lock()

    def open(self, browser: str, salt: bytes) -> None:
        """Let a browser in that has given the passphrase."""
        with self._lock:
            self._used[browser, salt] = self._clock()

    def is_open(self, browser: str, salt: bytes) -> bool:
        """Whether a browser may read the record; asking counts as use."""
        with self._lock:
            self._forget()
            if (browser, salt) not in self._used:
                return False
            self._used[browser, salt] = self._clock()
            return True

    def shut(self, browser: str, salt: bytes) -> None:
        """Lock the record for one browser."""
        with self._lock:
            self._used.pop((browser, salt), None)
            self._forget()
            if all(other != salt for _, other in self._used):
                self._keyring.drop(salt)

    def _forget(self) -> None:
        now = self._clock()
        idle = [one for one, used in self._used.items() if now - used >= IDLE_S]
        for one in idle:
            del self._used[one]
        left = {salt for _, salt in self._used}
        for _, salt in idle:
            if salt not in left:
                self._keyring.drop(salt)
