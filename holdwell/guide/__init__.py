"""Loads and checks what the app teaches: content/, as frozen models in one language."""

from holdwell.guide.load import guide, load
from holdwell.guide.model import (
    Answer,
    BaseHelper,
    CheckIn,
    For,
    Guide,
    Question,
    Safety,
    Setup,
    Situation,
    Source,
    Step,
    StopGroup,
    Stretch,
    Tip,
    Verdict,
)

__all__ = [
    "Answer",
    "BaseHelper",
    "CheckIn",
    "For",
    "Guide",
    "Question",
    "Safety",
    "Setup",
    "Situation",
    "Source",
    "Step",
    "StopGroup",
    "Stretch",
    "Tip",
    "Verdict",
    "guide",
    "load",
]
