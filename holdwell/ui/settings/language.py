"""The field with which the user chooses the language of the pages."""

from dataclasses import replace

import streamlit as st

from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import language, say
from holdwell.store.repository import Store
from holdwell.ui.common import forms
from holdwell.ui.runtime import clock

FOLLOW = "browser"
"""The option to follow the browser's language."""


def choose(store: Store, *, browser: bool = True) -> None:
    """Let the user choose the language, or with `browser` also to follow the browser's; save it."""
    key = "hw-language-choice"
    profile = store.profile()
    names = {entry.code: entry.name for entry in languages(content_folder())}
    if browser:
        names = {FOLLOW: say("settings.language_browser")} | names
    current = forms.initial(key, (profile.language or FOLLOW) if browser else language().code)
    shown = current if current in names else FOLLOW
    option = forms.exactly_one(say("settings.language"), names, shown, key, names)
    edited = replace(profile, language="" if option == FOLLOW else option)
    if forms.save_if_changed(
        key, option, lambda: store.change_profile(profile, edited, clock.now())
    ):
        st.rerun()
