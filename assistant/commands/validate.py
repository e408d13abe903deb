"""Check the content and the training data, and name file and line of every problem."""

from __future__ import annotations

import sys

from assistant import training_data
from assistant.content import validation


def main() -> int:
    """Print the problems; the exit code is 1 if there are any."""
    problems = [*validation.check(), *training_data.check()]
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)." if problems else "Content and training data are fine.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
