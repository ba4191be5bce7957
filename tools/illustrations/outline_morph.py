"""Matches one outline through all frames of a motion, so that its path can be animated.

Path data can be interpolated only between paths with the same commands. So each point of a frame's
outline is matched with a point of the next frame's, and all are written with the same curves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tools.illustrations.contours import Array, even, write

COUNT = 120
"""The number of points of an outline that are matched."""
FINE = 3
"""The number of candidates on the next outline for each matched point."""
MOST = 2 * FINE
"""By how many candidates one match may be ahead of the match before it; FINE is an even pace."""
PACE = 0.5
TANGENT = 60.0
"""Weights: the cost of leaving the even pace (PACE) and of turning the tangent (TANGENT), compared
with the squared distance of two points."""
TURN = 0.8
SPAN = 60.0
NEAR = 1.5
"""How far a point may be from its place in a frame that is interpolated, in user units."""


@dataclass(frozen=True)
class MatchedLine:
    """A closed line of dense points, and the places `at` of the matched points on it, as indexes of
    points, which may have fractions."""

    points: Array
    at: Array

    def where(self, at: Array) -> Array:
        """Return the points at these places."""
        count = len(self.points)
        low = np.floor(at).astype(int)
        part = (at - low)[:, None]
        found: Array = self.points[low % count] * (1 - part) + self.points[(low + 1) % count] * part
        return found

    @property
    def matched(self) -> Array:
        return self.where(self.at)


def _tangents(points: Array, reach: int = 1) -> Array:
    ahead = np.roll(points, -reach, axis=0) - np.roll(points, reach, axis=0)
    long: Array = ahead / np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    return long


def _pace(cost: Array) -> NDArray[np.int64]:
    """Return the cheapest path through a table of matches, from its first corner to its last."""
    rows, columns = cost.shape
    # Each row of `options` is the best cost so far, moved on by one more place.
    room = np.full(MOST + columns, np.inf)
    best = room[MOST:]
    best[0] = cost[0, 0]
    options = np.lib.stride_tricks.sliding_window_view(room, columns)[::-1]
    pace = PACE * (np.arange(MOST + 1.0) - FINE)[:, None] ** 2
    came = np.zeros((rows, columns), dtype=np.int64)
    places = np.arange(columns)
    for row in range(1, rows):
        paced = options + pace
        came[row] = paced.argmin(axis=0)
        best[:] = paced[came[row], places] + cost[row]
    found = np.zeros(rows, dtype=np.int64)
    found[-1] = columns - 1
    for row in range(rows - 1, 0, -1):
        found[row - 1] = found[row] - came[row, found[row]]
    return found


def follow(known: MatchedLine, loop: Array) -> MatchedLine:
    """Return the next frame's outline, matched with the points of the known one."""
    points = even(loop)
    count, fine = len(points), COUNT * FINE
    old = known.matched[np.arange(COUNT) * (len(known.at) // COUNT)]
    new = MatchedLine(
        points, np.asarray(np.arange(fine) * (count / fine), dtype=np.float64)
    ).matched
    a, b = (p @ np.array([1, 1j]) for p in (old - old.mean(axis=0), new - new.mean(axis=0)))
    # Find the shift and the turn at which the two fit best; between frames the turn is small.
    spread = np.zeros(fine, dtype=complex)
    spread[::FINE] = a
    fits = np.fft.ifft(np.conj(np.fft.fft(spread)) * np.fft.fft(b))
    angles = np.clip(np.abs(np.angle(fits)) - 0.6, 0, None)
    start = int((np.abs(fits) * np.cos(angles)).argmax())
    a = a * np.exp(1j * np.angle(fits[start]))
    level = np.stack([a.real, a.imag], axis=1)
    tangent, tangents = _tangents(level), _tangents(np.stack([b.real, b.imag], axis=1))
    first, at = 0, np.zeros(0)
    # Match twice: the second time from a place that was found, not guessed.
    for _ in range(2):
        rows = (np.arange(COUNT + 1) + first) % COUNT
        columns = (np.arange(fine + 1) + start) % fine
        apart = np.abs(a[rows][:, None] - b[columns][None]) ** 2
        same = tangent[rows] @ tangents[columns].T
        steps = _pace(apart + TANGENT * (1 - same))
        at = np.roll((steps[:-1] + start).astype(float), first)
        at[:first] -= fine
        first, start = (first + COUNT // 2) % COUNT, int(columns[steps[COUNT // 2]])
    smooth = np.concatenate([at[-2:] - fine, at, at[:2] + fine])
    at = np.convolve(smooth, np.array([1, 2, 3, 2, 1]) / 9, mode="valid")
    # Interpolate as many places as the known line has.
    share = len(known.at) // COUNT
    wide = np.concatenate([at, at[:1] + fine])
    full = np.interp(np.arange(len(known.at)) / share, np.arange(COUNT + 1), wide)
    return MatchedLine(points, np.asarray(full * (count / fine), dtype=np.float64))


def lines(loops: Sequence[Array]) -> list[MatchedLine]:
    """Return the outlines of all frames, matched from the last back to the first."""
    points = even(loops[-1])
    share = 4
    at = np.arange(COUNT * share) * (len(points) / (COUNT * share))
    found = [MatchedLine(points, np.asarray(at, dtype=np.float64))]
    for loop in reversed(loops[:-1]):
        found.append(follow(found[-1], loop))
    return found[::-1]


def keys(shares: Sequence[float], shapes: Sequence[Array], near: float = NEAR) -> list[int]:
    """Return the indexes of the frames that are needed if those between them are interpolated.

    These are the first, the last, and all without which a point would be off by more than `near`
    user units.
    """

    def between(first: int, last: int) -> list[int]:
        worst, where = near, -1
        for k in range(first + 1, last):
            part = (shares[k] - shares[first]) / (shares[last] - shares[first])
            guess = shapes[first] * (1 - part) + shapes[last] * part
            stray = float(np.hypot(*(shapes[k] - guess).T).max())
            if stray > worst:
                worst, where = stray, k
        return between(first, where) + between(where, last) if where > 0 else [first]

    last = len(shapes) - 1
    return [*between(0, last), last]


def paths(frames: Sequence[MatchedLine]) -> list[str]:
    """Return path data with the same commands for all frames."""
    costs = []
    for line in frames:
        # Find where each frame's curves should join, as contours.path does; then take the average.
        matched, ways = line.matched, MatchedLine(_tangents(line.points, 2), line.at).matched
        stride = np.hypot(*(np.roll(matched, -1, axis=0) - matched).T)
        after = np.roll(ways, -1, axis=0)
        bent = np.arctan2(
            ways[:, 0] * after[:, 1] - ways[:, 1] * after[:, 0], (ways * after).sum(axis=1)
        )
        costs.append(stride / SPAN + np.abs(bent) / TURN)
    cost = np.mean(costs, axis=0)
    total = np.concatenate([[0.0], np.cumsum(cost)])
    count = max(5, ceil(total[-1]))
    picks = [int(np.searchsorted(total, total[-1] * k / count)) for k in range(count)]
    return [write(line.points, line.at[np.array(picks)]) for line in frames]
