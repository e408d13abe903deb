"""Free text as an answer to a step of a guide, learned from ``content/answers/``.

Phrases (:mod:`assistant.matching`) know an option by what names it; most people say something
else ("my colleague did that last year"). A small classifier for each step learns that from
examples when the program starts, in about a second for all guides.
"""

from __future__ import annotations

from functools import cache
from typing import Dict, Iterator, List, Optional, Tuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA
from scipy.special import softmax
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from assistant.content.model import Content, Step
from assistant.features import character_vectorizer, tf_idf, word_vectorizer
from assistant.matching import Match, match_option, option_phrases, plain_words

_NO_ANSWER = ""
# Margins of the machine times this, as the logarithms of shares, are compared with what is likely enough;
# tests/guides/test_free_text.py holds both to what they have to achieve.
_SHARPNESS = 4.0
_LIKELY = 0.5
# How alike (0 to 1) a mistyped word is to the known one.
_SAME = 0.75

Key = Tuple[str, str]


class OptionReader:
    """Understands answers to the steps of all guides."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._vectorizers = (word_vectorizer((1, 2)), character_vectorizer((2, 4)))
        self._features = make_union(*self._vectorizers)
        others = [self._plain(text) for texts in content.no_answers.values() for text in texts]
        examples = {
            (guide.guide, name): list(self._examples(guide.guide, name, step))
            for guide in content.guides.values()
            for name, step in guide.steps.items()
            if not step.is_outcome
        }
        self._features.fit([*others, *(text for pairs in examples.values() for text, _ in pairs)])
        self._vocabulary = {word for pairs in examples.values() for text, _ in pairs for word in text.split()}
        self._models = {key: self._train(pairs, others) for key, pairs in examples.items()}

    def read(self, text: str, guide: str, step_name: str) -> Optional[Match]:
        """The option that a text means at a step, or ``None`` if it is no answer to it.

        Args:
            text: what the partner typed.
            guide: the name of the guide.
            step_name: the name of one of its steps that is no outcome.
        """
        step = self._content.guides[guide].steps[step_name]
        named = match_option(text, step, self._content)
        if named and named.coverage == 1:
            return named
        if not self._is_known(text):
            return None
        meant, probability = self._most_likely(text, (guide, step_name))
        if meant != _NO_ANSWER and probability >= _LIKELY:
            length = named.length if named and named.option == meant else 0
            return Match(meant, length, probability)
        return named if named and named.is_strong and meant != _NO_ANSWER else None

    def _most_likely(self, text: str, key: Key) -> Tuple[str, float]:
        model = self._models[key]
        features, values = tf_idf(self._vectorizers, self._plain(text))
        margins = model.coef_[:, features] @ values + model.intercept_
        shares = softmax(_SHARPNESS * margins)
        best = int(np.argmax(shares))
        return str(model.classes_[best]), float(shares[best])

    def _is_known(self, text: str) -> bool:
        """Whether at least one word, typos forgiven, occurs in an example."""
        said = plain_words(text, self._content)
        return any(word in self._vocabulary for word in said) or any(
            process.extractOne(word, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=_SAME)
            for word in said
        )

    def _train(self, pairs: List[Tuple[str, str]], others: List[str]) -> LinearSVC:
        texts = [text for text, _ in pairs] + others
        labels = [option for _, option in pairs] + [_NO_ANSWER] * len(others)
        return LinearSVC(C=1.0, random_state=0).fit(self._features.transform(texts), labels)

    def _examples(self, guide: str, name: str, step: Step) -> Iterator[Tuple[str, str]]:
        """Texts with the option they mean: phrases, and what people typed here or for the same fact."""
        for option_name, option in step.options.items():
            for phrase, _ in option_phrases(option_name, option, step, self._content):
                yield " ".join(phrase), option_name
            for text in self._typed(_meaning(guide, name, step, option_name)):
                yield self._plain(text), option_name

    def _typed(self, meaning: Key) -> List[str]:
        return _typed_by_meaning(self._content).get(meaning, [])

    def _plain(self, text: str) -> str:
        return " ".join(plain_words(text, self._content))


@cache
def option_reader(content: Content) -> OptionReader:
    """The reader for a content, trained once."""
    return OptionReader(content)


def _meaning(guide: str, name: str, step: Step, option: str) -> Key:
    """What an option stands for: a value of a fact, wherever it is asked, or itself."""
    is_value = step.fact is not None and step.options[option].label is None
    return (step.fact, option) if is_value else (f"{guide}.{name}", option)


@cache
def _typed_by_meaning(content: Content) -> Dict[Key, List[str]]:
    typed: Dict[Key, List[str]] = {}
    for guide, answers in content.answers.items():
        for name, options in answers.answers.items():
            for option, texts in options.items():
                key = _meaning(guide, name, content.guides[guide].steps[name], option)
                typed.setdefault(key, []).extend(text for group in texts.values() for text in group)
    return typed
