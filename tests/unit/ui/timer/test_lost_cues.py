"""No cue is lost on devices with reported faults, and the measurement notices a lost cue."""

import pytest

from bench.lost_cues import MODELS, lost_cues

FAULTS = {
    "silent switch": "navigator.audioSession = { get type() { return 'auto'; }, set type(to) {} };",
    "interrupted": "device.resume = 'never';",
    "suspended": "device.resume = 'refuses';",
    "swallowed cancel": "document.addEventListener('holdwell-cue',"
    " () => speechSynthesis.cancel());",
    "speaks after a tap": "tap = (act) => act();",
    "no voice": "Object.defineProperty($voice.Voice.prototype, 'missing', { get: () => false });",
    "slow speaker": "let emit = AudioContext.prototype.emit; AudioContext.prototype.emit ="
    " function (made, lasts) { if (made.frequency.value > 100) emit.call(this, made, lasts); };",
}


@pytest.mark.parametrize("model", MODELS)
def test_no_cue_is_lost(model: str) -> None:
    assert lost_cues(model, holds=3) == []


@pytest.mark.parametrize("model", FAULTS)
def test_a_lost_cue_is_noticed(model: str) -> None:
    assert lost_cues(model, holds=2, fault=FAULTS[model])
