"""Messages that are unclear, out of scope or unusable."""

from actions.base import DialogueAction
from assistant.dialogue import clarify, in_guide


class ClarifyAction(DialogueAction):
    """Offers the likeliest topics."""

    action_name = "action_clarify"
    handler = staticmethod(clarify.unsure)


class OutOfScopeAction(DialogueAction):
    """Says what it cannot do, and where to go."""

    action_name = "action_out_of_scope"
    handler = staticmethod(clarify.out_of_scope)


class UnreadableAction(DialogueAction):
    """Asks for a message with words, or a shorter one."""

    action_name = "action_unreadable"
    handler = staticmethod(in_guide.unreadable)
