"""Streamlit's undocumented parts are as the app expects them: its own server runs a page here."""

import asyncio
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import ClientContext, SessionClient
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from holdwell.network.middleware import CONNECTION
from holdwell.ui.runtime import streamlit_internals
from tests.unit.network.conftest import run
from tests.unit.test_shape import FILES

UPLOADS = MemoryUploadedFileManager("/uploads")
begun, may_end = threading.Semaphore(0), threading.Event()
windows: list[str] = []


def page() -> None:
    """Show a download button and wait; Streamlit's server runs this as its script."""
    windows.append(streamlit_internals.window_id())
    streamlit_internals.keep_files()
    st.download_button("Save", lambda: b"content")
    begun.release()
    may_end.wait()


class Browser(SessionClient, ClientContext):
    """A browser's connection, with the ids of the files of the buttons that it was sent."""

    headers = ((CONNECTION, "this one"),)
    cookies: Mapping[str, str] = {}
    remote_ip = None
    client_context = property(lambda self: self)

    def __init__(self) -> None:
        self.files: list[str] = []

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if file := msg.delta.new_element.download_button.deferred_file_id:
            self.files.append(file)


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """Streamlit's server for the page, which is not started yet."""
    # Streamlit makes the script the main module, which later tests would start in processes.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    script = tmp_path / "script.py"
    script.write_text(f"from {__name__} import page\npage()\n", encoding="utf-8")
    yield Runtime(RuntimeConfig(str(script), MemoryMediaFileStorage("/media"), UPLOADS))
    Runtime._instance = None


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0)


def test_no_other_module_imports_these_parts() -> None:
    parts = re.compile(r"^\s*(from|import) streamlit(\.(runtime|proto|web)| import runtime)", re.M)
    found = [file.name for file in FILES if parts.search(file.read_text(encoding="utf-8"))]
    assert found == ["streamlit_internals.py"]


def test_a_run_is_seen_from_its_request_to_its_end_and_files_until_they_are_dropped(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = BackMsg()
    asked.rerun_script.widget_states.widgets.append(WidgetState(id="one", trigger_value=True))
    browser = Browser()

    async def run_twice() -> None:
        await runtime.start()
        window = runtime.connect_session(browser, {})
        runners = [streamlit_internals.runner_of("this one")]
        assert not streamlit_internals.is_running(window)
        for number in (1, 2):
            runtime.handle_backmsg(window, asked)
            runners.append(streamlit_internals.runner_of("this one"))
            assert streamlit_internals.is_running(window)
            await asyncio.to_thread(begun.acquire)
            assert not streamlit_internals.is_preparing(runners[-1])
            await until(lambda number=number: len(browser.files) == number)  # type: ignore[misc]
        assert len(set(runners)) == 3
        assert streamlit_internals.runner_of("another") is None
        may_end.set()
        await until(lambda: not streamlit_internals.is_running(window))
        assert streamlit_internals.runner_of("this one") is None
        assert streamlit_internals.is_preparing(runners[-1]), "it runs no script any more"
        assert windows == [window] * 2

        # The second run has kept the file of the first.
        made = [runtime.media_file_mgr.execute_deferred(file) for file in browser.files]
        address = made[0].removeprefix("/media/")
        # Two runs of other windows end before the browser has fetched the file that was made.
        for _ in range(2):
            streamlit_internals.keep_files()
            runtime.media_file_mgr.remove_orphaned_files()
        assert runtime.media_file_mgr.read_file(address) is not None
        monkeypatch.setattr(streamlit_internals, "MADE_S", -1.0)
        streamlit_internals.keep_files()
        assert runtime.media_file_mgr.read_file(address) is None
        monkeypatch.undo()
        runtime.media_file_mgr.execute_deferred(browser.files[0])
        streamlit_internals.keep_files()
        assert runtime.media_file_mgr.read_file(address) is not None
        UPLOADS.add_file(window, UploadedFileRec("f", "a.csv", "text/csv", b"1"))
        streamlit_internals.drop_files([window])
        assert runtime.media_file_mgr.read_file(address) is None
        assert UPLOADS.get_files(window, ["f"]) == []
        for file in browser.files:
            with pytest.raises(MediaFileStorageError, match="not found"):
                runtime.media_file_mgr.execute_deferred(file)
        runtime.stop()
        await runtime.stopped

    run(run_twice())
