"""Typing errors made on purpose, so that training has seen some."""

from __future__ import annotations

import random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4


def with_typos(text: str, share: float, source: random.Random) -> str:
    """A text with an error in some of its words.

    Args:
        text: words with spaces between them.
        share: the probability (0 to 1) of an error in a word of four letters or more.
        source: where chance comes from; a seeded one gives the same errors again.
    """
    return " ".join(
        _mistyped(word, source) if len(word) >= _SHORTEST and source.random() < share else word
        for word in text.split()
    )


def _mistyped(word: str, source: random.Random) -> str:
    """Two letters swapped (the commonest error), one left out, doubled or wrong."""
    at = source.randrange(len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    forms = [
        before + after[0] + letter + after[1:],
        before + after,
        before + letter + letter + after,
        before + source.choice(_LETTERS) + after,
    ]
    return source.choices(forms, weights=[50, 25, 15, 10])[0]
