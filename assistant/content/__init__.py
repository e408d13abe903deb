"""What the assistant says: its schema, its loading and its validation."""

from assistant.content.loader import ContentError, load_content
from assistant.content.model import Content

__all__ = ["Content", "ContentError", "load_content"]
