"""What our components of the pipeline share: how Rasa creates, stores and loads them."""

from __future__ import annotations

from typing import Any, Dict, List, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from assistant.nlu.linear import LinearTextClassifier


class PlainComponent(GraphComponent):
    """A component that learns nothing: its configuration and the content make it."""

    def __init__(self, config: Dict[str, Any]) -> None:
        self.config = config

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlainComponent:
        """A component with nothing to load."""
        return cls(config)


class TrainedComponent(GraphComponent):
    """A component around one classifier; a subclass sets ``_model`` in ``train`` and uses it."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """None: it reads the text itself."""
        return []

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearTextClassifier | None = None,
    ) -> None:
        self.config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedComponent:
        """A component ready to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedComponent:
        """A component with the trained model of the resource."""
        return cls(config, model_storage, resource, LinearTextClassifier.load(model_storage, resource))
