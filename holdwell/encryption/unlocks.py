"""Which browsers may read which encrypted databases, and for how long; kept in memory alone."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence

from holdwell.store.keys import Keyring

IDLE_S = 12 * 3600
"""Seconds without use after which a database locks itself. That is longer than a night, so that a
cramp at 3:00 needs no passphrase, and shorter than a day away."""


class Unlocks:
    """The browsers that gave a passphrase. When the last one is locked, the key is forgotten.

    A browser is known by tokens. It gets a fresh one each time it unlocks a database, so that a
    token seen earlier is of no use. `clocks` return seconds; a database is idle as soon as one of
    them says so, because the first stops while some computers sleep, and the second may be set
    back.
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
        """The server, and how often a database has been locked so far. A page that was made before
        the latest lock has a lower number, and must disappear."""
        return f"{self._server}.{self._locks}"

    def unlock(self, browser: str, salt: bytes) -> str:
        """Unlock a database for a browser that has given the passphrase. Returns its fresh token,
        which also unlocks what its current token, `browser`, unlocks."""
        with self._lock:
            fresh = secrets.token_urlsafe(24)
            self._browser_of[fresh] = self._browser_of.get(browser, fresh)
            # Recorded before idle ones expire, which could drop the key that was just given.
            self._used[fresh, salt] = self._now()
            self._expire()
            for token, earlier in list(self._used):
                if token == browser and earlier != salt:
                    self._used[fresh, earlier] = self._used[token, earlier]
            return fresh

    def is_unlocked(self, browser: str, salt: bytes, *, in_use: bool = True) -> bool:
        """Return whether a browser may read the database. With `in_use`, that counts as use."""
        with self._lock:
            self._expire()
            if (browser, salt) not in self._used:
                return False
            if in_use:
                self._used[browser, salt] = self._now()
            return True

    def lock(self, browser: str, salt: bytes) -> None:
        """Lock the database for a browser, whichever of its tokens unlocked it."""
        with self._lock:
            self._locks += 1
            self._expire((self._browser_of.get(browser), salt))

    def expire(self) -> None:
        """Lock every database that has not been used for `IDLE_S`."""
        with self._lock:
            self._expire()

    def _now(self) -> list[float]:
        return [clock() for clock in self._clocks]

    def _expire(self, locked: tuple[str | None, bytes] | None = None) -> None:
        """Forget what is idle or `locked` (browser and salt), and keys no longer needed."""
        now = self._now()
        expired = [
            (token, salt)
            for (token, salt), used in self._used.items()
            if (self._browser_of[token], salt) == locked
            or any(end - start >= IDLE_S for end, start in zip(now, used, strict=True))
        ]
        for unlocked in expired:
            del self._used[unlocked]
        free = {salt for _, salt in expired} | ({locked[1]} if locked else set())
        for salt in free - {salt for _, salt in self._used}:
            self._keyring.drop(salt)
        active = {token for token, _ in self._used}
        self._browser_of = {t: browser for t, browser in self._browser_of.items() if t in active}
