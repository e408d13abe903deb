"""Where requests for a person go."""

from assistant.helpdesk.journal import HelpDeskError, JournalHelpDesk, Request, default_help_desk

__all__ = ["HelpDeskError", "JournalHelpDesk", "Request", "default_help_desk"]
