"""Sentences and clauses of a message, and whether they ask rather than state."""

from __future__ import annotations

import re
from typing import Iterator, Tuple

SENTENCE_ENDS = (".", "!", "?", ";", "\n")
_CLAUSE_END = re.compile(
    r"[.!?;:]+(?=\s|$)|,(?=\s)|[\n()]|\s[-–—]+\s|\s(?=(?:and|but|so|und|aber|doch|jedoch|sondern)\s)",
    re.IGNORECASE,
)
_FIRST_WORDS = r"\W*(?:(?:and|but|so|hi|hello|und|aber|hallo)\W+)*"
_QUESTION = re.compile(
    _FIRST_WORDS
    + r"(?:what|how|when|where|why|which|who|is|are|does|do|did|can|could|will|would|should|if|has|have"
    r"|was|wie|wann|wo|warum|wieso|weshalb|welche\w*|wer|ist|sind|kann|können|darf|muss|gibt|hat|haben wir"
    r"|falls|wenn|ob|läuft|gilt|zeigt)\b",
    re.IGNORECASE,
)
# "I want to know whether it has expired" does not state it.
_INDIRECT = re.compile(r"\b(?:whether|if|when|ob|wann|wie lange|how long)\b[^.?!;]*$", re.IGNORECASE)


def clauses(text: str) -> Iterator[Tuple[int, int]]:
    """Start and end (in characters) of each clause that has a word."""
    start = 0
    for mark in [*_CLAUSE_END.finditer(text), None]:
        end = mark.start() if mark else len(text)
        if any(char.isalnum() for char in text[start:end]):
            blanks = len(text[start:end]) - len(text[start:end].lstrip())
            yield start + blanks, end
        start = mark.end() if mark else end


def around(text: str, start: int, end: int, marks: Tuple[str, ...] = SENTENCE_ENDS) -> str:
    """The part of a text around a place that the marks delimit, with the mark that ends it."""
    first = max(text.rfind(mark, 0, start) for mark in marks) + 1
    ends = [text.find(mark, end) for mark in marks]
    last = min((found for found in ends if found >= 0), default=len(text))
    return text[first : last + 1]


def is_asked(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a place asks, directly or indirectly."""
    sentence = around(text, start, end)
    return sentence.endswith("?") or bool(_QUESTION.match(sentence)) or is_asked_indirectly(text, start)


def is_asked_indirectly(text: str, start: int) -> bool:
    """Whether a place stands after a "whether" or "when" of its sentence."""
    return bool(_INDIRECT.search(text[:start]))


def is_question(clause: str) -> bool:
    """Whether a clause, with the mark that ends it, is a question or an indirect one."""
    return clause.endswith("?") or bool(_QUESTION.match(clause)) or bool(_INDIRECT.search(clause))
