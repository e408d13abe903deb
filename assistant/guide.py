"""The interpreter of guides: pure functions over a guide, its state and the known facts.

The state is what was answered, not where we are: the current step follows from walking the
guide from its start with the answers and facts at hand. So a step whose fact is known is never
asked, and a corrected fact leads by itself to the first step that depends on it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from assistant.content.model import Guide, Step

Facts = Mapping[str, str]


class UnknownOptionError(ValueError):
    """Raised when an option does not belong to the step it was chosen for."""


@dataclass(frozen=True)
class GuideState:
    """Where a partner stands in a guide.

    Attributes:
        guide: name of the guide.
        answers: option chosen at each step that is no fact.
        shown: steps that the partner has seen, in order.
        misses: answers in a row that were not understood.
    """

    guide: str
    answers: Dict[str, str] = field(default_factory=dict)
    shown: List[str] = field(default_factory=list)
    misses: int = 0

    def as_dict(self) -> Dict[str, Any]:
        """The state as plain data, for a slot."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GuideState:
        """The state from :meth:`as_dict`; unknown keys of older versions are ignored."""
        return cls(**{key: data[key] for key in ("guide", "answers", "shown", "misses") if key in data})


@dataclass(frozen=True)
class Position:
    """The current step, the way that led there, and the progress in steps shown to the partner."""

    name: str
    step: Step
    path: Tuple[Tuple[str, str], ...]
    number: int
    total: int


def locate(guide: Guide, state: GuideState, facts: Facts) -> Position:
    """Walk from the start to the first step without an answer, or to an outcome."""
    path: List[Tuple[str, str]] = []
    name = guide.start
    while True:
        step = guide.steps[name]
        option = _answer(step, name, state, facts)
        if step.is_outcome or option is None:
            break
        path.append((name, option))
        name = step.options[option].next
    number = 1 + sum(1 for passed, _ in path if passed in state.shown)
    return Position(name, step, tuple(path), number, number - 1 + _steps_left(guide, name, state, facts))


def show(state: GuideState, position: Position) -> GuideState:
    """Note that the partner has seen the current step."""
    if position.name in state.shown:
        return state
    return replace(state, shown=[*state.shown, position.name])


def choose(
    guide: Guide, state: GuideState, facts: Facts, step_name: str, option: str
) -> Tuple[GuideState, Dict[str, str]]:
    """Answer a step, the current one or an earlier one.

    Args:
        guide: the guide that the state belongs to.
        state: the state before the answer.
        facts: what is known about the partner.
        step_name: the step that is answered.
        option: one of its options.

    Returns:
        The new state, and the facts with the one that the answer states.

    Raises:
        UnknownOptionError: there is no such step or option.
    """
    step = guide.steps.get(step_name)
    if step is None or option not in step.options:
        raise UnknownOptionError(f"{guide.guide}.{step_name} has no option {option!r}")
    state = _forget_after(guide, state, facts, step_name)
    new_facts = dict(facts)
    answers = dict(state.answers)
    if step.fact:
        new_facts.pop(step.fact, None)
    answers[step_name] = option
    if step.fact and _is_value(guide, step, option):
        del answers[step_name]
        new_facts[step.fact] = option
    return replace(state, answers=answers, misses=0), new_facts


def correct(
    guide: Guide, state: GuideState, facts: Facts, changes: Facts
) -> Tuple[GuideState, Dict[str, str]]:
    """Change facts, and forget what was done after the first step that depends on them.

    Facts that were answered later stay known; instructions are given again.
    """
    path = [name for name, _ in locate(guide, state, facts).path]
    changed = next((name for name in path if guide.steps[name].fact in changes), None)
    if changed:
        state = _forget_after(guide, state, facts, changed)
    answers = {
        step: option for step, option in state.answers.items() if guide.steps[step].fact not in changes
    }
    return replace(state, answers=answers, misses=0), {**facts, **changes}


def back(guide: Guide, state: GuideState, facts: Facts) -> Optional[Tuple[GuideState, Dict[str, str]]]:
    """Return to the step before the current one and forget its answer.

    Steps that were skipped are skipped on the way back too, unless there is no other.

    Returns:
        The new state and facts, or ``None`` at the first step.
    """
    path = [name for name, _ in locate(guide, state, facts).path]
    if not path:
        return None
    seen = [name for name in path if name in state.shown]
    target = (seen or path)[-1]
    state = _forget_after(guide, state, facts, target)
    new_facts = {fact: value for fact, value in facts.items() if fact != guide.steps[target].fact}
    answers = {step: option for step, option in state.answers.items() if step != target}
    return replace(state, answers=answers, misses=0), new_facts


def missed(state: GuideState) -> GuideState:
    """Count an answer that was not understood."""
    return replace(state, misses=state.misses + 1)


def _answer(step: Step, name: str, state: GuideState, facts: Facts) -> Optional[str]:
    if name in state.answers:
        return state.answers[name]
    known = facts.get(step.fact) if step.fact else None
    return known if known in step.options else None


def _is_value(guide: Guide, step: Step, option: str) -> bool:
    """An option of a fact without a label of its own is a value of the fact."""
    return step.options[option].label is None


def _forget_after(guide: Guide, state: GuideState, facts: Facts, name: str) -> GuideState:
    """Forget the answers after a step of the path; what was shown stays known."""
    path = [step for step, _ in locate(guide, state, facts).path]
    if name not in path:
        return state
    kept = set(path[: path.index(name) + 1])
    return replace(state, answers={step: option for step, option in state.answers.items() if step in kept})


def _steps_left(guide: Guide, name: str, state: GuideState, facts: Facts) -> int:
    """Steps still to be shown on the longest way from a step to an outcome, itself included."""
    step = guide.steps[name]
    if step.is_outcome:
        return 0
    option = _answer(step, name, state, facts)
    if option is not None:
        return _steps_left(guide, step.options[option].next, state, facts)
    return 1 + max(_steps_left(guide, choice.next, state, facts) for choice in step.options.values())
