"""Language identification of a message, from its characters.

A message is judged without what it quotes and without names of products and memberships, which
are the same in both languages. Evidence is *strong* where somebody clearly speaks a language;
*likely* where the text is clear, but nobody speaks: it may be copied from a portal ("Status: Your
request is being processed"); *weak* where it is short or ambiguous. See ``Conversation.hear``.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.component import TrainedComponent
from assistant.nlu.linear import LinearTextClassifier
from assistant.nlu.messages import PASTED_MESSAGE
from assistant.nlu.text import normalise, words
from assistant.nlu.voice import is_spoken

# Examples of these intents quote messages, in either language.
_QUOTING = "error_"
LANGUAGE, STRONG, LIKELY, WEAK = "language", "strong", "likely", "weak"
_QUOTED = re.compile(r"[\"„“”«»][^\"„“”«»]+[\"„“”«»]")
# Words of both languages ("is" is a spoken "ist"): alone they say nothing.
_SHARED_WORDS = {
    "is", "in", "so", "also", "an", "am", "was", "war", "die", "man", "hat", "will", "bald", "ok",
    "person", "support", "portal", "partner", "ticket", "premier",
}  # fmt: skip
# So few words around a quoted message say nothing: "Error: ..." fits both languages.
_FEW_WORDS = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageDetector(TrainedComponent, EntityExtractorMixin):
    """Adds an entity ``language`` whose role tells how strong the evidence is."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """``strong``: probability from which a longer, or (``strong_short``) a short text counts;
        with fewer than ``strong_words`` it never does, and below ``weak`` it is no evidence."""
        return {"strong": 0.8, "strong_short": 0.97, "strong_words": 3, "short_words": 4, "weak": 0.6}

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples whose intent names a language in its metadata."""
        examples = (
            example
            for example in training_data.intent_examples
            if not example.get(INTENT).startswith(_QUOTING)
        )
        pairs = [(example.get(TEXT), _language_of(example)) for example in examples]
        pairs = [(text, language) for text, language in pairs if text and language]
        self._model = LinearTextClassifier.train(
            [normalise(text) for text, _ in pairs],
            [language for _, language in pairs],
            word_ngrams=(1, 1),
            char_ngrams=(1, 5),
            C=0.3,
            min_texts=2,
        )
        self._model.save(self._storage, self._resource)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the language of each message that has words."""
        for message in messages:
            found = self.detect(message.get(TEXT) or "", message.get(ENTITIES, []))
            if found:
                entity = {"entity": LANGUAGE, "value": found[0], "role": found[1], "start": 0, "end": 0}
                entity["extractor"] = "LanguageDetector"
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages

    def detect(self, text: str, entities: List[Dict[str, Any]]) -> Optional[Tuple[str, str]]:
        """Language code and strength of the evidence, or ``None`` for a text that says nothing.

        Args:
            text: the message.
            entities: what earlier components found; their words do not count.
        """
        quoted = [entity["role"] for entity in entities if entity["entity"] == PASTED_MESSAGE]
        own = _own_words(text, entities)
        if len(words(own)) <= (_FEW_WORDS if quoted else 0):
            return (quoted[0], WEAK) if quoted else _language_of_names(entities)
        if set(words(own)) <= _SHARED_WORDS:
            return _language_of_names(entities)
        language, probability = self._classify(own)
        if language in quoted:
            # What stands around a pasted message may be pasted as well.
            return language, WEAK
        is_short = len(words(own)) <= self.config["short_words"]
        needed = self.config["strong_short" if is_short else "strong"]
        if len(words(own)) >= self.config["strong_words"] and probability >= needed:
            return language, STRONG if is_spoken(own, language) else LIKELY
        return (language, WEAK) if probability >= self.config["weak"] else None

    def _classify(self, text: str) -> Tuple[str, float]:
        return next(iter(self._model.probabilities(normalise(text)).items()))


def _language_of(example: Message) -> Optional[str]:
    metadata = example.get("metadata") or {}
    return (metadata.get(METADATA_INTENT) or {}).get(LANGUAGE)


def _language_of_names(entities: List[Dict[str, Any]]) -> Optional[Tuple[str, str]]:
    """Names alone say little, but some are of one language, such as "Datenanalyse"."""
    languages = {entity["language"] for entity in entities if "language" in entity}
    return (languages.pop(), WEAK) if len(languages) == 1 else None


def _own_words(text: str, entities: List[Dict[str, Any]]) -> str:
    """The text without what earlier components found in it, and without what stands in quotes."""
    for entity in sorted(entities, key=lambda entity: -entity["start"]):
        text = f"{text[: entity['start']]} {text[entity['end'] :]}"
    return _QUOTED.sub(" ", text)
