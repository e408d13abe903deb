"""Answers to the topics of the article."""

from actions.base import DialogueAction
from assistant.dialogue import answers


class AnswerAction(DialogueAction):
    """Answers the topic that the message is about."""

    action_name = "action_answer"
    handler = staticmethod(answers.answer_topic)
