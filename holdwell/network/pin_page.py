"""The page that asks a phone for the PIN. Plain HTML: nothing of the app is sent before it."""

import html
from pathlib import Path
from string import Template

from holdwell.i18n.messages import language, say, speaking
from holdwell.i18n.toml_reader import ContentError
from holdwell.network import pwa
from holdwell.network.first_screen import accepted, unreadable
from holdwell.network.pairing import PIN_DIGITS, PinResult

_PAGE = Template((Path(__file__).parent / "pin.html").read_text(encoding="utf-8"))
_TROUBLE = {
    PinResult.WRONG: "home.pin_wrong",
    PinResult.WAIT: "home.pin_wait",
    PinResult.SPENT: "home.pin_spent",
}

_ENTERED = Template(
    "<!doctype html><title>Holdwell</title><script>"
    "try { localStorage.setItem('holdwell-phone', '$secret') } catch {} location.replace('/')"
    "</script>"
)


def entered(secret: str) -> str:
    """Return the page that has the phone keep its secret and goes on to the app.

    The secret is kept where the port counts: a cookie goes to every port of the address.
    """
    return _ENTERED.substitute(secret=secret)


def page(result: PinResult | None, accepted_languages: str, action: str) -> str:
    """Return the page in the phone's language, with what went wrong with the last attempt.

    The PIN is sent to `action`. `accepted_languages` is an Accept-Language header (RFC 9110).
    """
    try:
        return _page(result, accepted_languages, action)
    except ContentError:
        # Without the fault, which names folders of this computer.
        return unreadable()


def _page(result: PinResult | None, accepted_languages: str, action: str) -> str:
    with speaking(accepted(accepted_languages)):
        texts = {
            "language": language().locale.replace("_", "-"),
            "name": say("app.name"),
            "title": say("home.pin_title"),
            "lead": say("home.pin_lead"),
            "field": say("home.pin_field", count=PIN_DIGITS),
            "action": action,
            "enter": say("home.pin_enter"),
            "trouble": say(_TROUBLE[result]) if result in _TROUBLE else "",
        }
    escaped = {name: html.escape(text) for name, text in texts.items()}
    return _PAGE.substitute(escaped, head=pwa.head_html(texts["name"]))
