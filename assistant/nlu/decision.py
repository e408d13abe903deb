"""The last word on a message: answer it, ask back, or say that it is out of scope."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.intents import OTHER_LANGUAGE, OUT_OF_SCOPE, UNSURE
from assistant.nlu.component import PlainComponent
from assistant.nlu.text import is_other_script


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AnswerDecision(PlainComponent, IntentClassifier):
    """Turns a ranking into the intent that the assistant acts on.

    Compares the best intent with out of scope rather than with a fixed threshold, which
    separates the two better (docs/nlu.md), then asks back where two intents are close.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Thresholds, chosen by cross-validation on the training data."""
        return {"out_of_scope_ratio": 0.5, "confidence": 0.35, "margin": 0.2}

    def process(self, messages: List[Message]) -> List[Message]:
        """Replace ``intent`` where the ranking says so; the ranking stays as it is."""
        for message in messages:
            if is_other_script(message.get(TEXT) or ""):
                message.set(INTENT, {"name": OTHER_LANGUAGE, "confidence": 1.0}, add_to_output=True)
                continue
            ranking = message.get(INTENT_RANKING_KEY) or []
            if ranking and message.get(INTENT) == ranking[0]:
                message.set(INTENT, self.decide(ranking), add_to_output=True)
        return messages

    def decide(self, ranking: List[Dict[str, Any]]) -> Dict[str, Any]:
        """The intent to act on: the best one, ``out_of_scope`` or ``nlu_fallback``.

        Args:
            ranking: intents with their confidence (0 to 1), best first.
        """
        by_name = {entry["name"]: entry["confidence"] for entry in ranking}
        inside = [entry for entry in ranking if entry["name"] != OUT_OF_SCOPE]
        best, outside = inside[0]["confidence"], by_name.get(OUT_OF_SCOPE, 0.0)
        if outside > best * self.config["out_of_scope_ratio"]:
            return {"name": OUT_OF_SCOPE, "confidence": outside}
        second = inside[1]["confidence"] if len(inside) > 1 else 0.0
        if best < self.config["confidence"] or best - second < self.config["margin"]:
            return {"name": UNSURE, "confidence": best}
        return dict(inside[0])
