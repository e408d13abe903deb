"""Custom actions: each connects the tracker to a handler of :mod:`assistant.dialogue`."""
