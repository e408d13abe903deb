"""Plain text helpers that understanding and matching share."""

from __future__ import annotations

import re
import unicodedata

_LONG_CODES = re.compile(r"\b(?=\w*\d)[\w-]{9,}\b")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"})

_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"))


def normalise(text: str) -> str:
    """Text as the classifiers see it: one form of quotes, no ids or HTML tags, single spaces, lower case.

    Ids and correlation codes (nine or more characters with a digit) say nothing about the topic.
    """
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _LONG_CODES.sub(" ", _TAGS.sub(" ", text))
    return _SPACES.sub(" ", text).strip().lower()


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return [match.group().lower() for match in _WORD.finditer(text)]


def has_words(text: str) -> bool:
    """Whether there is at least one letter or digit."""
    return bool(_WORD.search(text))


def is_other_script(text: str) -> bool:
    """Whether most letters are of another script than the Latin one, such as Cyrillic or Chinese."""
    letters = [char for char in text if char.isalpha()]
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return bool(letters) and latin < len(letters) / 2


def fold_umlauts(word: str) -> str:
    """A word in lower case without umlauts, so that "für", "fuer" and "fur" are the same."""
    for umlaut, letter in _UMLAUTS:
        word = word.replace(umlaut, letter)
    return word
