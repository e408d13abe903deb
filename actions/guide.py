"""Guides: every message while one is open, and what opens one."""

from actions.base import DialogueAction
from assistant.dialogue import guiding, in_guide


class GuideAction(DialogueAction):
    """Takes a message while a guide is open."""

    action_name = "action_guide"
    handler = staticmethod(in_guide.handle)


class NextStepAction(DialogueAction):
    """Starts or continues a guide."""

    action_name = "action_next_step"
    handler = staticmethod(guiding.next_step)


class GoBackAction(DialogueAction):
    """Goes back into a guide that has ended."""

    action_name = "action_go_back"
    handler = staticmethod(guiding.go_back)


class InformAction(DialogueAction):
    """Takes note of a fact, or of a late choice in a guide."""

    action_name = "action_inform"
    handler = staticmethod(guiding.inform)
