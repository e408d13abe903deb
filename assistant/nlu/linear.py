"""A linear text classifier: TF-IDF of words and character n-grams, logistic regression.

Trained by scikit-learn; predicting is done here, because scikit-learn's pipelines spend several
times as long on a single short text as the arithmetic takes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Dict, Optional, Sequence, Tuple

import numpy as np
import skops.io
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

_FILE_NAME = "model.skops"


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
        class_weight: Optional[str] = None,
    ) -> LinearTextClassifier:
        """Fit on labelled texts.

        Args:
            texts: normalised texts.
            labels: the class of each text.
            word_ngrams: lengths of word sequences, from and to.
            char_ngrams: lengths of character sequences within words, from and to.
            C: inverse strength of regularisation, greater than 0.
            class_weight: ``balanced`` lets small classes count as much as large ones.
        """
        words = TfidfVectorizer(
            ngram_range=tuple(word_ngrams), token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, min_df=2
        )
        characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=tuple(char_ngrams), sublinear_tf=True, min_df=2
        )
        features = make_union(words, characters).fit_transform(texts)
        model = LogisticRegression(C=C, max_iter=200, tol=1e-3, class_weight=class_weight)
        model.fit(features, labels)
        weights, intercept = model.coef_.T, model.intercept_
        if weights.shape[1] == 1:
            # Of two classes scikit-learn keeps one column; the other one is its zero point.
            weights, intercept = np.hstack([0 * weights, weights]), np.hstack([0.0, intercept])
        return cls(words, characters, np.ascontiguousarray(weights), intercept, model.classes_)

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


def _tf_idf(vectorizer: TfidfVectorizer, text: str) -> Tuple[np.ndarray, np.ndarray]:
    """What ``vectorizer.transform([text])`` computes: the features of the text and their values."""
    known = vectorizer.vocabulary_
    counts = Counter(known[term] for term in vectorizer.build_analyzer()(text) if term in known)
    features = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
    values = np.log(np.fromiter(counts.values(), dtype=float, count=len(counts))) + 1
    values *= vectorizer.idf_[features]
    return features, values / (np.linalg.norm(values) or 1.0)
