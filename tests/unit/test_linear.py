import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.features import tf_idf
from assistant.nlu.linear import LinearTextClassifier, UnreadableModelError

TEXTS = ["how many incidents are left", "wie viele vorfälle sind übrig", "link the contract", "den vertrag"]


def test_features_of_a_text_are_those_of_scikit_learn():
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True).fit(TEXTS)
    expected = vectorizer.transform(["vorfälle im vertrag"]).toarray()[0]
    features, values = tf_idf([vectorizer], "vorfälle im vertrag")
    assert np.count_nonzero(expected) == len(features)
    assert np.allclose(expected[features], values)


def test_a_text_without_known_features_still_gets_probabilities():
    shares = _trained().probabilities("")
    assert set(shares) == {"en", "de"}
    assert np.isclose(sum(shares.values()), 1.0)


def test_a_stored_model_predicts_the_same(tmp_path):
    storage, resource, model = LocalModelStorage(tmp_path), Resource("language"), _trained()
    model.save(storage, resource)
    again = LinearTextClassifier.load(storage, resource)
    assert again.probabilities("wie viele left") == model.probabilities("wie viele left")


@pytest.mark.parametrize("name, damage", [("arrays.npz", b"PK\x03\x04 cut off"), ("terms.json", b"{}")])
def test_a_damaged_model_is_refused_with_what_to_do(tmp_path, name, damage):
    storage, resource = LocalModelStorage(tmp_path), Resource("language")
    _trained().save(storage, resource)
    (tmp_path / "language" / name).write_bytes(damage)
    with pytest.raises(UnreadableModelError, match="make train"):
        LinearTextClassifier.load(storage, resource)


def _trained() -> LinearTextClassifier:
    labels = ["en", "de", "en", "de"] * 2
    return LinearTextClassifier.train(TEXTS * 2, labels, word_ngrams=(1, 1), char_ngrams=(1, 2), C=1.0)
