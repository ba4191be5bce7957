"""The hold timer on a page of its own: its script, styles and data, with no server or Streamlit."""

import json
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

import streamlit
from playwright.sync_api import Error, Page, Route, expect
from starlette.requests import Request
from starlette.routing import Match

from holdwell.domain.models import Profile, Routine, Session
from holdwell.guide.advice import Audience
from holdwell.guide.load import guide
from holdwell.network import plain_pages
from holdwell.network.middleware import POLICY
from holdwell.sessions.defaults import starting_routines
from holdwell.sessions.plan import FIRST_EXTRA_SECONDS, plan, short_plan
from holdwell.sessions.timer_report import Preferences, read_preferences, read_report
from holdwell.store.people import FIRST
from holdwell.ui.runtime import drawings
from holdwell.ui.runtime.javascript import bundle
from holdwell.ui.stretch.timer import SCRIPT, STYLE, begin_words, timer_data
from tests.support.steps import expect_equal, pass_time

ROOT = Path(__file__).parents[2]
PAGE = Template((Path(__file__).parent / "bare_timer.html").read_text(encoding="utf-8"))
FONTS = Path(streamlit.__file__).parent / "static" / "static" / "media"


HeldHold = tuple[str, str, float, str]
"""The stretch of a hold, the side, the seconds held and the outcome."""


def held(report: Session | None) -> list[HeldHold]:
    """Return the holds of a report."""
    holds = report.holds if report else ()
    return [(h.stretch, h.side.value, h.held_s, h.outcome.value) for h in holds]


class BareTimer:
    """The timer of a routine on a page of its own, as a `newcomer` or a returning user sees it.

    The user has 10 s to get ready, and 15 s before the first hold, unless `settings` change that. A
    page of `localhost` has the same rights as one over https; other hosts are served over http.
    """

    def __init__(
        self,
        page: Page,
        routine: Routine | None = None,
        *,
        short: bool = False,
        newcomer: bool = True,
        host: str = "localhost",
        **settings: Any,
    ) -> None:
        profile = Profile(**{"get_ready_seconds": 10, **settings})
        taught = guide().stretches
        chosen = routine or starting_routines(profile)[0]
        planned = (short_plan if short else plan)(chosen, taught, profile.get_ready_seconds)
        data = timer_data(planned, profile, None, Audience.ANY)
        begin = begin_words(asks=True, newcomer=newcomer)
        self.page, self.is_gone = page, False
        self.given = {**data, "whose": FIRST, "begin": begin, "at_rest": []}
        self.all = f"http://{host}/**"
        self.url = f"http://{host}/stretch"
        page.route(self.all, self._answer)

    def in_tab(self, page: Page) -> "BareTimer":
        """Return the same timer in another tab of the browser."""
        other = copy(self)
        other.page = page
        page.route(self.all, other._answer)
        return other

    def open(self) -> None:
        """Open the page; a second call reloads it."""
        self.page.goto(self.url)
        expect(self.page.locator(".hw-timer")).to_be_visible()

    def change(self, other: "BareTimer") -> None:
        """Give the timer another plan, as Python does when the user chooses a routine."""
        self.page.evaluate("show", other.given)

    def begin(self) -> None:
        """Open the page and press "Just the holds"."""
        self.open()
        self.page.get_by_role("button", name="Just the holds").click()
        expect(self.page.locator(".hw-timer")).to_have_attribute("data-phase", "running")

    def begin_ready(self) -> None:
        """Begin, and pass the extra five seconds that precede the first hold."""
        self.begin()
        pass_time(self.page, FIRST_EXTRA_SECONDS)

    def report(self) -> Session | None:
        """Return the last report as Python reads it."""
        return read_report(self.page.evaluate("reported.report"))

    def ended(self) -> Session:
        """Wait for the final report and return it."""
        self.page.wait_for_function("reported.report?.ended_at")
        report = self.report()
        assert report is not None
        return report

    def expect_holds(self, *expected: HeldHold) -> None:
        """Wait until exactly these holds are reported."""
        expect_equal(lambda: held(self.report()), [*expected])

    def preferences(self) -> Preferences | None:
        """Return the last reported sound settings as Python reads them."""
        return read_preferences(self.page.evaluate("reported.preferences"))

    def _answer(self, route: Route) -> None:
        """Answer a request, unless the page that made it has been closed."""
        with suppress(Error):
            self._fulfill(route)

    def _fulfill(self, route: Route) -> None:
        """Answer as the running app would, or abort if the server is gone."""
        address = urlsplit(route.request.url)
        if self.is_gone:
            route.abort()
        elif address.path == "/stretch":
            guarded = {"content-security-policy": POLICY.format(ws="")}
            page = _html(json.dumps(self.given))
            route.fulfill(body=page, content_type="text/html", headers=guarded)
        elif address.path == "/font.woff2":
            (font,) = FONTS.glob("SourceSansVF-Upright.*.woff2")
            route.fulfill(path=font)
        elif address.path.startswith(drawings.PATH):
            route.fulfill(body=_drawn(address.path, address.query))
        else:
            route.fulfill(status=404)


def _html(given: str) -> str:
    """Return the page's HTML; test_hold_timer_look.py checks that it looks as in the app."""
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    return PAGE.substitute(
        head=plain_pages.head_html("Holdwell"),
        both=_variables(theme),
        light=_variables(theme["light"]),
        dark=_variables(theme["dark"]),
        frame=(ROOT / "holdwell/ui/theme.css").read_text(encoding="utf-8"),
        style=STYLE,
        script=re.sub(r"^export default .*", "", bundle(SCRIPT), flags=re.MULTILINE),
        given=given.replace("</", "<\\/"),
    )


def _variables(theme: Mapping[str, Any]) -> str:
    """Return a theme's text settings as the CSS variables that Streamlit makes from them."""
    names = {key: re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", key) for key in theme}
    texts = {names[key]: value for key, value in theme.items() if isinstance(value, str)}
    return " ".join(f"--st-{name}: {value};" for name, value in texts.items())


@cache
def _drawn(path: str, query: str) -> bytes:
    """Return the app's response to a request for drawings."""
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    route = next(route for route in drawings.ROUTES if route.matches(scope)[0] is Match.FULL)
    _, found = route.matches(scope)
    return bytes(route.endpoint(Request({**scope, "headers": [], **found})).body)
