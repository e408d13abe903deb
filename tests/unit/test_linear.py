import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.nlu.linear import LinearTextClassifier, _tf_idf

TEXTS = ["how many incidents are left", "wie viele vorfälle sind übrig", "link the contract", "den vertrag"]


def test_features_of_a_text_are_those_of_scikit_learn():
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True).fit(TEXTS)
    expected = vectorizer.transform(["vorfälle im vertrag"]).toarray()[0]
    features, values = _tf_idf(vectorizer, "vorfälle im vertrag")
    assert np.count_nonzero(expected) == len(features)
    assert np.allclose(expected[features], values)


def test_a_text_without_known_features_still_gets_probabilities():
    classifier = LinearTextClassifier.train(
        TEXTS * 2, ["en", "de", "en", "de"] * 2, word_ngrams=(1, 1), char_ngrams=(1, 2), C=1.0
    )
    shares = classifier.probabilities("")
    assert set(shares) == {"en", "de"}
    assert np.isclose(sum(shares.values()), 1.0)
