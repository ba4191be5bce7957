"""The language of the page: telling the browser, and letting the user choose."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import language, say
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock

# A screen reader picks its voice by the page's language (WCAG 2.2, 3.1.1).
_lang = st.components.v2.component(
    "holdwell_language",
    js="export default ({ data }) => { document.documentElement.lang = data; };",
    isolate_styles=False,
)


FOLLOW = "browser"
"""The option to follow the browser's language."""


def tell_browser() -> None:
    """Set the language of the HTML page."""
    with st.container(key="hw-lang"):
        _lang(key="hw-language", data=language().locale.replace("_", "-"))


def choose(store: Store, *, browser: bool = True) -> None:
    """Let the user choose the language, saved at once; `browser` offers to follow the browser."""
    profile = store.profile()
    names = {one.code: one.name for one in languages(content_folder())}
    if browser:
        names = {FOLLOW: say("settings.language_browser")} | names
    current = (profile.language or FOLLOW) if browser else language().code
    option = st.pills(
        say("settings.language"),
        list(names),
        default=current if current in names else FOLLOW,
        required=True,
        format_func=lambda code: names.get(code, ""),
        key="hw-language-choice",
        width="stretch",
    )
    if option != current:
        chosen = "" if option == FOLLOW else option
        store.save_profile(replace(profile, language=chosen), clock.now())
        st.rerun()
