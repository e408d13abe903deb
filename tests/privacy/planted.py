"""Sentences with planted values: ``frames.yml``, filled from ``values.yml`` by a seeded generator."""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, List, Tuple

from ruamel.yaml import YAML

_SLOT = re.compile(r"\{(\w+)\}")
_USERS = ("{0}.{1}", "{1}", "{0[0]}{1}", "{0}_{1}", "{0}.{1}+support", "{1}-{0}{2}", "{0}%{1}")
_KINDS = {"d": string.digits, "n": "123456789", "A": string.ascii_uppercase}


@dataclass(frozen=True)
class Planted:
    """A text, and the kinds and values that were planted in it."""

    text: str
    values: List[Tuple[str, str]]


def planted(count: int, seed: int = 7) -> Iterator[Planted]:
    """Texts with so many values altogether; each frame comes about as often as the others."""
    chance = random.Random(seed)
    frames = [(language, frame) for language, group in _read("frames").items() for frame in group]
    while True:
        chance.shuffle(frames)
        for language, frame in frames:
            one = _fill(frame, language, chance)
            yield one
            count -= len(one.values)
            if count <= 0:
                return


def remains(value: str, kind: str, redacted: str) -> List[str]:
    """The parts of a value that a redacted text still shows: words of a name, groups of three characters."""
    if kind in ("given", "family"):
        parts = [part for part in re.findall(r"[^\W\d_]+", value) if part[0].isupper() and len(part) > 1]
    elif kind == "email":
        parts = [value, value.partition("@")[0]]
    else:
        parts = [part for part in re.findall(r"\w{3,}", value) if any(char.isdigit() for char in part)]
    return [part for part in parts if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", redacted)]


def _read(name: str) -> Any:
    return YAML(typ="safe").load((Path(__file__).parent / f"{name}.yml").read_text(encoding="utf-8"))


_VALUES = _read("values")


def _fill(frame: str, language: str, chance: random.Random) -> Planted:
    values: List[Tuple[str, str]] = []

    def plant(slot: re.Match) -> str:
        kind = slot.group(1)
        values.append((kind, _value(kind, language, chance)))
        return values[-1][1]

    return Planted(_SLOT.sub(plant, frame), values)


def _value(kind: str, language: str, chance: random.Random) -> str:
    if kind == "email":
        given, family = (_value(name, language, chance) for name in ("given", "family"))
        user = chance.choice(_USERS).format(
            given.lower(), re.sub(r"\W", "", family).lower(), chance.randrange(100)
        )
        return f"{user}@{chance.choice(_VALUES['host'])}"
    if kind == "guid":
        return _guid(chance)
    shapes = _VALUES[kind]
    shape = chance.choice(shapes[language] if isinstance(shapes, dict) else shapes)
    if kind in ("given", "family"):
        return shape
    return "".join(chance.choice(_KINDS.get(char, char)) for char in shape)


def _guid(chance: random.Random) -> str:
    """A GUID as it is written in one place or another, a key or a secret."""
    digits = f"{chance.getrandbits(128):032x}"
    dashed = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    secret = "".join(chance.choices(string.ascii_letters + string.digits, k=30)) + "4xZ"
    key = "-".join("".join(chance.choices("BCDFGHJKMPQRTVWXY2346789", k=5)) for _ in range(5))
    shapes = (dashed, dashed.upper(), f"{{{dashed}}}", digits, secret, f"{secret[:3]}8Q~{secret[3:]}", key)
    return chance.choice(shapes)
