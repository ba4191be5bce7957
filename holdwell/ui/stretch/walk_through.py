"""What the timer teaches before a hold: the steps into its position, with drawings and tips."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from holdwell.domain.models import Side
from holdwell.guide import Guide, Step, Stretch
from holdwell.guide.illustrations import Skin, catalogue, moves
from holdwell.guide.model import StepKind
from holdwell.sessions.plan import PlannedHold
from holdwell.ui.guide import heel_base
from holdwell.ui.runtime import drawings

REST = "rest"
"""The drawing of standing on both feet again, for a stretch that teaches no way out."""


@dataclass(frozen=True, slots=True)
class WalkThrough:
    """The steps of a session, with the addresses of the drawings that they show."""

    guide: Guide
    pregnant: bool
    skin: Skin | None = None

    def of(self, holds: Sequence[PlannedHold]) -> list[list[dict[str, Any]]]:
        """Return the steps before each hold.

        All of them come before the first hold of a stretch, the movements alone before its other
        leg, and none before a position that was held already.
        """
        taught: set[tuple[str, Side]] = set()
        steps: list[list[dict[str, Any]]] = []
        for hold in holds:
            stretch = self.guide.stretch(hold.stretch)
            if stretch is None or (hold.stretch, hold.side) in taught:
                steps.append([])
                continue
            other_leg = (hold.stretch, hold.side.other) in taught
            steps.append([*self._steps(stretch, hold.side, first=not taught, short=other_leg)])
            taught.add((hold.stretch, hold.side))
        return steps

    def _steps(
        self, stretch: Stretch, side: Side, *, first: bool, short: bool
    ) -> Iterator[dict[str, Any]]:
        """Yield the steps into a position: `first` of the session, or `short` for the other leg."""
        setup = self.guide.setup
        if first:
            yield self._base(side)
        for step in setup.steps[1:]:
            # The base is found and the distance too: from the second hold on, only what moves.
            if first or moves(step.illustration):
                yield self._step(step, side, tips=first)
        for step in stretch.steps:
            if step.kind is StepKind.MOVE:
                yield self._step(step, side, tips=not short)
            elif step.kind is StepKind.FEEL and not short:
                # The user is in the position by now: nothing moves.
                yield self._step(step, side) | {"move": ""}

    def _base(self, side: Side) -> dict[str, Any]:
        """Return the step that finds the heel base.

        It names the base that the user's answers in the guide led to, else what serves anyone.
        """
        setup, helper = self.guide.setup, self.guide.base
        step, found = setup.steps[0], heel_base.answered()
        title, second_chair = step.title, setup.base.support
        if found is not None and found.base is not None:
            title = helper.words(found.base).take
            second_chair = helper.choice.second_chair if found.second_chair else ""
        told = {"title": title, "text": f"{step.text} {second_chair}".strip()}
        if found is not None and found.second_chair:
            told["illustration"] = setup.base.support_illustration
        return self._step(step.model_copy(update=told), side)

    def _step(self, step: Step, side: Side, *, tips: bool = True) -> dict[str, Any]:
        """Return a step as the timer shows it (`shown`) and says it (`spoken`)."""
        shown = [step.text, *(f"{_sentence(tip.title)} {tip.text}" for tip in step.tips if tips)]
        return {
            "title": step.title,
            "shown": "\n".join(shown),
            "spoken": " ".join([_sentence(step.title), *shown]),
            **self.picture(step.illustration, side),
        }

    def picture(self, name: str, side: Side) -> dict[str, Any]:
        """Return the drawing to show; `flipped` turns its movement to the right leg."""
        person: dict[str, Any] = {"pregnant": self.pregnant, "skin": self.skin}
        return {
            "picture": drawings.address(name, raised=side, **person),
            "picture_text": catalogue().alternative(name, pregnant=self.pregnant, raised=side),
            "move": drawings.address(name, moving=True, **person) if moves(name) else "",
            "flipped": side is Side.RIGHT,
        }

    def way_out(self, hold: PlannedHold) -> dict[str, Any]:
        """Return the drawing of the way out of a hold."""
        stretch = self.guide.stretch(hold.stretch)
        steps = stretch.steps if stretch is not None else ()
        found = (step.illustration for step in steps if step.kind is StepKind.COME_OUT)
        return self.picture(next(found, REST), hold.side)


def _sentence(title: str) -> str:
    """End a title so that a voice pauses after it."""
    return title if title.endswith(("?", ".", "!")) else f"{title}."
