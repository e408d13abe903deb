"""Whether somebody speaks in a text, or it was copied from a portal.

A German partner pastes English messages that no list knows; they must not turn the conversation
into an English one.
"""

from __future__ import annotations

import re

from assistant.nlu.text import normalise

# By these words people speak of themselves, ask, greet or tell; menus and messages rarely do.
_OWN_VOICE = {
    "en": re.compile(
        r"\b(?:i|im|ive|my|me|mine|our|ours|us|how|what|whats|where|wheres|why|who|which|when|hi|hello|thanks"
        r"|^(?:can|could|do|does|did|is|are|was|should|will|would|may|any)|any(?:body|one)|need|needs|want|got|still"
        r"|just|already|since|but|because|now|then|says|tells|keeps|never|anyway|there's|he|she|boss|colleague\w*)\b"
    ),
    "de": re.compile(
        r"\b(?:ich|mein\w*|mir|mich|unser\w*|uns|wie|was|wo|woher|wohin|warum|wieso|weshalb|wer|wem|wann"
        r"|welche\w*|hab|habe|bin|brauch\w*|hallo|danke|servus|moin|gr(?:ü|ue)(?:e|ß|ss)\w*|leider|immer|noch|schon"
        r"|aber|doch|mal|jetzt|trotzdem|weil|seit|kommt|geht|sagt|meint|zeigt|kriegt?|chef\w*|kolleg\w*"
        r"|^(?:kann|könn\w+|darf|ist|sind|haben|gibt|muss|soll\w*|hat|bekomm\w*))\b"
    ),
}
_FIRST_PERSON = {
    "en": re.compile(r"\b(?:i|im|ive|my|me|our|us)\b"),
    "de": re.compile(r"\b(?:ich|mein\w*|mir|mich|unser\w*|uns)\b"),
}
# "We" speaks too. But who says "your" is a portal: "We couldn't complete your request."
_WE = {"en": re.compile(r"\bwe\b"), "de": re.compile(r"\bwir\b")}
_YOU = {"en": re.compile(r"\byou(?:r|rs)?\b"), "de": re.compile(r"\b(?:ihre?[nmrs]?|sie)\b")}
_ASKS_YOU = {
    "en": re.compile(r"\b(?:can|could|would|will|do|did) you\b"),
    "de": re.compile(r"\b(?:können|könnten|könnt|haben|wissen|kennen|würden) (?:sie|ihr)\b"),
}
_COPIED = re.compile(
    r"aadsts|\b0x[0-9a-f]{4,}| > |try again|versuchen sie es|contact your|wenden sie sich an ihren"
    r"|we're sorry"
    r"|^\W*(?:error|warning|status|info|message|subject|code|fehler|warnung|meldung|hinweis|betreff)\w*\W*:"
)


def is_spoken(text: str, language: str) -> bool:
    """Whether a text in a language sounds like a partner rather than a menu, label or message."""
    text = normalise(text)
    if _COPIED.search(text):
        return False
    if _FIRST_PERSON[language].search(text) or _ASKS_YOU[language].search(text):
        return True
    if _YOU[language].search(text):
        return False
    return text.endswith("?") or bool(_OWN_VOICE[language].search(text) or _WE[language].search(text))
