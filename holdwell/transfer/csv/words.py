"""The words that tell columns, places and marks, from words.toml beside this file."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from holdwell.domain.models import PainPlace, PainSide


def folded(text: str) -> str:
    """Return a text without case, accents and doubled spaces."""
    apart = text.casefold()
    if not apart.isascii():
        decomposed = unicodedata.normalize("NFKD", apart)
        apart = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(apart.split())


@cache
def listed(section: str, name: str) -> frozenset[str]:
    """Return the words of one list."""
    file = Path(__file__).with_name("words.toml")
    return frozenset(tomllib.loads(file.read_text(encoding="utf-8"))[section][name].split())


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """Return what finds any word of a list in a folded text, as a whole word."""
    words = sorted(listed(section, name), key=len, reverse=True)
    found = (re.escape(w).replace(r"\*", r"\w*").replace("_", r"[\W_]{1,2}") for w in words)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_])")


def has(name: str, text: str) -> bool:
    """Say whether a folded text has one of the words that tell what a column is."""
    return pattern("column", name).search(text) is not None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a text says that it hurts, and whether the text says no more than that."""

    places: frozenset[PainPlace]
    side: PainSide | None
    is_all: bool


@lru_cache(maxsize=1000)
def places_in(text: str) -> Places:
    """Return the places in a text, and the side where there is a place."""
    rest = folded(text)
    places = [place for place in PainPlace if pattern("place", place).search(rest)]
    sides = [side for side in PainSide if places and pattern("side", side).search(rest)]
    for section, names in (("place", places), ("side", sides), ("column", ["pain"])):
        for name in names:
            rest = pattern(section, name).sub("", rest)
    side = sides[0] if len(sides) == 1 else PainSide.BOTH if sides else None
    return Places(frozenset(places), side, bool(places) and not re.search(r"\w", rest))
