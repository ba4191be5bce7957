"""What the name of a column, or of what a row is about, says: pain, stretching, or neither."""

import re

from holdwell.transfer.csv.cells import OF_WORDS
from holdwell.transfer.csv.mapping import Role
from holdwell.transfer.csv.words import (
    any_of,
    folded_name,
    followed,
    has,
    is_part,
    pattern,
    places_in,
)

_TO = "(?:-|to|bis|a|tot)"
_SCALE = re.compile(
    rf"[(\[]?\b(?:(?:from|da|max|(?:out )?(?:{OF_WORDS})) (?:[01] ?{_TO} ?)?|[01] ?{_TO} ?)"
    r"\d{1,3}\b[)\]]?"
)
"""A scale in the name of a column: 0-10, von 0 bis 10, out of 10."""
_MEANS = re.compile(r"\b(?:0 ?[-=:]|1 ?=)[^)\]]*")
"""The meaning of its numbers: 0 = none, 10 = worst."""


def is_pain(name: str) -> bool:
    """Return whether a name is of pain in the back, pelvis or legs, or of pain in general."""
    return pain_rank(plain(name)) > 1


def is_stretching(name: str) -> bool:
    """Return whether a name is of stretching that was done, and not of something related to it."""
    head, _ = _parted(plain(name))
    # "The mood after stretching" and "stretch pain" are something else.
    articles = rf"(?:(?:{any_of('column', 'filler')})[\W_]+){{0,2}}"
    for aside in (followed("around", "stretch", articles), pattern("column", "not_forgotten")):
        head = aside.sub("", head)
    others = followed("without", "stretch", articles), followed("stretch", "pain", "")
    is_other = has("not_stretch", head) or any(other.search(head) for other in others)
    return has("stretch", head) and not is_other


def plain(name: str) -> str:
    """Return a folded name without the scale and, except at its start, the meaning of numbers."""
    # "Pain1" is the first of several.
    numbered = re.sub(r"(?<=[a-z])(?=\d)", " ", folded_name(name))
    text = " ".join(_SCALE.sub(" ", numbered).split())
    return (text if text[:1] in "01" else _MEANS.sub("", text)).strip(" ¿?¡!:*.")


def is_scored_part(name: str) -> bool:
    """Return whether a column is named by a part of the body or day and a scale: "Back 0-10"."""
    return _SCALE.search(folded_name(name)) is not None and is_part(plain(name))


def full_name(group: str, name: str) -> str:
    """Return the plain name of a column, with that of its group if it says little without it."""
    own, both = plain(name or group), plain(f"{group} {name}")
    is_vague = is_part(own) or consists_of(own, "before", "after", "tally", "done")
    return both if is_vague and (pain_rank(both) > pain_rank(own) or is_stretching(both)) else own


def _parted(name: str) -> tuple[str, str]:
    """Split "pain after the walk" into "pain" and "after the walk"; the latter may be empty."""
    pain, around = (pattern("column", word).search(name) for word in ("pain", "around"))
    beside = pain and pattern("column", "beside").search(name, pain.end())
    around = min(filter(None, (around, beside)), key=re.Match.start, default=None)
    if not pain or not around:
        return name, ""
    if around.start() == 0:
        return name[pain.start() :], name[: pain.start()]
    at = around.start() if pain.start() < around.start() else len(name)
    return name[:at], name[at:]


def consists_of(name: str, *lists: str) -> bool:
    """Return whether a name has no letters beside the words in some lists of [column]."""
    for words in lists:
        name = pattern("column", words).sub("", name)
    return not re.search(r"[^\W\d_]", name)


def is_word_of(words: str, name: str) -> bool:
    """Return whether a name, without what is in brackets, is one of the words in a list."""
    # Brackets mostly have the scale.
    bare = re.sub(r"[(\[].*", "", name).strip()
    return pattern("column", words).fullmatch(bare) is not None


def score_role(name: str) -> Role:
    """Return whether a score is one before or after a session: "pain before bed" is not."""
    _, tail = _parted(name)
    own = ("around", "score", "value", "session", "filler", "place", "back")
    if not consists_of(places_in(tail).rest, *own) and not has("stretch", tail):
        return Role.PAIN
    if has("after", pattern("phrase", "no_after").sub("", name)):
        return Role.AFTER
    return Role.BEFORE if has("before", name) else Role.PAIN


def pain_rank(name: str) -> int:
    """Return how well a name fits pain: 0 not at all, 1 just a score, 2 pain, 3 pain in a place."""
    head, _ = _parted(name)
    # Of something for or against pain, but not of a score for pain.
    against = followed("against", "pain", r"(?:[^\W_]+[ _'’-]+){0,4}").search(head)
    before = head[: against.start()] if against else "pain"
    is_remedy = not any(has(words, before) for words in ("pain", "score", "value"))
    if is_remedy or has("not_pain", head):
        return 0
    if has("pain", name):
        if has("back", name) or places_in(name).places:
            return 3
        return 0 if has("elsewhere", name) else 2
    return int(any(is_word_of(words, name) for words in ("score", "before", "after")))


def is_ours(name: str) -> bool:
    """Return whether a name stands for pain, for stretching, or for a place that may hurt."""
    return is_pain(name) or is_stretching(name) or places_in(name).is_only_place
