"""Letting the user choose the language of the pages."""

from dataclasses import replace

import streamlit as st

from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import language, say
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock

FOLLOW = "browser"
"""The option to follow the browser's language."""


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
