"""A browser without a page, in which the timer's own code runs."""

from collections.abc import Iterator

import pytest

from tests.support.timer_code import TimerCode


@pytest.fixture
def timer() -> Iterator[TimerCode]:
    with TimerCode() as code:
        yield code
