"""Check the content and name file and line of every problem."""

from __future__ import annotations

import sys

from assistant.content.validation import check


def main() -> int:
    """Print the problems; the exit code is 1 if there are any."""
    problems = check()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s) in content." if problems else "Content is fine.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
