"""Entities for the quantities of :mod:`assistant.quantities`: "3 of 5 incidents", "seit zwei Wochen"."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import load_content
from assistant.facts import NUMBER, PRODUCT
from assistant.nlu.component import PlainComponent
from assistant.nlu.entities import without_quotes
from assistant.quantities import Quantity, QuantityReader


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NumberExtractor(PlainComponent, EntityExtractorMixin):
    """Adds an entity for each quantity; its role is the unit."""

    def __init__(self, config: Dict[str, Any]) -> None:
        super().__init__(config)
        self._reader = QuantityReader(load_content())

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the quantities of each message to its entities."""
        for message in messages:
            entities = message.get(ENTITIES, [])
            text = without_quotes(message.get(TEXT) or "", entities)
            named = [(entity["start"], entity["end"]) for entity in entities if entity["entity"] == PRODUCT]
            found = [self._entity(quantity) for quantity in self._reader.read(text, named)]
            message.set(ENTITIES, [*entities, *found], add_to_output=True)
        return messages

    def _entity(self, quantity: Quantity) -> Dict[str, Any]:
        return {
            "entity": NUMBER,
            "value": quantity.value,
            "role": quantity.unit,
            "start": quantity.start,
            "end": quantity.end,
            "extractor": type(self).__name__,
        }
