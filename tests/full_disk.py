"""What a full disk does, without filling one."""

from __future__ import annotations

import resource
from contextlib import contextmanager
from typing import Iterator


@contextmanager
def files_of_at_most(size: int, process: int = 0) -> Iterator[None]:
    """Let a process, this one by default, write nothing beyond so many bytes of any file."""
    _, hard = limits = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, limits)
