"""Every page in every language: no words of another language; days and numbers in its format."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import CrampLeg, Moment, Pregnancy
from holdwell.guide.load import load
from holdwell.i18n.languages import codes, content_folder
from holdwell.i18n.messages import wording
from holdwell.store.repository import Store
from holdwell.ui.runtime.navigation import PAGES
from tests.app.conftest import OpenPage, texts
from tests.conftest import TODAY, MakeSession

OTHERS = [code for code in codes(content_folder()) if code != "en"]


def all_words(app: AppTest) -> str:
    """Return all text on the page, including the labels of all controls."""
    parts = [texts(app)]
    for kind in ("button", "button_group", "expander", "toggle", "slider", "text_area"):
        for element in app.get(kind):
            parts.append(str(element.proto))
    for tabs in app.tabs:
        parts.append(tabs.label)
    return "\n".join(parts)


def long_texts(node: Any) -> Iterator[str]:
    """Yield every longer text inside dataclasses, models and tuples."""
    if isinstance(node, str):
        if len(node) > 12 and " " in node:
            yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from long_texts(item)
    elif isinstance(node, BaseModel):
        for _, value in node:
            yield from long_texts(value)
    elif hasattr(node, "__dataclass_fields__"):
        for name in node.__dataclass_fields__:
            yield from long_texts(getattr(node, name))


def spoken(code: str) -> set[str]:
    """Return a language's longer texts, from its wording and guide, except those with braces."""
    found = {text for text in wording(code).values() if len(text) > 9 and "{" not in text}
    return found | {text for text in long_texts(load(content_folder(), code)) if "{" not in text}


def fill(store: Store, now: Moment, make_session: MakeSession) -> None:
    for days in range(1, 40):
        session = make_session(TODAY - timedelta(days), before=5 - days % 3, after=3)
        store.save(replace(session, comfort=3, note="una nota"), now)
        store.save_cramp(TODAY - timedelta(days), CrampLeg.LEFT if days % 3 else None, now)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", [info.name for info in PAGES])
def test_no_page_mixes_languages(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    name: str,
    code: str,
) -> None:
    fill(known, now, make_session)
    known.save_profile(replace(known.profile(), language=code), now)
    app = open_page(name)
    assert not app.exception
    shown = all_words(app)
    own, english = spoken(code), spoken("en")
    # The names of publications are texts of both languages.
    foreign = sorted(t for t in english - own if t in shown and not any(t in o for o in own))
    assert foreign == []
    assert any(text in shown for text in own - english)


def test_the_language_is_chosen_in_settings_and_kept(open_page: OpenPage, known: Store) -> None:
    app = open_page("settings")
    choice = next(g for g in app.button_group if g.key == "hw-language-choice")
    choice.set_value("es").run()
    assert known.profile().language == "es"
    assert "Ajustes" in texts(app)
    choice = next(g for g in app.button_group if g.key == "hw-language-choice")
    choice.set_value("browser").run()
    assert known.profile().language == ""
    assert "Settings" in texts(app)


def test_days_and_numbers_are_written_in_the_format_of_the_language(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    fill(known, now, make_session)
    known.save_profile(replace(known.profile(), language="es"), now)
    known.save_pregnancy(Pregnancy(due_date=date(2027, 3, 13)), now)
    assert "24 sem 3 d, segundo trimestre" in texts(open_page("today"))
    assert "lun, 23 nov" in texts(open_page("history"))
    assert "(podría ser de 3,5 a 4,5)" in texts(open_page("progress"))


def test_a_chosen_language_that_no_longer_exists_falls_back_to_another(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_profile(replace(known.profile(), language="tlh"), now)
    app = open_page("settings")
    assert not app.exception
    assert "Settings" in texts(app)
