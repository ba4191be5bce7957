"""What one run of a page works with: the language, the person, and the person's database."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import streamlit as st

from holdwell.i18n import messages
from holdwell.i18n.languages import Language, choose, content_folder, languages
from holdwell.i18n.messages import Run
from holdwell.i18n.toml_reader import ContentError
from holdwell.store.errors import StoreError
from holdwell.store.people import Person
from holdwell.store.repository import Store
from holdwell.ui.runtime import late_files, unlock
from holdwell.ui.runtime.process_state import database_file


class DatabaseSession:
    """A person's database: opened at the first use, closed at the end of the run."""

    _store: Store | None = None

    def store(self, person: Person) -> Store:
        """Return the open store of the `person` of the run. Raises StoreError."""
        if self._store is None:
            unlock.require_open(person.database)
            self._store = Store(database_file(person.database), one_run=True)
        return self._store

    def close(self) -> None:
        """Let go of the file, so that it can be replaced; the next use opens it again."""
        if self._store is not None:
            self._store.close()
            self._store = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext(Run):
    """One run of a page. `person` is None where the browser has not said who is using it."""

    person: Person | None
    session: DatabaseSession = field(default_factory=DatabaseSession)

    @property
    def user(self) -> Person:
        """The person, on pages that are shown only to one. Raises LookupError without one."""
        if self.person is None:
            raise LookupError("no person is chosen in this run")
        return self.person

    @property
    def store(self) -> Store:
        """The person's database. Raises StoreError, and LookupError without a person."""
        return self.session.store(self.user)


@contextmanager
def new_run(person: Person | None) -> Iterator[RunContext]:
    """Begin a run for a person, in the person's language, and close the database at its end."""
    run = RunContext(person=person)
    try:
        run = replace(run, language=_language(run))
        late_files.keep_earlier()
        with messages.inside(run):
            yield run
    finally:
        run.session.close()


def current_run() -> RunContext:
    """Return the run that this code is part of. Raises LookupError outside of one."""
    run = messages.running()
    if not isinstance(run, RunContext):
        raise LookupError("no page is running")
    return run


def browser_locale() -> str:
    """Return the browser's own language, such as es-MX: `handshake.js` adds it to the page's."""
    return (st.context.locale or "").rpartition("-x-")[2]


def _language(run: RunContext) -> Language | None:
    """Return the language that the person chose, else the browser's.

    None where content/ cannot be read: that fault has its own words on the page.
    """
    chosen = ""
    if run.person is not None:
        # What is wrong with the database is said later, in the browser's language.
        with suppress(StoreError):
            chosen = run.store.profile().language
    try:
        return choose(languages(content_folder()), chosen, browser_locale())
    except ContentError:
        return None
