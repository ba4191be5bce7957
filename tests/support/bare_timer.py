"""The hold timer on a page of its own: its script, styles and data, without server or Streamlit."""

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

from holdwell.domain.models import Profile, Routine
from holdwell.guide import Audience, guide
from holdwell.network import plain_pages
from holdwell.network.middleware import POLICY
from holdwell.sessions.defaults import starting_routines
from holdwell.sessions.plan import FIRST_EXTRA_SECONDS, plan, short_plan
from holdwell.sessions.timer_report import Preferences, TimerReport, read_preferences, read_report
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


def held(report: TimerReport | None) -> list[HeldHold]:
    """Return the holds of a report."""
    holds = report.holds if report else ()
    return [(h.stretch, h.side.value, h.held_s, h.outcome.value) for h in holds]


class BareTimer:
    """The timer of a routine in a page, as a `newcomer` is shown it or someone who has been here.

    There are 10 s to get ready, and 15 before the first hold, unless `settings` say otherwise. A
    page of `localhost` may do all that one over https may; one of another host comes over http.
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
        """Open the page; also a second time, as a reload."""
        self.page.goto(self.url)
        expect(self.page.locator(".hw-timer")).to_be_visible()

    def change(self, other: "BareTimer") -> None:
        """Give the timer the plan of another, as Python does after a choice."""
        self.page.evaluate("show", other.given)

    def begin(self) -> None:
        """Open the page and begin with the holds."""
        self.open()
        self.page.get_by_role("button", name="Just the holds").click()
        expect(self.page.locator(".hw-timer")).to_have_attribute("data-phase", "running")

    def begin_ready(self) -> None:
        """Begin, and pass the five seconds more that there are before the first hold."""
        self.begin()
        pass_time(self.page, FIRST_EXTRA_SECONDS)

    def report(self) -> TimerReport | None:
        """Return what Python makes of the last report."""
        return read_report(self.page.evaluate("reported.report"))

    def ended(self) -> TimerReport:
        """Wait for the report that is the last one."""
        self.page.wait_for_function("reported.report?.ended_at")
        report = self.report()
        assert report is not None
        return report

    def expect_holds(self, *expected: HeldHold) -> None:
        """Wait until the holds are reported so."""
        expect_equal(lambda: held(self.report()), [*expected])

    def preferences(self) -> Preferences | None:
        """Return what Python makes of the switches that were last reported."""
        return read_preferences(self.page.evaluate("reported.preferences"))

    def _answer(self, route: Route) -> None:
        """Answer a request, unless the page that asked was closed meanwhile."""
        with suppress(Error):
            self._fulfill(route)

    def _fulfill(self, route: Route) -> None:
        """Answer as the app does while it runs."""
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
    """Return the page; that it looks as in the app is seen by test_hold_timer_look.py."""
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
    """Return the texts of a theme as the variables that Streamlit makes of them."""
    names = {key: re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", key) for key in theme}
    texts = {names[key]: value for key, value in theme.items() if isinstance(value, str)}
    return " ".join(f"--st-{name}: {value};" for name, value in texts.items())


@cache
def _drawn(path: str, query: str) -> bytes:
    """Return what the app sends for an address of drawings."""
    asked = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    route = next(route for route in drawings.ROUTES if route.matches(asked)[0] is Match.FULL)
    _, found = route.matches(asked)
    return bytes(route.endpoint(Request({**asked, "headers": [], **found})).body)
