"""A process that ends with the one that started it, even if that one is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

# The variable that tells a process to do so.
END_WITH_PARENT = "END_WITH_PARENT"
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Let the kernel send SIGTERM to this process when its parent ends, if it is told to; only Linux can."""
    if sys.platform == "linux" and os.environ.get(END_WITH_PARENT):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
