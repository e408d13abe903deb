"""Build the website widget from ``widget/`` with Node.js, unless it is built already."""

from __future__ import annotations

import argparse
import subprocess
import sys

from assistant.commands.environment import LOGS, ROOT, CommandError, tail
from assistant.commands.nodejs import node_environment, node_program, npm_command
from assistant.commands.train import fingerprint

FOLDER = ROOT / "widget"
_INPUTS = ("widget/package*.json", "widget/build.js", "widget/src/*", "widget/demo/*")
_BUILT = FOLDER / "dist" / ".fingerprint"


def main() -> int:
    """Build; with ``--optional`` a failure is only reported."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--optional", action="store_true", help="exit with 0 even if it fails")
    optional = parser.parse_args().optional
    try:
        ensure_widget()
    except CommandError as error:
        print(error, file=sys.stderr)
        if optional:
            print("The assistant works without the website widget; make widget builds it later.", flush=True)
        return 0 if optional else 1
    return 0


def ensure_widget() -> None:
    """Build the widget, if its sources have changed.

    Raises:
        CommandError: Node.js is missing, or the build failed.
    """
    wanted = fingerprint(_INPUTS)
    if _BUILT.exists() and _BUILT.read_text(encoding="ascii") == wanted:
        return
    print("Building the website widget ...", flush=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "widget.log"
    node = node_program()
    with log.open("w", encoding="utf-8") as output:
        for command in ([*npm_command(node), "ci"], [node, "build.js"]):
            done = subprocess.run(
                command, cwd=FOLDER, env=node_environment(node), stdout=output, stderr=output, check=False
            )
            if done.returncode != 0:
                raise CommandError(f"The widget could not be built. The end of {log}:\n{tail(log)}")
    _BUILT.write_text(wanted, encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
