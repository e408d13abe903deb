"""Figures about the recognition of facts and products in free text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Set, Tuple

from assistant.content import Content
from assistant.facts import NUMBER, PRODUCT

Line = Mapping[str, Any]
Pair = Tuple[str, str]


@dataclass
class Score:
    """How often an entity was found rightly, found wrongly, or overlooked."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """From 0 to 1."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)

    def add(self, meant: Set[str], found: Set[str]) -> None:
        """Count the values of one line."""
        self.right += len(meant & found)
        self.wrong += len(found - meant)
        self.missed += len(meant - found)


def measure(lines: Sequence[Line], content: Content) -> Dict[Pair, Score]:
    """A score for each language and entity.

    Args:
        lines: with ``lang``, the entities that are meant (``entity`` and ``value``; a product's value
            is its family, a number's has its unit, "3 incidents"), what was ``found`` (Rasa's
            entities), and which of them are ``judged`` in it (default: facts and products).
        content: the facts, and the families of products.
    """
    scores: Dict[Pair, Score] = {}
    for line in lines:
        meant = {(entity["entity"], entity["value"]) for entity in line["entities"]}
        found = {(entity["entity"], _value(entity, content)) for entity in line["found"]}
        for name in line.get("judged") or [*content.facts, PRODUCT]:
            score = scores.setdefault((line["lang"], name), Score())
            score.add(_values(meant, name), _values(found, name))
    return scores


def report(scores: Mapping[Pair, Score]) -> str:
    """The scores as a Markdown table."""
    languages = sorted({language for language, _ in scores})
    rows = [["entity", *(f"{language}: F1 (right, wrong, missed)" for language in languages)]]
    rows.append(["---"] * len(rows[0]))
    for name in sorted({name for _, name in scores}):
        rows.append([name, *(_cell(scores.get((language, name))) for language in languages)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _value(entity: Mapping[str, Any], content: Content) -> str:
    value = entity["value"]
    if entity["entity"] == NUMBER:
        return f"{value:g} {entity['role']}"
    return content.products[value].family if entity["entity"] == PRODUCT else value


def _values(pairs: Set[Pair], name: str) -> Set[str]:
    return {value for entity, value in pairs if entity == name}


def _cell(score: Optional[Score]) -> str:
    if score is None:
        return "-"
    return f"{score.f1:.1%} ({score.right}, {score.wrong}, {score.missed})"
