"""Which stretches the guide takes out of a session now, and what the user has asked about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from holdwell.domain.dates import Stage
from holdwell.domain.models import Pregnancy
from holdwell.guide import Situation, Stretch
from holdwell.guide.situations import LeftOut, left_out

ASKED = "asked_first"
"""The key of `meta` under which the answers "I have asked" are kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """That the user has asked someone about a situation: the local day, and in which circumstances.

    `about` is the pregnancy and the stage. In another one, the question is asked again.
    """

    day: date
    about: str


_ANSWERS = TypeAdapter(dict[str, Asked])


def about_now(pregnancy: Pregnancy | None, stage: Stage) -> str:
    """Return the pregnancy and stage for which an answer holds."""
    return f"{stage.kind.value}/{pregnancy.id if pregnancy else ''}"


def read_asked(text: str | None) -> dict[str, Asked]:
    """Read the answers that `write_asked` wrote, by the id of the situation.

    From a text that is none, nothing is read: then the question is asked again.
    """
    try:
        return _ANSWERS.validate_json(text or "{}")
    except ValidationError:
        return {}


def write_asked(answers: Mapping[str, Asked]) -> str:
    """Return answers as JSON."""
    return _ANSWERS.dump_json(dict(answers)).decode()


@dataclass(frozen=True, slots=True)
class LeftOutNow:
    """What is taken out of routines: `by_stretch`, and the answers that let stretches back in.

    `asked` has the day of each answer that holds now, by the id of its situation.
    """

    by_stretch: Mapping[str, LeftOut]
    asked: Mapping[str, date]

    @property
    def lines(self) -> tuple[LeftOut, ...]:
        """Return the lines that leave something out, each once, the firm ones first."""
        found = {one.line.text: one for one in self.by_stretch.values()}
        return tuple(sorted(found.values(), key=lambda one: one.until_asked))

    def kept(self, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
        """Return the stretches that are not left out."""
        return tuple(one for one in stretches if one.id not in self.by_stretch)


def left_out_now(
    applying: Sequence[Situation], answers: Mapping[str, Asked], about: str
) -> LeftOutNow:
    """Return what the situations that apply leave out, after the answers given for `about`."""
    ids = {situation.id for situation in applying}
    asked = {key: one.day for key, one in answers.items() if key in ids and one.about == about}
    return LeftOutNow(left_out(applying, asked), asked)


def still_applying(answers: Mapping[str, Asked], applying: Sequence[Situation]) -> dict[str, Asked]:
    """Return the answers about situations that apply.

    A condition that went and came back is asked about again.
    """
    ids = {situation.id for situation in applying}
    return {key: one for key, one in answers.items() if key in ids}
