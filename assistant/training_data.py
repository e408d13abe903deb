"""The examples under ``data/nlu/`` and ``data/statements/``, and checks that keep them clean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Set, Tuple

from ruamel.yaml import YAML

from assistant.content.loader import Problem
from assistant.nlu.text import words

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "nlu"
STATEMENTS = ROOT / "data" / "statements"
NOTHING = "nothing"
HELD_OUT = ROOT / "tests" / "nlu"

# Words that occur in one of the languages only. So many of the other one, and none of its own,
# make an example suspect.
_FUNCTION_WORDS = {
    "en": {
        "the", "and", "is", "are", "we", "our", "you", "not", "how", "what", "where",
        "which", "with", "for", "of", "to", "this", "that", "have", "does", "can", "it",
    },
    "de": {
        "der", "und", "ist", "sind", "wir", "unser", "unsere", "sie", "nicht", "wie", "wo",
        "welche", "mit", "für", "von", "zu", "das", "haben", "kann", "es", "ich",
    },
}  # fmt: skip
_SUSPECT = 3
# Intents whose examples quote messages, in either language.
_QUOTING = "error_"
# Anybody may write these: error messages that are quoted, and short replies such as "yes please".
_COMMON_STYLE, _COMMON_WORDS = "pasted", 4


@dataclass(frozen=True)
class Example:
    """A training example; ``language`` is ``None`` where none is stated."""

    file: str
    line: int
    intent: str
    language: Optional[str]
    text: str

    @property
    def key(self) -> Tuple[str, ...]:
        """The words, so that case and punctuation make no difference; an emoji is its own key."""
        return tuple(words(self.text)) or (self.text,)

    def problem(self, message: str) -> Problem:
        """A problem at the place of the example."""
        return Problem(self.file, self.line, f"{self.text!r} {message}")


@dataclass(frozen=True)
class Statement:
    """A clause with what it states, as ``fact:value``, or ``NOTHING``."""

    file: str
    line: int
    label: str
    text: str

    def problem(self, message: str) -> Problem:
        """Something wrong with the clause."""
        return Problem(self.file, self.line, f"{self.text!r} {message}")


def examples(folder: Path = DATA) -> Iterator[Example]:
    """Every example in the YAML files of a folder and its folders."""
    for path in sorted(folder.glob("**/*.yml")):
        name = str(path.relative_to(folder.parents[1]))
        for entry in YAML(typ="rt").load(path.read_text(encoding="utf-8"))["nlu"]:
            language = (entry.get("metadata") or {}).get("language")
            first = entry.lc.key("examples")[0] + 2
            for number, line in enumerate(entry["examples"].splitlines(), first):
                if line.startswith("- "):
                    yield Example(name, number, entry["intent"], language, line[2:].strip())


def check(folder: Path = DATA, held_out: Path = HELD_OUT) -> List[Problem]:
    """What is wrong with the examples and statements.

    Examples that stand twice or in two intents, measure themselves, or are in the wrong language;
    statements that stand twice or measure themselves.
    """
    return [*_check_examples(folder, held_out), *_check_statements(held_out)]


def _check_statements(held_out: Path) -> Iterator[Problem]:
    seen: Dict[str, Statement] = {}
    measured = _held_out_texts(held_out / "entities")
    for statement in statements():
        other = seen.setdefault(statement.text.lower(), statement)
        if other is not statement:
            yield statement.problem(f"stands in line {other.line} of {other.file} already")
        if statement.text.lower() in measured:
            yield statement.problem("is held out for measuring")


def _check_examples(folder: Path, held_out: Path) -> List[Problem]:
    problems: List[Problem] = []
    seen: Dict[Tuple[str, ...], Example] = {}
    mixed: Dict[Tuple[str, ...], Example] = {}
    measured = _held_out_texts(held_out)
    for example in examples(folder):
        other = seen.setdefault(example.key, example)
        alike = mixed.setdefault(tuple(sorted(example.key)), example)
        if other is not example and other.intent != example.intent:
            problems.append(example.problem(f"stands in {other.intent} too"))
        elif other is not example and other.language == example.language:
            problems.append(example.problem(f"stands in line {other.line} of {other.file} already"))
        elif alike.intent != example.intent:
            problems.append(example.problem(f"has the words of {alike.text!r} in {alike.intent}"))
        if example.text.lower() in measured:
            problems.append(example.problem("is held out for measuring"))
        if _is_foreign(example):
            problems.append(example.problem(f"does not look like {example.language}"))
    return problems


def _held_out_texts(folder: Path) -> Set[str]:
    lines = (json.loads(line) for path in folder.glob("*.jsonl") for line in path.open(encoding="utf-8"))
    return {
        line["text"].lower()
        for line in lines
        if line.get("style") != _COMMON_STYLE and len(line["text"].split()) > _COMMON_WORDS
    }


def _is_foreign(example: Example) -> bool:
    if example.intent.startswith(_QUOTING):
        return False
    said = set(example.key)
    own = _FUNCTION_WORDS.get(example.language or "")
    others = (found for language, found in _FUNCTION_WORDS.items() if language != example.language)
    return own is not None and not said & own and any(len(said & other) >= _SUSPECT for other in others)


def statements() -> Iterator[Statement]:
    """Every clause under ``data/statements/``: one a line, in a file for each value and language."""
    for path in sorted(STATEMENTS.glob("**/*.txt")):
        value = path.name.partition(".")[0]
        label = NOTHING if value == NOTHING else f"{path.parent.name}:{value}"
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield Statement(str(path.relative_to(ROOT)), number, label, text)
