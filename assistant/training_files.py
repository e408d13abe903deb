"""The training files, read once and copied never.

Rasa 3.6.21 asks for them twice in a training, and each time copies every example
again and again, a quarter of our training.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method


class FixedMessage(Message):
    """An example that nothing changes: no component of ours writes into the training data."""

    def __deepcopy__(self, memo: Dict[int, Any]) -> FixedMessage:
        return self


class TrainingFiles(RasaFileImporter):
    """Rasa's own importer with a memory."""

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """The examples of all files; they do not depend on the language."""
        return self._nlu_data()

    @cached_method
    def _nlu_data(self) -> TrainingData:
        data = super().get_nlu_data()
        data.training_examples = [FixedMessage(message.data) for message in data.training_examples]
        return data
