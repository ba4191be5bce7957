"""Which letters the fonts can draw, so that none is left out silently.

The fonts are those beside this file, those in Typst and those of the computer, in this order.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"
STAND_IN = "□"
_JOINS = ("Mn", "Me", "Cf")
"""Unicode categories of characters that only change the character before them."""
_PROBE = b'#set document(title: "-")\n#set text(font: ("Inter", "DejaVu Sans"))\n#sys.inputs.letter'


@cache
def fonts() -> typst.Fonts:
    """Return all fonts, which are searched for once."""
    return typst.Fonts(font_paths=[str(FONTS)])


@lru_cache(maxsize=8192)
def drawable(letter: str) -> bool:
    """Return whether any font has the letter. PDF/UA requires a font for all text."""
    if letter.isascii():
        return letter.isprintable()
    try:
        compiler = typst.Compiler(_PROBE, font_paths=fonts(), sys_inputs={"letter": letter})
        compiler.compile(format="pdf", pdf_standards=["ua-1"])
    except (typst.TypstError, UnicodeError):
        return False
    return True


def legible(text: str) -> str:
    """Return a text with `STAND_IN` for each letter that cannot be drawn and the marks on it."""
    made: list[str] = []
    replaced = False
    for letter in text:
        if unicodedata.category(letter) in _JOINS and (replaced or drawable(letter)):
            made.append("" if replaced else letter)
        else:
            replaced = not drawable(letter)
            made.append(STAND_IN if replaced else letter)
    return "".join(made)
