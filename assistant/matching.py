"""Free text understood as one of the options of a step, or as a common reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Dict, Iterator, List, Mapping, Optional, Tuple

from rapidfuzz.distance import OSA

from assistant.content.model import Content, Option, Step, Term, Words
from assistant.nlu.text import fold_umlauts, words
from assistant.ordinals import position

# Names of common replies in ``replies.yml`` that the dialogue asks for.
CORRECTION, WALK_THROUGH, DIFFERENT = "correction", "walk_through", "different"
YES, NO = "yes", "no"
# Groups of patterns in ``privacy.yml``.
DELETE, KEPT, ELSEWHERE = "delete", "kept", "elsewhere"
_GAP, _OR, _LONGEST_GAP = "…", "|", 4
# Typos forgiven in words of at least this length.
_TYPOS = ((9, 2), (5, 1))
_REPLY_MESSAGE_WORDS = 7
# A reply such as "sorry" stands at the beginning if it is within so many words.
_BEGINNING = 4
_CLAUSE_END = re.compile(r"[,;.:!?\n]+")
_NEGATIONS = {
    "no", "not", "never", "don", "doesn", "isn", "haven", "cannot", "without",
    "neither", "nor", "weder", "nichts",
    "kein", "keine", "keinen", "keiner", "nicht", "nie", "ohne",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """An option found in a text.

    Attributes:
        option: its name.
        length: words of the phrase that named it; 0 if none did.
        coverage: the share of the words that named it, or how likely it is meant (0 to 1).
    """

    option: str
    length: int
    coverage: float

    @property
    def is_guess(self) -> bool:
        """Whether no phrase names the option, so that it is only likely to be meant."""
        return self.length == 0

    @property
    def is_strong(self) -> bool:
        """Whether the text is mostly this option, so that it needs no second thought."""
        return self.length >= 3 or self.coverage >= (0.5 if self.length else 0.8)


@dataclass(frozen=True)
class _Words:
    """Words in order; ``begins`` holds for each the position of the first word of its clause."""

    tokens: List[str]
    begins: List[int]


def match_option(text: str, step: Step, content: Content) -> Optional[Match]:
    """The option that a text names, or ``None`` if it names none or several.

    The longest phrase wins, so that "not linked" is not taken for "linked". Common replies
    such as "yes" only count in short messages, where they are the answer.
    """
    said = _read(text, content)
    count = len(said.tokens)
    index = position(text, len(step.options))
    if index is not None:
        return Match(list(step.options)[index], count, 1.0)
    best: Dict[str, int] = {}
    for name, option in step.options.items():
        lengths = [
            len(phrase)
            for phrase, is_reply in option_phrases(name, option, step, content)
            if not (is_reply and count > _REPLY_MESSAGE_WORDS) and _contains(said, phrase)
        ]
        if lengths:
            best[name] = max(lengths)
    if not best:
        return None
    longest = max(best.values())
    winners = [name for name, length in best.items() if length == longest]
    return Match(winners[0], longest, longest / count) if len(winners) == 1 else None


def contains_reply(text: str, name: str, content: Content) -> bool:
    """Whether a text holds one of the common replies of that name in ``replies.yml``."""
    return _holds_reply(_read(text, content), name, content)


def begins_with_reply(text: str, name: str, content: Content) -> bool:
    """Whether one of the common replies of that name is among the first words of a text."""
    said = _read(text, content)
    return _holds_reply(_Words(said.tokens[:_BEGINNING], said.begins[:_BEGINNING]), name, content)


def asks_about_data(text: str, name: str, content: Content) -> bool:
    """Whether a text holds a pattern of that name in ``privacy.yml``, and speaks of nothing else."""
    return _holds_any(text, content.privacy[name], content.privacy[ELSEWHERE], content)


def asks_about_ticket(text: str, content: Content) -> bool:
    """Whether a text asks what has become of a request for a person."""
    return _holds_any(text, content.handoff.state, content.handoff.elsewhere, content)


def chosen(text: str, named: Mapping[str, Words], content: Content) -> Optional[str]:
    """The name whose words a text holds, the longest where there are several."""
    return _longest(_read(text, content), named, content)


def consists_of(text: str, phrases: Words, content: Content) -> bool:
    """Whether a text has no other words than those of some phrases."""
    known = {word for group in phrases.values() for phrase in group for word in _known_words(phrase, content)}
    said = plain_words(text, content)
    return bool(said) and all(any(_is_same_word(word, other) for other in known) for word in said)


def _holds_any(text: str, patterns: Words, elsewhere: Words, content: Content) -> bool:
    """Whether a text holds one of the patterns and none of the phrases that tell of something else."""
    said = _read(text, content)
    spoken = f" {' '.join(said.tokens)} "
    others = (phrase for group in elsewhere.values() for phrase in group)
    if any(f" {' '.join(_known_words(phrase, content))} " in spoken for phrase in others):
        return False
    known = (pattern for group in patterns.values() for pattern in group)
    return any(_holds_pattern(said, _parts(pattern, content)) for pattern in known)


def named_term(text: str, content: Content) -> Optional[Term]:
    """The term of the glossary that a text names, the longest where there are several."""
    named = {name: term.words for name, term in content.glossary.items()}
    longest = _longest(_read(text, content), named, content)
    return content.glossary[longest] if longest else None


def named_guide(text: str, content: Content) -> Optional[str]:
    """The guide that a text names by one of its ``words``, the longest where there are several."""
    named = {name: guide.words for name, guide in content.guides.items()}
    return _longest(_read(text, content), named, content)


def plain_words(text: str, content: Content) -> List[str]:
    """The words of a text as ``spellings.yml`` means them, without umlauts."""
    meant = _spellings(content)
    return [fold_umlauts(word) for typed in words(text) for word in words(meant.get(typed, typed))]


def option_label(name: str, option: Option, step: Step, content: Content, language: str) -> str:
    """The label of an option; an option of a fact has that of the value."""
    if option.label:
        return option.label[language]
    return content.facts[step.fact].values[name].label[language]


@cache
def _spellings(content: Content) -> Dict[str, str]:
    return {typed: word for spellings in content.spellings.values() for typed, word in spellings.items()}


@cache
def _known_words(phrase: str, content: Content) -> List[str]:
    """The plain words of a phrase of the content."""
    return plain_words(phrase, content)


def option_phrases(
    name: str, option: Option, step: Step, content: Content
) -> Iterator[Tuple[List[str], bool]]:
    """The phrases that name an option, in plain words, and whether each is a common reply."""
    own = [phrase for phrases in option.words.values() for phrase in phrases]
    own += [option_label(name, option, step, content, language) for language in content.languages]
    if step.fact and name in content.facts[step.fact].values:
        value = content.facts[step.fact].values[name]
        own += [phrase for phrases in value.words.values() for phrase in phrases]
    for phrase in own:
        yield _known_words(phrase, content), False
    if option.like:
        for phrases in content.replies[option.like].values():
            for phrase in phrases:
                yield _known_words(phrase, content), True


def _read(text: str, content: Content) -> _Words:
    """The plain words of a text, and where the clause of each begins."""
    read = _Words([], [])
    for clause in _CLAUSE_END.split(text):
        found = plain_words(clause, content)
        read.begins.extend([len(read.tokens)] * len(found))
        read.tokens.extend(found)
    return read


def _longest(said: _Words, named: Mapping[str, Words], content: Content) -> Optional[str]:
    """The name of which the longest phrase occurs."""
    found = [
        (len(known), name)
        for name, phrases_by_language in named.items()
        for phrases in phrases_by_language.values()
        for known in (_known_words(phrase, content) for phrase in phrases)
        if _contains(said, known)
    ]
    return max(found)[1] if found else None


def _holds_reply(said: _Words, name: str, content: Content) -> bool:
    phrases = (phrase for group in content.replies[name].values() for phrase in group)
    return any(_contains(said, _known_words(phrase, content)) for phrase in phrases)


@cache
def _parts(pattern: str, content: Content) -> List[List[List[str]]]:
    """The parts of a pattern: each a list of phrases, in plain words."""
    return [
        [_known_words(phrase.strip(), content) for phrase in part.split(_OR)] for part in pattern.split(_GAP)
    ]


def _holds_pattern(said: _Words, parts: List[List[List[str]]]) -> bool:
    """Whether the parts follow each other with small gaps, typos forgiven, and are not negated."""
    starts = {start for start in range(len(said.tokens)) if not _is_negated(said, start)}
    for part in parts:
        ends = {
            start + len(phrase)
            for phrase in part
            for start in starts
            if len(said.tokens[start : start + len(phrase)]) == len(phrase)
            and all(map(_is_same_word, said.tokens[start : start + len(phrase)], phrase))
        }
        starts = {end + gap for end in ends for gap in range(_LONGEST_GAP + 1)}
    return bool(ends)


def _is_negated(said: _Words, start: int) -> bool:
    """Whether one of the two words before a place negates it, within its clause."""
    return bool(_NEGATIONS & set(said.tokens[max(said.begins[start], start - 2) : start]))


def _contains(said: _Words, phrase: List[str]) -> bool:
    """Whether the phrase occurs, typos forgiven, and is not negated unless it is a negation itself.

    A negation counts within its clause: "no, the other one" does not negate what follows.
    """
    size = len(phrase)
    if not size:
        return False
    negative = bool(_NEGATIONS & set(phrase))
    for start in range(len(said.tokens) - size + 1):
        if all(map(_is_same_word, said.tokens[start : start + size], phrase)) and (
            negative or not _is_negated(said, start)
        ):
            return True
    return False


def _is_same_word(typed: str, known: str) -> bool:
    if typed == known or known in _NEGATIONS:
        return typed == known
    typos = next((count for length, count in _TYPOS if len(known) >= length), 0)
    return typos > 0 and OSA.distance(typed, known, score_cutoff=typos) <= typos
