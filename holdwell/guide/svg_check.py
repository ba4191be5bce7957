"""Check that a drawing in content/illustrations contains only lines, shapes and words.

Drawings are put into the page as they are, so they must not run scripts or fetch anything from
another host. Drawing programs may add such things without being asked.
"""

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

_FORBIDDEN = frozenset({"script", "foreignObject", "iframe", "image", "a", "animate", "set"})
_REFERENCE = re.compile(r"url\(\s*['\"]?(?!#)|@import", re.IGNORECASE)


def fault_in(file: Path) -> str | None:
    """Return what `fault_of` says of the text of a file."""
    try:
        return fault_of(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return "is not a text in UTF-8. Save it as a plain SVG"


@cache
def fault_of(svg: str) -> str | None:
    """Return what is wrong with a drawing and what to do, or None if nothing is wrong."""
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        return "has a DOCTYPE. Save it as a plain SVG"
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        return f"is not an SVG: {error}"
    if _name(root.tag) != "svg":
        return "is not an SVG. Its outermost element must be <svg>"
    if not root.get("viewBox"):
        return 'has no viewBox, so that it cannot be made larger or smaller. Add viewBox="0 0 W H"'
    for element in root.iter():
        name = _name(element.tag)
        if name in _FORBIDDEN:
            return f"has <{name}>. Take it out: only lines, shapes and words are shown"
        if name == "style" and _REFERENCE.search(element.text or ""):
            return "fetches something in its <style>. Take that out"
        for key, value in element.items():
            attribute = _name(key)
            if attribute.lower().startswith("on"):
                return f"has {attribute}, which runs a script. Take it out"
            if attribute == "href" and not value.startswith("#"):
                return f"refers to {value[:60]}. A drawing must hold all it shows"
            if _REFERENCE.search(value):
                return f"fetches something in {attribute}. A drawing must hold all it shows"
    return None


def _name(tag: object) -> str:
    """Return the name of an element or attribute without its namespace, "" for a comment."""
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else ""
