"""Texts with numbers that hold nothing personal, made from ``harmless.yml``."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import List

from ruamel.yaml import YAML

_SLOT = re.compile(r"\{(\w+)\}")
_VARIANTS = 5


def harmless(seed: int = 7) -> List[str]:
    """Different texts in both languages, those with slots in several variants."""
    source = YAML(typ="safe").load((Path(__file__).parent / "harmless.yml").read_text(encoding="utf-8"))
    chance = random.Random(seed)
    texts = [
        _SLOT.sub(lambda slot: chance.choice(source["values"][slot.group(1)]), frame)
        for frame in (*source["en"], *source["de"])
        for _ in range(_VARIANTS)
    ]
    return list(dict.fromkeys(texts))
