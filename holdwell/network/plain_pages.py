"""Plain HTML pages, for browsers that have not loaded Streamlit's scripts, or run no scripts.

Streamlit's own page is white until a megabyte of scripts has loaded and run. Each page is in the
language of an Accept-Language header (RFC 9110).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from holdwell.i18n.languages import Language, choose, content_folder, languages
from holdwell.i18n.messages import language, say, speaking
from holdwell.i18n.toml_reader import ContentError
from holdwell.network.pairing import PIN_DIGITS, PinResult

SIGNS_PATH: Final = "/holdwell/stop-signs"
LIGHT, DARK = "#FBF7F2", "#17151B"
"""The theme's background colours (.streamlit/config.toml)."""


def _template(name: str) -> Template:
    return Template(Path(__file__).with_name(f"{name}.html").read_text(encoding="utf-8"))


_HEAD = _template("head")
_FIRST = _template("first_screen")
_PLAIN = _template("plain_page")
_UNREADABLE = _template("unreadable")
_PIN = _template("pin")
_PIN_ENTERED = _template("pin_entered")


def head_html(name: str) -> str:
    """Return what every page has in its head."""
    return _HEAD.substitute(name=escape(name), light=LIGHT, dark=DARK)


def first_screen(header: str) -> str:
    """Return what covers Streamlit's page until it shows something: the name and the stop signs.

    It is "" if content/ cannot be read, which the page itself will say.
    """
    with suppress(ContentError), speaking(_accepted_language(header)):
        texts = {
            "name": say("app.name"),
            "stop_signs": say("app.stop_signs"),
            "opening": say("frame.opening"),
            "no_script": say("frame.no_script"),
        }
        return _fill(_FIRST, language().locale, texts)
    return ""


def stop_signs(header: str) -> tuple[int, str]:
    """Return the HTTP status and the page of all stop signs, which needs no script or database."""

    def page() -> str:
        # Imported here because the guide takes as long to import as all the rest of this module.
        from holdwell.guide.advice import AskFirst, Audience
        from holdwell.guide.load import guide

        safety = guide().safety
        parts = [_paragraph(safety.lead)]
        for group in (*safety.groups_for(Audience.ANY), safety.ask_first):
            signs = "".join(f"<li>{escape(sign)}</li>" for sign in group.signs)
            parts.append(f"<h2>{escape(group.title)}</h2><ul>{signs}</ul>")
            if isinstance(group, AskFirst):
                parts.append(_paragraph(group.own))
            parts.append(f"<p><strong>{escape(group.whom)}</strong></p>")
        parts.append(_paragraph(safety.not_device))
        return _plain_page(safety.title, "\n".join(parts))

    return _page_or_fault(header, page)


def not_found(header: str) -> str:
    """Return the page for an unknown address."""

    def page() -> str:
        signs = f'<a href="{SIGNS_PATH}">{escape(say("app.stop_signs"))}</a>'
        return _plain_page(say("frame.not_found_title"), _paragraph(say("frame.not_found")), signs)

    return _page_or_fault(header, page)[1]


def pin_form(result: PinResult | None, header: str, action: str) -> str:
    """Return the page that sends the PIN to `action`; it says what was wrong with the last one."""

    def page() -> str:
        texts = {
            "name": say("app.name"),
            "title": say("home.pin_title"),
            "lead": say("home.pin_lead"),
            "field": say("home.pin_field", count=PIN_DIGITS),
            "action": action,
            "enter": say("home.pin_enter"),
            "trouble": say(f"home.pin_{result}") if result else "",
        }
        return _fill(_PIN, language().locale, texts)

    return _page_or_fault(header, page, tells_fault=False)[1]


def pin_entered(secret: str) -> str:
    """Return the page that stores a phone's secret in its browser and goes on to the app.

    The secret is in localStorage, which is kept apart for each port, as cookies are not.
    """
    return _PIN_ENTERED.substitute(secret=secret)


def _accepted_language(header: str) -> Language:
    return choose(languages(content_folder()), None, header.split(",")[0].split(";")[0].strip())


def _page_or_fault(
    header: str, page: Callable[[], str], *, tells_fault: bool = True
) -> tuple[int, str]:
    """Make a page; return it with its HTTP status. If content/ cannot be read, the page says so.

    The fault is shown only with `tells_fault`: it names folders of this computer, which a phone
    must not learn before it is paired.
    """
    try:
        with speaking(_accepted_language(header)):
            return 200, page()
    except ContentError as fault:
        detail = _paragraph(str(fault)) if tells_fault else ""
        texts = {"name": "Holdwell", "title": "Holdwell cannot read its texts", "open": "Try again"}
        return 500, _fill(
            _PLAIN, "en", texts, content=_UNREADABLE.substitute(fault=detail), more=""
        )


def _plain_page(title: str, content: str, more: str = "") -> str:
    texts = {"name": say("app.name"), "open": say("frame.open"), "title": title}
    return _fill(_PLAIN, language().locale, texts, content=content, more=more)


def _fill(template: Template, locale: str, texts: Mapping[str, str], **html: str) -> str:
    """Fill a template with texts, which are escaped, with HTML, and with what every page has."""
    shared = {"language": locale.replace("_", "-"), "signs": SIGNS_PATH}
    escaped = {name: escape(text) for name, text in {**shared, **texts}.items()}
    head = head_html(texts["name"])
    return template.substitute(escaped, light=LIGHT, dark=DARK, head=head, **html)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
