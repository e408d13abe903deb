"""TF-IDF features of short texts: fitted by scikit-learn, computed here.

For a single text, ``transform`` spends several times as long as the arithmetic takes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Sequence, Tuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer


def word_vectorizer(ngrams: Tuple[int, int], **options: Any) -> TfidfVectorizer:
    """Features for sequences of words, from and to so many."""
    return TfidfVectorizer(
        ngram_range=tuple(ngrams), token_pattern=r"(?u)\b\w+\b", sublinear_tf=True, **options
    )


def character_vectorizer(ngrams: Tuple[int, int], **options: Any) -> TfidfVectorizer:
    """Features for sequences of characters within words, from and to so many."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(ngrams), sublinear_tf=True, **options)


def tf_idf(vectorizers: Sequence[TfidfVectorizer], text: str) -> Tuple[np.ndarray, np.ndarray]:
    """What scikit-learn's union of the vectorizers computes: the features of the text and their values."""
    found, offset = [], 0
    for vectorizer in vectorizers:
        features, values = _tf_idf(vectorizer, text)
        found.append((features + offset, values))
        offset += len(vectorizer.vocabulary_)
    features, values = zip(*found, strict=True)
    return np.concatenate(features), np.concatenate(values)


def _tf_idf(vectorizer: TfidfVectorizer, text: str) -> Tuple[np.ndarray, np.ndarray]:
    known = vectorizer.vocabulary_
    counts = Counter(known[term] for term in vectorizer.build_analyzer()(text) if term in known)
    features = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
    values = np.log(np.fromiter(counts.values(), dtype=float, count=len(counts))) + 1
    values *= vectorizer.idf_[features]
    return features, values / (np.linalg.norm(values) or 1.0)
