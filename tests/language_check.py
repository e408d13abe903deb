"""Whether a text is in one language: function words of the other give it away."""

from __future__ import annotations

import re

# UI labels and quoted messages may be in the other language, as may links.
_QUOTED = re.compile(r"\([^()]*\)|“[^”]*”|„[^“]*“|\*\*[^*]*\*\*|\]\([^)]*\)|https?://\S+")
_WORDS = {
    "en": {"the", "and", "you", "your", "with", "is", "are", "not", "this", "of", "to"},
    "de": {"der", "und", "sie", "ihre", "mit", "ist", "nicht", "diese", "eine", "für", "den"},
}


def foreign_words(text: str, language: str) -> set[str]:
    """Function words of the other language outside quotes, brackets and labels."""
    plain = re.findall(r"\w+", _QUOTED.sub(" ", text).lower())
    others = set().union(*(words for code, words in _WORDS.items() if code != language))
    return others & set(plain)
