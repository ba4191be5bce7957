"""Loads and checks what the app teaches: content/, as frozen dataclasses in one language."""

from holdwell.guide.load import guide, load
from holdwell.guide.model import (
    Answer,
    CheckIn,
    For,
    Guide,
    Safety,
    Setup,
    Situation,
    Step,
    StopGroup,
    Stretch,
    Tip,
    Verdict,
)

__all__ = [
    "Answer",
    "CheckIn",
    "For",
    "Guide",
    "Safety",
    "Setup",
    "Situation",
    "Step",
    "StopGroup",
    "Stretch",
    "Tip",
    "Verdict",
    "guide",
    "load",
]
