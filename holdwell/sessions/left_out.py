"""Which stretches the guide leaves out of sessions now, and what the user has asked about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter, ValidationError

from holdwell.domain.dates import Stage
from holdwell.domain.models import Pregnancy
from holdwell.guide.advice import Situation
from holdwell.guide.model import Stretch
from holdwell.guide.situations import LeftOut, left_out

ASKED = "asked_first"
"""The key in the table `meta` of the answers "I have asked"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer that the user has asked someone about a situation, and the local day of it.

    `about` is the pregnancy and stage it was given in. In any other, the question is asked again.
    """

    day: date
    about: str


_ANSWERS = TypeAdapter(dict[str, Asked])


def about_now(pregnancy: Pregnancy | None, stage: Stage) -> str:
    """Return the pregnancy and stage in which an answer is given now: see `Asked`."""
    return f"{stage.kind.value}/{pregnancy.id if pregnancy else ''}"


def read_asked(text: str | None) -> dict[str, Asked]:
    """Read the answers that `write_asked` wrote, by the id of the situation; none from bad text."""
    try:
        return _ANSWERS.validate_json(text or "{}")
    except ValidationError:
        return {}


def write_asked(answers: Mapping[str, Asked]) -> str:
    """Return the answers as JSON."""
    return _ANSWERS.dump_json(dict(answers)).decode()


@dataclass(frozen=True, slots=True)
class LeftOutNow:
    """What is left out of routines, by the id of the stretch, and the answers that allow more.

    `asked` has the day of each answer that applies now, by the id of its situation.
    """

    by_stretch: Mapping[str, LeftOut]
    asked: Mapping[str, date]

    @property
    def lines(self) -> tuple[LeftOut, ...]:
        """The lines that leave something out, each once; last those that asking can lift."""
        by_text = {reason.line.text: reason for reason in self.by_stretch.values()}
        return tuple(sorted(by_text.values(), key=lambda reason: reason.until_asked))

    def kept(self, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
        """Return the stretches that are not left out."""
        return tuple(stretch for stretch in stretches if stretch.id not in self.by_stretch)


def left_out_now(
    applying: Sequence[Situation], answers: Mapping[str, Asked], about: str
) -> LeftOutNow:
    """Return what the applying situations leave out, after the answers given in `about`."""
    ids = {situation.id for situation in applying}
    asked = {
        situation: answer.day
        for situation, answer in answers.items()
        if situation in ids and answer.about == about
    }
    return LeftOutNow(left_out(applying, asked), asked)


def still_applying(answers: Mapping[str, Asked], applying: Sequence[Situation]) -> dict[str, Asked]:
    """Return the answers about situations that still apply; for others, the question comes back."""
    ids = {situation.id for situation in applying}
    return {situation: answer for situation, answer in answers.items() if situation in ids}
