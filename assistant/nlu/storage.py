"""Saving and loading scikit-learn models inside a Rasa model archive."""

from __future__ import annotations

from typing import Any

import skops.io
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

FILE_NAME = "model.skops"


class UntrustedModelError(Exception):
    """Raised when a stored model holds types that ours never do."""


def save(model: Any, storage: ModelStorage, resource: Resource) -> None:
    """Write a scikit-learn model into the resource's folder."""
    with storage.write_to(resource) as folder:
        skops.io.dump(model, folder / FILE_NAME)


def load(storage: ModelStorage, resource: Resource) -> Any:
    """Read a scikit-learn model back.

    Raises:
        UntrustedModelError: the file holds a type that skops does not trust. Rasa's own
            components would go on with an untrained model; we refuse to start.
    """
    with storage.read_from(resource) as folder:
        path = folder / FILE_NAME
        untrusted = skops.io.get_untrusted_types(file=path)
        if untrusted:
            raise UntrustedModelError(
                f"The model holds the types {untrusted}, which are not trusted. Train it again: make train."
            )
        return skops.io.load(path, trusted=[])
