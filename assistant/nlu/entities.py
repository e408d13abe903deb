"""Entities of the pipeline: the facts and products of :mod:`assistant.facts`."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.content import load_content
from assistant.facts import Mention
from assistant.nlu.component import PlainComponent
from assistant.nlu.facts import FactRecogniser
from assistant.nlu.messages import PASTED_MESSAGE

STATED, NEGATED = "stated", "negated"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactExtractor(PlainComponent, EntityExtractorMixin):
    """Adds an entity for each mention; its role tells whether the partner states the fact."""

    def __init__(self, config: Dict[str, Any]) -> None:
        super().__init__(config)
        self._recogniser = FactRecogniser(load_content())

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the entities of each message."""
        for message in messages:
            text = without_quotes(message.get(TEXT) or "", message.get(ENTITIES, []))
            found = [as_entity(mention, type(self).__name__) for mention in self._recogniser.recognise(text)]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def as_entity(mention: Mention, extractor: str) -> Dict[str, Any]:
    """A mention in the form of Rasa's entities."""
    entity = {
        "entity": mention.fact,
        "value": mention.value,
        "start": mention.start,
        "end": mention.end,
        "extractor": extractor,
    }
    if mention.negated or mention.stated:
        entity["role"] = NEGATED if mention.negated else STATED
    if mention.language:
        entity["language"] = mention.language
    return entity


def without_quotes(text: str, entities: List[Dict[str, Any]]) -> str:
    """The text with spaces for the messages it quotes: they are not the partner's words."""
    for entity in entities:
        if entity["entity"] == PASTED_MESSAGE:
            start, end = entity["start"], entity["end"]
            text = text[:start] + " " * (end - start) + text[end:]
    return text
