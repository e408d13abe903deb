"""What a message says about the partner: facts and products, found with spaCy.

``content/facts.yml`` and ``content/products.yml`` hold the words. A fact counts as *stated*
when the partner says it of themselves; "is Gold better than Silver?" states nothing.
"""

from __future__ import annotations

import re
from typing import Iterator, List, Tuple

import spacy
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Span
from spacy.util import filter_spans

from assistant.content import Content
from assistant.facts import PRODUCT, Mention

_FUZZY_MIN_LENGTH = 5
_BARE_MESSAGE_WORDS = 4
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
# "I want to know whether it has expired" does not state it.
_INDIRECT_QUESTION = re.compile(r"\b(?:whether|if|when|ob|wann|wie lange|how long)\b[^.?!;]*$", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", ";", "\n")
_QUESTION = re.compile(
    r"\W*(?:(?:and|but|so|hi|hello|und|aber|hallo)\W+)*"
    r"(?:what|how|when|where|why|which|who|is|are|does|do|did|can|could|will|would|should|if|has|have"
    r"|was|wie|wann|wo|warum|wieso|weshalb|welche\w*|wer|ist|sind|kann|können|darf|muss|gibt|hat|haben wir"
    r"|falls|wenn|ob|läuft|gilt|zeigt)\b",
    re.IGNORECASE,
)


class FactRecogniser:
    """Finds mentions of facts and products in a text of either language."""

    def __init__(self, content: Content) -> None:
        self._kinds = {name: fact.stated for name, fact in content.facts.items()}
        self._nlp = spacy.blank("en")
        self._exact = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._fuzzy = Matcher(self._nlp.vocab)
        for label, phrase, fuzzy in _vocabulary(content):
            self._add(label, phrase, fuzzy)

    def _add(self, label: str, phrase: str, fuzzy: bool) -> None:
        doc = self._nlp.make_doc(_plain(phrase))
        self._exact.add(label, [doc])
        if fuzzy and all(len(token) >= _FUZZY_MIN_LENGTH or len(doc) > 1 for token in doc):
            pattern = [
                {"LOWER": {"FUZZY1": token.text} if len(token) >= _FUZZY_MIN_LENGTH else token.text}
                for token in doc
            ]
            self._fuzzy.add(label, [pattern])

    def recognise(self, text: str) -> List[Mention]:
        """All mentions, the longest first choice where they overlap, in the order of the text."""
        doc = self._nlp.make_doc(text.translate(_SEPARATORS))
        exact = list(self._exact(doc, as_spans=True))
        taken = {token.i for span in exact for token in span}
        fuzzy = [
            span for span in self._fuzzy(doc, as_spans=True) if not taken & set(range(span.start, span.end))
        ]
        return [self._mention(span, text) for span in filter_spans(exact + fuzzy)]

    def _mention(self, span: Span, text: str) -> Mention:
        fact, value, language = span.label_.split(":")
        before = text[: span.start_char]
        negated = bool(_NEGATION.search(before))
        stated = not negated and self._is_stated(fact, span, text)
        return Mention(fact, value, span.start_char, span.end_char, stated, negated, language or None)

    def _is_stated(self, fact: str, span: Span, text: str) -> bool:
        kind = self._kinds.get(fact, "mention")
        if kind == "mention":
            return True
        clause = _around(text, span, (*_SENTENCE_ENDS, ","))
        asked = _in_question(text, span) or bool(_INDIRECT_QUESTION.search(text[: span.start_char]))
        if not clause.endswith("?") and not _INDIRECT_QUESTION.search(text[: span.start_char]):
            is_alone = len(clause.split()) <= len(span)
            if is_alone or _STATEMENT.match(clause):
                return True
        is_bare = len(span.doc) < len(span) + _BARE_MESSAGE_WORDS
        if kind == "statement":
            return not asked
        before = text[: span.start_char]
        if _NO_SUBJECT.search(before) and not _around(text, span, _SENTENCE_ENDS).endswith("?"):
            return True
        return (is_bare and not asked) or bool(_FIRST_PERSON.search(before))


def _in_question(text: str, span: Span) -> bool:
    """Whether the sentence around a mention asks rather than states."""
    sentence = _around(text, span, _SENTENCE_ENDS)
    return sentence.endswith("?") or bool(_QUESTION.match(sentence))


def _around(text: str, span: Span, marks: Tuple[str, ...]) -> str:
    """The part of the text around a mention that the marks delimit, with the mark that ends it."""
    start = max(text.rfind(mark, 0, span.start_char) for mark in marks) + 1
    ends = [text.find(mark, span.end_char) for mark in marks]
    end = min((end for end in ends if end >= 0), default=len(text))
    return text[start : end + 1]


def _plain(phrase: str) -> str:
    return phrase.translate(_SEPARATORS).lower()


def _vocabulary(content: Content) -> Iterator[Tuple[str, str, bool]]:
    """A label, a phrase for it, and whether typos are forgiven; the label ends with its language."""
    for fact_name, fact in content.facts.items():
        for value_name, value in fact.values.items():
            spoken = [{_plain(phrase) for phrase in phrases} for phrases in value.words.values()]
            everywhere = set.intersection(*spoken)
            for language, phrases in value.words.items():
                for phrase in phrases:
                    only = "" if _plain(phrase) in everywhere else language
                    yield f"{fact_name}:{value_name}:{only}", phrase, fact.fuzzy
    for product_name, product in content.products.items():
        for phrase in (product.name, *product.words):
            yield f"{PRODUCT}:{product_name}:", phrase, False
