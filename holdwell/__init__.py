"""Holdwell: two standing stretches against back pain and leg cramps, timed and tracked."""
