"""What a message says about the partner: facts and products, found with spaCy.

``content/facts.yml`` and ``content/products.yml`` hold the words; what has no names is read by
:mod:`assistant.nlu.statements`. A fact counts as *stated*
when the partner says it of themselves; "is Gold better than Silver?" states nothing.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Any, Dict, Iterable, Iterator, List, Set, Tuple

import spacy
from rapidfuzz import process
from rapidfuzz.distance import OSA
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc, Span

from assistant.content import Content
from assistant.facts import PRODUCT, Mention
from assistant.nlu.phrasing import SENTENCE_ENDS, around, is_asked, is_asked_indirectly

_FUZZY_MIN_LENGTH = 5
_BARE_MESSAGE_WORDS = 4
# "csp|cloud solution provider … mpn" also stands for "CSP as well as MPN", but not for "CSP, not MPN".
_GAP, _OR = "…", "|"
_CLOSES_GAP = [
    "not",
    "no",
    "only",
    "without",
    "nicht",
    "kein",
    "keine",
    "nur",
    "ohne",
    "?",
    "!",
    ".",
    ";",
    ":",
]
_ANY_WORDS = {"LOWER": {"NOT_IN": _CLOSES_GAP}, "OP": "{0,4}"}
# The label of phrases that only look like a mention.
_NOTHING = "nothing"
_SEPARATORS = str.maketrans("-‐‑–/", "     ")
_FIRST_PERSON = re.compile(
    r"\b(?:(?:we|i)(?:'re|'ve|'m| are| am| have| hold| only have| just have| own| bought| got| became| mean)"
    r"|(?:we|i) (?:just |now |have |recently )?(?:upgraded|switched|moved|went|became)"
    r"|our|my|as an?|being an?|sorry|actually|it's|its"
    r"|(?:wir|ich)\s+(?:sind|bin|haben|habe|hab|ham|besitzen|halten|meinte|meine)"
    r"|(?:sind|haben)\s+wir|bin\s+ich|habe\s+ich|unser\w*|mein\w*|als|doch|entschuldigung|sorry)\b[^.?!;]{0,40}$",
    re.IGNORECASE,
)
# "Sind Gold, und Azure meldet ...": the subject is left out; but "Sind Gold-Partner berechtigt?" asks.
_NO_SUBJECT = re.compile(
    r"(?:^|[,;.!:]|\b(?:und|and|also|so))\s*"
    r"(?:sind|haben|ham|hama|hab|bin|have|got|am|only have)\b[^.?!;]{0,40}$",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|n't|never|without|neither(?:[^.?!]*\bnor)?|isn't|don't|aren't|used to be|were|no longer"
    r"|kein\w*|nicht|ohne|weder(?:[^.?!]*\bnoch)?|waren|früher)"
    r"(?:\s+(?:a|an|the|have|hold|any|been|im|der|die|das|ein|eine|einen))*\s*$",
    re.IGNORECASE,
)
# A clause such as "I have both IDs" states something, whatever the rest of the sentence asks.
_STATEMENT = re.compile(
    r"\W*(?:(?:hi|hello|hallo|guten tag|also|so|ok)\W+)*(?:i|we|ich|wir)\b(?:'ve|'re|'m)?\s*"
    r"(?:have|hold|are|am|got|only|habe?n?|ham|sind|bin)\b",
    re.IGNORECASE,
)


class FactRecogniser:
    """Finds mentions of facts and products in a text of either language."""

    def __init__(self, content: Content) -> None:
        self._kinds = {name: fact.stated for name, fact in content.facts.items()}
        # A language would split words of the other one: "id" is "i'd" in English.
        self._nlp = spacy.blank("xx")
        self._exact = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._patterns = Matcher(self._nlp.vocab)
        self._known: Set[str] = set()
        self._forgiving: Set[str] = set()
        for label, phrase, fuzzy in _vocabulary(content):
            self._add(label, phrase, fuzzy)

    def _add(self, label: str, phrase: str, fuzzy: bool) -> None:
        if _GAP in phrase:
            self._patterns.add(label, list(self._with_gaps(phrase)))
            return
        doc = self._nlp.make_doc(_plain(phrase))
        self._exact.add(label, [doc])
        self._known.update(token.text for token in doc)
        if fuzzy:
            self._forgiving.update(token.text for token in doc if len(token) >= _FUZZY_MIN_LENGTH)

    def _with_gaps(self, phrase: str) -> Iterator[List[Dict[str, Any]]]:
        parts = [part.split(_OR) for part in phrase.split(_GAP)]
        for alternatives in product(*parts):
            docs = [self._nlp.make_doc(_plain(part.strip())) for part in alternatives]
            first, *others = [[{"LOWER": token.text} for token in doc] for doc in docs]
            yield sum(([_ANY_WORDS, *part] for part in others), first)

    def recognise(self, text: str) -> List[Mention]:
        """All mentions in the order of the text; of those that overlap only one, see ``_chosen``."""
        doc = self._nlp.make_doc(text.translate(_SEPARATORS))
        corrected = Doc(doc.vocab, words=[self._corrected(token.lower_) for token in doc])
        found = [*self._exact(corrected), *self._patterns(corrected)]
        spans = _chosen(Span(doc, start, end, label) for label, start, end in found)
        return [self._mention(span, text) for span in spans if span.label_ != _NOTHING]

    def _corrected(self, word: str) -> str:
        """The known word that a mistyped one stands for: one letter more, less or other, or two swapped."""
        if len(word) < _FUZZY_MIN_LENGTH or word in self._known:
            return word
        best = process.extractOne(word, self._forgiving, scorer=OSA.distance, score_cutoff=1)
        return best[0] if best else word

    def _mention(self, span: Span, text: str) -> Mention:
        fact, value, language = span.label_.split(":")
        before = text[: span.start_char]
        negated = bool(_NEGATION.search(before))
        stated = not negated and self._is_stated(fact, span, text)
        return Mention(fact, value, span.start_char, span.end_char, stated, negated, language or None)

    def _is_stated(self, fact: str, span: Span, text: str) -> bool:
        if self._kinds.get(fact, "mention") == "mention":
            return True
        place = (text, span.start_char, span.end_char)
        clause = around(*place, (*SENTENCE_ENDS, ","))
        if not clause.endswith("?") and not is_asked_indirectly(text, span.start_char):
            is_alone = len(clause.split()) <= len(span)
            if is_alone or _STATEMENT.match(clause):
                return True
        before = text[: span.start_char]
        if _NO_SUBJECT.search(before) and not around(*place).endswith("?"):
            return True
        is_bare = len(span.doc) < len(span) + _BARE_MESSAGE_WORDS
        return (is_bare and not is_asked(*place)) or bool(_FIRST_PERSON.search(before))


def _chosen(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that do not overlap: the longest; or, where none holds the other, the one that ends later.

    The head of a name comes last: in "not an admin agent" it is "admin agent", not "not an admin".
    """
    last = None
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if last is not None and span.start >= last.end:
            yield last
        elif last is not None and span.end <= last.end:
            continue
        last = span
    if last is not None:
        yield last


def _plain(phrase: str) -> str:
    return phrase.translate(_SEPARATORS).lower()


def _vocabulary(content: Content) -> Iterator[Tuple[str, str, bool]]:
    """A label, a phrase for it, and whether typos are forgiven; the label ends with its language."""
    for fact_name, fact in content.facts.items():
        if fact.learned:
            continue
        for value_name, value in fact.values.items():
            spoken = [{_plain(phrase) for phrase in phrases} for phrases in value.words.values()]
            everywhere = set.intersection(*spoken)
            for language, phrases in value.words.items():
                for phrase in phrases:
                    only = "" if _plain(phrase) in everywhere else language
                    yield f"{fact_name}:{value_name}:{only}", phrase, fact.fuzzy
            yield from ((_NOTHING, phrase, False) for phrase in value.unlike)
    for product_name, named in content.products.items():
        for phrase in (named.name, *named.words):
            yield f"{PRODUCT}:{product_name}:", phrase, False
        yield from ((_NOTHING, phrase, False) for phrase in named.unlike)
