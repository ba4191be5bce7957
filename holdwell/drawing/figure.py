"""All drawings as files. `python -m holdwell.drawing.figure` writes them to content/illustrations.

Each pose is drawn of a pregnant and of another figure, still; and moving (`<name>.move.svg`) where
it is reached from another pose.
"""

from __future__ import annotations

from pathlib import Path

from holdwell.drawing.body import POSTPARTUM, PREGNANT
from holdwell.drawing.moving import draw_moving
from holdwell.drawing.painter import BASES, draw
from holdwell.drawing.poses import POSES, WAYS

ILLUSTRATIONS = Path(__file__).parents[2] / "content" / "illustrations"
FIGURES = {"": PREGNANT, ".postpartum": POSTPARTUM}


def drawings() -> dict[str, str]:
    """Every drawing by its file name."""
    named: dict[str, str] = {}
    for kind, body in FIGURES.items():
        for pose in (BASES, *POSES):
            named[f"{pose}{kind}.svg"] = draw(pose, body=body)
        for pose in WAYS:
            named[f"{pose}{kind}.move.svg"] = draw_moving(pose, body=body)
    return named


def main() -> None:
    """Writes every drawing."""
    for name, text in drawings().items():
        (ILLUSTRATIONS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
