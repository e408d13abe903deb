"""What the status of an HTTP answer means for a ticket."""

from __future__ import annotations

from assistant.helpdesk.desk import DeskError

# Refusals that may pass, or that somebody mends: wrong password, timeout, conflict, too early, too many.
_PASSING = {401, 403, 407, 408, 409, 423, 425, 429}


def check(status: int) -> None:
    """Nothing, if a request was accepted.

    Raises:
        DeskError: it was not; final if the same request never will be.
    """
    if not 200 <= status < 300:
        raise DeskError(
            f"the desk answered {status}", is_final=400 <= status < 500 and status not in _PASSING
        )
