"""Positions in words: "2", "the second one", "Nummer zwei", "die letzte"."""

from __future__ import annotations

from typing import List, Optional

from assistant.nlu.text import fold_umlauts, words

_NAMES = (
    {"1", "first", "erste", "ersten", "erstes", "ersteres"},
    {"2", "second", "zweite", "zweiten", "zweites", "zweiteres"},
    {"3", "third", "dritte", "dritten", "drittes"},
    {"4", "fourth", "vierte", "vierten", "viertes"},
    {"5", "fifth", "funfte", "funften", "funftes"},
)
_LAST = {"last", "letzte", "letzten", "letztes"}
_FILLERS = {
    "the", "one", "option", "number", "choice", "button", "please",
    "nr", "nummer", "die", "der", "das", "den", "moglichkeit", "punkt", "bitte",
}  # fmt: skip


def position(text: str, count: int) -> Optional[int]:
    """The position that a text names and nothing else, from 0.

    Args:
        text: what somebody typed.
        count: how many there are to choose from.

    Returns:
        A position below ``count``, or ``None`` if the text says anything else.
    """
    named: List[str] = [word for word in map(fold_umlauts, words(text)) if word not in _FILLERS]
    if len(named) != 1 or not count:
        return None
    if named[0] in _LAST:
        return count - 1
    found = next((index for index, names in enumerate(_NAMES) if named[0] in names), None)
    if found is None and named[0].isdecimal():
        found = int(named[0]) - 1
    return found if found is not None and 0 <= found < count else None
