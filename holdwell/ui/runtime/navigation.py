"""The table of pages, and how to get from one to another."""

from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from holdwell.app_folder import APP_FOLDER
from holdwell.i18n.messages import say

PAGES_FOLDER = APP_FOLDER / "pages"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page: its name, which is that of its file and address, and how to navigate to it.

    A page with an `icon` is in the navigation bar. `parent` is the page that its back button leads
    to, and `back_key` the key of the text on that button. `needs_database` is false for pages that
    are shown even if no person is chosen or the database is locked. A page that `has_charts` loads
    slowly the first time.
    """

    name: str
    title_key: str
    icon: str = ""
    parent: str = ""
    back_key: str = ""
    needs_database: bool = True
    has_charts: bool = False


HOME = "today"
PAGES = (
    PageInfo(HOME, "nav.today", "home"),
    PageInfo("stretch", "nav.stretch", "self_improvement"),
    PageInfo("guide", "nav.guide", "menu_book"),
    PageInfo("history", "nav.history", "list_alt"),
    PageInfo("progress", "nav.progress", "bar_chart", has_charts=True),
    PageInfo("settings", "nav.settings", "settings"),
    PageInfo("welcome", "welcome.title"),
    PageInfo("safety", "app.stop_signs", needs_database=False),
    PageInfo(
        "evidence", "evidence.page", parent="guide", back_key="evidence.back", needs_database=False
    ),
    PageInfo("routines", "routines.title"),
    PageInfo("review", "review.title", parent="progress", back_key="review.back", has_charts=True),
    PageInfo("record", "record.title", parent="settings", back_key="record.back"),
    PageInfo("report", "report.title", parent="progress", back_key="report.back", has_charts=True),
    PageInfo("reminders", "reminders.title", parent="settings", back_key="reminders.back"),
    PageInfo("changes", "changes.title", parent="history", back_key="changes.back"),
    PageInfo("people", "people.settings", parent="settings", back_key="record.back"),
)
WELCOME_SHOWN = "hw-welcome-shown"
"""Session state key for whether this window has shown the welcome."""
LEFT = "hw-settings-left"
"""Session state key for the section of Settings from which another page was opened."""


@cache
def page_path(name: str) -> str:
    """Return the absolute path of a page's file, by which Streamlit identifies the page."""
    return str(PAGES_FOLDER / f"{name}.py")


def register_pages() -> tuple[PageInfo, StreamlitPage]:
    """Tell Streamlit about all pages; return the requested one, from our table and from Streamlit.

    Each run has its own copies: Streamlit notes in the current page whether it may still be run.
    """
    pages = [copy(_streamlit_page(info.name, say(info.title_key))) for info in PAGES]
    current = st.navigation(pages, position="hidden")
    shown = current.url_path or HOME
    return next(info for info in PAGES if info.name == shown), current


@cache
def _streamlit_page(name: str, title: str = "") -> StreamlitPage:
    """Return Streamlit's object for a page, made only once: it looks up the page's file.

    It has no icon: the browser would fetch the icon for its tab from another host.
    """
    return st.Page(page_path(name), title=title, default=name == HOME)


def show_bar(current: PageInfo) -> None:
    """Show the navigation bar, in which the `current` page is marked."""
    with st.container(key="hw-nav", horizontal=True):
        for info in PAGES:
            if info.icon:
                with st.container(key=f"hw-nav-{info.name}{'-here' if info is current else ''}"):
                    page_link(info.name, say(info.title_key), icon=info.icon)


def icon_of(name: str) -> str | None:
    """Return how Streamlit calls a Material Symbol such as "home"; None for ""."""
    return f":material/{name}:" if name else None


def page_link(name: str, label: str, *, icon: str = "", **address: str) -> None:
    """Show a link to a page; `address` has parameters for the page's address."""
    page, parameters = _streamlit_page(name), address or None
    st.page_link(page, label=label, icon=icon_of(icon), query_params=parameters)


def go(name: str, /, **address: str) -> NoReturn:
    """Leave this page for another; `address` has parameters for that page's address."""
    st.switch_page(page_path(name), query_params=address or None)
