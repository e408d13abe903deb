"""Slack: direct messages, mentions in channels, buttons, the command and the shortcuts."""
