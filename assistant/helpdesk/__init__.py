"""Requests for a person: tickets, and the desks that get them."""

from __future__ import annotations

import os
from typing import Mapping

from assistant.content import load_content
from assistant.helpdesk import contacts
from assistant.helpdesk.desks import EMBEDDED, desk
from assistant.helpdesk.variables import chosen


def answers_in_chat(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the people of the help desk (``HELP_DESK``) can answer where the partner has asked."""
    return (environment.get("HELP_DESK") or EMBEDDED) == EMBEDDED


def check_help_desk(environment: Mapping[str, str] = os.environ) -> None:
    """Nothing, if everything about the help desk is set as it can be used.

    Raises:
        SettingsError: something is not.
    """
    desk(environment)
    language_of_desk(environment)
    contacts.check_secret(environment)


def language_of_desk(environment: Mapping[str, str] = os.environ) -> str:
    """The language of its people: ``HELP_DESK_LANGUAGE``, or that of the content.

    Raises:
        SettingsError: the assistant does not speak it.
    """
    languages = load_content().languages
    return chosen(environment, "HELP_DESK_LANGUAGE", languages, languages[0])
