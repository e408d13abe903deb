"""A linear text classifier: TF-IDF of words and character n-grams, a support vector machine.

The margins of the machine become probabilities by one temperature, found on a third of the texts
(Guo et al., On Calibration of Modern Neural Networks, 2017). Trained by scikit-learn; predicting
is done here, because scikit-learn's pipelines spend several times as long on a single short text
as the arithmetic takes (:mod:`assistant.features`). Stored as plain arrays: they are read in no
time and cannot run code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Tuple
from zipfile import BadZipFile

import numpy as np
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from assistant.features import character_vectorizer, tf_idf, word_vectorizer

_ARRAYS, _TERMS = "arrays.npz", "terms.json"
_CALIBRATING = 1 / 3
_TEMPERATURES = (0.01, 2.0)


class UnreadableModelError(Exception):
    """Raised when a stored model is not what ours are."""


@dataclass
class LinearTextClassifier:
    """The trained parts; ``weights`` has a row for each feature and a column for each class."""

    words: TfidfVectorizer
    characters: TfidfVectorizer
    weights: np.ndarray
    intercept: np.ndarray
    classes: List[str]

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        word_ngrams: Tuple[int, int],
        char_ngrams: Tuple[int, int],
        C: float,
        min_texts: int = 1,
        variants: Sequence[str] = (),
    ) -> LinearTextClassifier:
        """Fit on labelled texts.

        Args:
            texts: normalised texts.
            labels: the class of each text.
            word_ngrams: lengths of word sequences, from and to.
            char_ngrams: lengths of character sequences within words, from and to.
            C: inverse strength of regularisation, greater than 0.
            min_texts: how many texts a sequence has to occur in.
            variants: other forms of the texts, in the same order, to learn from as well. Probabilities
                are calibrated without them, because they give away the texts they come from.
        """
        words = word_vectorizer(word_ngrams, min_df=min_texts)
        characters = character_vectorizer(char_ngrams, min_df=min_texts)
        features = make_union(words, characters).fit_transform([*texts, *variants])
        labels = np.asarray(labels)
        model = LinearSVC(C=C, random_state=0, tol=1e-2)
        temperature = _temperature(model, features[: len(texts)], labels)
        model.fit(features, np.concatenate([labels, labels[: len(variants)]]))
        weights = np.ascontiguousarray(_for_each_class(model.coef_.T) / temperature, dtype=np.float32)
        intercept = _for_each_class(model.intercept_) / temperature
        return cls(words, characters, weights, intercept, model.classes_.tolist())

    def probabilities(self, text: str) -> Dict[str, float]:
        """The probability of each class for a normalised text, most likely first."""
        features, values = tf_idf((self.words, self.characters), text)
        scores = self.intercept + values @ self.weights[features]
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return {self.classes[i]: float(shares[i]) for i in np.argsort(-shares)}

    def save(self, storage: ModelStorage, resource: Resource) -> None:
        """Write the parts into a model archive."""
        terms = {"classes": self.classes, "words": _described(self.words)}
        terms["characters"] = _described(self.characters)
        with storage.write_to(resource) as folder:
            (folder / _TERMS).write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
            np.savez_compressed(
                folder / _ARRAYS,
                weights=self.weights,
                intercept=self.intercept,
                words=self.words.idf_,
                characters=self.characters.idf_,
            )

    @classmethod
    def load(cls, storage: ModelStorage, resource: Resource) -> LinearTextClassifier:
        """Read the parts back.

        Raises:
            UnreadableModelError: a file is missing, damaged or of another form. Rasa's own
                components would go on with an untrained model; we refuse to start.
        """
        try:
            with storage.read_from(resource) as folder, np.load(folder / _ARRAYS) as arrays:
                terms = json.loads((folder / _TERMS).read_text(encoding="utf-8"))
                words = _restored(word_vectorizer, terms["words"], arrays["words"])
                characters = _restored(character_vectorizer, terms["characters"], arrays["characters"])
                return cls(words, characters, arrays["weights"], arrays["intercept"], terms["classes"])
        except (ValueError, KeyError, OSError, BadZipFile) as error:
            raise UnreadableModelError(
                f"The model cannot be read ({error}). Train it again: make train."
            ) from None


def _described(vectorizer: TfidfVectorizer) -> Dict[str, Any]:
    known = vectorizer.vocabulary_
    return {"ngrams": list(vectorizer.ngram_range), "terms": sorted(known, key=known.__getitem__)}


def _restored(kind: Any, described: Dict[str, Any], idf: np.ndarray) -> TfidfVectorizer:
    vectorizer = kind(described["ngrams"], vocabulary=described["terms"])
    vectorizer.idf_ = idf
    return vectorizer


def _for_each_class(values: np.ndarray) -> np.ndarray:
    """Of two classes scikit-learn keeps one column; the other one is its zero point."""
    return np.concatenate([np.zeros_like(values), values], axis=-1) if values.shape[-1] == 1 else values


def _temperature(model: LinearSVC, features: csr_matrix, labels: np.ndarray) -> float:
    """What to divide margins by, so that their softmax is as likely as possible on unseen texts."""
    learnt, unseen, labels, wanted = train_test_split(
        features, labels, test_size=_CALIBRATING, stratify=labels, random_state=0
    )
    margins = clone(model).fit(learnt, labels).decision_function(unseen)
    margins = _for_each_class(margins.reshape(len(wanted), -1))
    right = (np.arange(len(wanted)), np.searchsorted(np.unique(labels), wanted))

    def loss(temperature: float) -> float:
        scaled = margins / temperature
        return float(np.mean(logsumexp(scaled, axis=1) - scaled[right]))

    return float(minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x)
