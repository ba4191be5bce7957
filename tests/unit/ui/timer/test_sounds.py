"""The cues of the timer, and which of a device's voices says them."""

from __future__ import annotations

import json

import pytest

from tests.support.timer_code import TimerCode

VOICES = [
    {"name": "Far", "lang": "en-GB", "localService": False},
    {"name": "US", "lang": "en_US", "localService": True},
    {"name": "GB", "lang": "en-GB", "localService": True},
    {"name": "ES", "lang": "es-ES", "localService": True},
]


@pytest.mark.parametrize(
    ("language", "chosen"),
    [("en-GB", "GB"), ("en-US", "US"), ("en-NZ", "US"), ("es-MX", "ES"), ("de-DE", None)],
)
def test_a_voice_of_this_device_and_of_the_language(language: str, chosen: str | None) -> None:
    with TimerCode("voice") as timer:
        asked = f"$voice.chooseVoice({json.dumps(VOICES)}, '{language}')?.name ?? null"
        assert timer.js(f"({asked})") == chosen
