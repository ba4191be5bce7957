"""Streamlit knows every setting of its configuration file, also those it does not document."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

SETTINGS = Path(__file__).parents[3] / ".streamlit" / "config.toml"


def names(table: dict[str, Any], section: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from names(value, f"{section}{key}.")
        else:
            yield f"{section}{key}"


def test_streamlit_knows_every_setting() -> None:
    """It only warns about an unknown one, for example after an update that renamed it."""
    written = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    assert "runner.postScriptGC" in names(written)
    assert set(names(written)) - config.get_config_options().keys() == set()


def test_the_browser_need_not_keep_any_element_for_a_later_run() -> None:
    message = ForwardMsg()
    message.delta.new_element.text.body = "x" * 1_000_000
    populate_hash_if_needed(message)
    assert message.hash
    assert not message.metadata.cacheable
