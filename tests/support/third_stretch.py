"""A content folder with a third stretch: the example file of content/README.md."""

import re
import shutil
import textwrap
from pathlib import Path

from holdwell.i18n.languages import SHIPPED

ID = "stand_tall"
NAME = "Stand tall"


def example() -> str:
    """Return the example file in the README, which has exactly one."""
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"^ *```toml\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(str(found))


def content_with_third_stretch(folder: Path) -> Path:
    """Copy content/ into a folder, and add the example where the README says to."""
    content = Path(shutil.copytree(SHIPPED, folder / "content"))
    (content / "stretches" / f"{ID}.toml").write_text(example(), encoding="utf-8")
    return content
