"""Replies to a question that the assistant asked."""

from actions.base import DialogueAction
from assistant.dialogue import feedback, small_talk


class AffirmAction(DialogueAction):
    """Takes a yes."""

    action_name = "action_affirm"
    handler = staticmethod(feedback.affirm)


class DenyAction(DialogueAction):
    """Takes a no."""

    action_name = "action_deny"
    handler = staticmethod(feedback.deny)


class SolvedAction(DialogueAction):
    """Takes note that it worked."""

    action_name = "action_solved"
    handler = staticmethod(small_talk.solved)


class NotSolvedAction(DialogueAction):
    """Offers what to try next."""

    action_name = "action_not_solved"
    handler = staticmethod(feedback.not_solved)
