"""The holds as the timer shows them, and what it teaches before a hold: the steps into it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from holdwell.domain.models import Side
from holdwell.guide.illustrations import Skin, catalogue, moves
from holdwell.guide.model import Guide, Step, StepKind, Stretch
from holdwell.i18n.messages import say
from holdwell.sessions.plan import PlannedHold
from holdwell.ui.guide import heel_base
from holdwell.ui.runtime import drawings

BY_SIDE = ("cue", "spoken", "come_out")
"""The texts of a stretch that differ by side."""
REST = "rest"
"""The drawing of standing on both feet again, for a stretch without a step out of the pose."""


@dataclass(frozen=True, slots=True)
class WalkThrough:
    """Makes the texts and the addresses of the drawings that the timer shows in a session."""

    guide: Guide
    pregnant: bool
    skin: Skin | None = None

    def holds(self, planned: Sequence[PlannedHold]) -> list[dict[str, Any]]:
        """Return the planned holds as the timer shows them, each with the steps to teach before it.

        The first hold of a stretch has all steps, its other leg the movements, a repeated one none.
        """
        taught: set[tuple[str, Side]] = set()
        holds = []
        for hold in planned:
            steps: list[dict[str, Any]] = []
            stretch = self.guide.stretch(hold.stretch)
            if stretch is not None and (hold.stretch, hold.side) not in taught:
                other_leg = (hold.stretch, hold.side.other) in taught
                steps += self._steps(stretch, hold.side, first=not taught, short=other_leg)
                taught.add((hold.stretch, hold.side))
            holds.append({**self._hold(hold, stretch), "steps": steps})
        return holds

    def _hold(self, hold: PlannedHold, stretch: Stretch | None) -> dict[str, Any]:
        """Return a hold with the texts of its stretch, its drawing and that of the way out."""
        side = hold.side
        way_out = REST
        shown: dict[str, Any] = dict.fromkeys((*BY_SIDE, "breathe", "picture", "picture_text"), "")
        if stretch is not None:
            # A still drawing: the movement belongs to the steps.
            drawn = self._picture(stretch.illustration, side)
            shown = {name: drawn[name] for name in ("picture", "picture_text")}
            shown |= {name: getattr(stretch, name)[side] for name in BY_SIDE}
            shown["breathe"] = stretch.breathe
            ways_out = (s.illustration for s in stretch.steps if s.kind is StepKind.COME_OUT)
            way_out = next(ways_out, REST)
        name, side_text = self.guide.stretch_name(hold.stretch), say(f"side.{side.value}_up")
        shown |= {"name": name, "side_text": side_text, "out": self._picture(way_out, side)}
        return asdict(hold) | shown

    def _steps(
        self, stretch: Stretch, side: Side, *, first: bool, short: bool
    ) -> Iterator[dict[str, Any]]:
        """Yield the steps into a position: of the session's `first` hold, or `short` ones."""
        setup = self.guide.setup
        if first:
            yield self._base(side)
        for step in setup.steps[1:]:
            # From the second hold on, base and distance are known: only the movements are left.
            if first or moves(step.illustration):
                yield self._step(step, side, tips=first)
        for step in stretch.steps:
            if step.kind is StepKind.MOVE:
                yield self._step(step, side, tips=not short)
            elif step.kind is StepKind.FEEL and not short:
                # The user is in the position by now, so the drawing does not move.
                yield self._step(step, side) | {"move": ""}

    def _base(self, side: Side) -> dict[str, Any]:
        """Return the step to choose a heel base; it names the one found by answers in the guide."""
        setup, helper = self.guide.setup, self.guide.base
        step = setup.steps[0]
        choice = heel_base.answered()
        title, second_chair = step.title, setup.base.support
        if choice is not None and choice.base is not None:
            title = helper.words(choice.base).take
            second_chair = helper.choice.second_chair if choice.second_chair else ""
        told = {"title": title, "text": f"{step.text} {second_chair}".strip()}
        if choice is not None and choice.second_chair:
            told["illustration"] = setup.base.support_illustration
        return self._step(step.model_copy(update=told), side)

    def _step(self, step: Step, side: Side, *, tips: bool = True) -> dict[str, Any]:
        """Return a step as the timer shows it (`shown`) and says it (`spoken`)."""
        shown = [step.text, *(f"{_sentence(tip.title)} {tip.text}" for tip in step.tips if tips)]
        return {
            "title": step.title,
            "shown": "\n".join(shown),
            "spoken": " ".join([_sentence(step.title), *shown]),
            **self._picture(step.illustration, side),
        }

    def _picture(self, name: str, side: Side) -> dict[str, Any]:
        """Return a drawing and its movement; `flipped` mirrors the movement for the right leg."""
        person: dict[str, Any] = {"pregnant": self.pregnant, "skin": self.skin}
        return {
            "picture": drawings.address(name, raised=side, **person),
            "picture_text": catalogue().alternative(name, pregnant=self.pregnant, raised=side),
            "move": drawings.address(name, moving=True, **person) if moves(name) else "",
            "flipped": side is Side.RIGHT,
        }


def _sentence(title: str) -> str:
    """Return a title with a full stop, if it has no end mark, so that a voice pauses after it."""
    return title if title.endswith(("?", ".", "!")) else f"{title}."
