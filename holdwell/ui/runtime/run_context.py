"""The context of one run of a page: the language, the person, their database and the computer."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import streamlit as st

from holdwell.i18n.languages import Language, choose, content_folder, languages
from holdwell.i18n.messages import Run, inside, running
from holdwell.i18n.toml_reader import ContentError
from holdwell.network.middleware import LISTENER, LOCAL
from holdwell.store.errors import StoreError
from holdwell.store.people import Person
from holdwell.store.repository import Store
from holdwell.ui.runtime import streamlit_internals, unlock
from holdwell.ui.runtime.process_state import database_file

OWN_CHANGES = "hw-own-changes"
"""In the session state: the ids of the changes that this window has made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext(Run):
    """One run of a page. `person` is None if it is not known who is using the browser."""

    person: Person | None
    _opened: list[Store] = field(default_factory=list)
    """The person's store while it is open; else empty. A list, because the context is frozen."""

    @property
    def user(self) -> Person:
        """The person, for pages that need one. Raises LookupError if there is none."""
        if self.person is None:
            raise LookupError("no person is chosen in this run")
        return self.person

    @property
    def store(self) -> Store:
        """The person's database, opened at its first use and closed at the end of the run.

        Raises StoreError, or LookupError if there is no person.
        """
        if not self._opened:
            database = self.user.database
            unlock.require_open(database)
            own_changes = st.session_state.setdefault(OWN_CHANGES, set())
            self._opened.append(Store(database_file(database), own_changes))
        return self._opened[0]

    def close_database(self) -> None:
        """Close the file so that it can be replaced; the next use of `store` opens it again."""
        if self._opened:
            self._opened.pop().close()


@contextmanager
def new_run(person: Person | None) -> Iterator[RunContext]:
    """Run the block for a person and in their language, and close the database at its end."""
    run = RunContext(person=person)
    try:
        streamlit_internals.keep_files()
        run = replace(run, language=_language(run))
        with inside(run):
            yield run
    finally:
        run.close_database()


def current_run() -> RunContext:
    """Return the current run. Raises LookupError outside of one."""
    run = running()
    if not isinstance(run, RunContext):
        raise LookupError("no page is running")
    return run


def at_this_computer() -> bool:
    """Return whether the page is open on this computer; False if that is not known."""
    return bool(st.context.headers.get(LISTENER) == LOCAL)


def _language(run: RunContext) -> Language | None:
    """Return the language that the person chose, or the browser's; None for a fault in content/."""
    chosen = ""
    if run.person is not None:
        # The page reports a fault of the database later, in the browser's language.
        with suppress(StoreError):
            chosen = run.store.profile().language
    try:
        # `handshake.js` appends the browser's own language, such as es-MX, to the page's.
        browser_locale = (st.context.locale or "").rpartition("-x-")[2]
        return choose(languages(content_folder()), chosen, browser_locale)
    except ContentError:
        return None
