"""The keys of encrypted databases: derived from a passphrase, and kept in memory alone.

An encrypted database is an ordinary SQLCipher 4 file with default settings: any tool that knows the
format can open it with the passphrase (https://www.zetetic.net/sqlcipher/design/).
"""

import hashlib
import threading
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

PASSPHRASE_MIN = 8
"""Characters. Someone who has the file could soon guess a shorter one."""
SALT_BYTES = 16
KEY_BYTES = 32
_ROUNDS = 256_000
"""PBKDF2-HMAC-SHA512 rounds: SQLCipher 4's default, with its page size and salt length
(https://www.zetetic.net/sqlcipher/sqlcipher-api/#kdf_iter)."""


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a database and its backups: derived from the passphrase and the files' salt."""

    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    @property
    def literal(self) -> str:
        """The key and salt in SQLCipher's notation for a key that needs no derivation."""
        return f"\"x'{self.raw.hex()}{self.salt.hex()}'\""


def normalize(passphrase: str) -> str:
    """Return the passphrase without blanks at its ends, which a phone's keyboard adds, and in
    Unicode's form NFC, because keyboards differ in how they write an é."""
    return unicodedata.normalize("NFC", passphrase.strip())


def derive(passphrase: str, salt: bytes) -> Key:
    """Derive the key (about 0.1 s). `salt`: the first 16 bytes of the file, or new random bytes."""
    given = normalize(passphrase).encode()
    return Key(hashlib.pbkdf2_hmac("sha512", given, salt, _ROUNDS, KEY_BYTES), salt)


class Keyring:
    """The keys in use, kept in memory alone, and what is known of the files. A process has one."""

    def __init__(self) -> None:
        self._keys: dict[bytes, Key] = {}
        self.seen: set[bytes] = set()
        """The salts of all encrypted files that were looked at so far."""
        self.beginnings: dict[Path, tuple[tuple[int, ...], bytes]] = {}
        """By path, the file's state when it was last looked at (device, inode, size and times: any
        change to it changes one of them), and its first bytes then: a salt or SQLite's header."""
        self.opened: set[Path] = set()
        """The databases that this process has opened: if one is missing now, it is not new."""
        self.looking = threading.Lock()
        self.rekeying = threading.Lock()
        """Held while a passphrase is changed: a process does this once at a time."""

    def add(self, key: Key) -> None:
        self._keys[key.salt] = key

    def drop(self, salt: bytes) -> None:
        self._keys.pop(salt, None)

    def get(self, salt: bytes | None) -> Key | None:
        return None if salt is None else self._keys.get(salt)
