"""A partner's message, as understood by the NLU pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Set

from assistant.content import Content
from assistant.facts import PRODUCT, with_implied
from assistant.intents import INFORM
from assistant.nlu.text import words

_STATED, _NEGATED = "stated", "negated"
PASTED_MESSAGE = "pasted_message"
_QUESTION_WORDS = {
    "what", "how", "when", "where", "why", "which", "who", "can", "could", "does", "do", "is", "are",
    "was", "wie", "wann", "wo", "warum", "wieso", "weshalb", "welche", "welcher", "welches", "wer",
    "kann", "können", "gibt",
}  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """One message; ``ranking`` holds intents with their confidence (0 to 1), best first."""

    text: str
    intent: str
    confidence: float = 1.0
    ranking: List[Dict[str, Any]] = field(default_factory=list)
    entities: List[Dict[str, Any]] = field(default_factory=list)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Turn:
        """The turn in a tracker's ``latest_message``."""
        intent = message.get("intent") or {}
        return cls(
            text=message.get("text") or "",
            intent=intent.get("name") or "",
            confidence=intent.get("confidence") or 0.0,
            ranking=message.get("intent_ranking") or [],
            entities=message.get("entities") or [],
            metadata=message.get("metadata") or {},
        )

    @property
    def is_payload(self) -> bool:
        """Whether a button was pressed; channels let typed text never begin like this."""
        return self.text.startswith("/")

    @property
    def is_question(self) -> bool:
        """Whether the partner asks something, by the look of it."""
        first = next(iter(words(self.text)), "")
        return self.text.rstrip().endswith("?") or first in _QUESTION_WORDS

    @property
    def is_only_facts(self) -> bool:
        """Whether the message is nothing but the name of a membership, role, product and so on."""
        named = [entity for entity in self.entities if entity.get("extractor") == "FactExtractor"]
        rest = self.text
        for entity in sorted(named, key=lambda entity: -entity["start"]):
            rest = f"{rest[: entity['start']]} {rest[entity['end'] :]}"
        return bool(named) and not words(rest)

    def likelihood(self, intents: Set[str]) -> float:
        """How likely one of the intents is meant (0 to 1)."""
        return sum(entry["confidence"] for entry in self.ranking if entry["name"] in intents)

    def entity(self, name: str) -> Optional[str]:
        """The value of the first entity of a kind."""
        return next((entity["value"] for entity in self.entities if entity["entity"] == name), None)

    def role(self, name: str) -> Optional[str]:
        """The role of the first entity of a kind."""
        return next((entity.get("role") for entity in self.entities if entity["entity"] == name), None)

    def negated_values(self, fact: str) -> Set[str]:
        """Values of a fact that the message denies."""
        found = (entity for entity in self.entities if entity["entity"] == fact)
        return {entity["value"] for entity in found if entity.get("role") == _NEGATED}

    def mentioned_facts(self, content: Content) -> Dict[str, str]:
        """Facts that occur with exactly one value, whoever they are about."""
        return self._facts(content, stated_only=False)

    def stated_facts(self, content: Content) -> Dict[str, str]:
        """Facts that the partner states of themselves."""
        return self._facts(content, stated_only=self.intent != INFORM)

    def last_facts(self, content: Content) -> Dict[str, str]:
        """Facts with the value that is mentioned last: "not expired, no incidents left"."""
        facts = {
            entity["entity"]: entity["value"]
            for entity in sorted(self.entities, key=lambda entity: entity["start"])
            if (entity["entity"] in content.facts or entity["entity"] == PRODUCT)
            and entity.get("role") != _NEGATED
        }
        return with_implied(facts, content)

    def _facts(self, content: Content, stated_only: bool) -> Dict[str, str]:
        values: Dict[str, set] = {}
        stated = set()
        for entity in self.entities:
            name, role = entity["entity"], entity.get("role")
            if (name not in content.facts and name != PRODUCT) or role == _NEGATED:
                continue
            values.setdefault(name, set()).add(entity["value"])
            if role == _STATED or name == PRODUCT:
                stated.add(name)
        if PRODUCT in values:
            values[PRODUCT] = _of_one_family(values[PRODUCT], content)
        facts = {
            name: next(iter(found))
            for name, found in values.items()
            if len(found) == 1 and (not stated_only or name in stated)
        }
        return with_implied(facts, content)


def _of_one_family(products: Set[str], content: Content) -> Set[str]:
    """One of the products, if it makes no difference which; or all of them."""
    families = {content.products[name].family for name in products}
    return {min(products)} if len(families) == 1 else products
