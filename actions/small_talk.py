"""Greetings and questions about the assistant itself."""

from actions.base import DialogueAction
from assistant.dialogue import small_talk


class SmallTalkAction(DialogueAction):
    """Replies to small talk."""

    action_name = "action_small_talk"
    handler = staticmethod(small_talk.respond)


class RestartAction(DialogueAction):
    """Starts the conversation over."""

    action_name = "action_restart"
    handler = staticmethod(small_talk.restarted)
