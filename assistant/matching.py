"""Free text understood as one of the options of a step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

from rapidfuzz.distance import OSA

from assistant.content.model import Content, Option, Step
from assistant.nlu.text import words

# Typos forgiven in words of at least this length.
_TYPOS = ((9, 2), (5, 1))
_REPLY_MESSAGE_WORDS = 7
_INTERJECTION = re.compile(r"\s*no\s*[,;.!]", re.IGNORECASE)
_NEGATIONS = {
    "no", "not", "never", "don", "doesn", "isn", "haven", "cannot", "without",
    "neither", "nor", "weder", "nichts",
    "kein", "keine", "keinen", "keiner", "nicht", "nie", "ohne",
}  # fmt: skip
_ORDINALS = (
    {"1", "first", "erste", "ersten", "erstes"},
    {"2", "second", "zweite", "zweiten", "zweites"},
    {"3", "third", "dritte", "dritten", "drittes"},
    {"4", "fourth", "vierte", "vierten", "viertes"},
    {"5", "fifth", "fünfte", "fünften", "fünftes"},
)
_ORDINAL_FILLERS = {
    "the", "one", "option", "number", "choice",
    "nr", "nummer", "die", "der", "das", "möglichkeit",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """An option found in a text; ``coverage`` is the share of the words that named it (0 to 1)."""

    option: str
    length: int
    coverage: float

    @property
    def is_strong(self) -> bool:
        """Whether the text is mostly this option, so that it needs no second thought."""
        return self.length >= 3 or self.coverage >= 0.5


def match_option(text: str, step: Step, content: Content) -> Optional[Match]:
    """The option that a text names, or ``None`` if it names none or several.

    The longest phrase wins, so that "not linked" is not taken for "linked". Common replies
    such as "yes" only count in short messages, where they are the answer.
    """
    tokens = words(text)
    if not tokens:
        return None
    ordinal = _ordinal(tokens, list(step.options))
    if ordinal:
        return Match(ordinal, len(tokens), 1.0)
    # "No, the other one" does not negate what follows.
    first = 1 if _INTERJECTION.match(text) else 0
    best: Dict[str, int] = {}
    for name, option in step.options.items():
        lengths = [
            len(phrase)
            for phrase, is_reply in _phrases(name, option, step, content)
            if not (is_reply and len(tokens) > _REPLY_MESSAGE_WORDS) and _contains(tokens, phrase, first)
        ]
        if lengths:
            best[name] = max(lengths)
    if not best:
        return None
    longest = max(best.values())
    winners = [name for name, length in best.items() if length == longest]
    return Match(winners[0], longest, longest / len(tokens)) if len(winners) == 1 else None


def option_label(name: str, option: Option, step: Step, content: Content, language: str) -> str:
    """The label of an option; an option of a fact has that of the value."""
    if option.label:
        return option.label[language]
    return content.facts[step.fact].values[name].label[language]


def _phrases(name: str, option: Option, step: Step, content: Content) -> Iterator[Tuple[List[str], bool]]:
    own = [phrase for phrases in option.words.values() for phrase in phrases]
    own += [option_label(name, option, step, content, language) for language in content.languages]
    if step.fact and name in content.facts[step.fact].values:
        value = content.facts[step.fact].values[name]
        own += [phrase for phrases in value.words.values() for phrase in phrases]
    for phrase in own:
        yield words(phrase), False
    if option.like:
        for phrases in content.replies[option.like].values():
            for phrase in phrases:
                yield words(phrase), True


def _contains(tokens: List[str], phrase: List[str], first: int) -> bool:
    """Whether the phrase occurs, typos forgiven, and is not negated unless it is a negation itself.

    Words before the position ``first`` negate nothing.
    """
    size = len(phrase)
    if not size:
        return False
    negative = bool(_NEGATIONS & set(phrase))
    for start in range(len(tokens) - size + 1):
        window = tokens[start : start + size]
        if all(map(_is_same_word, window, phrase)) and (
            negative or not _NEGATIONS & set(tokens[max(first, start - 2) : start])
        ):
            return True
    return False


def _is_same_word(typed: str, known: str) -> bool:
    if typed == known or known in _NEGATIONS:
        return typed == known
    typos = next((count for length, count in _TYPOS if len(known) >= length), 0)
    return typos > 0 and OSA.distance(typed, known, score_cutoff=typos) <= typos


def _ordinal(tokens: List[str], options: List[str]) -> Optional[str]:
    meaningful = [token for token in tokens if token not in _ORDINAL_FILLERS]
    if len(meaningful) != 1:
        return None
    for option, names in zip(options, _ORDINALS, strict=False):
        if meaningful[0] in names:
            return option
    return None
