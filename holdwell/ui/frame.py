"""What every page has: look, header, navigation, the demo's sign, and words for every failure."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from holdwell.backup import daily, retention
from holdwell.encryption import rekey
from holdwell.guide import guide
from holdwell.i18n.messages import choose, plain, say, speaking
from holdwell.i18n.toml_reader import ContentError, content_folder, languages
from holdwell.store import database as schema
from holdwell.store import undo
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import default_folder
from holdwell.store.snapshot import CopyError
from holdwell.ui.data import people
from holdwell.ui.errors import guarded, quiet
from holdwell.ui.errors import log_path as log_path
from holdwell.ui.runtime import clock, current_person, unlock
from holdwell.ui.runtime.db_session import database as database
from holdwell.ui.runtime.db_session import let_go as let_go
from holdwell.ui.runtime.db_session import one_connection
from holdwell.ui.runtime.flash import flash as flash
from holdwell.ui.runtime.flash import show_flash as show_flash
from holdwell.ui.settings import language, phone_access

PAGES = Path("pages")
_HERE = Path(__file__).parent
_inside_frame: ContextVar[bool] = ContextVar("inside_frame", default=False)


@cache
def _style() -> str:
    return (_HERE / "theme.css").read_text(encoding="utf-8")


def page_path(name: str) -> str:
    """The path by which Streamlit knows a page."""
    return str(PAGES / f"{name}.py")


def known_pages() -> list[str]:
    """The names of all pages."""
    return sorted(file.stem for file in (_HERE.parent.parent / PAGES).glob("*.py"))


def _words_in_style() -> str:
    """What Streamlit says in English only, and the style sheet says in its place."""
    words = quiet("app.choose_file", "Choose a file")
    # JSON's quoting is CSS's for what our texts hold; no text of hers comes in here.
    return f":root {{ --hw-choose-file: {json.dumps(words, ensure_ascii=False)} }}"


_NAV = (
    ("today", ":material/home:"),
    ("stretch", ":material/self_improvement:"),
    ("guide", ":material/menu_book:"),
    ("history", ":material/list_alt:"),
    ("progress", ":material/bar_chart:"),
    ("settings", ":material/settings:"),
)


def run() -> None:
    """Set the page up, show the frame, run the page she is on."""
    st.set_page_config(
        page_title=quiet("app.name", "Holdwell"),
        # A file of ours: Streamlit would fetch an icon or an emoji from another host.
        page_icon=str(_HERE / "icon.png"),
        layout="centered",
        initial_sidebar_state="collapsed",
    )
    inside = _inside_frame.set(True)
    trouble: OSError | None = None
    person = None
    try:
        person = current_person.settle()
    except OSError as error:
        trouble = error
    try:
        with one_connection(), _in_her_language():
            st.html(f"<style>{_style()}\n{_words_in_style()}</style>")
            with guarded():
                language.tell_browser()
                if trouble is not None:
                    raise StoreError(StoreProblem.UNREACHABLE, default_folder(), str(trouble))
                current = _navigate()
                current_person.remember(current.url_path)
                _header()
                _navigation(current.url_path or "today")
                # A fault of content/ is said on the page opened first, before it is needed.
                guide()
                if current.url_path in _WITHOUT_RECORD:
                    with suppress(StoreError):
                        _demo_sign()
                    current.run()
                elif person is None:
                    st.title(say("people.title"), anchor=False)
                    st.text(say("people.choose"))
                    people.choose()
                else:
                    _with_record(person.database, current)
    finally:
        _inside_frame.reset(inside)


_WITHOUT_RECORD = ("safety", "evidence")
"""Pages that need no record: the stop signs are one tap away, whoever is here."""


def _with_record(path: Path, current: StreamlitPage) -> None:
    if not unlock.is_open(path):
        raise StoreError(StoreProblem.SEALED, path)
    _check_once(path)
    _demo_sign()
    phone_access.sign(page_path("settings"))
    _look_after_once_a_day(path)
    current.run()


def _navigate() -> StreamlitPage:
    """Tell Streamlit the pages; return the one she is on.

    Without icons: the browser would fetch a page's icon from another host, for its tab.
    """
    pages = [
        st.Page(page_path(name), title=say(f"nav.{name}"), default=name == "today")
        for name, _icon in _NAV
    ]
    pages += [
        st.Page(page_path("welcome"), title=say("welcome.title")),
        st.Page(page_path("safety"), title=say("app.stop_signs")),
        st.Page(page_path("evidence"), title=say("evidence.page")),
        st.Page(page_path("routines"), title=say("routines.title")),
        st.Page(page_path("review"), title=say("review.title")),
        st.Page(page_path("record"), title=say("record.title")),
        st.Page(page_path("report"), title=say("report.title")),
        st.Page(page_path("reminders"), title=say("reminders.title")),
        st.Page(page_path("changes"), title=say("changes.title")),
        st.Page(page_path("people"), title=say("people.title")),
    ]
    return st.navigation(pages, position="hidden")


def framed() -> None:
    """Make sure that a page runs inside the frame. Every page calls this first.

    Until st.navigation has been called once, Streamlit takes the folder pages/ for its older way
    of having pages, and a first visit to /stretch (a bookmark, a reload after a restart) would
    run that file alone. Calling st.navigation settles it; the rerun then goes through app.py.
    """
    if not _inside_frame.get():
        _navigate()
        st.rerun()


def _header() -> None:
    with st.container(
        key="hw-header",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        st.page_link(page_path("today"), label=say("app.name"))
        _who_is_here()
        st.page_link(page_path("safety"), label=say("app.stop_signs"), icon=":material/front_hand:")


def _who_is_here() -> None:
    """Whose record this is, and the way to lock it or to let someone else have the app."""
    several = len(current_person.everyone()) > 1
    path = current_person.database()
    sealed = unlock.has_passphrase(path)
    if current_person.nobody() or not (several or (sealed and unlock.is_open(path))):
        return
    name = current_person.here().name if several else ""
    with st.container(key="hw-here"):
        st.page_link(
            page_path("people"),
            label=plain(name) or say("people.lock_link" if sealed else "people.unnamed"),
            icon=":material/lock:" if sealed else ":material/person:",
        )


def _navigation(current: str) -> None:
    with st.container(key="hw-nav", horizontal=True):
        for name, icon in _NAV:
            with st.container(key=f"hw-nav-{name}{'-here' if name == current else ''}"):
                st.page_link(page_path(name), label=say(f"nav.{name}"), icon=icon)


def _demo_sign() -> None:
    if current_person.nobody():
        return
    with database() as store:
        if store.meta("demo") == "1":
            with st.container(key="hw-demo"):
                st.text(say("app.demo"))


@contextmanager
def _in_her_language() -> Iterator[None]:
    """Speak the language she chose, else her browser's. A fault of content/ has its own words."""
    try:
        spoken = choose(languages(content_folder()), _chosen_language(), st.context.locale)
    except ContentError:
        yield
        return
    with speaking(spoken):
        yield


def _chosen_language() -> str:
    # What is wrong with the record is said further on, in whatever language is left.
    if current_person.nobody():
        return ""
    try:
        with database() as store:
            return store.profile().language
    except StoreError:
        return ""


def forget_window() -> None:
    """Drop what this window remembers of a record: an undo, a filled form, a picture."""
    current_person.forget()
    st.cache_data.clear()


_sound: set[tuple[str, int]] = set()
"""Files found sound since the app started, by path and inode, so that each is checked once."""


def _check_once(path: Path) -> None:
    if not path.exists():
        return
    file = (str(path), path.stat().st_ino)
    if file in _sound:
        return
    if schema.looks_damaged(path):
        raise StoreError(StoreProblem.DAMAGED, path)
    _sound.add(file)


_looked_after: set[tuple[str, date]] = set()
"""Records looked after today, so that a run of a page asks only once a day."""


def _look_after_once_a_day(path: Path) -> None:
    """Let go of changes that are 30 days old, tidy the backups up, and make today's.

    What fails is no reason to keep her from stretching: it is noted, and of a backup the page of
    the record says so.
    """
    now = clock.now()
    today = now.local.date()
    if (str(path), today) in _looked_after:
        return
    _looked_after.add((str(path), today))
    log = logging.getLogger("holdwell")
    try:
        with database() as store:
            undo.forget(store, now)
        retention.sweep(path, now)
        rekey.settle(path)
    except (StoreError, OSError) as error:
        log.warning("%s was not tidied up today: %s", path, error)
    try:
        daily.make_daily(path, today)
        backup_trouble.discard(str(path))
    except (CopyError, OSError) as error:
        backup_trouble.add(str(path))
        log.warning("no backup of %s today: %s", path, error)


backup_trouble: set[str] = set()
"""Records whose last backup could not be made."""


def go(name: str) -> None:
    """Go to another page."""
    st.switch_page(page_path(name))
