"""Answers to the topics of the article."""

from actions.base import DialogueAction
from assistant.dialogue import guiding


class AnswerAction(DialogueAction):
    """Answers the topic that the message is about."""

    action_name = "action_answer"
    handler = staticmethod(guiding.answer_topic)
