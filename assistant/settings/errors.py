"""What can be wrong with the settings of a channel."""

from __future__ import annotations

from assistant.commands.environment import CommandError

# What people copy along with a value.
QUOTES = "\"'`“”„‘’"


class ChannelOffError(Exception):
    """Raised when a channel is not set up; the message says what is missing."""


class SettingsError(CommandError):
    """Raised when a variable has a value that cannot be used; the message says what to do."""
