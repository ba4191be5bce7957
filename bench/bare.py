"""The bare page that `bench/pages` compares with: the same Streamlit elements, and nothing else.

The first visit to a page runs Holdwell's own page and records every call of Streamlit:
`st.text("...")`, `st.container(key="...")`, the timer's component and so on, with its arguments and
the container that it is in. Later visits repeat these calls with the same arguments. So the bare
page costs what Streamlit needs for these elements: no database is opened, no text looked up, no
number counted and no chart built. An Altair chart is stored as its finished Vega-Lite
specification, and the texts of a choice as a table.

The first repetition is checked: it has to send the browser the same kinds of elements, to the same
places, as the page itself did.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, field
from types import MethodType
from typing import Any
from unittest.mock import patch

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.vega_charts import _convert_altair_to_vega_lite_spec
from streamlit.navigation.page import Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

Element = Callable[..., Any]

# Every st.<name> that makes an element is a method of a DeltaGenerator, stored here unbound.
_BOUND = {
    name: (bound.__self__, bound.__func__)
    for name, bound in vars(st).items()
    # Not isinstance, which would make Streamlit's lazy proxies load outside of a script.
    if type(bound) is MethodType and isinstance(bound.__self__, DeltaGenerator)
}
_ELEMENTS: dict[str, Element] = {name: plain for name, (_, plain) in _BOUND.items()}

Place = DeltaGenerator | tuple[int, int]
"""The container of a call: one of Streamlit's roots, or the result of an earlier call, given as the
number of that call and the index of the result (columns return several)."""

Sent = tuple[tuple[int, ...], str, str]
"""A message to the browser: its place in the page, the kind of element, and its script's hash."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of Streamlit that makes an element or a container."""

    name: str
    place: Place
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(slots=True)
class Recording:
    """The calls of Streamlit that one page makes.

    `framed` is the index of the first call after the navigation was set up, and `own` that of the
    first call of the page itself.
    """

    config: dict[str, Any] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    navigation: dict[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    framed: int = 0
    own: int = 0
    sent: list[Sent] = field(default_factory=list)
    checked: bool = False


class NotTheSameError(Exception):
    """The repetition of a page does not send the same elements."""


class Bare:
    """Replaces `frame.run`: records a page on its first visit, and repeats it on later ones."""

    def __init__(self, run: Callable[[], None]) -> None:
        self._run = run
        self._recordings: dict[str, Recording] = {}

    def __call__(self) -> None:
        """Show the requested page. Raises NotTheSameError."""
        asked = asked_page()
        known = self._recordings.get(asked)
        if known is None:
            self._recordings[asked] = record(self._run)
        elif known.checked:
            play(known)
        else:
            with listening() as sent:
                play(known)
            check(known.sent, sent)
            known.checked = True


def asked_page() -> str:
    """Return the address of the page that the browser requests; it is empty for the home page."""
    context = get_script_run_ctx()
    assert context is not None
    found = context.pages_manager.get_pages().get(context.page_script_hash)
    return found.get("url_pathname", "") if found else ""


@contextmanager
def listening() -> Iterator[list[Sent]]:
    """Yield a list that is filled with the messages sent to the browser during the block."""
    context = get_script_run_ctx()
    assert context is not None
    sent: list[Sent] = []
    send = context.enqueue

    def enqueue(message: ForwardMsg) -> None:
        send(message)
        kind = str(message.WhichOneof("type"))
        if kind == "delta":
            kind = str(message.delta.WhichOneof("type"))
            inner = getattr(message.delta, kind)
            kind = f"{kind} {inner.WhichOneof('type')}"
        where = tuple(message.metadata.delta_path)
        sent.append((where, kind, message.metadata.active_script_hash))

    # This patches the context of only this script run, which no other session sees.
    with patch.object(context, "enqueue", enqueue):
        yield sent


def check(recorded: list[Sent], played: list[Sent]) -> None:
    """Raise NotTheSameError if the bare page differs from the recorded page."""
    for number, (one, other) in enumerate(zip(recorded, played, strict=False)):
        if one != other:
            raise NotTheSameError(f"element {number} is {other}, and was {one}")
    if len(recorded) != len(played):
        raise NotTheSameError(f"{len(played)} elements, and there were {len(recorded)}")


def play(recording: Recording) -> None:
    """Repeat the calls of a recording."""
    made: list[Any] = []

    def make(calls: list[Call]) -> None:
        for call in calls:
            place = call.place
            if isinstance(place, tuple):
                several = made[place[0]]
                place = several[place[1]] if isinstance(several, list | tuple) else several
            made.append(_ELEMENTS[call.name](place, *call.args, **call.kwargs))

    make(recording.calls[: recording.framed])
    current = st.navigation(list(map(copy, recording.pages)), **recording.navigation)
    st.set_page_config(**recording.config)
    make(recording.calls[recording.framed : recording.own])
    # Run them within the page, so that the browser drops its elements when another page is opened,
    # as it does with the real page.
    current._page = lambda: make(recording.calls[recording.own :])
    current.run()


def record(run: Callable[[], None]) -> Recording:
    """Run a script and record its calls of Streamlit."""
    recording = Recording()
    recorder = _Recorder(recording)
    with ExitStack() as stack:
        recorder.watch(stack)
        recording.sent = stack.enter_context(listening())
        run()
    return recording


class _Recorder:
    """Records the Streamlit calls of one script run; no other script may run at the same time."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._made: dict[int, tuple[int, int]] = {}
        # Keeps the results alive, so that no two of them get the same id().
        self._results: list[Any] = []
        self._inside = False

    def watch(self, stack: ExitStack) -> None:
        """Record until the stack is closed."""
        for name, (owner, plain) in _BOUND.items():
            # st.text and container.text lead to the same function.
            stack.enter_context(patch.object(DeltaGenerator, name, self._method(name, plain)))
            stack.enter_context(patch.object(st, name, self._bound(name, owner, plain)))
        config, navigation, run = st.set_page_config, st.navigation, Page.run

        def set_page_config(**kwargs: Any) -> None:
            self._recording.config = kwargs
            config(**kwargs)

        def navigate(pages: list[Page], **kwargs: Any) -> Page:
            self._recording.pages = list(map(copy, pages))
            self._recording.navigation = kwargs
            self._recording.framed = len(self._recording.calls)
            return navigation(pages, **kwargs)

        def run_page(current: Page) -> None:
            self._recording.own = len(self._recording.calls)
            run(current)

        stack.enter_context(patch.object(st, "set_page_config", set_page_config))
        stack.enter_context(patch.object(st, "navigation", navigate))
        stack.enter_context(patch.object(Page, "run", run_page))

    def _method(self, name: str, plain: Element) -> Element:
        def called(owner: DeltaGenerator, *args: Any, **kwargs: Any) -> Any:
            return self._called(name, plain, owner, args, kwargs)

        return called

    def _bound(self, name: str, owner: DeltaGenerator, plain: Element) -> Element:
        def called(*args: Any, **kwargs: Any) -> Any:
            return self._called(name, plain, owner, args, kwargs)

        return called

    def _called(
        self,
        name: str,
        plain: Element,
        owner: DeltaGenerator,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        if self._inside:
            # Calls that Streamlit makes within a call will be made by it again when repeated.
            return plain(owner, *args, **kwargs)
        active = owner._active_dg
        place: Place = self._made.get(id(active), active)
        self._inside = True
        try:
            result = plain(owner, *args, **kwargs)
        finally:
            self._inside = False
        call = _ready(Call(name, place, args, kwargs))
        number = len(self._recording.calls)
        self._recording.calls.append(call)
        self._results.append(result)
        several = result if isinstance(result, list | tuple) else [result]
        for which, part in enumerate(several):
            if isinstance(part, DeltaGenerator):
                self._made.setdefault(id(part), (number, which))
        return result


def _ready(call: Call) -> Call:
    """Return the call with ready arguments, so that only Streamlit has work to do."""
    kwargs = dict(call.kwargs)
    if "format_func" in kwargs:
        kwargs["format_func"] = _table(kwargs["format_func"], call)
    if call.name != "altair_chart":
        return Call(call.name, call.place, call.args, kwargs)
    chart, *rest = call.args or (kwargs.pop("altair_chart"),)
    kwargs["spec"] = _convert_altair_to_vega_lite_spec(chart)
    return Call("vega_lite_chart", call.place, (None, *rest), kwargs)


def _table(text_of: Callable[[Any], str], call: Call) -> Callable[[Any], str]:
    """Return a function that looks up the texts of a choice in a table made from its options."""
    options = call.kwargs["options"] if "options" in call.kwargs else call.args[1]
    return {option: text_of(option) for option in options}.__getitem__
