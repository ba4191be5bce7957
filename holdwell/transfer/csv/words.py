"""The words by which columns, places and marks are known, from content/trackers/words.toml."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from holdwell.domain.models import DayPart, PainPlace, PainSide
from holdwell.i18n.content_models import Content, Number, Word, read
from holdwell.i18n.languages import content_folder
from holdwell.i18n.toml_reader import ContentError, open_file

FILE = "words.toml"


class Words(Content):
    """Lists of words; those of months and weekdays by number. The hours of zones from UTC."""

    column: dict[Word, Word]
    place: dict[PainPlace, Word]
    side: dict[PainSide, Word]
    phrase: dict[Word, Word]
    mark: dict[Word, Word]
    empty: dict[Word, Word]
    when: dict[Word, Word]
    month: dict[str, Word]
    weekday: dict[str, Word]
    zone: dict[str, Number]


@cache
def load(folder: Path) -> Words:
    """Read and check the words of a content folder. Raises ContentError."""
    return read(open_file(folder / "trackers" / FILE), Words)


@lru_cache(maxsize=1000)
def folded(text: str) -> str:
    """Return a text in lower case, without accents and repeated spaces."""
    apart = text.casefold()
    if not apart.isascii():
        decomposed = re.sub("[‐-―−]", "-", unicodedata.normalize("NFKD", apart))
        # Drop accents, and signs that only give the direction of writing.
        apart = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(apart.split())


@lru_cache(maxsize=1000)
def folded_name(name: str) -> str:
    """Return a folded name in which painLevel is two words."""
    return folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


@cache
def listed(section: str, name: str) -> frozenset[str]:
    """Return the words in a list. Raises ContentError if it is missing."""
    words = getattr(load(content_folder()), section).get(name)
    if words is None:
        raise ContentError(f'{FILE}: "{name}" is missing from [{section}]. Put it back')
    return frozenset(words.split())


@cache
def any_of(section: str, name: str) -> str:
    """Return a pattern, not compiled, for any word in a list, with longer words first."""
    folded_words = map(folded, listed(section, name))
    words = map(re.escape, sorted(folded_words, key=len, reverse=True))
    return "|".join(word.replace("_", r"[\W_]{1,2}").replace(r"\*", r"[^\W_]*+") for word in words)


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """Return a pattern that finds any word in a list in a folded text, as a whole word.

    Japanese has no spaces between words, so its words are found anywhere.
    """
    japanese = [word for word in listed(section, name) if not word.isascii()]
    anywhere = "".join(f"|{re.escape(folded(word))}" for word in japanese)
    return re.compile(rf"(?<![^\W_])(?:{any_of(section, name)})(?![^\W_]){anywhere}")


@cache
def followed(first: str, second: str, between: str) -> re.Pattern[str]:
    """Return a pattern for a word in one list, then `between`, then a word in another list."""
    begin, end = any_of("column", first), any_of("column", second)
    return re.compile(rf"(?<![^\W_])(?:{begin})[ _'’-]+(?:{between})(?:{end})(?![^\W_])")


def has(name: str, text: str) -> bool:
    """Return whether a folded text has one of the words in a list of [column]."""
    return pattern("column", name).search(text) is not None


class Places(NamedTuple):
    """Where it hurts according to a text, and the rest of the text."""

    places: frozenset[PainPlace]
    side: PainSide | None
    rest: str

    @property
    def is_only_place(self) -> bool:
        """Whether the text says where it hurts and nothing else."""
        return bool(self.places) and not re.search(r"\w", self.rest)


@lru_cache(maxsize=1000)
def part_of_day_in(text: str) -> DayPart | None:
    """Return the part of the day that a folded text names, if any."""
    return next((part for part in DayPart if pattern("when", part).search(text)), None)


def is_part(name: str) -> bool:
    """Return whether a folded name is that of a part of the body, or of the day, and no more."""
    return is_body_part(name) or any(pattern("when", part).fullmatch(name) for part in DayPart)


def is_body_part(name: str) -> bool:
    """Return whether a folded name is that of a part of the body that is ours, and no more."""
    return places_in(name).is_only_place or bool(pattern("column", "back").fullmatch(name))


@lru_cache(maxsize=1000)
def places_in(text: str) -> Places:
    """Return the places that a text names, and the side if it names a place."""
    rest = folded_name(text)
    without_phrases = pattern("phrase", "no_side").sub("", rest)
    places = [place for place in PainPlace if pattern("place", place).search(rest)]
    sides = [side for side in PainSide if pattern("side", side).search(without_phrases)]
    for section, names in (("place", places), ("side", sides), ("column", ["pain"])):
        for name in names:
            rest = pattern(section, name).sub("", rest)
    side = PainSide.BOTH if len(sides) > 1 else next(iter(sides), None)
    return Places(frozenset(places), side if places else None, rest)
