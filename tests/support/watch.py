"""Records every request, WebSocket and dialog of a browser, so that tests can check the hosts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request, WebSocket

# The page's policy is enforced before a request is sent, so blocked requests are recorded
# separately.
TELL = "document.addEventListener('securitypolicyviolation', e => stopped(e.blockedURI))"


@dataclass
class Watch:
    """Everything that a browser context requested, from its first page on."""

    asked: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def hosts(self) -> set[str]:
        """Return the hosts, with ports, of all requests and WebSockets."""
        return {
            urlsplit(url).netloc
            for url in (*self.asked, *self.sockets)
            if not url.startswith(("data:", "blob:", "about:"))
        }


@contextmanager
def watching(context: BrowserContext) -> Iterator[Watch]:
    """Record until the end of the block, which begins before the first page is opened."""
    seen = Watch()

    def request(asked: Request) -> None:
        seen.asked.append(asked.url)

    def socket(opened: WebSocket) -> None:
        seen.sockets.append(opened.url)

    def dialog(shown: Any) -> None:
        seen.dialogs.append(shown.message)
        shown.dismiss()

    def page(opened: Page) -> None:
        opened.on("websocket", socket)
        opened.on("dialog", dialog)

    context.on("request", request)
    context.on("page", page)
    binding = context.expose_binding("stopped", lambda _, uri: seen.stopped.append(str(uri)))
    with binding, context.add_init_script(TELL):
        yield seen
    context.remove_listener("request", request)
    context.remove_listener("page", page)
