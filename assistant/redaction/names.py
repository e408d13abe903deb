"""Names of people in a text, by what stands around them: "Hi John,", "Frau Müller", "Viele Grüße, Tom"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Dict, Iterable, Iterator, List, Pattern, Set, Tuple

from assistant.content import Content
from assistant.nlu.text import words

NAME = "[name]"

Span = Tuple[int, int]

_TOKEN = re.compile(r"[ \t]*(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+){0,3}\.?)")
_MOST_WORDS = 5
_SKIPPED = 4
_LINE_END = re.compile(r"[ \t]*(?:\n|$)")
_CLAUSE_END = re.compile(r"[ \t]*(?:[\n,;:.!?()|/–-]|$)")
# What may stand between a farewell and the name, or a salutation and the name.
_AFTER_FAREWELL = re.compile(r"[ \t,.!:/*-]{0,4}(?:\n\s{0,6})?[ \t*-]{0,4}")
# "Thanks for your help, Tom".
_REASON = re.compile(r"[^\n,.!?]{1,50}(?:[,.!][ \t]*\n?|\n)\s{0,4}")
_BEGINNING = r"(?:^|(?<=[\n.!?,;:>(\"„“*-])|(?<=[\n.!?,;:>(\"„“*-] ))"
_SIGNATURE = re.compile(r"(?:^|\n)[ \t]*--[ \t]*\n?")
# "Jane Doe <[email]>"
_BEFORE_ADDRESS = re.compile(r"(?<!\w)(?:[^\W\d_][\w'’-]{0,40} ){1,3}(?=[(<]\[email\])")
_WITHOUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_TOLERANT = {
    "ä": "(?:ä|ae|a)",
    "ö": "(?:ö|oe|o)",
    "ü": "(?:ü|ue|u)",
    "ß": "(?:ß|ss|s)",
    " ": r"\s{1,9}",
    "'": "['’]?",
}


def redact_names(text: str, content: Content) -> str:
    """The text with the names in salutations, farewells and introductions replaced by ``[name]``."""
    parts, last = [], 0
    for start, end in _apart(_finder(content).find(text)):
        parts += [text[last:start], NAME]
        last = end
    return "".join([*parts, text[last:]])


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, overlapping ones as one."""
    last = None
    for start, end in sorted(spans):
        if last is None or start > last[1]:
            if last:
                yield last
            last = (start, end)
        else:
            last = (last[0], max(last[1], end))
    if last:
        yield last


@dataclass(frozen=True)
class _Word:
    """A word of a text, and where it stands."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        return self.text.rstrip(".").lower()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


class _Finder:
    """Finds names. What is "sure" to be one may be a known word as well, such as "Will" in "Hi Will,"."""

    def __init__(self, content: Content) -> None:
        names = content.names
        self._content = content
        self._salutation = _pattern(names.salutations, _BEGINNING)
        self._farewell = _pattern(names.farewells, r"(?<!\w)")
        self._thanks = _pattern(names.thanks, r"(?<!\w)")
        self._introduction = _pattern(names.introductions, r"(?<!\w)")
        self._title = _pattern(names.titles, r"(?<!\w)")
        self._origin = _pattern(names.origins, r"[ \t,]*")
        self._titles, self._between, self._begins = map(_all, (names.titles, names.between, names.begins))
        self._particles = _all(names.particles)
        self._others = (_all(names.others) | _named(content)) - _all(names.names)

    @cached_property
    def _vocabulary(self) -> Set[str]:
        """All words that the content knows."""
        known = {word for text in _texts(self._content.dict()) for word in words(text)}
        return (self._others | known) - _all(self._content.names.names)

    def find(self, text: str) -> Iterator[Span]:
        for match in self._salutation.finditer(text):
            yield from self._after_salutation(text, match.end())
        for match in self._title.finditer(text):
            # "MS" is no title, and "ms" is none for sure.
            if not match.group().isupper() and (match.group()[0].isupper() or len(match.group()) > 3):
                yield from self._after_title(text, match)
        for match in self._introduction.finditer(text):
            yield from self._spans(self._run(text, match.end()), is_sure=True)
        for match in (*self._farewell.finditer(text), *_SIGNATURE.finditer(text)):
            yield from self._after_farewell(text, match.end(), is_sure=True)
        for match in self._thanks.finditer(text):
            yield from self._after_farewell(text, match.end(), is_sure=False)
            reason = _REASON.match(text, match.end())
            if reason:
                yield from self._last(text, reason.end())
        for match in _BEFORE_ADDRESS.finditer(text):
            yield from self._before_address(text, match)

    def _after_salutation(self, text: str, start: int) -> Iterator[Span]:
        run = self._run(text, start)
        if not run:
            return
        is_addressed = bool(_CLAUSE_END.match(text, run[-1].end))
        if _is_capital(run):
            yield from self._spans(run, is_sure=is_addressed)
        else:
            # "hi john, ..." or "hi john can you ..."
            one = run[:1]
            following = _TOKEN.match(text, one[0].end)
            begins = following and following["word"].lower() in self._begins
            if _CLAUSE_END.match(text, one[0].end) or begins:
                yield from self._spans(one, is_sure=False)

    def _after_title(self, text: str, match: re.Match[str]) -> Iterator[Span]:
        run = self._run(text, match.end() + (text[match.end() : match.end() + 1] == "."))
        yield from self._spans(run, is_sure=_is_capital(run) and match.group()[0].isupper())

    def _before_address(self, text: str, match: re.Match[str]) -> Iterator[Span]:
        capitals = (at for at in range(*match.span()) if text[at].isupper())
        run = self._run(text, next(capitals, match.end()))
        if run and run[-1].end + 1 == match.end():
            yield from self._spans(run, is_sure=False)

    def _last(self, text: str, start: int) -> Iterator[Span]:
        """What ends the text, if it is a name."""
        run = self._run(text, start)
        if _is_capital(run) and not text[run[-1].end :].strip(" .!\n"):
            names = [word for word in run if word.plain not in self._particles]
            yield from self._spans(run, is_sure=len(names) > 1 and "\n" in text[start - 4 : start])

    def _after_farewell(self, text: str, end: int, is_sure: bool) -> Iterator[Span]:
        """The name that follows; in "Regards from Vienna, Tom" not the place, unless nothing else does."""
        origin = self._origin.match(text, end) if is_sure else None
        place = self._run(text, origin.end()) if origin else []
        signed = list(self._signed(text, place[-1].end if place else end, is_sure))
        yield from signed or self._spans(place, is_sure=False)

    def _signed(self, text: str, end: int, is_sure: bool) -> Iterator[Span]:
        start = _AFTER_FAREWELL.match(text, end).end()
        run = self._run(text, start)
        if not run:
            return
        ends_line = bool(_LINE_END.match(text, run[-1].end))
        ends_clause = bool(_CLAUSE_END.match(text, run[-1].end))
        if _is_capital(run) and (ends_line or (is_sure and ends_clause)):
            yield from self._spans(run, is_sure=is_sure or "\n" in text[end:start])
        elif ends_line or (is_sure and _is_capital(run)):
            yield from self._spans(run, is_sure=False)

    def _run(self, text: str, start: int) -> List[_Word]:
        """The words from a place on that may be a name: all with capitals, or else all without."""
        run: List[_Word] = []
        for skipped, word in enumerate(self._words(text, start)):
            plain = word.plain
            if not run and skipped < _SKIPPED and (plain in self._between or plain in self._titles):
                continue
            if len(run) == _MOST_WORDS or not self._continues(run, word):
                break
            run.append(word)
        while run and run[-1].plain in self._particles:
            run.pop()
        return run

    def _continues(self, run: List[_Word], word: _Word) -> bool:
        if word.plain in self._particles:
            return True
        names = [other for other in run if other.plain not in self._particles]
        is_alike = not names or word.is_capital == names[0].is_capital
        return is_alike and not self._is_other(word.plain)

    def _is_other(self, word: str) -> bool:
        """Whether a word, such as "IT-Abteilung", is no name."""
        return any(part in self._others for part in (word, *word.split("-")))

    @staticmethod
    def _words(text: str, start: int) -> Iterator[_Word]:
        while match := _TOKEN.match(text, start):
            word = match["word"]
            # A dot belongs to an initial or an abbreviation, or ends the sentence.
            if word.endswith(".") and len(word) > 5:
                word = word[:-1]
            yield _Word(word, match.start("word"), match.start("word") + len(word))
            start = match.start("word") + len(word)

    def _spans(self, run: List[_Word], is_sure: bool) -> Iterator[Span]:
        """The run, if it is a name; where that is not sure, none of its words may be known."""
        is_known = any(word.plain in self._spelled for word in run if word.plain not in self._particles)
        if run and (is_sure or not is_known):
            yield run[0].start, run[-1].end

    @cached_property
    def _spelled(self) -> Set[str]:
        """All known words, also without umlauts."""
        plain = (re.sub("[äöüß]", lambda umlaut: _WITHOUT[umlaut.group()], word) for word in self._vocabulary)
        return self._vocabulary.union(plain)


def _is_capital(run: List[_Word]) -> bool:
    return any(word.is_capital for word in run)


@cache
def _finder(content: Content) -> _Finder:
    return _Finder(content)


def _pattern(phrases: Dict[str, List[str]], before: str) -> Pattern[str]:
    known = sorted({phrase for group in phrases.values() for phrase in group}, key=len, reverse=True)
    tolerant = ("".join(_TOLERANT.get(char, re.escape(char)) for char in phrase) for phrase in known)
    return re.compile(rf"{before}(?:{'|'.join(tolerant)})(?!\w)", re.IGNORECASE)


def _all(phrases: Dict[str, List[str]]) -> Set[str]:
    return {phrase for group in phrases.values() for phrase in group}


def _named(content: Content) -> Set[str]:
    """Words of products, facts and terms, which stand where names do: "Hi Azure, ...", "Thanks\nGold"."""
    phrases = [name for product in content.products.values() for name in (product.name, *product.words)]
    values = [value for fact in content.facts.values() for value in fact.values.values()]
    for named in (*values, *content.glossary.values()):
        phrases += [phrase for group in named.words.values() for phrase in group]
    # Long phrases consist of ordinary words, some of which are names as well ("will", "long").
    return {word for phrase in phrases for word in words(phrase) if len(words(phrase)) <= 2}


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from _texts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _texts(child)
