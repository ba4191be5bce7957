"""Which browsers may read which encrypted database, for how long: in memory alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from holdwell.store.sqlcipher import Keyring

IDLE_S = 12 * 3600
"""After so long without use a database locks itself: longer than a night, so that a cramp at three
needs no passphrase, and shorter than a day away."""


class Unlocks:
    """The browsers that gave a passphrase. With the last of them the key leaves the keyring.

    A browser is known by a random token; `clock` gives seconds. The time is taken under the lock,
    and where the clock is set back nothing counts as idle.
    """

    def __init__(self, keyring: Keyring, clock: Callable[[], float] = time.time) -> None:
        self._keyring = keyring
        self._clock = clock
        self._used: dict[tuple[str, bytes], float] = {}
        self._lock = threading.Lock()

    def unlock(self, browser: str, salt: bytes) -> None:
        """Let a browser in that has given the passphrase."""
        with self._lock:
            self._used[browser, salt] = self._clock()

    def is_unlocked(self, browser: str, salt: bytes) -> bool:
        """Return whether a browser may read the database; asking counts as use."""
        with self._lock:
            self._expire()
            if (browser, salt) not in self._used:
                return False
            self._used[browser, salt] = self._clock()
            return True

    def lock(self, browser: str, salt: bytes) -> None:
        """Lock the database for one browser."""
        with self._lock:
            self._used.pop((browser, salt), None)
            self._expire()
            if all(other != salt for _, other in self._used):
                self._keyring.drop(salt)

    def _expire(self) -> None:
        now = self._clock()
        idle = [one for one, used in self._used.items() if now - used >= IDLE_S]
        for one in idle:
            del self._used[one]
        in_use = {salt for _, salt in self._used}
        for _, salt in idle:
            if salt not in in_use:
                self._keyring.drop(salt)
