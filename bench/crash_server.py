"""The whole app killed at random moments of a routine: Streamlit, its page, and the record.

Part of `bench/crash`. In each round a browser goes through one routine on a clock that is made to
run ahead. The server is killed twice: at a random moment between the tap on Begin and the end of
the last hold, and at one around the tap on Save. Each time the record is checked as it lies there,
the server is started again, and the page goes on: by itself, or, in half the rounds, after a
reload. In the end the session has each of its four holds once, with its whole time, and its rating.

Acknowledged is what the page has shown: the session's id in its address (begun), "That is done"
(finished, with four holds), "Saved." (rated).
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Timer
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bench.crash import Tally
from bench.ledger import Found, cut_mid_write, inspect
from holdwell.records import Moment, Session, SessionState
from holdwell.schema import DATABASE_NAME, StoreError
from holdwell.store import Store
from tests.browser.conftest import PATIENCE_MS, PHONE, QUIET, Server, chromium_path
from tests.browser.steps import choose, pass_time

HOLDS, HOLD_S, LEAD_S = 4, 35, 10
ROUTINE_S = 4.0
"""The longest real time, in seconds, between the tap on Begin and the first kill."""
SAVE_S = 0.4
"""The same between the tap on Save and the second."""
FINISH_STEPS = 12
AFTER, COMFORT = 3, 4


def session_in(page: Page) -> str | None:
    """The session's id in the page's address."""
    found = parse_qs(urlparse(page.url).query).get("session")
    return found[0] if found else None


@contextmanager
def killing(server: Server, after_s: float) -> Iterator[None]:
    """Kill the server `after_s` seconds from now; the block may end before or after."""
    timer = Timer(after_s, server.kill)
    timer.start()
    try:
        yield
    finally:
        timer.join()


class Rounds:
    """Rounds on one record, one after the other."""

    def __init__(self, folder: Path, browser: Browser, seed: int) -> None:
        self.path = folder / DATABASE_NAME
        self.browser = browser
        self.rng = Random(seed)
        self.tally = Tally()
        self.whole: set[str] = set()
        """Sessions of the rounds before, all rated."""
        self.told: set[tuple[str, str]] = set()
        """Session and what the page has shown of it: each an acknowledged write."""
        store = Store(self.path)
        known = replace(store.profile(), welcomed=True, safety_seen=True, sound=False)
        store.save_profile(known, Moment.of(datetime.now().astimezone()))
        store.close()
        self.server = Server(folder)

    def ids(self) -> set[str]:
        with closing(sqlite3.connect(self.path)) as conn:
            return {str(row[0]) for row in conn.execute("SELECT id FROM session")}

    def examine_killed(self, told: str | None, *, finished: bool, rated: bool) -> None:
        """Check the record as the kill left it."""
        self.tally.torn += cut_mid_write(self.path.with_name(self.path.name + "-wal"))
        session = self.examine(told, finished=finished, rated=rated)
        if session is not None:
            self.tally.ahead += session.state is not SessionState.OPEN and not finished
            self.tally.ahead += session.pain_after is not None and not rated

    def examine(self, told: str | None, *, finished: bool, rated: bool) -> Session | None:
        """Check the record against what the page had shown; return this round's session.

        `told` is the id in the page's address.
        """
        tally = self.tally
        self.told |= {
            (told, what)
            for what, shown in (("begun", True), ("finished", finished), ("rated", rated))
            if told is not None and shown
        }
        tally.writes = len(self.told)
        try:
            store = Store(self.path)
        except StoreError as error:
            tally.found += Found(unsound=1, notes=(f"cannot be opened: {error}",))
            return None
        try:
            tally.found += inspect(store)
            new = self.ids() - self.whole
            if len(new) > 1:
                tally.found += Found(doubled=len(new) - 1, notes=(f"sessions of one: {new}",))
            if lost := self.whole - self.ids():
                tally.found += Found(lost=len(lost), notes=(f"earlier sessions: {lost}",))
            session = store.session(min(new)) if new else None
        finally:
            store.close()
        if told is not None and (session is None or session.id != told):
            tally.found += Found(lost=1, notes=(f"session {told} was begun and is gone",))
        if session is None:
            return None
        if finished and (session.state is not SessionState.FINISHED or len(session.holds) < HOLDS):
            tally.found += Found(lost=1, notes=(f"session {session.id} was finished",))
        if rated and (session.pain_after, session.comfort) != (AFTER, COMFORT):
            there = f"{session.pain_after} and {session.comfort}"
            tally.found += Found(lost=1, notes=(f"session {session.id} was rated, not {there}",))
        if any(hold.held_s > HOLD_S + 1 for hold in session.holds):
            tally.found += Found(doubled=1, notes=(f"seconds held twice: {session.holds}",))
        return session

    def finish(self, page: Page) -> None:
        """Let the clock run until the page says that the routine is done."""
        again = page.get_by_role("button", name="Go on", exact=True)
        done = page.get_by_text("That is done")
        for _ in range(FINISH_STEPS):
            if done.is_visible():
                return
            if again.is_visible():
                again.click()
            pass_time(page, LEAD_S + HOLD_S)
        expect(done).to_be_visible()

    def routine(self, page: Page, *, reload: bool) -> None:
        """From Begin to done, with a kill in between."""
        server, rng = self.server, self.rng
        page.goto(f"{server.url}/stretch")
        begin = page.get_by_role("button", name="Begin")
        expect(begin).to_be_visible()
        pauses = [rng.uniform(0, ROUTINE_S / HOLDS) for _ in range(HOLDS)]
        with killing(server, rng.uniform(0, ROUTINE_S)):
            begin.click()
            for pause in pauses:
                # The pause is for the server; the browser's own clock stands still in it.
                time.sleep(pause)
                pass_time(page, LEAD_S + HOLD_S)
        told = session_in(page)
        finished = page.get_by_text("That is done").is_visible()
        self.examine_killed(told, finished=finished, rated=False)
        server.start()
        if reload and told is not None:
            page.reload()
            expect(page.locator(".hw-timer, .stHeading").first).to_be_visible()
        self.finish(page)

    def rate(self, page: Page, *, kill: bool) -> bool:
        """Rate the session, with a kill around the tap on Save; whether the page said "Saved."."""
        for group, name in (("Pain after", AFTER), ("How comfortable was it?", COMFORT)):
            radios = page.get_by_role("radiogroup", name=group)
            one = radios.get_by_role("radio", name=str(name), exact=True)
            # A second tap would take back what was saved and not yet shown as saved.
            if one.get_attribute("aria-checked") != "true":
                choose(page, group, str(name))
        save = page.get_by_role("button", name="Save", exact=True)
        saved = page.get_by_text("Saved.", exact=True)
        if not kill:
            save.click()
            expect(saved).to_be_visible()
            return True
        with killing(self.server, self.rng.uniform(0, SAVE_S)):
            # Without waiting for the button: where the kill comes first, it is out of use.
            save.evaluate("button => button.click()")
        return saved.is_visible()

    def play(self) -> None:
        """One round."""
        began = time.monotonic()
        phone = ViewportSize(width=PHONE["width"], height=PHONE["height"])
        context = self.browser.new_context(viewport=phone, locale="en-GB")
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.clock.install()
        try:
            self.routine(page, reload=self.rng.random() < 0.5)
            page.wait_for_url("**/stretch?session=*")
            one = session_in(page)
            rated = self.rate(page, kill=True)
            self.examine_killed(one, finished=True, rated=rated)
            self.server.start()
            if not rated:
                page.goto(f"{self.server.url}/stretch?session={one}")
                expect(page.get_by_text("That is done")).to_be_visible()
                self.rate(page, kill=False)
            self.end(one)
        finally:
            context.close()
        self.tally.rounds += 1
        self.tally.seconds += time.monotonic() - began

    def end(self, one: str | None) -> None:
        """The session as it must be when all is over, whatever was killed on the way."""
        session = self.examine(one, finished=True, rated=True)
        if session is None:
            return
        held = [round(hold.held_s) for hold in session.holds]
        if held != [HOLD_S] * HOLDS or len({hold.id for hold in session.holds}) != HOLDS:
            self.tally.found += Found(half=1, notes=(f"holds at the end: {session.holds}",))
        self.whole.add(session.id)


def play(rounds: int, seed: int) -> Tally:
    """Play the rounds; a page that does not come to its end is an error of the round."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        under_way = Rounds(Path(place), browser, seed)
        try:
            for number in range(rounds):
                try:
                    under_way.play()
                except Exception as error:
                    under_way.tally.errors.append(f"round {number + 1}: {error}")
                    break
                print(f"{number + 1} rounds of the whole app", file=sys.stderr)
        finally:
            under_way.server.kill()
            browser.close()
        return under_way.tally
