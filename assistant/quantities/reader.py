"""What the numbers of a text count.

A number without a unit of ``content/units.yml`` counts nothing that matters here: versions, error
codes, dates and ids are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Container, Dict, Iterator, List, Optional, Sequence, Tuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.content import Content
from assistant.quantities.numbers import Number, Word, numbers_in, value_of, words_of
from assistant.quantities.vocabulary import (
    ARTICLES,
    COUNTING,
    ENDS,
    FOLLOWING,
    HALF,
    HAVING,
    JOINS,
    MORE,
    NAMING,
    OF_THEM,
    THEN,
)

# Words between a number and its unit, or another number that it belongs to.
_FILLERS = 2
# How far back (in words) the unit of a number may stand that has none of its own.
_MEMORY = 18
_LARGEST_ALONE = 500
# Letters from which a unit is found inside a compound, and from which a typo is forgiven.
_LONG = 6
_REMEMBERED = 10_000

_Span = Tuple[int, int]
_Units = Sequence[Optional[str]]


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts; ``start`` and ``end`` are character positions."""

    value: float
    unit: str
    start: int
    end: int


class QuantityReader:
    """Finds quantities in a text of either language."""

    def __init__(self, content: Content) -> None:
        self._languages = content.languages
        self._single = {name for name, unit in content.units.items() if unit.one}
        self._words: Dict[str, str] = {}
        self._stems: Dict[str, str] = {}
        for name, unit in content.units.items():
            for word in {word for words in unit.words.values() for word in words}:
                known = self._stems if word.endswith("*") else self._words
                known[word.rstrip("*")] = name
        self._spellings = {
            spelling: unit
            for stem, unit in {**self._words, **self._stems}.items()
            for spelling in (stem, stem + "s", stem + "e", stem + "en")
            if len(spelling) >= _LONG - 1
        }
        # Most words come again and again.
        self._unit = lru_cache(_REMEMBERED)(self._find_unit)

    def read(self, text: str, names: Sequence[_Span] = ()) -> List[Quantity]:
        """The quantities of a text, in its order.

        Args:
            text: what the partner wrote.
            names: places (start and end) of names whose numbers count nothing, such as "Windows 10".
        """
        words = words_of(text)
        units = [self._unit(word.spelt) for word in words]
        numbers = [
            number
            for number in numbers_in(words, self._languages)
            if not any(start <= words[number.first].start < end for start, end in names)
        ]
        taken = {at for number in numbers for at in range(number.first, number.last + 1)}
        found = [
            *self._counted(words, units, numbers),
            *self._singles(words, units, taken),
            *self._compounds(words),
        ]
        return sorted(found, key=lambda quantity: quantity.start)

    def _find_unit(self, word: str) -> Optional[str]:
        """The unit that a word names, also inside a compound or with a typo."""
        if word in self._words:
            return self._words[word]
        for stem, unit in self._stems.items():
            if word.startswith(stem) or (len(stem) >= _LONG and stem in word):
                return unit
        if len(word) < _LONG:
            return None
        best = process.extractOne(word, self._spellings.keys(), scorer=OSA.distance, score_cutoff=1)
        return self._spellings[best[0]] if best else None

    def _counted(self, words: Sequence[Word], units: _Units, numbers: Sequence[Number]) -> Iterator[Quantity]:
        following: Optional[Number] = None
        unit_of_following: Optional[str] = None
        for number in reversed(numbers):
            unit = _unit_after(words, units, number, following.first if following else len(words))
            if unit is None and following is not None and _joined(words, number, following):
                unit = unit_of_following
            unit = unit or self._unit_before(words, units, number)
            if unit:
                yield Quantity(number.value, unit, words[number.first].start, words[number.last].end)
            following, unit_of_following = number, unit

    def _unit_before(self, words: Sequence[Word], units: _Units, number: Number) -> Optional[str]:
        """The unit that was spoken of before a number standing alone: "of 15 incidents 9 are gone"."""
        first, after = number.first, number.last + 1
        if number.value > _LARGEST_ALONE or first == 0 or words[first - 1].spelt in NAMING:
            return None
        if after < len(words) and words[after].spelt not in FOLLOWING:
            return None
        return self._spoken_of(words, units, first)

    def _spoken_of(self, words: Sequence[Word], units: _Units, before: int) -> Optional[str]:
        """The latest unit; a duration only right before, because the next number may count something else."""
        for at in range(before - 1, max(before - _MEMORY, -1), -1):
            between = {word.spelt for word in words[at + 1 : before]}
            if units[at] and (units[at] not in self._single or between <= THEN):
                return units[at]
        return None

    def _singles(self, words: Sequence[Word], units: _Units, taken: Container[int]) -> Iterator[Quantity]:
        """Articles that count: "a week", "only one incident"."""
        for at, word in enumerate(words[:-1]):
            if word.spelt not in ARTICLES or at in taken:
                continue
            near = {other.spelt for other in words[max(at - 3, 0) : at + 5]}
            unit = next(filter(None, units[at + 1 : at + 3]), None)
            if unit is None and words[at + 1].spelt in OF_THEM:
                unit = self._spoken_of(words, units, at)
                counts = unit not in self._single
            elif unit in self._single:
                counts = bool(units[at + 1]) and not near & HALF
            else:
                counts = bool(near & COUNTING or (near & MORE and near & HAVING))
            if unit and counts:
                yield Quantity(1, unit, word.start, word.end)

    def _compounds(self, words: Sequence[Word]) -> Iterator[Quantity]:
        """Words such as "dreitägig"."""
        for word in words:
            for stem, unit in self._stems.items():
                head, found, _ = word.text().partition(stem)
                value = value_of(head, self._languages) if found and head else None
                if value is not None:
                    yield Quantity(value, unit, word.start, word.end)


def _unit_after(words: Sequence[Word], units: _Units, number: Number, end: int) -> Optional[str]:
    """The unit behind a number: "3 open support requests"."""
    fillers = 0
    for at in range(number.last + 1, end):
        if units[at]:
            return units[at]
        fillers += words[at].spelt != "-"
        if words[at].spelt in ENDS or fillers > _FILLERS:
            return None
    return None


def _joined(words: Sequence[Word], number: Number, following: Number) -> bool:
    """Whether two numbers belong together: "3 of 5"."""
    between = words[number.last + 1 : following.first]
    return len(between) <= _FILLERS and all(word.spelt in JOINS for word in between)
