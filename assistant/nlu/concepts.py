"""Words for the same thing, as further words of a clause.

A linear classifier that knows "not expired" from "expired" does not know "hasn't lapsed" from
"lapsed", unless it has seen the two together. With their concepts added, both clauses hold the
sequence "not over".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Dict

from ruamel.yaml import YAML

from assistant.training_data import STATEMENTS

_WORD = re.compile(r"[\w'-]+")
# Tells a concept from the word that it is named after.
_MARK = "_"


def with_concepts(clause: str) -> str:
    """A normalised clause with the concepts of its words after it, in their order."""
    known = _concepts()
    found = (known.get(word) or _of_compound(word, known) for word in _WORD.findall(clause))
    return " ".join([clause, *(_MARK + concept for concept in found if concept)])


def _of_compound(word: str, known: Dict[str, str]) -> str:
    parts = word.split("-") if "-" in word else []
    return next((known[part] for part in parts if part in known), "")


@cache
def _concepts() -> Dict[str, str]:
    """The concept of each word in ``data/statements/concepts.yml``."""
    listed = YAML(typ="safe").load((STATEMENTS / "concepts.yml").read_text(encoding="utf-8"))
    return {
        word: concept
        for concept, languages in listed.items()
        for spoken in languages.values()
        for word in spoken
    }
