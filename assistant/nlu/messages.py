"""Recognition of pasted error messages and status texts.

A message that quotes one of the article's messages, whole or in part, in any case, with
typos or inside a long e-mail, is about that message, whatever else it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from rapidfuzz import fuzz
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import Content, load_content
from assistant.nlu.component import PlainComponent
from assistant.nlu.text import normalise

PASTED_MESSAGE = "pasted_message"
# A piece says less than a whole fragment, so it has to be closer.
_CUT_OFF_SCORE = 93.0


@dataclass(frozen=True)
class Quote:
    """A known message found in a text."""

    message: str
    topic: str
    language: str
    score: float
    start: int
    end: int


@dataclass(frozen=True)
class _Pattern:
    message: str
    topic: str
    language: str
    text: str


class QuoteFinder:
    """Finds the known messages of ``content/messages.yml`` in a text."""

    def __init__(self, content: Content, min_score: float = 88.0, min_length: int = 20) -> None:
        self._min_score = min_score
        self._min_length = min_length
        self._wholes = self._patterns(content, "texts")
        self._fragments = self._patterns(content, "fragments")

    @staticmethod
    def _patterns(content: Content, field: str) -> List[_Pattern]:
        return [
            _Pattern(name, message.topic, language, normalise(text))
            for name, message in content.messages.items()
            for language, texts in getattr(message, field).items()
            for text in texts
        ]

    def find(self, text: str) -> Optional[Quote]:
        """The longest quote in a text, or ``None``; positions refer to the text as given."""
        haystack = text.lower()
        found = [self._contained(pattern, haystack) for pattern in (*self._wholes, *self._fragments)]
        if self._min_length <= len(haystack):
            found += [self._cut_off(pattern, normalise(text), len(text)) for pattern in self._wholes]
        return max(
            filter(None, found), key=lambda quote: (quote.end - quote.start, quote.score), default=None
        )

    def _contained(self, pattern: _Pattern, haystack: str) -> Optional[Quote]:
        """The message or a distinctive fragment of it, somewhere in the text."""
        if len(haystack) < len(pattern.text) * 0.8:
            return None
        match = fuzz.partial_ratio_alignment(pattern.text, haystack, score_cutoff=self._min_score)
        if match is None:
            return None
        return Quote(
            pattern.message, pattern.topic, pattern.language, match.score, match.dest_start, match.dest_end
        )

    def _cut_off(self, pattern: _Pattern, text: str, length: int) -> Optional[Quote]:
        """The text itself is a piece of a message that was cut off."""
        if not self._min_length <= len(text) <= len(pattern.text) + 10:
            return None
        score = fuzz.partial_ratio(text, pattern.text, score_cutoff=_CUT_OFF_SCORE)
        if not score:
            return None
        return Quote(pattern.message, pattern.topic, pattern.language, score, 0, length)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class MessageMatcher(PlainComponent, IntentClassifier):
    """Overrides the intent of a text that quotes a known message, and marks the quote."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """``min_score``: 0 to 100, how close a quote must be; ``min_length`` of a cut-off one."""
        return {"min_score": 88.0, "min_length": 20}

    def __init__(self, config: Dict[str, Any]) -> None:
        super().__init__(config)
        self._finder = QuoteFinder(load_content(), config["min_score"], config["min_length"])

    def process(self, messages: List[Message]) -> List[Message]:
        """Set ``intent`` and add an entity for the quote."""
        for message in messages:
            quote = self._finder.find(message.get(TEXT) or "")
            if quote:
                self._mark(message, quote)
        return messages

    @staticmethod
    def _mark(message: Message, quote: Quote) -> None:
        confidence = quote.score / 100
        intent = {"name": quote.topic, "confidence": confidence}
        others = [entry for entry in message.get(INTENT_RANKING_KEY, []) if entry["name"] != quote.topic]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
        entity = {
            "entity": PASTED_MESSAGE,
            "value": quote.message,
            "role": quote.language,
            "start": quote.start,
            "end": quote.end,
            "confidence_entity": confidence,
            "extractor": "MessageMatcher",
        }
        message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
