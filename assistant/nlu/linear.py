"""A linear text classifier: TF-IDF of words and character n-grams, a support vector machine.

The margins of the machine become probabilities by one temperature, found by cross-validation
(Guo et al., On Calibration of Modern Neural Networks, 2017). Trained by scikit-learn; predicting
is done here, because scikit-learn's pipelines spend several times as long on a single short text
as the arithmetic takes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Dict, Sequence, Tuple

import numpy as np
import skops.io
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

_FILE_NAME = "model.skops"
_FOLDS = 3
_TEMPERATURES = (0.01, 2.0)


class UntrustedModelError(Exception):
    """Raised when a stored model holds types that ours never do."""


@dataclass
class LinearTextClassifier:
    """The trained parts; ``weights`` has a row for each feature and a column for each class."""

    words: TfidfVectorizer
    characters: TfidfVectorizer
    weights: np.ndarray
    intercept: np.ndarray
    classes: np.ndarray

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
        words = TfidfVectorizer(
            ngram_range=tuple(word_ngrams), token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, min_df=min_texts
        )
        characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=tuple(char_ngrams), sublinear_tf=True, min_df=min_texts
        )
        features = make_union(words, characters).fit_transform([*texts, *variants])
        labels = np.asarray(labels)
        model = LinearSVC(C=C, random_state=0, tol=1e-2)
        temperature = _temperature(model, features[: len(texts)], labels)
        model.fit(features, np.concatenate([labels, labels[: len(variants)]]))
        weights = np.ascontiguousarray(_for_each_class(model.coef_.T) / temperature, dtype=np.float32)
        intercept = _for_each_class(model.intercept_) / temperature
        return cls(words, characters, weights, intercept, model.classes_)

    def probabilities(self, text: str) -> Dict[str, float]:
        """The probability of each class for a normalised text, most likely first."""
        scores = self.intercept.copy()
        offset = 0
        for vectorizer in (self.words, self.characters):
            features, values = _tf_idf(vectorizer, text)
            scores += values @ self.weights[features + offset]
            offset += len(vectorizer.vocabulary_)
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return {str(self.classes[i]): float(shares[i]) for i in np.argsort(-shares)}

    def save(self, storage: ModelStorage, resource: Resource) -> None:
        """Write the parts into a model archive."""
        with storage.write_to(resource) as folder:
            skops.io.dump(vars(self), folder / _FILE_NAME)

    @classmethod
    def load(cls, storage: ModelStorage, resource: Resource) -> LinearTextClassifier:
        """Read the parts back.

        Raises:
            UntrustedModelError: the file holds a type that skops does not trust. Rasa's own
                components would go on with an untrained model; we refuse to start.
        """
        with storage.read_from(resource) as folder:
            path = folder / _FILE_NAME
            untrusted = skops.io.get_untrusted_types(file=path)
            if untrusted:
                raise UntrustedModelError(
                    f"The model holds the untrusted types {untrusted}. Train it again: make train."
                )
            return cls(**skops.io.load(path, trusted=[]))


def _for_each_class(values: np.ndarray) -> np.ndarray:
    """Of two classes scikit-learn keeps one column; the other one is its zero point."""
    return np.concatenate([np.zeros_like(values), values], axis=-1) if values.shape[-1] == 1 else values


def _temperature(model: LinearSVC, features: csr_matrix, labels: np.ndarray) -> float:
    """What to divide margins by, so that their softmax is as likely as possible on unseen texts."""
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    margins = cross_val_predict(clone(model), features, labels, cv=folds, method="decision_function")
    margins = _for_each_class(margins.reshape(len(labels), -1))
    right = (np.arange(len(labels)), np.searchsorted(np.unique(labels), labels))

    def loss(temperature: float) -> float:
        scaled = margins / temperature
        return float(np.mean(logsumexp(scaled, axis=1) - scaled[right]))

    return float(minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x)


def _tf_idf(vectorizer: TfidfVectorizer, text: str) -> Tuple[np.ndarray, np.ndarray]:
    """What ``vectorizer.transform([text])`` computes: the features of the text and their values."""
    known = vectorizer.vocabulary_
    counts = Counter(known[term] for term in vectorizer.build_analyzer()(text) if term in known)
    features = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
    values = np.log(np.fromiter(counts.values(), dtype=float, count=len(counts))) + 1
    values *= vectorizer.idf_[features]
    return features, values / (np.linalg.norm(values) or 1.0)
