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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext(Run):
    """One run of a page. `person` is None where the browser has not said who is using it."""

    person: Person | None
    _opened: list[Store] = field(default_factory=list)
    """The person's store, once it is open."""

    @property
    def user(self) -> Person:
        """The person, on pages that are shown only to one. Raises LookupError without one."""
        if self.person is None:
            raise LookupError("no person is chosen in this run")
        return self.person

    @property
    def store(self) -> Store:
        """The person's database: opened at the first use, closed at the end of the run.

        Raises StoreError, and LookupError without a person.
        """
        if not self._opened:
            database = self.user.database
            unlock.require_open(database)
            self._opened.append(Store(database_file(database), one_run=True))
        return self._opened[0]

    def close_database(self) -> None:
        """Let go of the file, so that it can be replaced; the next use opens it again."""
        if self._opened:
            self._opened[0].close()
            self._opened.clear()


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
        run.close_database()


def current_run() -> RunContext:
    """Return the run that this code is part of. Raises LookupError outside of one."""
    run = messages.running()
    if not isinstance(run, RunContext):
        raise LookupError("no page is running")
    return run


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
        # `handshake.js` adds the browser's own language, such as es-MX, to the page's.
        browsers = (st.context.locale or "").rpartition("-x-")[2]
        return choose(languages(content_folder()), chosen, browsers)
    except ContentError:
        return None
