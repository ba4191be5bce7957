"""The words that tell columns, places and marks, from words.toml in content/trackers."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from holdwell.domain.models import PainPlace, PainSide
from holdwell.i18n.content_models import Content, Number, Word, read
from holdwell.i18n.languages import content_folder
from holdwell.i18n.toml_reader import ContentError, open_file

FILE = "words.toml"


class Words(Content):
    """The lists of words of each section, and hours from UTC by the name of a zone."""

    column: dict[Word, Word]
    place: dict[PainPlace, Word]
    side: dict[PainSide, Word]
    phrase: dict[Word, Word]
    mark: dict[Word, Word]
    empty: dict[Word, Word]
    when: dict[Word, Word]
    zone: dict[str, Number]


@cache
def load(folder: Path) -> Words:
    """Read and check the words of a content folder. Raises ContentError."""
    return read(open_file(folder / "trackers" / FILE), Words)


def folded(text: str) -> str:
    """Return a text without case, accents and doubled spaces."""
    apart = text.casefold()
    if not apart.isascii():
        decomposed = re.sub("[‐-―−]", "-", unicodedata.normalize("NFKD", apart))
        # Without accents, and without signs that only say which way a text runs.
        apart = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(apart.split())


def folded_name(name: str) -> str:
    """Return a name folded, with painLevel as two words."""
    return folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


@cache
def listed(section: str, name: str) -> frozenset[str]:
    """Return the words of one list. Raises ContentError."""
    words = getattr(load(content_folder()), section).get(name)
    if words is None:
        raise ContentError(f'{FILE}: "{name}" is missing from [{section}]. Put it back')
    return frozenset(words.split())


@cache
def any_of(section: str, name: str) -> str:
    """Return the part of a pattern for any word of a list, the longest first."""
    found = map(folded, listed(section, name))
    words = map(re.escape, sorted(found, key=len, reverse=True))
    return "|".join(word.replace("_", r"[\W_]{1,2}").replace(r"\*", r"[^\W_]*+") for word in words)


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """Return what finds any word of a list in a folded text, as a whole word.

    Japanese has no spaces between words, so that its words are found anywhere.
    """
    japanese = [word for word in listed(section, name) if not word.isascii()]
    anywhere = "".join(f"|{re.escape(folded(word))}" for word in japanese)
    return re.compile(rf"(?<![^\W_])(?:{any_of(section, name)})(?![^\W_]){anywhere}")


@cache
def followed(first: str, second: str, between: str) -> re.Pattern[str]:
    """Return what finds a word of one list before one of another, with some words between."""
    begin, end = any_of("column", first), any_of("column", second)
    return re.compile(rf"(?<![^\W_])(?:{begin})[ _'’-]+(?:{between})(?:{end})(?![^\W_])")


def has(name: str, text: str) -> bool:
    """Say whether a folded text has one of the words that tell what a column is."""
    return pattern("column", name).search(text) is not None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a text says that it hurts, and what else it says."""

    places: frozenset[PainPlace]
    side: PainSide | None
    rest: str

    @property
    def is_all(self) -> bool:
        """Whether the text says where it hurts and no more."""
        return bool(self.places) and not re.search(r"\w", self.rest)

    @property
    def is_brief(self) -> bool:
        """Whether the text says where it hurts, and else words such as "and" at most."""
        return bool(self.places) and not re.search(r"\w{4}", self.rest)


@lru_cache(maxsize=1000)
def places_in(text: str) -> Places:
    """Return the places in a text, and the side where there is a place."""
    rest = folded_name(text)
    told = pattern("phrase", "no_side").sub("", rest)
    places = [place for place in PainPlace if pattern("place", place).search(rest)]
    sides = [side for side in PainSide if places and pattern("side", side).search(told)]
    for section, names in (("place", places), ("side", sides), ("column", ["pain"])):
        for name in names:
            rest = pattern(section, name).sub("", rest)
    side = sides[0] if len(sides) == 1 else PainSide.BOTH if sides else None
    return Places(frozenset(places), side, rest)
