"""Find and unlock the database that a command works on."""

import getpass
import os
import sys
from pathlib import Path

from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.i18n.messages import say
from holdwell.store import database, people
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.keys import Keyring
from holdwell.store.sqlcipher import DatabaseFile

VARIABLE = "HOLDWELL_PASSPHRASE"


class RefusedError(Exception):
    """A command cannot be done as asked. The text says why and what to do."""


def database_of(folder: Path, name: str) -> DatabaseFile:
    """Return the database of the person with this name ("": the first). Raises RefusedError."""
    person = people.find(folder, name) if name else people.people(folder)[0]
    if person is None:
        known = ", ".join(other.name for other in people.people(folder) if other.name) or "–"
        raise RefusedError(say("cli.no_person", name=name, known=known))
    return DatabaseFile(person.database, Keyring())


def unlock(file: DatabaseFile, *, ask: bool) -> None:
    """Unlock an encrypted database with the passphrase in HOLDWELL_PASSPHRASE, else `ask` for it.

    If it is lost, or too damaged to tell that it was encrypted, unlock its backups. There is no
    option for the passphrase, because every program on the computer can read the options of a
    running command. Raises RefusedError, StoreError.
    """
    passphrase = os.environ.get(VARIABLE)
    copies_alone = (
        file.salt() is None
        and bool(rekey.locked_copies(file))
        and (database.is_lost(file.path) or database.looks_damaged(file))
    )
    if not (copies_alone or file.salt()) or (passphrase is None and not ask):
        return
    if passphrase is None and (sys.stdin is None or not sys.stdin.isatty()):
        raise RefusedError(say("cli.encrypted"))
    try:
        if passphrase is None:
            passphrase = getpass.getpass(say("cli.ask_passphrase"))
        rekey.unlock(file, passphrase)
        if copies_alone and not rekey.unlock_copies(file, passphrase):
            raise WrongPassphraseError
    except EOFError as error:  # Ctrl-D.
        raise RefusedError(say("cli.encrypted")) from error
    except (WrongPassphraseError, UnicodeError) as error:  # Or bytes that are not valid UTF-8.
        raise RefusedError(say("locked.wrong")) from error
    except StoreError as error:
        # A backup can be restored over a damaged database; the other commands report the damage.
        if error.problem is not StoreProblem.DAMAGED:
            raise
