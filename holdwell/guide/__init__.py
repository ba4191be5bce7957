"""Load and check what the app teaches: content/, as frozen models in one language."""

from holdwell.guide.advice import Answer, Audience, Safety, Situation, StopGroup, Verdict
from holdwell.guide.fields import Source, Tip
from holdwell.guide.load import guide, load
from holdwell.guide.model import BaseHelper, Guide, Step, Stretch

__all__ = [
    "Answer",
    "Audience",
    "BaseHelper",
    "Guide",
    "Safety",
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
