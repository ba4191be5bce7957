"""All drawings as files. `python -m tools.illustrations` writes them to content/illustrations.

Each pose is drawn of a pregnant and of another figure, still; and moving (`<name>.move.svg`) where
it is reached from another pose.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools.illustrations.animate import draw_moving
from tools.illustrations.panels import PANELS
from tools.illustrations.poses import POSES, WAYS
from tools.illustrations.render import draw
from tools.illustrations.skeleton import POSTPARTUM, PREGNANT

ILLUSTRATIONS = Path(__file__).parents[2] / "content" / "illustrations"
FIGURES = {"": PREGNANT, ".postpartum": POSTPARTUM}


def drawings() -> dict[str, Callable[[], str]]:
    """Return what draws each file, by the file's name."""
    named: dict[str, Callable[[], str]] = {}
    for kind, body in FIGURES.items():
        for pose in (*PANELS, *POSES):
            named[f"{pose}{kind}.svg"] = partial(draw, pose, body=body)
        for pose in WAYS:
            named[f"{pose}{kind}.move.svg"] = partial(draw_moving, pose, body=body)
    return named


def main() -> None:
    """Write every drawing."""
    for name, drawn in drawings().items():
        (ILLUSTRATIONS / name).write_text(drawn(), encoding="utf-8")


if __name__ == "__main__":
    main()
