"""Intent classification: TF-IDF of words and character n-grams, a linear support vector machine.

One small sparse model for both languages. Rasa's own LogisticRegressionClassifier fixes C
and works on unweighted counts (docs/nlu.md has the figures).
"""

from __future__ import annotations

import random
from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.intents import OUT_OF_SCOPE
from assistant.nlu.component import TrainedComponent
from assistant.nlu.linear import LinearTextClassifier
from assistant.nlu.text import normalise
from assistant.nlu.typos import with_typos


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SparseIntentClassifier(TrainedComponent, IntentClassifier):
    """Ranks the intents of a message by probability."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Defaults.

        ``typos``: share of words that get a typing error in a second copy of the examples;
        ``ranking_length`` keeps parse results small, as they are stored every turn.
        """
        return {
            "word_ngrams": [1, 2],
            "char_ngrams": [2, 5],
            "C": 0.5,
            "min_texts": 3,
            "typos": 0.5,
            "ranking_length": 4,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has a text and an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [normalise(example.get(TEXT)) for example in examples]
        chance = random.Random(0)
        self._model = LinearTextClassifier.train(
            texts,
            [example.get(INTENT) for example in examples],
            word_ngrams=self.config["word_ngrams"],
            char_ngrams=self.config["char_ngrams"],
            C=self.config["C"],
            min_texts=self.config["min_texts"],
            variants=[with_typos(text, self.config["typos"], chance) for text in texts],
        )
        self._model.save(self._storage, self._resource)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set ``intent`` and ``intent_ranking``; out of scope is always in the ranking."""
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _rank(self, text: str) -> List[Dict[str, Any]]:
        ranking = [
            {"name": name, "confidence": probability}
            for name, probability in self._model.probabilities(normalise(text)).items()
        ]
        length = self.config["ranking_length"]
        return ranking[:length] + [entry for entry in ranking[length:] if entry["name"] == OUT_OF_SCOPE]
