"""What browsers driven over a WebSocket have in common; used where Playwright cannot drive one."""

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
    """One browser tab, which answers numbered calls."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._numbers = count(1)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return the answer to a call; pass messages that arrive before it to `hear`."""
        number = next(self._numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while (message := self._receive()).get("id") != number:
            self.hear(message)
        return message

    def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(PATIENCE_S))
        return message

    def hear(self, message: dict[str, Any]) -> None:  # noqa: B027
        """Ignore a message that is no answer to a call; a subclass may handle it."""

    @abstractmethod
    def go(self, address: str) -> None:
        """Open an address."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression in the page, or None if it has none."""

    @abstractmethod
    def click(self, x: float, y: float) -> None:
        """Click at a point of the page as a user does, which counts as a tap."""

    def press(self, text: str) -> None:
        """Press the button with the text `text` once it is enabled."""
        named = f"(b => b.textContent.trim() === {text!r} && b.checkVisibility() && !b.disabled)"
        button = f"[...document.querySelectorAll('button')].find{named}"
        self.wait_for(button)
        # While the page is still loading, the button moves: wait until it stays in place.
        found, before = self.evaluate(CENTRE.format(button=button)), None
        while found != before:
            time.sleep(0.25)
            found, before = self.evaluate(CENTRE.format(button=button)), found
        self.click(*json.loads(found))

    def wait_for(self, expression: str, seconds: float = PATIENCE_S) -> None:
        """Wait until an expression is true. Raises TimeoutError after `seconds`."""
        give_up = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > give_up:
                raise TimeoutError(expression)
            time.sleep(0.25)
