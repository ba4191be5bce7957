"""State that all runs of all pages share while the server runs."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from holdwell.encryption.unlocks import Unlocks
from holdwell.network.pairing import PairingFile
from holdwell.network.server import HomeListener
from holdwell.store.keys import Keyring
from holdwell.store.people import default_folder
from holdwell.store.sqlcipher import DatabaseFile


@dataclass(slots=True)
class ProcessState:
    """The only state that outlives a run and is not on disk, one for each data folder.

    These hold databases: `found_sound` those found undamaged since the start, by path and inode;
    `upkeep_done` those whose upkeep was done, with the day; `backup_due` those whose daily backup
    is still to be made; `backup_failed` those whose backup failed. `windows` maps Streamlit's id of
    a session to the token and the salt with which it last showed an encrypted database.
    """

    pairing: PairingFile
    keyring: Keyring
    unlocks: Unlocks
    listener: HomeListener | None = None
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    windows: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    found_sound: set[tuple[Path, int]] = field(default_factory=set)
    upkeep_done: set[tuple[Path, date]] = field(default_factory=set)
    backup_due: set[Path] = field(default_factory=set)
    backup_failed: set[Path] = field(default_factory=set)


# Not st.cache_resource: any open page can make Streamlit clear it, and then every key and the only
# way to close the listener would be lost.
@cache
def _state_of(folder: Path) -> ProcessState:
    keyring = Keyring()
    return ProcessState(PairingFile(folder), keyring, Unlocks(keyring))


def process_state() -> ProcessState:
    """Return the state for the current data folder."""
    try:
        folder = default_folder()
    except OSError as error:
        # The server starts all the same, and its pages say that the folder cannot be reached.
        folder = Path(error.filename)
    return _state_of(folder)


def database_file(database: Path) -> DatabaseFile:
    """Return a database file with the keys that this process has."""
    return DatabaseFile(database, process_state().keyring)
