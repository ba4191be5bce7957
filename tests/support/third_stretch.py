"""A content folder with a third stretch: the very file that content/README.md shows."""

import re
import shutil
import textwrap
from pathlib import Path

from holdwell.i18n.languages import SHIPPED

ID = "stand_tall"
NAME = "Stand tall"


def example() -> str:
    """The README's example file. There is only one in it."""
    text = (SHIPPED / "README.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"^ *```toml\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(str(found))


def content_with_it(folder: Path) -> Path:
    """A copy of content/ in a folder, with the example added where the README says."""
    made = Path(shutil.copytree(SHIPPED, folder / "content"))
    (made / "stretches" / f"{ID}.toml").write_text(example(), encoding="utf-8")
    return made
