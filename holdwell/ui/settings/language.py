"""The language of the page: telling the browser, and letting the user choose."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import language, say
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.javascript import bundle

_lang = st.components.v2.component(
    "holdwell_language", js=bundle(Path(__file__).parent / "language.js"), isolate_styles=False
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
