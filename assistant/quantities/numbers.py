"""The words of a text, and which of them are numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Iterator, List, Optional, Sequence

from text_to_num import Token, find_numbers

from assistant.quantities.vocabulary import ARTICLES

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]|_")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
# What may stand right before a number in figures: "-" of "2-3 days", but not the letters of "KB500".
_MAY_TOUCH = set('(/-–:"„=+~')
_YEARS = range(1990, 2100)
_LARGEST = 100_000
_ORDINAL_ENDINGS = (["st"], ["nd"], ["rd"], ["th"])
# "365 admin center"
_NAMES = {365}
_FOLDED = (("fuenf", "fünf"), ("zwoelf", "zwölf"), ("dreissig", "dreißig"))
_HALVES = {"anderthalb": 1.5, "eineinhalb": 1.5, "zweieinhalb": 2.5}


@dataclass(frozen=True)
class Word(Token):
    """A word, number or mark in lower case with its place in the text."""

    spelt: str
    start: int
    end: int

    def text(self) -> str:
        """The word as text2num reads it."""
        for folded, umlaut in _FOLDED:
            if folded in self.spelt:
                return self.spelt.replace(folded, umlaut)
        return self.spelt


@dataclass(frozen=True)
class Number:
    """A number in the words from ``first`` to ``last``."""

    value: float
    first: int
    last: int


def words_of(text: str) -> List[Word]:
    """The words and marks of a text, in order."""
    return [Word(match.group().lower(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def numbers_in(words: Sequence[Word], languages: Sequence[str]) -> List[Number]:
    """Numbers in figures and words; no years, codes, ordinals or articles."""
    found = {number.first: number for number in _written(words, languages)}
    for at, word in enumerate(words):
        value = _HALVES.get(word.spelt) or _figure(words, at)
        if value is not None:
            found[at] = Number(value, at, at)
    return [found[at] for at in sorted(found)]


def value_of(word: str, languages: Sequence[str]) -> Optional[float]:
    """The number that a single word spells, or ``None``."""
    numbers = _written([Word(word, 0, len(word))], languages)
    return next((number.value for number in numbers), None)


def _written(words: Sequence[Word], languages: Sequence[str]) -> Iterator[Number]:
    for language in languages:
        for found in find_numbers(words, language, 0):
            spelt = words[found.start].spelt
            is_article = found.end - found.start == 1 and spelt in {*ARTICLES, "ones"}
            if not (found.is_ordinal or is_article or spelt[0].isdigit()):
                yield Number(found.value, found.start, found.end - 1)


def _figure(words: Sequence[Word], at: int) -> Optional[float]:
    spelt = words[at].spelt
    if not spelt[0].isdigit() or _is_part_of_code(words, at):
        return None
    if _THOUSANDS.fullmatch(spelt):
        return float(re.sub(r"[.,]", "", spelt))
    if not _DECIMAL.fullmatch(spelt):
        return None
    value = float(spelt.replace(",", "."))
    return None if value in _YEARS or value in _NAMES or value > _LARGEST else value


def _is_part_of_code(words: Sequence[Word], at: int) -> bool:
    """Whether a figure is glued to letters: "KB500", "n-1", "23H2", "3rd"."""
    before, after = _glued(words[at::-1]), _glued(words[at:])
    if before and (before[0] not in _MAY_TOUCH or (before[0] == "-" and "".join(before[1:]).isalpha())):
        return True
    return after[:1] in _ORDINAL_ENDINGS or (len(after) > 1 and after[0].isalpha() and after[1][0].isdigit())


def _glued(words: Sequence[Word]) -> List[str]:
    """The next two words, forwards or backwards, as far as no space stands between them."""
    glued: List[str] = []
    for word, following in pairwise(words[:3]):
        if following.start != word.end and following.end != word.start:
            break
        glued.append(following.spelt)
    return glued
