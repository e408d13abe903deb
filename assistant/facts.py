"""Facts about a partner: what ``content/facts.yml`` names, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional

from assistant.content import Content

PRODUCT = "product"
NUMBER = "number"


@dataclass(frozen=True)
class Mention:
    """A fact or product in a text; ``start`` and ``end`` are character positions.

    ``language`` is set where only one language has these words for it.
    """

    fact: str
    value: str
    start: int
    end: int
    stated: bool = False
    negated: bool = False
    language: Optional[str] = None


def with_implied(facts: Dict[str, str], content: Content) -> Dict[str, str]:
    """The facts plus those that they imply; a product implies its family and is dropped."""
    known = {fact: value for fact, value in facts.items() if fact != PRODUCT}
    if PRODUCT in facts:
        known.setdefault("product_family", content.products[facts[PRODUCT]].family)
    for fact, value in list(known.items()):
        for implied, implied_value in content.facts[fact].values[value].implies.items():
            known.setdefault(implied, implied_value)
    return known
