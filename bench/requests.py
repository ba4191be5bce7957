"""Sends generated requests to both listeners for ten minutes: are any let in, do any cause errors?

Run `bench/requests`, or `bench/requests --minutes 1` for less. No phone is paired with the home
network's listener, so that it may return only the PIN page and the icon. Each request to the local
listener has something that no page of the app sends: another host, origin or site, or no origin
where one is needed. Bars: 0 let in, 0 tracebacks, and memory that does not grow.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import psutil

from bench.harness import serving
from holdwell.network.addresses import home_addresses, url_host
from holdwell.network.middleware import PIN_PATH
from holdwell.network.pairing import PairingFile
from holdwell.network.pwa import OPEN_PATH

MINUTES = 10.0
AT_ONCE = 12
"""Connections at a time to each listener; the home network's allows 40 for one address."""
PATIENCE_S = 10.0
GROWTH_MB = 30.0
"""How much the server may grow after the first fifth of the time, when its caches are full."""

METHODS = ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"]
PATHS = (
    "/", "/history", "/report", "/media/0f.pdf", "/_stcore/stream", "/_stcore/health", PIN_PATH,
    "/_stcore/upload_file/a/b", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/agent",
    "/static/js/index.js", "/component/x/y.js", f"{OPEN_PATH}/icon-192.png", f"{OPEN_PATH}/../../",
    f"{OPEN_PATH}/%2e%2e/%2e%2e/", "//evil.test/", "/%00", "/%ff", "http://evil.test/", "*", "",
)  # fmt: skip
FOREIGN_HOSTS = (
    "evil.test",
    "localhost.evil.test",
    "evil.test:8501",
    "localhost@evil.test",
    "[::2]",
)
FOREIGN_ORIGINS = ("http://evil.test", "null", "file://", "https://localhost.evil.test", "http://[")


@dataclass(frozen=True)
class Listener:
    """Where requests are sent: a name, an address and a port; `host` is the right Host header."""

    name: str
    address: str
    port: int

    @property
    def host(self) -> str:
        return f"{url_host(self.address)}:{self.port}"


def request(at: Listener, chance: Random) -> bytes:
    """Return one request that a listener must not let in."""
    lines = [f"Connection: {chance.choice(('close', 'close', 'keep-alive', 'Upgrade', 'x'))}"]
    method, path = chance.choice(METHODS), _path(chance)
    if chance.random() < 0.25:
        method = "GET"
        key = chance.choice(("dGhlIHNhbXBsZSBub25jZQ==", "x"))
        lines += ["Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        lines.append(
            f"Sec-WebSocket-Protocol: {chance.choice(('streamlit', 'holdwell.a.b.c', ',,'))}"
        )
    is_home = at.name == "home"
    # The home network's listener refuses even the right host; at the local one something must be
    # wrong.
    hosts = [f"Host: {at.host}"]
    kind = chance.choice(("host", "origin", "none", "own") if is_home else ("host", "origin"))
    if kind == "host":
        wrong = f"Host: {chance.choice(FOREIGN_HOSTS)}"
        hosts = chance.choice(([wrong], [], [*hosts, wrong], [wrong, *hosts]))
    elif kind == "origin":
        hosts.append(f"Origin: {chance.choice(FOREIGN_ORIGINS)}")
    elif kind == "own":
        hosts.append(f"Origin: http://{at.host}")
    lines += hosts + [_header(chance) for _ in range(chance.randint(0, 4))]
    body = b""
    if chance.random() < 0.4:
        body = chance.choice(
            (b"pin=%06d" % chance.randrange(10**6), chance.randbytes(300), b"a=b&&")
        )
        length = chance.choice((len(body), len(body), 0, 10**9, -1))
        lines.append(chance.choice((f"Content-Length: {length}", "Transfer-Encoding: chunked")))
    chance.shuffle(lines)
    version = "1.1" if chance.random() < 0.9 else chance.choice(("1.0", "2", "9.9"))
    head = "\r\n".join([f"{method} {path} HTTP/{version}", *lines, "", ""])
    return head.encode("latin-1", "replace") + body


def _path(chance: Random) -> str:
    path = chance.choice(PATHS)
    if chance.random() < 0.15:
        place = chance.randint(0, len(path))
        path = (
            path[:place]
            + chance.choice(("%2f", "..", "\\", ";", "?a=", "#", "é", "x" * 900))
            + path[place:]
        )
    return path


def _header(chance: Random) -> str:
    if chance.random() < 0.04:
        return chance.choice(("No colon here", ": empty", "X: \x00", "Host: x", " folded: y"))
    return chance.choice((
        "X-Holdwell-Listener: local", "X-Holdwell-Unlock: a", "Cookie: holdwell_phone=" + "a" * 43,
        "Cookie: a=b; holdwell_phone=\x7f", "X-Forwarded-For: 127.0.0.1", "Accept: text/html",
        "Forwarded: for=127.0.0.1", "Sec-Fetch-Site: cross-site", "Accept-Language: es;q=x,,",
        "Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded",
        "Range: bytes=9-1", "Expect: 100-continue", f"X-Long: {'y' * chance.choice((9, 70_000))}",
        "If-None-Match: *", "TE: trailers",
    ))  # fmt: skip


def is_let_in(at: Listener, sent: bytes, answer: bytes) -> bool:
    """Return whether an answer comes from the app, and not from its guard or the HTTP server."""
    status = re.match(rb"HTTP/1\.\d (\d{3})", answer)
    if status is None or int(status[1]) >= 400 or int(status[1]) == 100:
        return False
    # On the home network the app's icon and name are open to all, as the PIN page shows them.
    target = sent.split(b" ", 2)[1] if sent.count(b" ") > 1 else b""
    return not (at.name == "home" and target.startswith(f"{OPEN_PATH}/".encode()))


async def send_some(at: Listener, chance: Random, until: float, seen: Counter[str]) -> list[bytes]:
    """Send requests one after another until a time; return those that were let in."""
    let_in: list[bytes] = []
    while time.monotonic() < until:
        sent = request(at, chance)
        if chance.random() < 0.05:
            sent = sent[: chance.randint(0, len(sent))]
        answer = b""
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(at.address, at.port)
            try:
                writer.write(sent)
                async with asyncio.timeout(PATIENCE_S):
                    await writer.drain()
                    answer = await reader.read(4096)
            finally:
                writer.close()
        seen[answer[9:12].decode("latin-1") or "nothing"] += 1
        if is_let_in(at, sent, answer):
            let_in.append(sent)
    return let_in


async def play(
    listeners: list[Listener], minutes: float, process: psutil.Process, seed: int
) -> tuple[dict[str, Counter[str]], list[bytes], list[float]]:
    """Attack all listeners at once.

    Returns the answers by listener, the requests that were let in, and the server's memory in MB
    after each tenth of the time.
    """
    until = time.monotonic() + 60 * minutes
    seen = {at.name: Counter[str]() for at in listeners}
    work = [
        asyncio.create_task(send_some(at, Random(f"{seed} {at.name} {n}"), until, seen[at.name]))
        for at in listeners
        for n in range(AT_ONCE)
    ]
    memory: list[float] = []
    for _ in range(10):
        await asyncio.sleep(6 * minutes)
        memory.append(process.memory_info().rss / 2**20)
        print(
            f"{memory[-1]:.0f} MB, {sum(map(Counter.total, seen.values()))} requests",
            file=sys.stderr,
        )
    return seen, [sent for found in await asyncio.gather(*work) for sent in found], memory


def main() -> int:
    """Print the figures; return 1 if one of them misses its bar."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=MINUTES, help=f"default {MINUTES:.0f}")
    options.add_argument("--seed", type=int, default=1, help="of all that is random (default 1)")
    asked = options.parse_args()
    addresses = home_addresses()[:1]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if addresses:
            PairingFile(folder).update(lambda pairing: replace(pairing, address=addresses[0]))
        with serving(folder) as server:
            listeners = [Listener("local", "127.0.0.1", server.port)]
            listeners += [Listener("home", address, server.port) for address in addresses]
            assert server.process.pid is not None
            process = psutil.Process(server.process.pid)
            seen, let_in, memory = asyncio.run(play(listeners, asked.minutes, process, asked.seed))
            is_answering = server.answers()
        logs = [file.read_text(errors="replace") for file in folder.glob("*.log")]
    tracebacks = sum(log.count("Traceback") for log in logs)
    grown = memory[-1] - memory[1]
    for name, found in seen.items():
        print(f"{name}: {found.total():,} requests, {dict(found.most_common())}")
    print(
        f"let in: {len(let_in)}, tracebacks: {tracebacks}, the server still answers: {is_answering}"
    )
    print(f"memory: {memory[1]:.0f} MB after a fifth of the time, {memory[-1]:.0f} MB at the end")
    for sent in let_in[:5]:
        print(f"let in: {sent[:300]!r}")
    for log in logs if tracebacks else ():
        print(log[log.index("Traceback") :][:3000] if "Traceback" in log else "")
    return int(bool(let_in or tracebacks) or not is_answering or grown > GROWTH_MB)


if __name__ == "__main__":
    sys.exit(main())
