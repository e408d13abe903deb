"""OpenVoiceOS's padatious, a neural network for each intent and a container for each language.

``python -m bench.nlu.padatious train DATA FOLDER``, ``python -m bench.nlu.padatious serve FOLDER``.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from ovos_padatious import IntentContainer

from bench.nlu.protocol import Ranking, Understand, serve

# Each network sees the examples of all intents, for up to ten attempts of 1,000 epochs. All of our
# examples would take up to ten hours; it is made for some dozens an intent.
_EXAMPLES = 50
_LANGUAGES = ("en", "de")
# OpenVoiceOS takes an intent above its lowest level of confidence (conf_low of the pipeline).
_THRESHOLD = 0.5
_UNSURE = "nlu_fallback"
_SAMPLES = "samples.json"

# The examples of a language by intent.
Samples = Dict[str, Dict[str, List[str]]]


def train(data: str, folder: str) -> None:
    """Train on the first examples of each intent and language."""
    samples: Samples = {language: {} for language in _LANGUAGES}
    for line in Path(data).read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        for language in [example["lang"]] if example["lang"] else _LANGUAGES:
            texts = samples[language].setdefault(example["intent"], [])
            if len(texts) < _EXAMPLES:
                texts.append(_plain(example["text"]))
    Path(folder, _SAMPLES).write_text(json.dumps(samples), encoding="utf-8")
    _containers(folder)


def load() -> Understand:
    """Load the networks of both languages; the samples name what is loaded."""
    containers = _containers(sys.argv[2])

    def understand(text: str, language: Optional[str]) -> Tuple[Ranking, str]:
        matches = containers[language or "en"].calc_intents(_plain(text))
        ranking = sorted(((match.name, float(match.conf)) for match in matches), key=lambda pair: -pair[1])
        sure = ranking and ranking[0][1] > _THRESHOLD
        return ranking, ranking[0][0] if sure else _UNSURE

    return understand


def _containers(folder: str) -> Dict[str, IntentContainer]:
    """A container for each language. It trains what its folder does not hold yet."""
    samples: Samples = json.loads(Path(folder, _SAMPLES).read_text(encoding="utf-8"))
    containers = {}
    for language, intents in samples.items():
        containers[language] = IntentContainer(str(Path(folder, language)))
        for intent, texts in intents.items():
            containers[language].add_intent(intent, texts)
        containers[language].train(debug=False)
    return containers


def _plain(text: str) -> str:
    """The text without what padatious reads as a template."""
    return re.sub(r"[()\[\]{}|#]", " ", text)


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(*sys.argv[2:])
    else:
        serve(load)
