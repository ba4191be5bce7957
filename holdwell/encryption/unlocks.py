"""Which browsers may read which encrypted database, for how long: in memory alone."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence

from holdwell.store.sqlcipher import Keyring

IDLE_S = 12 * 3600
"""After so long without use a database locks itself: longer than a night, so that a cramp at three
needs no passphrase, and shorter than a day away."""


class Unlocks:
    """The browsers that gave a passphrase. With the last of them the key leaves the keyring.

    A browser is known by tokens that are made here, a fresh one each time it unlocks a database, so
    that one which was seen earlier is of no use. `clocks` give seconds, and one of them is enough
    to call a database idle: the first stands still while some computers sleep, the second may be
    set back.
    """

    def __init__(
        self, keyring: Keyring, clocks: Sequence[Callable[[], float]] = (time.monotonic, time.time)
    ) -> None:
        self._keyring = keyring
        self._clocks = clocks
        self._used: dict[tuple[str, bytes], list[float]] = {}
        self._browser_of: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = secrets.token_urlsafe(6)
        self._locks = 0

    @property
    def generation(self) -> str:
        """Which server this is, and how often a database was locked in a browser so far: a page
        that was made before the latest lock has an earlier number, and must not stay."""
        return f"{self._server}.{self._locks}"

    def unlock(self, browser: str, salt: bytes) -> str:
        """Let a browser in that has given the passphrase, and return its fresh token, which unlocks
        what it has unlocked by its token so far, too."""
        with self._lock:
            fresh = secrets.token_urlsafe(24)
            self._browser_of[fresh] = self._browser_of.get(browser, fresh)
            # Before the idle ones go, and take the key with them that was just given.
            self._used[fresh, salt] = self._now()
            self._expire()
            for token, earlier in list(self._used):
                if token == browser and earlier != salt:
                    self._used[fresh, earlier] = self._used[token, earlier]
            return fresh

    def is_unlocked(self, browser: str, salt: bytes, *, in_use: bool = True) -> bool:
        """Return whether a browser may read the database; asking counts as use where it is one."""
        with self._lock:
            self._expire()
            if (browser, salt) not in self._used:
                return False
            if in_use:
                self._used[browser, salt] = self._now()
            return True

    def lock(self, browser: str, salt: bytes) -> None:
        """Lock the database for one browser, by whichever of its tokens."""
        with self._lock:
            self._locks += 1
            self._expire((self._browser_of.get(browser), salt))

    def expire(self) -> None:
        """Lock what has not been used for `IDLE_S`."""
        with self._lock:
            self._expire()

    def _now(self) -> list[float]:
        return [clock() for clock in self._clocks]

    def _expire(self, locked: tuple[str | None, bytes] | None = None) -> None:
        """Forget what is idle, or what one browser has `locked`, and the keys that none needs."""
        now = self._now()
        gone = [
            (token, salt)
            for (token, salt), used in self._used.items()
            if (self._browser_of[token], salt) == locked
            or any(late - early >= IDLE_S for late, early in zip(now, used, strict=True))
        ]
        for one in gone:
            del self._used[one]
        free = {salt for _, salt in gone} | ({locked[1]} if locked else set())
        for salt in free - {salt for _, salt in self._used}:
            self._keyring.drop(salt)
        known = {token for token, _ in self._used}
        self._browser_of = {t: one for t, one in self._browser_of.items() if t in known}
