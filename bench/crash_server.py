"""The whole app killed at random moments of a routine: Streamlit, its page, and the record.

Part of `bench/crash`. In each round a browser goes through one routine on a clock that is made to
run ahead. The server is killed twice: at a random moment between the tap on Begin and the end of
the last hold, and at one around the tap on Save. Each time the record is checked as it lies there,
the server is started again, and the page goes on: by itself, or, in half the rounds, after a
reload. In the end the session has each of its four holds once, with its whole time, and its rating.

Acknowledged is what anyone could see before the kill: the session and each of its holds, read
from the record by another program at the last moment; "That is done" on the page (finished, with
four holds); and "Saved." there (rated).
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
from holdwell.domain.models import Moment, Session, SessionState
from holdwell.store.database import DATABASE_NAME
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store
from tests.support.chromium import PHONE, QUIET, chromium_path
from tests.support.server import Server
from tests.support.steps import PATIENCE_MS, choose, pass_time

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


def holds_seen(path: Path) -> dict[str, int]:
    """How many holds each session has, as another program reads it meanwhile."""
    try:
        # Read-only, so that closing does not tidy up what the kill is to leave behind.
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as conn:
            rows = conn.execute(
                "SELECT id, (SELECT count(*) FROM hold WHERE session_id = session.id) FROM session"
            )
            return {str(one): int(holds) for one, holds in rows}
    except sqlite3.Error:
        return {}


@contextmanager
def killing(server: Server, after_s: float) -> Iterator[dict[str, int]]:
    """Kill the server `after_s` seconds from now; the block may end before or after.

    What could be seen in the record just before is in the result at the end of the block.
    """
    seen: dict[str, int] = {}

    def look_and_kill() -> None:
        seen.update(holds_seen(server.folder / DATABASE_NAME))
        server.kill()

    timer = Timer(after_s, look_and_kill)
    timer.start()
    try:
        yield seen
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
        """Session and what could be seen of it: each an acknowledged write."""
        store = Store(self.path)
        known = replace(store.profile(), welcomed=True, safety_seen=True, sound=False)
        store.save_profile(known, Moment.of(datetime.now().astimezone()))
        store.close()
        self.server = Server(folder)

    def ids(self) -> set[str]:
        with closing(sqlite3.connect(self.path)) as conn:
            return {str(row[0]) for row in conn.execute("SELECT id FROM session")}

    def examine_killed(self, seen: dict[str, int], *, finished: bool, rated: bool) -> None:
        """Check the record as the kill left it."""
        self.tally.torn += cut_mid_write(self.path.with_name(self.path.name + "-wal"))
        session = self.examine(seen, finished=finished, rated=rated)
        if session is not None:
            known = seen.get(session.id, -1)
            self.told |= {(session.id, f"hold {number}") for number in range(known + 1)}
            self.told |= {(session.id, "finished")} if finished else set()
            self.told |= {(session.id, "rated")} if rated else set()
            self.tally.writes = len(self.told)
            self.tally.ahead += (
                len(session.holds) > known
                or (session.state is not SessionState.OPEN and not finished)
                or (session.pain_after is not None and not rated)
            )

    def examine(self, seen: dict[str, int], *, finished: bool, rated: bool) -> Session | None:
        """Check the record against what could be seen; return this round's session."""
        tally = self.tally
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
        for gone in seen.keys() - self.whole - new:
            tally.found += Found(lost=1, notes=(f"session {gone} was seen and is gone",))
        if session is None:
            if finished or rated:
                tally.found += Found(lost=1, notes=("a session that the page has shown",))
            return None
        if (missing := seen.get(session.id, 0) - len(session.holds)) > 0:
            tally.found += Found(lost=missing, notes=(f"holds of session {session.id}",))
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
        with killing(server, rng.uniform(0, ROUTINE_S)) as seen:
            begin.click()
            for pause in pauses:
                # The pause is for the server; the browser's own clock stands still in it.
                time.sleep(pause)
                pass_time(page, LEAD_S + HOLD_S)
        finished = page.get_by_text("That is done").is_visible()
        self.examine_killed(seen, finished=finished, rated=False)
        server.start()
        if reload:
            page.reload()
            expect(page.locator(".hw-timer, .stHeading").first).to_be_visible()
        self.finish(page)

    def rate(self, page: Page, *, kill: bool) -> bool:
        """Rate the session, with or without a kill around the tap on Save.

        Returns whether the page said that it is saved.
        """
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
        with killing(self.server, self.rng.uniform(0, SAVE_S)) as seen:
            # Without waiting for the button: where the kill comes first, it is out of use.
            save.evaluate("button => button.click()")
        rated = saved.is_visible()
        self.examine_killed(seen, finished=True, rated=rated)
        return rated

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
            self.server.start()
            if not rated:
                page.goto(f"{self.server.url}/stretch?session={one}")
                expect(page.get_by_text("That is done")).to_be_visible()
                self.rate(page, kill=False)
            self.end()
        finally:
            context.close()
        self.tally.rounds += 1
        self.tally.seconds += time.monotonic() - began

    def end(self) -> None:
        """The session as it must be when all is over, whatever was killed on the way."""
        session = self.examine({}, finished=True, rated=True)
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
