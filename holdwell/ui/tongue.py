"""The language of the page: telling the browser which it is, and letting her choose."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell.content import content_folder, languages
from holdwell.store import Store
from holdwell.ui import clock
from holdwell.wording import language, say

# A screen reader picks its voice by the page's language (WCAG 2.2, 3.1.1).
_lang = st.components.v2.component(
    "holdwell_language",
    js="export default ({ data }) => { document.documentElement.lang = data; };",
    isolate_styles=False,
)


def tell_browser() -> None:
    """Say in the page itself which language it is in."""
    with st.container(key="hw-lang"):
        _lang(key="hw-language", data=language().locale.replace("_", "-"))


def choose(store: Store, *, browser: bool = True) -> None:
    """Let her choose the language, saved at once. `browser` offers to follow the browser."""
    profile = store.profile()
    names = {one.code: one.name for one in languages(content_folder())}
    options = ["", *names] if browser else list(names)
    given = st.pills(
        say("settings.language"),
        options,
        default=profile.language if browser else language().code,
        required=True,
        format_func=lambda code: names.get(code) or say("settings.language_browser"),
        key="hw-language-choice",
        width="stretch",
    )
    if given != (profile.language if browser else language().code):
        store.save_profile(replace(profile, language=given), clock.now())
        st.rerun()
