"""All drawings as files: `python -m tools.illustrations` writes them to content/illustrations.

Each pose is drawn with a pregnant figure and another one. A pose that is reached from another pose
is also drawn moving (`<name>.move.svg`). Drawing all takes half a minute, so DRAWN.sha256 beside
this file records, in the format of `sha256sum`, which sources made which drawings.
"""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from tools.illustrations.animate import draw_moving
from tools.illustrations.panels import PANELS
from tools.illustrations.poses import POSES, WAYS
from tools.illustrations.render import draw
from tools.illustrations.skeleton import POSTPARTUM, PREGNANT

ROOT = Path(__file__).parents[2]
ILLUSTRATIONS = ROOT / "content" / "illustrations"
DRAWN = Path(__file__).with_name("DRAWN.sha256")
FIGURES = {"": PREGNANT, ".postpartum": POSTPARTUM}


def drawings() -> dict[str, Callable[[], str]]:
    """Return, by file name, the functions that draw the files."""
    named: dict[str, Callable[[], str]] = {}
    for kind, body in FIGURES.items():
        for pose in (*PANELS, *POSES):
            named[f"{pose}{kind}.svg"] = partial(draw, pose, body=body)
        for pose in WAYS:
            named[f"{pose}{kind}.move.svg"] = partial(draw_moving, pose, body=body)
    return named


def checksums() -> str:
    """Return lines with the SHA-256 of each source and each drawing."""
    files = sorted([*Path(__file__).parent.glob("*.py"), *ILLUSTRATIONS.glob("*.svg")])
    texts = {file: file.read_text(encoding="utf-8").encode() for file in files}
    lines = (
        f"{sha256(text).hexdigest()}  {file.relative_to(ROOT).as_posix()}\n"
        for file, text in texts.items()
    )
    return "".join(lines)


def main() -> None:
    """Write every drawing, and the checksums."""
    for name, drawn in drawings().items():
        (ILLUSTRATIONS / name).write_text(drawn(), encoding="utf-8")
    DRAWN.write_text(checksums(), encoding="utf-8")


if __name__ == "__main__":
    main()
