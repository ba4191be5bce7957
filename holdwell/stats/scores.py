"""The middle of pain scores, and the one rule of how few scores say how much.

A middle score is always said with how many scores it is of. Fewer than LEAST_SCORES have no
quartiles and are not compared between groups. The page Today uses this module, so it imports
nothing that is slow to import, such as pandas.
"""

from collections.abc import Iterable, Sequence
from statistics import quantiles
from typing import NamedTuple

from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import counted, say
from holdwell.stats.queries import DayScore

LEAST_SCORES = 5
"""The least number of scores for quartiles, and for a comparison of groups."""


class Spread(NamedTuple):
    """The median and quartiles of some scores; `scores` is how many there are."""

    median: float
    low: float
    high: float
    scores: int


def spread(counts: Iterable[tuple[int, int]]) -> Spread | None:
    """Return the spread of scores, given as pairs of score and count; None without any.

    Quantiles are linear between the two nearest scores: Hyndman and Fan (1996), Sample Quantiles
    in Statistical Packages, type 7.
    """
    scores = [score for score, count in counts for _ in range(count)]
    if not scores:
        return None
    parts = quantiles(scores, n=4, method="inclusive") if len(scores) > 1 else scores * 3
    low, median, high = map(float, parts)
    return Spread(median, low, high, len(scores))


def trend_spread(rows: Sequence[DayScore]) -> Spread | None:
    """Return the spread of the trend's scores, without days left out; None without a score."""
    return spread((row.score, row.count) for row in rows if not row.left_out)


def median_text(scores: Spread) -> str:
    """Say a median, and how many scores it is of: few scores are not to pass for many."""
    count = counted("scores", scores.scores)
    return say("progress.middle", median=number_text(scores.median), scores=count)
