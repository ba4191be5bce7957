"""The drawings of a routine, as the timer fetches them."""

from tests.support.timer_code import TimerCode

FETCH = """
var answers = [{ ok: false, status: 503 }, { ok: true, json: () => ({ "/drawings/a": "<svg/>" }) }];
var fetch = async () => answers.shift();
var URLSearchParams = class { toString() { return ""; } };
"""


def test_drawings_that_a_busy_app_refuses_are_asked_for_again() -> None:
    with TimerCode("drawings", FETCH) as code:
        for drawn in ("", "<svg/>"):
            code.do("$drawings.fetchDrawings(['/drawings/a'])")
            assert code.js("$drawings.drawing('/drawings/a')") == drawn
