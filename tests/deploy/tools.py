"""The programs that read the files of ``deploy/``; ``make test`` installs them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Dict, List

import pytest
from ruamel.yaml import YAML

from assistant.commands.environment import ROOT

DEPLOY = ROOT / "deploy"
_TOOLS = ROOT / ".venv" / "deploy" / "bin"


def run(tool: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a tool in ``deploy/`` with nothing but these variables."""
    path = _TOOLS / tool
    if not path.exists():
        pytest.skip(f"{tool} is not installed: make .venv/.deploy")
    return subprocess.run(
        [path, *arguments],
        cwd=DEPLOY,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def passes(tool: str, *arguments: str, **environment: str) -> str:
    """What a tool prints that finds nothing wrong."""
    done = run(tool, *arguments, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def documents(text: str) -> List[Dict[str, Any]]:
    """The documents of a YAML file."""
    return list(YAML(typ="safe").load_all(text))


def variables(path: Path) -> Dict[str, str]:
    """The variables that a file sets, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
