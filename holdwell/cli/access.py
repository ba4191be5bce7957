"""Whose record a command is about, and its passphrase."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from holdwell.encryption import rekey
from holdwell.encryption.rekey import WrongPassphraseError
from holdwell.i18n.messages import say
from holdwell.store import people, sqlcipher
from holdwell.store.database import StoreError, StoreProblem

VARIABLE = "HOLDWELL_PASSPHRASE"


class RefusedError(Exception):
    """The command cannot be done as asked. The text says why and what to do."""


def record(folder: Path, name: str) -> Path:
    """The database of the person of that name; of the first one for "". Raises RefusedError."""
    everyone = people.people(folder)
    if not name:
        return everyone[0].database
    found = people.named(folder, name)
    if found is None:
        known = ", ".join(one.name for one in everyone if one.name) or "–"
        raise RefusedError(say("cli.no_person", name=name, known=known))
    return found.database


def unlock(database: Path, *, ask: bool) -> None:
    """Open an encrypted record with the passphrase of HOLDWELL_PASSPHRASE, else `ask` for it.

    Never an option: what a command is given, everyone on the computer may read in its list of
    programs. Raises RefusedError, StoreError.
    """
    if sqlcipher.sealed_salt(database) is None:
        return
    given = os.environ.get(VARIABLE)
    if given is None and not ask:
        return
    if given is None:
        if not sys.stdin.isatty():
            raise RefusedError(say("cli.sealed"))
        given = getpass.getpass(say("cli.ask_passphrase"))
    try:
        rekey.unlock(database, given)
    except WrongPassphraseError as error:
        raise RefusedError(say("locked.wrong")) from error
    except StoreError as error:
        # A damaged record can still have a backup brought back; any other command says so itself.
        if error.problem is not StoreProblem.DAMAGED:
            raise
