"""Loads and checks what the app teaches: content/, as frozen dataclasses in one language."""

from holdwell.guide.load import guide, illustration, load
from holdwell.guide.model import Guide, Safety, Setup, Step, StopGroup, Stretch, Tip, Verdict

__all__ = [
    "Guide",
    "Safety",
    "Setup",
    "Step",
    "StopGroup",
    "Stretch",
    "Tip",
    "Verdict",
    "guide",
    "illustration",
    "load",
]
