"""Paths and environment variables that the programs share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict

from assistant.parent import END_WITH_PARENT

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(os.environ.get("MODELS", ROOT / "models"))
LOGS = Path(os.environ.get("LOGS", ROOT / "var" / "log"))

# Rasa's command line and the action server, as this assistant starts them.
RASA = (sys.executable, "-m", "assistant.tensorflow_free", "rasa")
ACTIONS = (sys.executable, "-m", "assistant.action_server")

# Rasa reports usage to its maker and prints warnings about its dependencies; neither is wanted.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    # One thread each: the models are small, and threads only get in each other's way.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class CommandError(Exception):
    """Raised when a program cannot go on; the message says what to do."""


def child_environment(**extra: str) -> Dict[str, str]:
    """The environment for Rasa's processes."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    # endpoints.yml names the action server and its secret; Rasa refuses to read it without.
    actions = {
        "ACTIONS_URL": os.environ.get("ACTIONS_URL", "http://127.0.0.1:5055/webhook"),
        "ACTIONS_SECRET": os.environ.get("ACTIONS_SECRET", ""),
    }
    return {**os.environ, **_QUIET, **actions, "PYTHONPATH": path, END_WITH_PARENT: "1", **extra}


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log file."""
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(the log is empty)"
