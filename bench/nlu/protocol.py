"""What a child process of the benchmark speaks: a line of JSON in, a line of JSON out.

It runs in the environments of the peers too and needs nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Callable, List, Optional, Tuple

Ranking = List[Tuple[str, float]]
Understand = Callable[[str, Optional[str]], Tuple[Ranking, str]]


def serve(load: Callable[[], Understand]) -> None:
    """Load a model and answer every line of standard input.

    Args:
        load: returns the function that makes of a text and its language (``None`` if it is to be
            guessed) the intents, likeliest first, and the one that is decided on.
    """
    answers = os.fdopen(os.dup(1), "w")
    # Libraries may print whatever they like.
    os.dup2(2, 1)
    understand = load()
    for line in sys.stdin:
        message = json.loads(line)
        ranking, predicted = understand(message["text"], message["lang"])
        print(json.dumps({"ranking": ranking, "predicted": predicted}), file=answers, flush=True)
