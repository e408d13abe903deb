"""Facts that take a clause to state: the contract's state, whether it is linked, the IDs, for whom.

Nobody names these by a term: "my predecessor took the numbers with him" says that the IDs are
missing. A small classifier reads each clause; it learns from ``data/statements/`` and, for what
states nothing, from the clauses of the other training data.
"""

from __future__ import annotations

import random
from typing import Any, Dict, Iterator, List, Set, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.content import load_content
from assistant.facts import Mention
from assistant.nlu.component import TrainedComponent
from assistant.nlu.concepts import with_concepts
from assistant.nlu.entities import as_entity, without_quotes
from assistant.nlu.linear import LinearTextClassifier
from assistant.nlu.phrasing import clauses, is_question
from assistant.nlu.text import normalise
from assistant.training_data import NOTHING, statements


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class StatementExtractor(TrainedComponent, EntityExtractorMixin):
    """Adds an entity for each clause that states one of the facts."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """``likely``: probability from which a clause counts; ``others``: how many clauses of the other
        training data to learn from."""
        return {"likely": 0.4, "others": 5000, "C": 1.0}

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the labelled clauses, and on others that say nothing of the contract."""
        labelled = [(normalise(statement.text), statement.label) for statement in statements()]
        others = sorted(_others(training_data) - {text for text, _ in labelled})
        others = random.Random(0).sample(others, min(self.config["others"], len(others)))
        self._model = LinearTextClassifier.train(
            [with_concepts(text) for text in (*(text for text, _ in labelled), *others)],
            [*(label for _, label in labelled), *[NOTHING] * len(others)],
            word_ngrams=(1, 3),
            char_ngrams=(2, 4),
            C=self.config["C"],
            min_texts=2,
        )
        self._model.save(self._storage, self._resource)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the statements of each message to its entities."""
        for message in messages:
            entities = message.get(ENTITIES, [])
            text = without_quotes(message.get(TEXT) or "", entities)
            found = [as_entity(mention, type(self).__name__) for mention in self.read(text)]
            message.set(ENTITIES, [*entities, *found], add_to_output=True)
        return messages

    def read(self, text: str) -> Iterator[Mention]:
        """The statements of a text, in its order."""
        for start, end in clauses(text):
            label, probability = self._classify(text[start:end])
            if label != NOTHING and probability >= self.config["likely"]:
                fact, value = label.split(":")
                asked = is_question(text[start : end + 1])
                stated = load_content().facts[fact].stated == "mention" or not asked
                yield Mention(fact, value, start, end, stated)

    def _classify(self, clause: str) -> Tuple[str, float]:
        return next(iter(self._model.probabilities(with_concepts(normalise(clause))).items()))


def _others(training_data: TrainingData) -> Set[str]:
    texts = (example.get(TEXT) or "" for example in training_data.intent_examples)
    return {normalise(text[start:end]) for text in texts for start, end in clauses(text)}
