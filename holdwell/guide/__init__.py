"""Loads and checks what the app teaches: content/, as frozen dataclasses in one language."""

from holdwell.guide.load import guide, illustration, load
from holdwell.guide.model import (
    BaseHelper,
    Guide,
    Question,
    Safety,
    Setup,
    Step,
    StopGroup,
    Stretch,
    Tip,
)

__all__ = [
    "BaseHelper",
    "Guide",
    "Question",
    "Safety",
    "Setup",
    "Step",
    "StopGroup",
    "Stretch",
    "Tip",
    "guide",
    "illustration",
    "load",
]
