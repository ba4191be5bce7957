"""The language of the page: telling the browser which it is, and letting her choose."""

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
"""The choice of no language of her own."""


def tell_browser() -> None:
    """Say in the page itself which language it is in."""
    with st.container(key="hw-lang"):
        _lang(key="hw-language", data=language().locale.replace("_", "-"))


def choose(store: Store, *, browser: bool = True) -> None:
    """Let her choose the language, saved at once. `browser` offers to follow the browser."""
    profile = store.profile()
    names = {one.code: one.name for one in languages(content_folder())}
    if browser:
        names = {FOLLOW: say("settings.language_browser")} | names
    current = (profile.language or FOLLOW) if browser else language().code
    given = st.pills(
        say("settings.language"),
        list(names),
        default=current if current in names else FOLLOW,
        required=True,
        format_func=lambda code: names.get(code, ""),
        key="hw-language-choice",
        width="stretch",
    )
    if given != current:
        chosen = "" if given == FOLLOW else given
        store.save_profile(replace(profile, language=chosen), clock.now())
        st.rerun()
