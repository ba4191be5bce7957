"""The listeners: both loopback addresses, and connections that are idle or do not read."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import h11
import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdwell.network import server
from holdwell.network.account import Account
from holdwell.network.middleware import HomeMiddleware, LocalMiddleware
from holdwell.network.pairing import Pairing, PairingFile, add_phone
from holdwell.network.server import HomeListener, ListenerState, PortTakenError, loopback_listener
from tests.unit.network.conftest import run

ADDRESS = "127.0.0.1"  # stands for the one in the home network
TheApp = PlainTextResponse("the app")


def in_pieces(*sizes: int) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(iter(["i" * size for size in sizes]))(scope, receive, send)

    return app


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


async def get(address: str, port: int, *headers: str) -> bytes:
    """Request "/" and return the first line of the answer, or b"" if the connection ends."""
    reader, writer = await asyncio.open_connection(address, port)
    lines = ["GET / HTTP/1.1", f"Host: {address}", "Accept: text/html", *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    try:
        return await asyncio.wait_for(reader.readline(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@asynccontextmanager
async def home_listener(folder: Path, app: ASGIApp) -> AsyncIterator[tuple[int, str]]:
    """Serve an app to the home network; yield the port, and the cookie of a paired phone."""
    pairing, (token, _) = add_phone(Pairing("012345", ADDRESS), "2026-11-25")
    file = PairingFile(folder)
    file.update(lambda _: pairing)
    port = free_port()
    listener = HomeListener(app, file, port, lambda: [ADDRESS])
    async with listener.running():
        while listener.state is not ListenerState.OPEN:
            await asyncio.sleep(0.01)
        yield port, f"Cookie: holdwell_phone={token}"


def test_the_second_loopback_address_is_served_until_the_end() -> None:
    port = free_port()

    async def serve() -> bytes:
        async with loopback_listener(TheApp, "::1", port):
            return await get("::1", port)

    if not socket.has_ipv6:
        pytest.skip("this computer has no IPv6")
    assert run(serve()).startswith(b"HTTP/1.1 200")
    with pytest.raises(OSError):
        run(get("::1", port))


def test_if_another_program_uses_the_second_address_nothing_is_served() -> None:
    with socket.socket(socket.AF_INET6) as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("::1", 0))
        squatter.listen()

        async def serve() -> None:
            async with loopback_listener(TheApp, "::1", squatter.getsockname()[1]):
                pytest.fail("the app was served beside another program")

        with pytest.raises(PortTakenError, match="Another program answers"):
            run(serve())


def test_a_computer_without_ipv6_needs_no_second_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_address: str, _port: int) -> socket.socket:
        raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(server, "_listen", fail)

    async def serve() -> str:
        async with loopback_listener(TheApp, "::1", 1):
            return "went on"

    assert run(serve()) == "went on"


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"GET "])
def test_idle_connections_keep_no_paired_phone_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    """250 connections at once, from ten addresses, are closed, and a phone still gets an answer."""
    monkeypatch.setattr(server, "HEAD_WITHIN_S", 1.0)

    async def attack() -> tuple[bytes, int]:
        async with home_listener(tmp_path, TheApp) as (port, cookie):
            opened = [
                await asyncio.open_connection(ADDRESS, port, local_addr=(f"127.0.1.{n % 10}", 0))
                for n in range(250)
            ]
            for _, writer in opened:
                writer.write(begun)
            # Connections beyond the limit of an address are closed at once, the rest after a time.
            ended = [asyncio.create_task(reader.read()) for reader, _ in opened]
            done, _ = await asyncio.wait(ended, timeout=10)
            answer = await get(ADDRESS, port, cookie)
            for _, writer in opened:
                writer.close()
            return answer, len(done)

    answer, closed = run(attack())
    assert closed == 250
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("addresses", [1, 10])
def test_one_device_cannot_take_all_connections(tmp_path: Path, addresses: int) -> None:
    """Not even if it gives itself several addresses."""

    async def attack() -> bytes:
        async with home_listener(tmp_path, TheApp) as (port, cookie):
            opened = [
                await asyncio.open_connection(
                    ADDRESS, port, local_addr=(f"127.0.1.{n % addresses}", 0)
                )
                for n in range(250)
            ]
            answer = await get(ADDRESS, port, cookie)
            for _, writer in opened:
                writer.close()
            return answer

    assert run(attack()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("icon", "requests"),
    [
        (PlainTextResponse("i" * 600_000), 1),
        (PlainTextResponse("i" * 600_000), 2),
        (in_pieces(600_000, 1), 1),
        (PlainTextResponse("i"), 1),
    ],
)
def test_answers_that_are_not_read_keep_no_paired_phone_out(
    tmp_path: Path, icon: ASGIApp, requests: int
) -> None:
    """The icon needs no PIN, so that anybody can request it and leave the answer unread.

    In the last case the answers are short, and the connections stay open after them.
    """
    request = f"GET /holdwell/look/i HTTP/1.1\r\nHost: {ADDRESS}\r\n\r\n"

    async def attack() -> bytes:
        async with home_listener(tmp_path, icon) as (port, cookie):
            with ExitStack() as opened:
                for n in range(250):
                    one = opened.enter_context(closing(socket.socket()))
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                    one.bind((f"127.0.1.{n % 10}", 0))
                    await asyncio.to_thread(one.connect, (ADDRESS, port))
                    one.send(request.encode() * requests)
                return await get(ADDRESS, port, cookie)

    assert run(attack()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("app", [PlainTextResponse("i" * 4_000_000), in_pieces(10**6, 3 * 10**6)])
@pytest.mark.parametrize(("rests", "gets_all"), [(1, True), (3, False)])
def test_an_answer_is_cut_off_only_if_nothing_of_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, app: ASGIApp, rests: int, gets_all: bool
) -> None:
    """A download over a slow network may take longer than `HEAD_WITHIN_S`."""
    monkeypatch.setattr(server, "HEAD_WITHIN_S", 0.5)

    async def download() -> int:
        async with home_listener(tmp_path, app) as (port, cookie):
            head = f"GET / HTTP/1.1\r\nHost: {ADDRESS}\r\n{cookie}\r\n\r\n"
            phone = socket.socket()
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
            phone.connect((ADDRESS, port))
            reader, writer = await asyncio.open_connection(sock=phone)
            writer.write(head.encode())
            taken = await reader.readexactly(1_500_000)
            # The sleep is in the server's own loop, so that its timer runs before the sleep ends.
            await asyncio.sleep(rests * server.HEAD_WITHIN_S)
            taken += await reader.read()
            writer.close()
            return len(taken)

    assert (run(download()) > 4_000_000) is gets_all


def test_a_body_that_is_not_http_ends_the_connection_without_a_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Found by bench/requests: uvicorn cannot send the text of its refusal in answer to HEAD."""
    head = f"HEAD / HTTP/1.1\r\nHost: {ADDRESS}\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def attack() -> bytes:
        async with home_listener(tmp_path, TheApp) as (port, _):
            reader, writer = await asyncio.open_connection(ADDRESS, port)
            writer.write(head.encode() + b"\x8e no chunk\r\n")
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return answer

    assert b"the app" not in run(attack())
    assert [one for one in caplog.records if one.exc_info] == []


@pytest.mark.parametrize("host", ["evil.test", "localhost"])
def test_a_body_that_is_not_http_leaves_no_traceback_on_this_computer(
    caplog: pytest.LogCaptureFixture, host: str
) -> None:
    """Here uvicorn's own protocol is used, so the event loop and the guard handle the error."""
    port = free_port()
    guarded = LocalMiddleware(TheApp, account=lambda _client, _server: Account.OWN)
    head = f"HEAD / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def attack() -> None:
        asyncio.get_running_loop().set_exception_handler(server.ignore_invalid_http)
        async with loopback_listener(guarded, ADDRESS, port):
            reader, writer = await asyncio.open_connection(ADDRESS, port)
            writer.write(head.encode() + b"\x8e no chunk\r\n")
            await asyncio.wait_for(reader.read(), 10)
            writer.close()

    run(attack())
    assert [one for one in caplog.records if one.exc_info] == []


def test_the_state_of_the_listener_follows_the_file_and_the_network(tmp_path: Path) -> None:
    pairing, port, here = PairingFile(tmp_path), free_port(), [ADDRESS]
    listener = HomeListener(TheApp, pairing, port, addresses=lambda: here)
    assert listener.apply() is ListenerState.SHUT, "the app does not run"

    async def states() -> list[ListenerState]:
        async def now() -> ListenerState:
            return await asyncio.to_thread(listener.apply)

        async with listener.running():
            found = [await now()]
            pairing.update(lambda known: replace(known, address=ADDRESS))
            found += [await now(), await asyncio.to_thread(listener.apply, reconnect=True)]
            here.clear()
            found.append(await now())
            here.append(ADDRESS)
            with socket.create_server((ADDRESS, port)):
                found.append(await now())
            found.append(await now())
            pairing.update(lambda known: replace(known, address=""))
            return [*found, await now()]

    assert run(states()) == [
        ListenerState.SHUT,
        ListenerState.OPEN,
        ListenerState.OPEN,
        ListenerState.GONE,
        ListenerState.TAKEN,
        ListenerState.OPEN,
        ListenerState.SHUT,
    ]
    assert listener.apply() is ListenerState.SHUT


def test_an_answer_to_a_closing_connection_leaves_no_traceback(
    tmp_path: Path,
) -> None:
    """Found by bench/requests, once in 23,000 requests."""

    async def send(_message: Message) -> None:
        raise h11.LocalProtocolError("can't handle event type Response when state=MUST_CLOSE")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "client": (ADDRESS, 50000),
        "server": (ADDRESS, 8501),
        "headers": [(b"host", ADDRESS.encode()), (b"accept", b"text/html")],
    }
    home = HomeMiddleware(TheApp, PairingFile(tmp_path), ADDRESS)
    local = LocalMiddleware(TheApp, account=lambda _client, _server: Account.OWN)
    for guard in (home, local):
        run(guard(dict(scope), receive, send))
