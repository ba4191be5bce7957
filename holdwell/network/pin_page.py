"""The page that asks a phone for the PIN. Plain HTML: nothing of the app is sent before it."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template

from holdwell.i18n.messages import choose, language, say, speaking
from holdwell.i18n.toml_reader import content_folder, languages
from holdwell.network import pwa
from holdwell.network.pairing import PIN_DIGITS, Verdict

_PAGE = Template((Path(__file__).parent / "pin.html").read_text(encoding="utf-8"))


def page(verdict: Verdict | None, accepted_languages: str) -> str:
    """The page in the phone's language (an Accept-Language header, RFC 9110), with what went
    wrong with the last try. Raises ContentError."""
    first = accepted_languages.split(",")[0].split(";")[0].strip()
    with speaking(choose(languages(content_folder()), None, first)):
        said = {
            "language": language().locale.replace("_", "-"),
            "name": say("app.name"),
            "title": say("home.pin_title"),
            "lead": say("home.pin_lead"),
            "field": say("home.pin_field", digits=PIN_DIGITS),
            "enter": say("home.pin_enter"),
            "trouble": _trouble(verdict),
        }
    written = {name: html.escape(text) for name, text in said.items()}
    return _PAGE.substitute(written, look=pwa.head(said["name"]))


def _trouble(verdict: Verdict | None) -> str:
    if verdict is Verdict.WRONG:
        return say("home.pin_wrong")
    if verdict is Verdict.WAIT:
        return say("home.pin_wait")
    return say("home.pin_spent") if verdict is Verdict.SPENT else ""
