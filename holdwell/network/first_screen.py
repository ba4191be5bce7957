"""What a browser shows before Streamlit's scripts are there, and without any: plain HTML.

Streamlit's own page is white until a megabyte of scripts has come and run. Each page is in the
language of an Accept-Language header.
"""

from collections.abc import Collection
from contextlib import suppress
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from holdwell.i18n.languages import Language, choose, content_folder, languages
from holdwell.i18n.messages import language, say, speaking
from holdwell.i18n.toml_reader import ContentError
from holdwell.network import pwa

SIGNS_PATH: Final = "/holdwell/stop-signs"
_FIRST, _PLAIN = (
    Template((Path(__file__).parent / f"{name}.html").read_text(encoding="utf-8"))
    for name in ("first_screen", "plain_page")
)


def accepted(header: str) -> Language:
    """Return the language for an Accept-Language header (RFC 9110). Raises ContentError."""
    return choose(languages(content_folder()), None, header.split(",")[0].split(";")[0].strip())


def _texts(**keys: str) -> dict[str, str]:
    texts = {name: escape(say(key)) for name, key in keys.items()}
    tag = escape(language().locale.replace("_", "-"))
    return texts | {"language": tag, "light": pwa.LIGHT, "dark": pwa.DARK, "signs": SIGNS_PATH}


def first_screen(header: str) -> str:
    """Return what lies over Streamlit's page until that shows something: name and stop signs.

    "" where content/ cannot be read: the page says so.
    """
    with suppress(ContentError), speaking(accepted(header)):
        return _FIRST.substitute(
            _texts(
                name="app.name",
                stop_signs="app.stop_signs",
                opening="frame.opening",
                no_script="frame.no_script",
            )
        )
    return ""


def stop_signs(header: str) -> tuple[int, str]:
    """Return the page of all stop signs, which needs no script and nobody's database.

    With its HTTP status: 500 where content/ cannot be read, with the page that says so.
    """
    try:
        return 200, _stop_signs(header)
    except ContentError as fault:
        return 500, unreadable(str(fault))


def _stop_signs(header: str) -> str:
    # The first screen comes without the guide, which takes as long to import as all else here.
    from holdwell.guide import Audience, guide
    from holdwell.guide.advice import AskFirst

    with speaking(accepted(header)):
        safety = guide().safety
        parts = [_paragraph(safety.lead)]
        for group in (*safety.groups_for(Audience.ANY), safety.ask_first):
            parts.append(f"<h2>{escape(group.title)}</h2>{_list(group.signs)}")
            if isinstance(group, AskFirst):
                parts.append(_paragraph(group.own))
            parts.append(f"<p><strong>{escape(group.whom)}</strong></p>")
        parts.append(_paragraph(safety.not_device))
        return _page(safety.title, "\n".join(parts))


def not_found(header: str) -> str:
    """Return the page for an address at which there is none."""
    try:
        with speaking(accepted(header)):
            signs = f'<a href="{SIGNS_PATH}">{escape(say("app.stop_signs"))}</a>'
            return _page(say("frame.lost_title"), _paragraph(say("frame.lost")), signs)
    except ContentError as fault:
        return unreadable(str(fault))


def unreadable(fault: str = "") -> str:
    """Return the page that stands in for one whose texts cannot be read; it needs none of them.

    `fault` is what is wrong with which file; "" for a reader who is not at this computer.
    """
    texts = {
        "name": "Holdwell",
        "language": "en",
        "title": "Holdwell cannot read its texts",
        "open": "Try again",
        "light": pwa.LIGHT,
        "dark": pwa.DARK,
    }
    content = (
        "What you saved is safe. On the computer that runs Holdwell, put the folder content back "
        "as it was when you downloaded it, then try again.",
        "If something worries you, do not wait for this page: call your midwife, your doctor or "
        "your emergency number.",
        fault,
    )
    paragraphs = "".join(_paragraph(text) for text in content if text)
    return _PLAIN.substitute(texts, head=pwa.head_html("Holdwell"), content=paragraphs, more="")


def _page(title: str, content: str, more: str = "") -> str:
    texts = _texts(name="app.name", open="frame.open") | {"title": escape(title)}
    head = pwa.head_html(say("app.name"))
    return _PLAIN.substitute(texts, head=head, content=content, more=more)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(texts: Collection[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"
