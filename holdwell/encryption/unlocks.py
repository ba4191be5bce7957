"""Which browsers may read which encrypted database, for how long: in memory alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from holdwell.store.sqlcipher import Keyring

IDLE_S = 12 * 3600
"""After so long without use a database locks itself: longer than a night, so that a cramp at three
needs no passphrase, and shorter than a day away."""


Clock = Callable[[], float]


class Unlocks:
    """The browsers that gave a passphrase. With the last of them the key leaves the keyring.

    A browser is known by a random token. `clocks` give seconds, and idle is what one of them calls
    idle: the first stands still while some computers sleep, the second may be set back.
    """

    def __init__(
        self, keyring: Keyring, clocks: Sequence[Clock] = (time.monotonic, time.time)
    ) -> None:
        self._keyring = keyring
        self._clocks = clocks
        self._used: dict[tuple[str, bytes], list[float]] = {}
        self._lock = threading.Lock()

    def unlock(self, browser: str, salt: bytes) -> None:
        """Let a browser in that has given the passphrase."""
        with self._lock:
            self._used[browser, salt] = self._now()

    def is_unlocked(self, browser: str, salt: bytes) -> bool:
        """Return whether a browser may read the database; asking counts as use."""
        with self._lock:
            self._expire()
            if (browser, salt) not in self._used:
                return False
            self._used[browser, salt] = self._now()
            return True

    def lock(self, browser: str, salt: bytes) -> None:
        """Lock the database for one browser."""
        with self._lock:
            self._used.pop((browser, salt), None)
            self._expire()
            if all(other != salt for _, other in self._used):
                self._keyring.drop(salt)

    def _now(self) -> list[float]:
        return [clock() for clock in self._clocks]

    def _expire(self) -> None:
        now = self._now()
        idle = [
            browser
            for browser, used in self._used.items()
            if any(late - early >= IDLE_S for late, early in zip(now, used, strict=True))
        ]
        for one in idle:
            del self._used[one]
        in_use = {salt for _, salt in self._used}
        for _, salt in idle:
            if salt not in in_use:
                self._keyring.drop(salt)
