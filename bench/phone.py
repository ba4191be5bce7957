"""Measures a cold start on a phone, and the server's needs, compared with a bare Streamlit page.

Run `bench/pages --phone`. The phone is Chromium with an empty cache and a processor six times
slower, on networks of Chrome's presets: "Fast 4G" (9 Mbit/s, 165 ms), and "Slow 4G" (1.6 Mbit/s,
563 ms), which was called "Fast 3G". The bare page is a title and a button, run by `streamlit run`.

First: milliseconds until something is painted. Whole: until the script has ended and its title is
shown. Answers: seconds from the start of the process to the first response. Processor: its CPU time
until then, which other work on the machine changes less. Memory: the resident memory of the server
after the first page, after every page was visited and the report saved, and after two more rounds
of that; PSS counts memory shared with other processes only in part.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from bench.harness import browser, table
from holdwell.ui.runtime.navigation import HOME, PAGES
from tests.support.chromium import PHONE
from tests.support.server import ROOT, START_S, free_port
from tools import demo

SLOWER = 6
NETWORKS = {"4G": (9_000_000, 165.0), "3G": (1_600_000, 562.5)}
"""Bits per second in both directions, and the round trip in milliseconds."""
ROUNDS = 3
PATIENCE_MS = 120_000
BARE = 'import streamlit as st\nst.title("Bare")\nst.button("Press")\n'
WHOLE = """
document.querySelector('[data-testid=stMain] :is(h1, .hw-timer)')
  && document.querySelector('[data-test-script-state]')?.dataset.testScriptState === 'notRunning'
"""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass
class Cost:
    """The measurements of one app, in the order taken."""

    first: dict[str, list[float]] = field(default_factory=dict)
    whole: dict[str, list[float]] = field(default_factory=dict)
    kilobytes: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    memory_all: list[float] = field(default_factory=list)
    memory_thrice: list[float] = field(default_factory=list)
    pss_thrice: list[float] = field(default_factory=list)


@contextmanager
def started(script: Path, data: Path, cost: Cost) -> Iterator[tuple[str, psutil.Process]]:
    """Start an app as a user does; yield its address and its process."""
    port = free_port()
    options = ["--server.port", str(port), "--server.headless", "true"]
    options += ["--browser.gatherUsageStats", "false"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    environment = {**os.environ, "HOLDWELL_DATA": str(data)}
    folder = ROOT if script.parent == ROOT else script.parent
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://localhost:{port}"
        while not answers(address):
            if process.poll() is not None or time.perf_counter() - begun > START_S:
                raise RuntimeError(f"{script} does not start")
            time.sleep(0.01)
        cost.answers.append(time.perf_counter() - begun)
        server = psutil.Process(process.pid)
        used = server.cpu_times()
        cost.processor.append(used.user + used.system)
        yield address, server
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    """Return whether the app serves pages."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def megabytes(size: int) -> float:
    """Return a number of bytes in megabytes."""
    return size / 2**20


def cold_start(chromium: Browser, address: str, network: str, cost: Cost) -> None:
    """Open the first page as a phone does on its first visit."""
    bits, latency = NETWORKS[network]
    context = chromium.new_context(viewport=PHONE, locale="en-GB")
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    speed = {"downloadThroughput": bits / 8, "uploadThroughput": bits / 8, "latency": latency}
    tools.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    loaded = []
    tools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
    page.wait_for_function(WHOLE, timeout=PATIENCE_MS)
    cost.whole.setdefault(network, []).append(float(page.evaluate("performance.now()")))
    cost.first.setdefault(network, []).append(float(page.evaluate(FIRST)))
    cost.kilobytes.append(sum(loaded) / 1024)
    context.close()


def visit_all(chromium: Browser, address: str, names: list[str]) -> None:
    """Visit every page once at full speed, and save the report on its page."""
    page = chromium.new_page()
    for name in names:
        page.goto(f"{address}/{name}", timeout=PATIENCE_MS)
        page.wait_for_function(WHOLE, timeout=PATIENCE_MS)
        # Charts and pictures are loaded after the script.
        page.wait_for_load_state("networkidle")
        if name == "report":
            with page.expect_download(timeout=PATIENCE_MS) as saved:
                page.locator(".st-key-hw-save-report button").click()
            saved.value.path()
    page.close()


def measure(chromium: Browser, script: Path, data: Path, names: list[str], cost: Cost) -> None:
    """Start an app once, and take all measurements."""
    with started(script, data, cost) as (address, process):
        visit_all(chromium, address, [""])
        cost.memory.append(megabytes(process.memory_info().rss))
        for network in NETWORKS:
            cold_start(chromium, address, network, cost)
        visit_all(chromium, address, names)
        cost.memory_all.append(megabytes(process.memory_info().rss))
        for _ in range(2):
            visit_all(chromium, address, names)
        held = process.memory_full_info()
        cost.memory_thrice.append(megabytes(held.rss))
        cost.pss_thrice.append(megabytes(held.pss))


def rows(costs: dict[str, Cost]) -> list[list[str]]:
    """Return the table with a row for each figure, and Holdwell as a multiple of the bare page."""
    figures = {
        **{f"first paint, {n} (ms)": [c.first[n] for c in costs.values()] for n in NETWORKS},
        **{f"whole, {n} (ms)": [c.whole[n] for c in costs.values()] for n in NETWORKS},
        "loaded (kB)": [c.kilobytes for c in costs.values()],
        "answers after (s)": [c.answers for c in costs.values()],
        "processor until then (s)": [c.processor for c in costs.values()],
        "memory, first page (MB)": [c.memory for c in costs.values()],
        "memory, every page (MB)": [c.memory_all for c in costs.values()],
        "the same, thrice (MB)": [c.memory_thrice for c in costs.values()],
        "the same, PSS (MB)": [c.pss_thrice for c in costs.values()],
    }
    found = [["", *costs, "times"]]
    for name, measured in figures.items():
        middle = [statistics.median(values) for values in measured]
        cells = [f"{value:.2f}" if value < 20 else f"{value:.0f}" for value in middle]
        found.append([name, *cells, f"{middle[0] / middle[1]:.2f}"])
    return found


def main(rounds: int = ROUNDS) -> None:
    """Measure Holdwell and the bare page in turn, and print both side by side."""
    costs = {"Holdwell": Cost(), "bare": Cost()}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        data = place / "data"
        data.mkdir()
        demo.make(data, datetime.now().astimezone())
        bare = place / "bare" / "bare.py"
        bare.parent.mkdir()
        bare.write_text(BARE, encoding="utf-8")
        opened = stack.enter_context(browser())
        names = ["" if page.name == HOME else page.name for page in PAGES]
        for number in range(rounds):
            print(f"Round {number + 1} of {rounds}", file=sys.stderr)
            measure(opened, ROOT / "app.py", data, names, costs["Holdwell"])
            measure(opened, bare, data, [""], costs["bare"])
    print(table(rows(costs)))
