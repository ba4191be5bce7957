"""What is common to the browsers that are driven over a WebSocket, where Playwright cannot."""

import json
import time
from abc import ABC, abstractmethod
from itertools import count
from typing import Any

from websockets.sync.client import ClientConnection

PATIENCE_S = 60.0
CENTRE = """
(() => {{
  const button = {button};
  button.scrollIntoView({{ block: "center" }});
  const box = button.getBoundingClientRect();
  return JSON.stringify([box.left + box.width / 2, box.top + box.height / 2]);
}})()
"""


class RemoteTab(ABC):
    """One tab of a browser, which answers numbered calls."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._numbers = count(1)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the answer to a call; what the browser tells in between goes to `hear`."""
        number = next(self._numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while (said := self._receive()).get("id") != number:
            self.hear(said)
        return said

    def _receive(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.connection.recv(PATIENCE_S))
        return said

    def hear(self, said: dict[str, Any]) -> None:  # noqa: B027
        """Do nothing about what the browser tells unasked; a subclass may."""

    @abstractmethod
    def go(self, address: str) -> None:
        """Open an address."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page; None where it has none."""

    @abstractmethod
    def click(self, x: float, y: float) -> None:
        """Click at a place of the page as a user does: what wants a tap is allowed."""

    def press(self, text: str) -> None:
        """Press the button that reads `text`, once it can be pressed."""
        named = f"(b => b.textContent.trim() === {text!r} && b.checkVisibility() && !b.disabled)"
        button = f"[...document.querySelectorAll('button')].find{named}"
        self.wait_for(button)
        # A page that is still loading moves its buttons.
        found, before = self.evaluate(CENTRE.format(button=button)), None
        while found != before:
            time.sleep(0.25)
            found, before = self.evaluate(CENTRE.format(button=button)), found
        self.click(*json.loads(found))

    def wait_for(self, expression: str, seconds: float = PATIENCE_S) -> None:
        """Wait until an expression holds. TimeoutError after `seconds`."""
        give_up = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > give_up:
                raise TimeoutError(expression)
            time.sleep(0.25)
