"""The undocumented parts of Streamlit that the app uses: after an update, check this file.

`tests/unit/ui/test_streamlit_internals.py` fails if one of these parts has changed.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from google.protobuf.message import DecodeError
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.scriptrunner import ScriptRunner, get_script_run_ctx

from holdwell.network.middleware import CONNECTION

FILES_KEPT = 24
"""How many files of earlier runs a window keeps, as their buttons may still be on the screen."""
MADE_S = 60.0
"""How long a file that was made is kept: a phone with a bad network may not have fetched it yet."""
_MADE = "made"
"""The files that are kept belong to a session with this id, which no browser has."""


def window_id() -> str:
    """Return Streamlit's id of the session, or "" outside of one, as in a test."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def is_serving() -> bool:
    """Return whether Streamlit's server runs in this process, unlike in a test or a command."""
    return runtime.exists()


def is_running(window: str) -> bool:
    """Return whether a run of a window is under way or requested."""
    session = runtime.get_instance().get_app_session(window)
    return session is not None and session._scriptrunner is not None


def runner_of(connection: str) -> object | None:
    """Return the script runner of a WebSocket; None while no run is under way.

    Each message that asks for a run gets a runner, until that run and all that it began are over.
    """
    if not is_serving():
        return None
    for info in runtime.get_instance()._session_mgr.list_active_sessions():
        context = info.client.client_context
        if context is not None and dict(context.headers).get(CONNECTION) == connection:
            return info.session._scriptrunner
    return None


def is_preparing(runner: object) -> bool:
    """Return whether a script runner is not, or not yet, in its script.

    One that is stopped before its script may forget what the next was sent for undrawn widgets.
    """
    return isinstance(runner, ScriptRunner) and not runner._execing


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a browser's request for a run has: the page, and what is entered in its widgets.

    `taps` are taps of buttons, and other values that are sent only once. The second half of a
    double tap equals the first; its address, which the first may have changed, is not compared.
    """

    page: tuple[str, str] = "", ""
    entered: Sequence[object] = ()
    taps: Sequence[WidgetState] = ()
    address: str = field(default="", compare=False)

    def adds_nothing_to(self, tapped: "RunRequest") -> bool:
        """Return whether all that is entered was also sent with a tap, before this request.

        A date field does this: it sends the date with the tap that leaves it, and once more. What
        `after_run.js` sends by itself is no tap: an answer after it may be one, though the browser
        had sent the same answer to a server that was just restarted.
        """
        is_same = self == replace(tapped, taps=()) and self.address == tapped.address
        return is_same and any(tap.HasField("trigger_value") for tap in tapped.taps)


def requested_run(message: bytes) -> RunRequest | None:
    """Return the request for a run in a browser's message; None if it has none.

    Leave it to Streamlit to refuse anything that is not one of its own messages.
    """
    sent = BackMsg()
    try:
        sent.ParseFromString(message)
    except DecodeError:
        return None
    if not sent.HasField("rerun_script"):
        return None
    request = sent.rerun_script
    entered = request.widget_states.widgets
    taps = [w for w in entered if (w.WhichOneof("value") or "").endswith("trigger_value")]
    kept = tuple(widget for widget in entered if widget not in taps)
    page = request.page_script_hash, request.page_name
    return RunRequest(page, kept, tuple(taps), request.query_string)


def keep_files() -> None:
    """Keep the files of the buttons of earlier runs, and those that were just made for a tap.

    Streamlit forgets the first when this run ends, and the second when two runs of any window end.
    """
    if not is_serving():
        return
    window, manager = window_id(), runtime.get_instance().media_file_mgr
    with manager._lock:
        files = manager._deferred_callables.items()
        own = [file_id for file_id, file in files if file["session_id"] == window]
        for number, file_id in enumerate(own[-FILES_KEPT:]):
            manager._files_by_session_and_coord[window][f"earlier/{number}"] = file_id
        _keep_made(manager)


def _keep_made(manager: MediaFileManager) -> None:
    """Keep files that were made and are not on a page, and delete them after `MADE_S`."""
    kept, now = manager._files_by_session_and_coord[_MADE], time.monotonic()
    for file_id in manager._get_inactive_file_ids():
        if manager._file_metadata[file_id].kind is MediaFileKind.DOWNLOADABLE:
            kept[f"{now} {file_id}"] = file_id
    for since, file_id in list(kept.items()):
        if now - float(since.split()[0]) > MADE_S:
            del kept[since]
            if file_id in manager._get_inactive_file_ids():
                manager._delete_file(file_id)


def drop_files(windows: Iterable[str]) -> None:
    """Drop the files that the server holds for some windows: pictures, downloads and uploads."""
    if not is_serving():
        return
    server = runtime.get_instance()
    for window in (*windows, _MADE):
        server.media_file_mgr.clear_session_refs(window)
        server.uploaded_file_mgr.remove_session_files(window)
    # A download is removed by the second call: the first only marks it.
    for _ in range(2):
        server.media_file_mgr.remove_orphaned_files()
