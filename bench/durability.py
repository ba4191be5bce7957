"""Tests whether the promises about a database hold under every kind of trouble.

Run `bench/durability`, or `bench/durability --rounds 10 --app-rounds 0` for less. Each operation
meets each trouble in a number of rounds (see `tests.support.attacks`;
tests/unit/store/test_durability.py is a short version). In addition, the whole app is killed at
random moments of a routine in a browser, and eight windows save at once.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from threading import Timer

from playwright.sync_api import Page, expect

from bench.harness import browser, serving, table
from holdwell.domain.models import SessionState
from holdwell.sessions.plan import COME_OUT_SECONDS
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from tests.support.attacks import attack, crowd
from tests.support.chromium import PHONE
from tests.support.histories import make_known_user
from tests.support.ledger import inspect
from tests.support.operations import OPERATIONS, Trouble
from tests.support.server import Server
from tests.support.steps import PATIENCE_MS, choose, pass_time

ROUNDS, APP_ROUNDS = 100, 20
WINDOWS, SESSIONS = 8, 10_000
HOLDS, HOLD_S, LEAD_S = 4, 35, 10
ROUTINE_S, SAVE_S = 4.0, 0.4
"""The longest time, in seconds, from the tap on Begin or on Save to the kill."""
AFTER, COMFORT = 3, 4


def play(rounds: int, seed: int) -> tuple[list[list[str]], list[str]]:
    """Test every operation with every trouble; return the rows of a table, and all faults."""
    rows = [["operation", "promise", *Trouble]]
    faults: list[str] = []
    for name, operation in OPERATIONS.items():
        row = [name, operation.promise]
        for trouble in Trouble:
            broken = acknowledged = 0
            for number in range(rounds):
                with tempfile.TemporaryDirectory() as folder:
                    round_, found = attack(name, trouble, Path(folder), seed + number)
                broken += bool(found)
                acknowledged += round_.acknowledged + round_.done + len(round_.other_acknowledged)
                faults += [f"{name}, {trouble}, seed {round_.seed}: {fault}" for fault in found]
            row.append(f"{rounds} rounds ({acknowledged:,} acknowledged): {broken} broken")
            print(f"{name}, {trouble}: {row[-1]}", file=sys.stderr)
        rows.append(row)
    return rows, faults


def play_crowd(sessions: int, seed: int) -> list[str]:
    """Let eight windows save at once; print the longest wait, and return all faults."""
    faults: list[str] = []
    for old in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            found = crowd(Path(folder), seed, WINDOWS, sessions // WINDOWS, old=old)
        kind = "a database of an earlier version" if old else "a new database"
        print(
            f"{WINDOWS} windows saved {sessions:,} sessions in {kind}: {len(found.faults)} faults;"
            f" {found.refusals} were told that it is in use and saved again, and no save took"
            f" longer than {found.longest_wait_ms:.0f} ms, opening included."
        )
        faults += found.faults
    return faults


@contextmanager
def killing(server: Server, after_s: float) -> Iterator[None]:
    """Kill the server after `after_s` seconds, and wait for that at the end of the block."""
    timer = Timer(after_s, server.kill)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def finish(page: Page) -> None:
    """Let the browser's clock run until the page says that the routine is done."""
    again = page.get_by_role("button", name="Go on", exact=True)
    done = page.get_by_text("That is done")
    running = page.locator(".hw-timer[data-phase=running]")
    give_up = time.monotonic() + 3 * PATIENCE_MS / 1000
    while not done.is_visible() and time.monotonic() < give_up:
        if again.is_visible():
            again.click()
        pass_time(page, LEAD_S + HOLD_S + COME_OUT_SECONDS if running.is_visible() else 1)
        # The page needs real time to find the server again.
        time.sleep(0.1)
    expect(done).to_be_visible()


def rate(page: Page) -> None:
    """Choose the ratings that are not chosen yet."""
    for group, name in (("Pain after", AFTER), ("How comfortable was it?", COMFORT)):
        radio = page.get_by_role("radiogroup", name=group).get_by_role(
            "radio", name=str(name), exact=True
        )
        # A second tap would remove the choice.
        if radio.get_attribute("aria-checked") != "true":
            choose(page, group, str(name))


def app_round(server: Server, page: Page, chance: Random) -> None:
    """Do one routine in the browser; kill the app during it, and again around the tap on Save."""
    page.goto(f"{server.url}/stretch")
    begin = page.get_by_role("button", name="Just the holds")
    expect(begin).to_be_visible()
    with killing(server, chance.uniform(0, ROUTINE_S)):
        begin.click()
        for _ in range(HOLDS):
            # Let real time pass for the server; the browser's clock does not move meanwhile.
            time.sleep(chance.uniform(0, ROUTINE_S / HOLDS))
            pass_time(page, LEAD_S + HOLD_S + COME_OUT_SECONDS)
    server.start()
    if chance.random() < 0.5:
        page.reload()
        expect(page.locator(".hw-timer, .stHeading").first).to_be_visible()
    finish(page)
    page.wait_for_url("**/stretch?session=*")
    address = page.url
    rate(page)
    save = page.get_by_role("button", name="Save", exact=True)
    saved = page.get_by_text("Saved.", exact=True)
    with killing(server, chance.uniform(0, SAVE_S)):
        # Do not wait for the button, which is disabled if the kill comes first.
        save.evaluate("button => button.click()")
    was_told = saved.is_visible()
    server.start()
    if not was_told:
        page.goto(address)
        expect(page.get_by_text("That is done")).to_be_visible()
        rate(page)
        save.click()
        expect(saved).to_be_visible()


def check_app(folder: Path, rounds: int) -> list[str]:
    """Return what is wrong unless there are exactly `rounds` sessions, complete and rated."""
    with opened(folder / DATABASE_NAME) as store:
        faults = inspect(store)
        sessions = store.sessions(limit=rounds + 9)
    if len(sessions) != rounds:
        faults.append(f"{len(sessions)} sessions of {rounds}")
    for session in sessions:
        held = [round(hold.held_s) for hold in session.holds]
        rated = (session.pain_after, session.comfort) == (AFTER, COMFORT)
        if held != [HOLD_S] * HOLDS or not rated or session.state is not SessionState.FINISHED:
            faults.append(f"not as it was done: {session}")
    return faults


def play_app(rounds: int, seed: int) -> list[str]:
    """Play the rounds of the whole app; a page that does not reach its end counts as a fault."""
    chance = Random(seed)
    faults: list[str] = []
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        make_known_user(folder, sound=False)
        server = stack.enter_context(serving(folder))
        opened_browser = stack.enter_context(browser())
        try:
            for number in range(rounds):
                print(f"the whole app, round {number + 1}", file=sys.stderr)
                context = opened_browser.new_context(viewport=PHONE, locale="en-GB")
                context.set_default_timeout(PATIENCE_MS)
                page = context.new_page()
                page.clock.install()
                app_round(server, page, chance)
                context.close()
                faults += check_app(folder, number + 1)
        except Exception as error:
            faults.append(f"the whole app, round {number + 1}: {error}")
    print(f"the whole app: {rounds} routines, killed twice in each, {len(faults)} faults")
    return faults


def main() -> None:
    """Play all rounds and print the table. Exits with status 1 if a promise was broken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS, help=f"default {ROUNDS}")
    options.add_argument("--app-rounds", type=int, default=APP_ROUNDS, help=f"or {APP_ROUNDS}")
    options.add_argument("--sessions", type=int, default=SESSIONS, help=f"default {SESSIONS}")
    options.add_argument("--seed", type=int, default=1, help="of all that is random (default 1)")
    asked = options.parse_args()
    # When terminated, exit normally, so that the servers and the browser end too.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    rows, faults = play(asked.rounds, asked.seed)
    print(table(rows))
    if asked.sessions:
        faults += play_crowd(asked.sessions, asked.seed)
    if asked.app_rounds:
        faults += play_app(asked.app_rounds, asked.seed)
    print("\n".join(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
