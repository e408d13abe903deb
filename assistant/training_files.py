"""The training files, read once: Rasa 3.6.21 asks for them twice in a training."""

from __future__ import annotations

from typing import Optional

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method


class TrainingFiles(RasaFileImporter):
    """Rasa's own importer with a memory."""

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """The examples of all files; they do not depend on the language."""
        return self._nlu_data()

    @cached_method
    def _nlu_data(self) -> TrainingData:
        return super().get_nlu_data()
