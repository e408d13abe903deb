"""Handing over to a person."""

from actions.base import DialogueAction
from assistant.dialogue import handoff


class HandoffAction(DialogueAction):
    """Records the request for a person."""

    action_name = "action_handoff"
    handler = staticmethod(handoff.hand_over)
